"""Photos of places (写真): taken in, published, taken off again; nothing is deleted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.actions.open_places import is_open_to_all
from api.actions.records import NoSuchRecord, Row, find_record, refuse_others
from api.actions.registers import register_named
from api.actions.registers.fields import LONGEST_LINE, WrongFields
from api.actions.save_record import EditConflict, Pen, may_publish
from api.actions.voices import sent_photo
from api.exchange.photos import NotAPhoto, take_in
from api.exchange.photos import Photo as Taken
from api.models import Photo, Place
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, open_deed
from api.store.pictures import Size, keep_picture, picture
from api.store.visible import RESIDENT, Viewer, visible
from api.store.writing import write_records

MOST_PHOTOS = 12
PASSED_ON = "photo_caption"
"""The field that says what a photo shows which a resident has sent (声の写真の説明)."""
PLACES = register_named("places")
MOVES: dict[str, tuple[str, str]] = {
    "submitted": ("draft", "この写真は、もう提出されています。"),
    "published": ("submitted", "この写真は、もう確認されたか、外されました。"),
    "draft": ("submitted", "この写真は、もう確認されたか、外されました。"),
}
"""New state → the state it must come from, and what is said otherwise."""


def photos_of(session: Session, viewer: Viewer, code: str, place_id: int) -> list[Row]:
    """The photos of a place that somebody may see, the oldest first."""
    where = table_of(Photo).c.place_id == place_id
    found = frames.read(session, visible(Photo, viewer, code, where))
    return [row for _, row in frames.each(found)]


def public_photos(session: Session, code: str, places: Iterable[int]) -> list[list[list[Any]]]:
    """Number and caption of each place's published photos, in the order of `places`."""
    found = frames.read(session, visible(Photo, RESIDENT, code, only=["id", "place_id", "caption"]))
    of: dict[int, list[list[Any]]] = {}
    for _, row in frames.each(found):
        of.setdefault(row["place_id"], []).append([row["id"], row["caption"]])
    return [of.get(place, []) for place in places]


def submitted_photos(session: Session, viewer: Viewer, code: str) -> list[tuple[int, str, int]]:
    """Places with photos that wait to be published: number, name, how many photos."""
    waiting = table_of(Photo).c.state == "submitted"
    photos = frames.read(session, visible(Photo, viewer, code, waiting, only=["place_id"]))
    counts = photos["place_id"].value_counts()
    here = table_of(Place).c.id.in_(counts.index.tolist())
    places = frames.read(session, visible(Place, viewer, code, here, only=["id", "name"]))
    return [(row["id"], row["name"], int(counts[row["id"]])) for _, row in frames.each(places)]


def find_public_photo(session: Session, code: str, photo_id: int, on: date) -> Row:
    """A photo residents may see on that day: published, of a place that is open to all.

    Raises
    ------
    NoSuchRecord
    """
    photo = find_photo(session, RESIDENT, code, photo_id)
    if not is_open_to_all(session, code, photo["place_id"], on):
        raise _no_such_photo()
    return photo


def find_photo(session: Session, viewer: Viewer, code: str, photo_id: int) -> Row:
    """A photo somebody may see. Raises `NoSuchRecord`."""
    where = table_of(Photo).c.id == photo_id
    found = frames.read(session, visible(Photo, viewer, code, where))
    if found.empty:
        raise _no_such_photo()
    return next(row for _, row in frames.each(found))


def picture_of(session: Session, photo: Row, size: Size) -> bytes:
    """The JPEG of a photo that was found."""
    found = picture(session, photo["id"], size)
    if found is None:
        raise _no_such_photo()
    return found


def add_photo(pen: Pen, place_id: int, caption: str, data: bytes) -> str:
    """Take a photo in; what became of it: published, or submitted for the first tier.

    Raises
    ------
    NoSuchRecord, NotYours
    WrongFields : no photo, no caption, or too many of them.
    """
    _place(pen, place_id)  # before any work is done for somebody whose place it is not
    wrong = _wrong_caption(caption)
    try:
        taken = take_in(data)
    except NotAPhoto as refused:
        raise WrongFields(wrong | {"photo": str(refused)}) from refused
    if wrong:
        raise WrongFields(wrong)
    pen = pen.begin()
    try:
        _place(pen, place_id)
        state = _keep(pen, place_id, caption, taken)
        pen.finish()
        return state
    finally:
        pen.session.rollback()


def pass_photo_on(pen: Pen, place_id: int, voice_id: int, caption: str) -> None:
    """Let the photo that came with a suggestion be one of the place, in the caller's transaction.

    The suggestion keeps its own copy, for whoever may see the suggestion.

    Raises
    ------
    NoSuchRecord, Withheld
    WrongFields : no caption, or too many photos.
    """
    sent = sent_photo(pen.session, pen.member.viewer, pen.tenant.code, voice_id, "full")
    try:
        if wrong := _wrong_caption(caption):
            raise WrongFields(wrong)
        _keep(pen, place_id, caption, take_in(sent))
    except NotAPhoto as refused:
        raise WrongFields({PASSED_ON: str(refused)}) from refused
    except WrongFields as wrong_fields:
        raise WrongFields({PASSED_ON: " ".join(wrong_fields.problems.values())}) from wrong_fields


def _keep(pen: Pen, place_id: int, caption: str, taken: Taken) -> str:
    """Write a photo of a place and its pictures; its state."""
    if len(photos_of(pen.session, pen.member.viewer, pen.tenant.code, place_id)) >= MOST_PHOTOS:
        words = f"写真は1か所に{MOST_PHOTOS}枚までです。先に、いらない写真を外してください。"
        raise WrongFields({"photo": words})
    state = "published" if may_publish(pen, PLACES) else "submitted"
    values = {
        "id": None,
        "place_id": place_id,
        "caption": caption,
        "taken_on": taken.taken_on,
        "width": taken.width,
        "height": taken.height,
        "state": state,
    }
    incoming = DataFrame([values], dtype=object)
    hand = _deed(pen, place_id)
    written = write_records(pen.session, hand, Photo, incoming, incoming.iloc[:0])
    keep_picture(pen.session, int(written["id"].iloc[0]), taken.full, taken.thumb)
    return state


def _wrong_caption(caption: str) -> dict[str, str]:
    if not caption:
        return {
            "caption": "写真の説明を入れてください。見えない方には、この言葉が写真のかわりです。"
        }
    if len(caption) > LONGEST_LINE:
        return {"caption": f"説明は{LONGEST_LINE}文字までにしてください。"}
    return {}


def move_photo(pen: Pen, place_id: int, photo_id: int, version: int | None, state: str) -> None:
    """Publish it, send it back (draft), hand it in again (submitted), or take it off (withdrawn).

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict
    """
    pen = pen.begin()
    try:
        _place(pen, place_id)
        photo = find_photo(pen.session, pen.member.viewer, pen.tenant.code, photo_id)
        if photo["place_id"] != place_id:
            raise _no_such_photo()
        if photo["version"] != version:
            raise EditConflict(PLACES, place_id, photo["version"])
        before, words = MOVES.get(state, (photo["state"], ""))
        if photo["state"] != before:
            raise NoSuchRecord(words)
        if state == "submitted" and may_publish(pen, PLACES):
            state = "published"
        existing = DataFrame([{"id": photo_id, "state": photo["state"]}], dtype=object)
        write_records(
            pen.session, _deed(pen, place_id), Photo, existing.assign(state=state), existing
        )
        pen.finish()
    finally:
        pen.session.rollback()


def _place(pen: Pen, place_id: int) -> Row:
    place = find_record(pen.session, pen.member.viewer, pen.tenant.code, PLACES, place_id)
    refuse_others(pen.member, pen.land(), PLACES, place)
    return place


def _no_such_photo() -> NoSuchRecord:
    return NoSuchRecord("この写真は見つかりません。")


def _deed(pen: Pen, place_id: int) -> Hand:
    return open_deed(pen.session, pen.hand, "photo", entity="place", entity_id=place_id)
