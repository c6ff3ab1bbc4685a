"""Forms sent to `/{code}/voice` by somebody who means harm: nothing breaks, nothing runs out."""

import pytest
from small_town import CODE, rows_of
from sqlmodel import Session
from test_photo_uploads import picture
from test_voice import NOW, Resident, number_in

from api.accounts import flooding
from api.accounts.flooding import ALLOWANCES, Flooding, TooMuch
from api.actions.voice_numbers import new_number
from api.exchange import photos
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
    assert asked.status_code == 422
    # The charset is that of the token as well: garbled by chance, it is nobody's (403).
    assert said.status_code in (403, 422)
    assert rows_of(a_small_town, Suggestion) == []


@pytest.mark.databases("sqlite")
def test_photos_that_are_none_are_counted_too(resident: Resident) -> None:
    no_photo = {"photo": ("p.jpg", b"\xff\xd8\xff broken", "image/jpeg")}
    for _ in range(ALLOWANCES["photo"].per_address):
        assert resident.send(no_photo).status_code == 422
    assert resident.send(no_photo).status_code == 429
    assert resident.send().status_code == 200, "words alone are still taken"


@pytest.mark.databases("sqlite")
def test_only_a_few_photos_are_made_small_at_one_time(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "PATIENCE_S", 0.05)
    for _ in range(photos.AT_ONCE):
        photos._turns.acquire()
    try:
        refused = resident.send({"photo": ("p.jpg", picture(), "image/jpeg")})
        assert refused.status_code == 422 and photos.BUSY in refused.text
    finally:
        for _ in range(photos.AT_ONCE):
            photos._turns.release()
    assert resident.send({"photo": ("p.jpg", picture(), "image/jpeg")}).status_code == 200


@pytest.mark.databases("sqlite")
def test_a_flood_of_addresses_does_not_wash_the_total_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flooding, "MOST_KEYS", 10)
    flood = Flooding()
    most = ALLOWANCES["suggestion"].altogether
    for number in range(most):
        flood.count("suggestion", CODE, f"192.0.2.{number % 250}", NOW)
    with pytest.raises(TooMuch):
        flood.refuse("suggestion", CODE, "198.51.100.1", NOW)


def test_addresses_written_the_new_way_are_not_one_household() -> None:
    flood = Flooding()
    for _ in range(ALLOWANCES["suggestion"].per_address):
        flood.count("suggestion", CODE, "::ffff:192.0.2.1", NOW)
    flood.refuse("suggestion", CODE, "::ffff:192.0.2.2", NOW)
    for same in ("192.0.2.1", "::ffff:192.0.2.1"):
        with pytest.raises(TooMuch):
            flood.refuse("suggestion", CODE, same, NOW)


@pytest.mark.databases("sqlite")
def test_one_address_does_not_fill_the_queue_in_a_day(resident: Resident) -> None:
    flood: Flooding = resident.app.state.flooding
    allowed = ALLOWANCES["suggestion-day"].per_address
    assert allowed * 4 < resident.app.state.settings.most_waiting_voices
    for _ in range(allowed):
        flood.count("suggestion-day", CODE, "testclient", resident.now)
    resident.wait(hours=5)
    assert resident.send().status_code == 429
    resident.wait(hours=20)
    assert resident.send().status_code == 200


@pytest.mark.databases("sqlite")
def test_guesses_from_many_addresses_do_not_shut_out_who_holds_a_number(
    resident: Resident,
) -> None:
    number = number_in(resident.send().text)
    flood: Flooding = resident.app.state.flooding
    for guess in range(ALLOWANCES["wrong-number"].altogether):
        flood.count("wrong-number", CODE, f"203.0.{guess % 113}.{guess // 113}", NOW)
    assert resident.look_up(number).status_code == 200
    codes = [resident.look_up(new_number()).status_code for _ in range(3)]
    assert codes == [404, 404, 429]
