"""Postings (配置) of trained workers at a place: people, so only for whoever is in charge there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pandas import DataFrame
from pydantic import Field

from api.actions.badges import settle_badges
from api.actions.locating import Land
from api.actions.log_viewings import log_looks
from api.actions.records import NoSuchRecord, Row, find_record, refuse_others
from api.actions.registers import register_named
from api.actions.registers.fields import Day, Name, RecordForm, WrongFields, read
from api.actions.save_record import EditConflict, Pen
from api.models import Posting
from api.models.columns import table_of
from api.store import frames
from api.store.changes import open_deed
from api.store.visible import visible
from api.store.writing import write_records

PLACES = register_named("places")
ROLE = "ライフサポートワーカー"


class PostingForm(RecordForm):
    """What people say of somebody posted at a place; `valid_to` is the last day."""

    name: Name
    role: Annotated[str, Field(min_length=1, max_length=60)] = ROLE
    trained_on: Day = None
    valid_from: Day
    valid_to: Day = None


def find_place(pen: Pen, place_id: int) -> Row:
    """The place, for whoever is in charge of its area.

    Raises
    ------
    NoSuchRecord, NotYours
    """
    place = find_record(pen.session, pen.member.viewer, pen.tenant.code, PLACES, place_id)
    refuse_others(pen.member, pen.land(), PLACES, place)
    return place


def postings_of(pen: Pen, place_id: int) -> list[Row]:
    """Who is, was and will be posted at a place, the latest first.

    Raises
    ------
    NoSuchRecord, NotYours, Withheld
    """
    find_place(pen, place_id)
    # The place's area has just been found to be theirs, and so are the people posted there.
    viewer = replace(pen.member.viewer, reach=None)
    of = table_of(Posting).c.place_id == place_id
    found = frames.read(pen.session, visible(Posting, viewer, pen.tenant.code, of))
    rows = [row for _, row in frames.each(found)]
    return sorted(rows, key=lambda row: row["valid_from"], reverse=True)


def see_postings(pen: Pen, place_id: int) -> list[Row]:
    """As `postings_of`, entered into the log of who looked at whom."""
    rows = postings_of(pen, place_id)
    log_looks(pen, "posting", [row["id"] for row in rows], "一覧")
    return rows


def put_posting(
    pen: Pen,
    place_id: int,
    raw: Mapping[str, Any],
    *,
    posting_id: int | None = None,
    version: int | None = None,
) -> None:
    """Post somebody (`posting_id` None), or correct a posting; the place's badges follow.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict, WrongFields
    """
    values = read(PostingForm, raw).model_dump()
    _refuse_impossible(values)
    pen = pen.begin()
    try:
        stored = _stored(postings_of(pen, place_id), posting_id, version)
        town = _town(pen.land(), find_place(pen, place_id))
        columns = {"id": posting_id, "place_id": place_id, "town_id": town, **values}
        incoming = DataFrame([columns], dtype=object)
        existing = DataFrame([stored] if stored else [], columns=list(incoming), dtype=object)
        hand = open_deed(pen.session, pen.hand, "posting", entity="place", entity_id=place_id)
        write_records(pen.session, hand, Posting, incoming, existing, erase=True)
        settle_badges(pen.session, hand, place_id)
        pen.finish()
    finally:
        pen.session.rollback()


def _refuse_impossible(values: Row) -> None:
    if values["valid_from"] is None:
        raise WrongFields({"valid_from": "配置の始まる日を入れてください。"})
    if values["valid_to"] is not None and values["valid_to"] < values["valid_from"]:
        raise WrongFields({"valid_to": "配置の終わりの日が、始まりの日より前です。"})


def _stored(known: list[Row], posting_id: int | None, version: int | None) -> Row:
    if posting_id is None:
        return {}
    stored = next((row for row in known if row["id"] == posting_id), None)
    if stored is None:
        raise NoSuchRecord("この配置は見つかりません。")
    if stored["version"] != version:
        raise EditConflict(PLACES, stored["place_id"], stored["version"])
    return stored


def _town(land: Land, place: Row) -> int | None:
    """The place's town, also where its point is withheld."""
    if place["town_id"] is not None or place["office_lon"] is None:
        town: int | None = place["town_id"]
        return town
    return land.spot(place["office_lon"], place["office_lat"]).town_id
