"""Forms sent to `/{code}/voice` by somebody who means harm: nothing breaks, nothing is exhausted."""

import pytest
from small_town import CODE, rows_of
from sqlmodel import Session
from test_voice import Resident

from api.models import Suggestion


@pytest.fixture
def resident(a_small_town: Session) -> Resident:
    return Resident(a_small_town)


def in_charset(charset: str, **fields: bytes) -> tuple[bytes, dict[str, str]]:
    """A form whose sender names the charset, as no browser does."""
    parts = b"".join(
        b'--B\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in fields.items()
    )
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    return parts + b"--B--\r\n", {"content-type": kind}


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "0", "-1", "٣", "1\x00"])
def test_a_number_no_place_can_have_is_told_to_be_wrong(resident: Resident, number: str) -> None:
    for token in ({}, {"token": "forged"}):
        sent = resident.send(place_id=number, **token)
        assert sent.status_code in (200, 403, 422)
        assert "Traceback" not in sent.text


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("charset", "half"),
    [("raw_unicode_escape", rb"\ud800"), ("utf-7", b"+2AA-"), ("punycode", b"\xff-\xff")],
)
def test_letters_that_are_none_are_refused(
    a_small_town: Session, resident: Resident, charset: str, half: bytes
) -> None:
    token = resident.token().encode()
    resident.wait(seconds=30)
    body, headers = in_charset(charset, token=token, kind=b"wish", words=half, name=half)
    said = resident.http.post(f"/{CODE}/voice", content=body, headers=headers)
    body, headers = in_charset(charset, number=half)
    asked = resident.http.post(f"/{CODE}/voice/status", content=body, headers=headers)
    assert (said.status_code, asked.status_code) == (422, 422)
    assert rows_of(a_small_town, Suggestion) == []
