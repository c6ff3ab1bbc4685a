"""Contacts with people of an area (地域との関わり): what was done, and a month's day for a year."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.actions.records import NoSuchRecord, NotYours, Row, find_record, refuse_others
from api.actions.registers import register_named
from api.actions.registers.fields import (
    Choice,
    Day,
    Line,
    Name,
    Note,
    Number,
    People,
    RecordForm,
    WrongFields,
    read,
)
from api.actions.save_record import EditConflict, Pen
from api.actions.show_history import local
from api.exchange.schedule_dates import dates_between
from api.exchange.schedules import ImpossibleSchedule, Schedule, schedule_of, to_json
from api.models import Activity
from api.models.columns import table_of
from api.models.kinds import STAGES
from api.store import frames, history
from api.store.changes import open_deed
from api.store.visible import Viewer, visible
from api.store.writing import write_records

PLACES = register_named("places")
FIRST_MONTH = 4
"""A fiscal year (年度) begins in April."""
WEEKS = {"1": "第1", "2": "第2", "3": "第3", "4": "第4", "-1": "最終"}


class ContactForm(RecordForm):
    """What people say of one contact; `where` is "area:CODE" or "place:NUMBER"."""

    title: Name
    where: Line = None
    stage: Choice = None
    held_on: Day = None
    people: People = None
    note: Note = None


class SeriesForm(RecordForm):
    """A contact of every month: on the n-th weekday, or on one day of the month."""

    title: Name
    where: Line = None
    stage: Choice = None
    week: Choice = None
    weekday: Choice = None
    month_day: Number = None
    year: Number = None
    """The fiscal year (年度)."""


def contacts_of(session: Session, viewer: Viewer, code: str, *where: Any) -> list[Row]:
    """Contacts in the order of their days, also those taken off."""
    found = frames.read(session, visible(Activity, viewer, code, *where))
    return [row for _, row in frames.each(found.sort_values(["held_on", "id"]))]


def unsure_contacts(session: Session, viewer: Viewer, code: str, contacts: list[Row]) -> set[int]:
    """Days of a monthly contact that were over when they were entered: nobody says they took place.

    Whoever writes down how many came, or a note, says so.
    """
    rows = frames.read(session, history.first_written(viewer, code, "activity"))
    made = {row["entity_id"]: local(row["at"]).date() for _, row in frames.each(rows)}
    return {
        row["id"]
        for row in contacts
        if row["series"]
        and row["people"] is None
        and row["note"] is None
        and row["held_on"] < made.get(str(row["id"]), row["held_on"])
    }


def find_contact(session: Session, viewer: Viewer, code: str, contact_id: int) -> Row:
    """One contact. Raises `NoSuchRecord`."""
    found = contacts_of(session, viewer, code, table_of(Activity).c.id == contact_id)
    if not found:
        raise NoSuchRecord("この記録は見つかりません。")
    return found[0]


def fiscal_year(day: date) -> int:
    """The fiscal year (年度) a day lies in."""
    return day.year - (day.month < FIRST_MONTH)


def year_of_days(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year."""
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 31)


def add_contact(pen: Pen, raw: Mapping[str, Any]) -> None:
    """Write down a contact. Raises NotYours, NoSuchRecord, WrongFields."""
    values = _checked(read(ContactForm, raw).model_dump())
    if values["held_on"] is None:
        raise WrongFields({"held_on": "日を入れてください。"})
    _insert(pen, values.pop("where"), lambda _pen, place: [values | place])


def make_series(pen: Pen, raw: Mapping[str, Any]) -> int:
    """Enter a year's dates of a monthly contact that are not there yet; how many are new.

    A date that was taken off by hand is there, and stays off.

    Raises
    ------
    NotYours, NoSuchRecord, WrongFields
    """
    form = read(SeriesForm, raw)
    values = _checked(form.model_dump())
    if form.year is None or not 2000 <= form.year <= 2100:
        raise WrongFields({"year": "年度を確かめてください。"})
    schedule = _monthly(form)
    days = dates_between(schedule, *year_of_days(form.year))
    series = {"title": values["title"], "series": to_json(schedule)}

    def fresh(pen: Pen, place: Row) -> list[Row]:
        same, table = series | place, table_of(Activity)
        where = [table.c[name] == value for name, value in same.items()]
        known = contacts_of(pen.session, pen.member.viewer, pen.tenant.code, *where)
        there = {row["held_on"] for row in known}
        return [
            same | {"stage": values["stage"], "held_on": day} for day in days if day not in there
        ]

    return _insert(pen, values["where"], fresh)


def _monthly(form: SeriesForm) -> Schedule:
    if form.weekday and not form.week:
        raise WrongFields({"week": "第何かを選んでください。"})
    sitting = {
        "weekdays": form.weekday or "",
        "weeks": [form.week] if form.week else [],
        "month_days": [form.month_day] if form.month_day else [],
    }
    try:
        return schedule_of({"sittings": [sitting]})
    except ImpossibleSchedule as wrong:
        raise WrongFields({"weekday": str(wrong)}) from wrong


def _checked(values: Row) -> Row:
    if values["stage"] is not None and values["stage"] not in STAGES:
        raise WrongFields({"stage": "選び直してください。"})
    if not values["where"]:
        raise WrongFields({"where": "圏域か場所を選んでください。"})
    return values


def _insert(pen: Pen, where: str, rows: Callable[[Pen, Row], list[Row]]) -> int:
    pen = pen.begin()
    try:
        new = rows(pen, _settle(pen, where))
        if new:
            incoming = DataFrame([{"id": None, "cancelled": False, **row} for row in new])
            hand = open_deed(pen.session, pen.hand, "contact", entity="activity")
            incoming = incoming.astype(object)
            write_records(pen.session, hand, Activity, incoming, incoming.iloc[:0])
            pen.finish()
        return len(new)
    finally:
        pen.session.rollback()


def _settle(pen: Pen, where: str) -> Row:
    """The columns of a place or an area that is theirs to write of."""
    kind, _, key = where.partition(":")
    if kind == "place" and key.isascii() and key.isdecimal() and len(key) < 10:
        place: Row = {"place_id": int(key), "area_code": None}
    elif kind == "area" and key in pen.land().area_names:
        place = {"place_id": None, "area_code": key}
    else:
        raise WrongFields({"where": "選び直してください。"})
    _refuse_others(pen, place)
    return place


def _refuse_others(pen: Pen, contact: Row) -> None:
    if contact["place_id"] is not None:
        session, viewer, code = pen.session, pen.member.viewer, pen.tenant.code
        place = find_record(session, viewer, code, PLACES, contact["place_id"])
        refuse_others(pen.member, pen.land(), PLACES, place)
    elif not pen.member.may_write_in(frozenset({contact["area_code"]})):
        raise NotYours("この圏域は、あなたの担当ではないため、書き込めません。")


def correct_contact(pen: Pen, contact_id: int, version: int | None, raw: Mapping[str, Any]) -> None:
    """Correct what was written; the day of a monthly contact stays, or making it would double it.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict, WrongFields
    """
    values = read(ContactForm, raw).model_dump()
    if values["stage"] is not None and values["stage"] not in STAGES:
        raise WrongFields({"stage": "選び直してください。"})
    del values["where"]

    def corrected(stored: Row) -> Row:
        fixed = {name: stored[name] for name in ("title", "held_on") if stored["series"]}
        if not fixed and values["held_on"] is None:
            raise WrongFields({"held_on": "日を入れてください。"})
        return values | fixed

    _change(pen, contact_id, version, corrected)


def take_off(pen: Pen, contact_id: int, version: int | None, *, off: bool = True) -> None:
    """Take a day off, or put it back. Raises NoSuchRecord, NotYours, EditConflict."""
    _change(pen, contact_id, version, lambda _stored: {"cancelled": off})


def _change(pen: Pen, contact_id: int, version: int | None, change: Callable[[Row], Row]) -> None:
    pen = pen.begin()
    try:
        stored = find_contact(pen.session, pen.member.viewer, pen.tenant.code, contact_id)
        _refuse_others(pen, stored)
        if stored["version"] != version:
            raise EditConflict(PLACES, contact_id, stored["version"])
        values = change(stored)
        incoming = DataFrame([{"id": contact_id, **values}], dtype=object)
        existing = DataFrame([stored], columns=list(incoming), dtype=object)
        about: dict[str, Any] = {"entity": "activity", "entity_id": contact_id}
        hand = open_deed(pen.session, pen.hand, "contact", **about)
        write_records(pen.session, hand, Activity, incoming, existing, erase=True)
        pen.finish()
    finally:
        pen.session.rollback()
