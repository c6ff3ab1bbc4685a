"""Photos of places: who sees them, and what becomes of files that are no photos."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from PIL import Image
from small_town import CODE, SALON, by_name, everything, rows_of
from sqlalchemy import update
from sqlmodel import Session
from test_registry import at, fields
from test_visible import next_door

from api.accounts.roles import Role
from api.models import Municipality, Photo, PhotoFile, Place
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")
CAPTION = "玄関。段差が一つあります。"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(target, kind)
    return target.getvalue()


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.CHIEF)


@pytest.fixture
def west(a_small_town: Session, chief: DeskClient) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"], app=chief.app)


@pytest.fixture
def salon(a_small_town: Session) -> int:
    return int(by_name(a_small_town, Place)["ひだまりサロン"]["id"])


def send(
    client: DeskClient,
    place: int,
    data: bytes,
    *,
    name: str = "photo.jpg",
    told: str = "image/jpeg",
    caption: str = CAPTION,
    **more: Any,
) -> Any:
    upload = {"photo": (name, data, told)}
    return client.post(f"places/{place}/photos", {"caption": caption, **more}, files=upload)


def move(client: DeskClient, session: Session, photo: int, deed: str) -> Any:
    row = next(row for row in rows_of(session, Photo) if row["id"] == photo)
    path = f"places/{row['place_id']}/photos/{photo}/{deed}"
    return client.post(path, {"version": str(row["version"])})


def public(client: DeskClient, photo: int, **headers: str) -> Any:
    return client.http.get(f"/{CODE}/photos/{photo}.jpg", headers=headers)


def on_the_card(client: DeskClient) -> list[Any]:
    shown = client.http.get(f"/{CODE}/map/details.json").json()["photos"]
    return [photo for photos in shown for photo in photos]


# --- who sees a photo ----------------------------------------------------------------------------


def test_the_chiefs_photo_is_public_at_once(
    a_small_town: Session, chief: DeskClient, salon: int
) -> None:
    assert "写真を入れました" in send(chief, salon, picture()).text
    (row,) = rows_of(a_small_town, Photo)
    assert (row["place_id"], row["caption"], row["state"]) == (salon, CAPTION, "published")
    assert on_the_card(chief) == [[row["id"], CAPTION]]
    answer = public(chief, row["id"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(BytesIO(answer.content)).size == (640, 480)
    thumb = chief.http.get(f"/{CODE}/photos/{row['id']}/thumb.jpg")
    assert max(Image.open(BytesIO(thumb.content)).size) <= 400
    again = public(chief, row["id"], **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_coordinators_photo_waits_for_the_first_tier(
    a_small_town: Session, west: DeskClient, chief: DeskClient, salon: int
) -> None:
    assert "提出しました" in send(west, salon, picture()).text
    (row,) = rows_of(a_small_town, Photo)
    assert row["state"] == "submitted"
    assert public(west, row["id"]).status_code == 404
    assert on_the_card(west) == []
    assert west.get(f"places/{salon}/photos/{row['id']}/full.jpg").status_code == 200
    assert "ひだまりサロンの写真 1 枚" in chief.get("inbox/").text
    assert move(west, a_small_town, row["id"], "publish").status_code == 403
    assert "公開しました" in move(chief, a_small_town, row["id"], "publish").text
    assert public(west, row["id"]).status_code == 200
    assert "写真 1 枚" not in chief.get("inbox/").text


def test_a_photo_that_was_sent_back_can_be_handed_in_again(
    a_small_town: Session, west: DeskClient, chief: DeskClient, salon: int
) -> None:
    send(west, salon, picture())
    (row,) = rows_of(a_small_town, Photo)
    assert "差し戻しました" in move(chief, a_small_town, row["id"], "return").text
    assert "もう一度提出する" in west.get(f"places/{salon}/photos").text
    move(west, a_small_town, row["id"], "submit")
    assert rows_of(a_small_town, Photo)[0]["state"] == "submitted"


def test_where_nothing_is_reviewed_a_coordinators_photo_is_public(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    a_small_town.connection().execute(update(table_of(Municipality)).values(reviewed=False))
    a_small_town.commit()
    send(west, salon, picture())
    assert rows_of(a_small_town, Photo)[0]["state"] == "published"


def test_a_photo_that_was_taken_off_is_kept_and_shown_to_nobody(
    a_small_town: Session, chief: DeskClient, salon: int
) -> None:
    send(chief, salon, picture())
    (row,) = rows_of(a_small_town, Photo)
    assert "写真を外しました" in move(chief, a_small_town, row["id"], "remove").text
    assert public(chief, row["id"]).status_code == 404
    assert chief.get(f"places/{salon}/photos/{row['id']}/full.jpg").status_code == 404
    assert rows_of(a_small_town, Photo)[0]["state"] == "withdrawn"
    assert len(rows_of(a_small_town, PhotoFile)) == 1


HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"state": "draft"},
    "closed": {"closed_on": date(2020, 1, 1)},
    "later": {"opened_on": date(2199, 1, 1)},
}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_place_nobody_finds_shows_no_photo(
    a_small_town: Session, chief: DeskClient, salon: int, hidden: str
) -> None:
    send(chief, salon, picture())
    (row,) = rows_of(a_small_town, Photo)
    a_small_town.connection().execute(
        update(table_of(Place)).where(table_of(Place).c.id == salon).values(HIDDEN[hidden])
    )
    a_small_town.commit()
    assert public(chief, row["id"]).status_code == 404


def test_another_municipality_shows_no_photo_of_ours(
    a_small_town: Session, chief: DeskClient, salon: int
) -> None:
    next_door(a_small_town)
    a_small_town.commit()
    send(chief, salon, picture())
    (row,) = rows_of(a_small_town, Photo)
    assert chief.http.get(f"/39998/photos/{row['id']}.jpg").status_code == 404


def test_nobody_adds_photos_in_another_area(a_small_town: Session, chief: DeskClient) -> None:
    east = signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["E"], app=chief.app)
    salon = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    assert send(east, salon, picture()).status_code == 403
    assert rows_of(a_small_town, Photo) == []
    page = east.get(f"places/{salon}/photos")
    assert page.status_code == 200
    assert "写真を入れる" not in page.text


def test_a_place_has_twelve_photos_at_most(
    a_small_town: Session, chief: DeskClient, salon: int
) -> None:
    for _ in range(12):
        assert send(chief, salon, picture(size=(8, 8))).status_code == 200
    answer = send(chief, salon, picture())
    assert answer.status_code == 422
    assert "12枚まで" in answer.text
    assert len(rows_of(a_small_town, Photo)) == 12


def test_what_somebody_else_decided_meanwhile_is_not_overruled(
    a_small_town: Session, chief: DeskClient, west: DeskClient, salon: int
) -> None:
    send(west, salon, picture())
    (row,) = rows_of(a_small_town, Photo)
    move(chief, a_small_town, row["id"], "publish")
    path = f"places/{salon}/photos/{row['id']}/remove"
    assert west.post(path, {"version": str(row["version"])}).status_code == 409
    assert rows_of(a_small_town, Photo)[0]["state"] == "published"


# --- what is no photo ----------------------------------------------------------------------------


def bomb() -> bytes:
    """A few kilobytes that would become a picture of 400 million pixels."""
    target = BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    return target.getvalue()


HOSTILE = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
    "html": (b"<!doctype html><script>alert(1)</script>", "a.jpg"),
    "php": (b"<?php system($_GET['c']); ?>", "a.php.jpg"),
    "bomb": (bomb(), "a.png"),
    "truncated": (picture()[:-400], "a.jpg"),
    "only a beginning": (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "a.jpg"),
    "zip": (b"PK\x03\x04" + b"\x00" * 60, "a.jpg"),
    "empty": (b"", "a.jpg"),
    "path": (b"GIF89a", "../../etc/passwd"),
}


@pytest.fixture
def unchanged(a_small_town: Session, chief: DeskClient) -> Iterator[None]:
    """Hold that a test leaves every table as it was."""
    del chief  # has signed in by now
    before = everything(a_small_town)
    yield
    assert everything(a_small_town) == before


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.usefixtures("unchanged")
def test_a_file_that_is_no_photo_is_refused(chief: DeskClient, salon: int, what: str) -> None:
    data, name = HOSTILE[what]
    answer = send(chief, salon, data, name=name)
    assert answer.status_code == 422, answer.text
    assert "写真は入っていません" in answer.text
    assert CAPTION in answer.text, "the words somebody typed are still there"
    assert "alert(1)" not in answer.text


@pytest.mark.usefixtures("unchanged")
def test_a_photo_needs_a_caption(chief: DeskClient, salon: int) -> None:
    for caption in ("", "  ", "長" * 201):
        answer = send(chief, salon, picture(), caption=caption)
        assert answer.status_code == 422
        assert "説明" in answer.text


@pytest.mark.usefixtures("unchanged")
def test_a_form_without_a_file_is_refused(chief: DeskClient, salon: int) -> None:
    answer = chief.post(f"places/{salon}/photos", {"caption": CAPTION})
    assert answer.status_code == 422
    assert "写真のファイルが空です" in answer.text


@pytest.mark.usefixtures("unchanged")
def test_what_is_no_form_is_refused(chief: DeskClient, salon: int) -> None:
    path = f"/{CODE}/desk/places/{salon}/photos"
    for told in ("application/json", "image/jpeg", "multipart/form-data; boundary=x", ""):
        headers = {"content-type": told, "x-form-token": chief.token}
        answer = chief.http.post(path, content=picture(), headers=headers)
        assert answer.status_code == 422, told
    without_token = chief.http.post(path, content=picture(), headers={"content-type": "image/jpeg"})
    assert without_token.status_code == 403


@pytest.mark.usefixtures("unchanged")
def test_a_form_of_a_hundred_fields_is_refused(chief: DeskClient, salon: int) -> None:
    assert send(chief, salon, picture(), **{f"n{n}": "x" for n in range(100)}).status_code == 422
    assert send(chief, salon, picture(), n=["x"] * 100).status_code == 422
    files = [(f"photo{n}", ("a.jpg", b"x", "image/jpeg")) for n in range(100)]
    answer = chief.post(f"places/{salon}/photos", {"caption": CAPTION}, files=files)
    assert answer.status_code == 422
    assert "読めません" in answer.text


# --- how large a request may be ------------------------------------------------------------------


@pytest.mark.usefixtures("unchanged")
def test_a_huge_photo_is_refused_before_it_is_read(chief: DeskClient, salon: int) -> None:
    answer = send(chief, salon, b"\xff\xd8\xff" + bytes(21 * 1024**2))
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    within = send(chief, salon, b"\xff\xd8\xff" + bytes(16 * 1024**2))
    assert within.status_code == 422
    assert "大きすぎます" in within.text


@pytest.mark.usefixtures("unchanged")
def test_a_body_of_unknown_length_is_counted_as_it_comes(chief: DeskClient, salon: int) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        for _ in range(21):
            yield bytes(1024**2)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    path = f"/{CODE}/desk/places/{salon}/photos"
    answer = chief.http.post(path, content=chunks(), headers=headers)
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text


@pytest.mark.usefixtures("unchanged")
def test_other_forms_are_small(chief: DeskClient, salon: int) -> None:
    values = {**fields(chief, salon), "note": "あ" * 400_000}
    assert chief.post(f"places/{salon}", values).status_code == 413
    program = chief.http.post(
        f"/{CODE}/desk/places/{salon}",
        content=bytes(2 * 1024**2),
        headers={"accept": "application/json"},
    )
    assert program.status_code == 413
    assert program.headers["content-type"] == "application/problem+json"


def test_a_place_is_still_saved(a_small_town: Session, chief: DeskClient) -> None:
    chief.post("places/new", {"name": "小さな会", "kind": "salon", **at(*SALON)})
    assert "小さな会" in by_name(a_small_town, Place)
