"""Pauses of places (休止): begin, resume, correct; who has paused long, and what restarts when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from pandas import DataFrame
from sqlmodel import Session

from api.actions.find_records import area_words
from api.actions.locating import Land
from api.actions.records import (
    NoSuchRecord,
    Row,
    areas_of_records,
    find_record,
    refuse_others,
)
from api.actions.registers import register_named
from api.actions.registers.fields import Day, Line, RecordForm, WrongFields, read
from api.actions.save_record import EditConflict, Pen
from api.models import Pause, Place
from api.models.columns import table_of
from api.store import frames
from api.store.changes import open_deed
from api.store.schemes import holds_on
from api.store.visible import Viewer, visible
from api.store.writing import write_records
from web.maps.area_figure import Figure, area_figure
from web.words import wareki

PLACES = register_named("places")
NO_AREA = "圏域なし"
SOON_DAYS = 31


class PauseForm(RecordForm):
    """What people say of a pause; `valid_to` is its last day."""

    valid_from: Day
    valid_to: Day = None
    reason: Line = None
    restart_contact: Line = None


def pauses_of(session: Session, viewer: Viewer, code: str, place_id: int) -> list[Row]:
    """The pauses of a place, the latest first."""
    where = table_of(Pause).c.place_id == place_id
    found = frames.read(session, visible(Pause, viewer, code, where))
    rows = [row for _, row in frames.each(found)]
    return sorted(rows, key=lambda row: row["valid_from"], reverse=True)


def put_pause(
    pen: Pen,
    place_id: int,
    raw: Mapping[str, Any],
    *,
    pause_id: int | None = None,
    version: int | None = None,
) -> None:
    """Note a pause (`pause_id` None), or correct one that was read at `version`.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict
    WrongFields : its last day lies before its first, or another pause covers some of its days.
    """
    values = read(PauseForm, raw).model_dump()
    _write(pen, place_id, pause_id, version, lambda _stored: values)


def resume(pen: Pen, place_id: int, pause_id: int, version: int | None, day: date | None) -> None:
    """End a pause: the place is open again from `day` on. Raises what `put_pause` raises."""
    if day is None:
        raise WrongFields({"resumed_on": "再開の日を入れてください。"})

    def until(stored: Row) -> Row:
        if day <= stored["valid_from"]:
            words = (
                "再開の日が、休止の始まった日より前です。まちがいなら、下で日付を直してください。"
            )
            raise WrongFields({"resumed_on": words})
        return {**stored, "valid_to": day - timedelta(days=1)}

    _write(pen, place_id, pause_id, version, until)


def _write(pen: Pen, place_id: int, pause_id: int | None, version: int | None, change: Any) -> None:
    pen = pen.begin()
    try:
        session, viewer, code = pen.session, pen.member.viewer, pen.tenant.code
        place = find_record(session, viewer, code, PLACES, place_id)
        refuse_others(pen.member, pen.land(), PLACES, place)
        known = {row["id"]: row for row in pauses_of(session, viewer, code, place_id)}
        stored = _stored(known, pause_id, version)
        values = {name: change(stored)[name] for name in PauseForm.model_fields}
        _refuse_impossible(values, [row for row in known.values() if row["id"] != pause_id])
        incoming = DataFrame([{"id": pause_id, "place_id": place_id, **values}], dtype=object)
        existing = DataFrame([stored] if stored else [], columns=list(incoming), dtype=object)
        hand = open_deed(session, pen.hand, "pause", entity="place", entity_id=place_id)
        write_records(session, hand, Pause, incoming, existing, erase=True)
        pen.finish()
    finally:
        pen.session.rollback()


def _stored(known: Mapping[int, Row], pause_id: int | None, version: int | None) -> Row:
    if pause_id is None:
        return {}
    if pause_id not in known:
        raise NoSuchRecord("この休止は見つかりません。")
    if known[pause_id]["version"] != version:
        raise EditConflict(PLACES, known[pause_id]["place_id"], known[pause_id]["version"])
    return known[pause_id]


def _refuse_impossible(values: Row, others: list[Row]) -> None:
    first, last = values["valid_from"], values["valid_to"]
    if first is None:
        raise WrongFields({"valid_from": "休止の始まる日を入れてください。"})
    if last is not None and last < first:
        raise WrongFields({"valid_to": "休止の終わりの日が、始まりの日より前です。"})
    for other in others:
        begins_before_end = other["valid_to"] is None or first <= other["valid_to"]
        if begins_before_end and (last is None or other["valid_from"] <= last):
            raise WrongFields({"valid_from": f"ほかの休止（{in_days(other)}）と重なっています。"})


def in_days(pause: Row) -> str:
    """令和8年4月1日〜令和8年9月30日; nobody knows the end: 〜."""
    end = wareki(pause["valid_to"]) if pause["valid_to"] is not None else ""
    return f"{wareki(pause['valid_from'])}〜{end}"


@dataclass(frozen=True)
class PausedPlace:
    """A place that pauses, with what the office knows of it."""

    place_id: int
    name: str
    area: str
    since: date
    restarts_on: date | None
    """The first day it is open again; None: nobody knows yet."""
    reason: str | None
    restart_contact: str | None
    is_long: bool


@dataclass(frozen=True)
class PausedArea:
    """How many places of an area pause, and how many of them come back when."""

    code: str | None
    name: str
    paused: int
    long: int
    soon: int
    """Restarts within a month."""
    unknown: int
    """Nobody knows when."""


@dataclass(frozen=True)
class PauseView:
    """Who pauses today."""

    areas: list[PausedArea] = field(default_factory=list)
    places: list[PausedPlace] = field(default_factory=list)
    """The longest first."""


def show_pauses(session: Session, viewer: Viewer, land: Land, months: int) -> PauseView:
    """Places that pause today; long: for more than so many months."""
    rows = _paused(session, viewer, land)
    before = land.on - relativedelta(months=months)
    places = [
        PausedPlace(
            place_id=row["place_id"],
            name=row["name"],
            area=area_words(land, row["areas"]),
            since=row["valid_from"],
            restarts_on=row["valid_to"] + timedelta(days=1) if row["valid_to"] else None,
            reason=row["reason"],
            restart_contact=row["restart_contact"],
            is_long=row["valid_from"] < before,
        )
        for _, row in frames.each(rows.sort_values(["valid_from", "place_id"]))
    ]
    names = [*land.area_names.items(), (None, NO_AREA)]
    areas = [
        _area(land, code, name, [place for place in places if place.area == name])
        for code, name in names
    ]
    return PauseView([area for area in areas if area.paused or area.code], places)


RESTART_LOOKS = {
    "soon": "1か月以内に再開する場がある",
    "unknown": "再開の日が決まっていない場がある",
    "later": "再開は1か月より先",
    "none": "休止している場はない",
}
"""How the map of restarts (再開の図) tells areas apart: what needs a hand comes first."""


def draw_restarts(land: Land, view: PauseView) -> Figure | None:
    """Where places come back, and where nobody knows when (再開の予定の図)."""
    areas = frames.shaped(land.areas, land.tenant.zone)
    return area_figure(areas, {a.code: _look_and_words(a) for a in view.areas if a.code})


def _look_and_words(area: PausedArea) -> tuple[str, str]:
    if not area.paused:
        return "none", ""
    soon = f"まもなく再開 {area.soon}" if area.soon else ""
    unknown = f"未定 {area.unknown}" if area.unknown else ""
    words = "・".join(filter(None, (soon, unknown))) or "再開は先"
    look = "soon" if area.soon else "unknown" if area.unknown else "later"
    return look, f"休止 {area.paused}（{words}）"


def _paused(session: Session, viewer: Viewer, land: Land) -> DataFrame:
    code = land.tenant.code
    pauses = frames.read(session, visible(Pause, viewer, code))
    pauses = pauses[holds_on(pauses, land.on)]
    here = table_of(Place).c.id.in_(pauses["place_id"].tolist())
    places = frames.read(session, visible(Place, viewer, code, here))
    places = places.assign(areas=areas_of_records(land, PLACES, places))
    there = places["closed_on"].map(lambda day: day is None or land.on < day).astype(bool)
    places = places.loc[there, ["id", "name", "areas"]].rename(columns={"id": "place_id"})
    return pauses.merge(places, on="place_id")


def _area(land: Land, code: str | None, name: str, places: list[PausedPlace]) -> PausedArea:
    soon = land.on + timedelta(days=SOON_DAYS)
    return PausedArea(
        code=code,
        name=name,
        paused=len(places),
        long=sum(place.is_long for place in places),
        soon=sum(p.restarts_on is not None and p.restarts_on <= soon for p in places),
        unknown=sum(place.restarts_on is None for place in places),
    )
