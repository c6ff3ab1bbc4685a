"""Places on their way (通いの場の立上げ): from a seed to standing on their own feet, on a board."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.actions.records import NoSuchRecord, Row
from api.actions.registers.fields import Choice, Day, Line, Number, RecordForm, WrongFields, read
from api.actions.save_record import Pen
from api.models import Founding
from api.models.columns import table_of
from api.models.kinds import FOUNDING_STAGES
from api.store import frames
from api.store.changes import name_deed, open_deed
from api.store.visible import visible
from api.store.writing import write_records

STAGES = list(FOUNDING_STAGES)


class FoundingChanged(ValueError):
    """Somebody has moved it meanwhile (先に変えた人がいる)."""


class FoundingForm(RecordForm):
    """What people say of a place on its way."""

    name: Line = None
    area_code: Choice = None
    candidate_id: Number = None
    trained_people: Number = None
    begun_on: Day = None
    note: Line = None


@dataclass(frozen=True)
class Board:
    """Rows by stage, in the order of the stages."""

    stages: dict[str, list[Row]]

    @property
    def trained(self) -> int:
        """Supporters trained for all of them, as far as it is known."""
        return sum(row["trained_people"] or 0 for rows in self.stages.values() for row in rows)


def show_board(session: Session, member: Member, code: str) -> Board:
    """All places on their way."""
    found = frames.read(session, visible(Founding, member.viewer, code))
    rows = [row for _, row in frames.each(found)]
    return Board({stage: [r for r in rows if r["stage"] == stage] for stage in STAGES})


def add_founding(pen: Pen, raw: Mapping[str, Any]) -> None:
    """Write a new seed down. Raises `WrongFields`."""
    form = read(FoundingForm, raw)
    if form.name is None:
        raise WrongFields({"name": "名前を書いてください。"})
    if form.area_code is not None and form.area_code not in pen.land().area_names:
        raise WrongFields({"area_code": "圏域を選び直してください。"})
    values = form.model_dump() | {"stage": STAGES[0], "moved_on": pen.today}
    _write(pen, None, values)


def move_founding(pen: Pen, number: int, version: int | None, stage: str) -> None:
    """Say that it has come to another stage. Raises NoSuchRecord, FoundingChanged, WrongFields."""
    if stage not in STAGES:
        raise WrongFields({"stage": "段階を選び直してください。"})
    _write(pen, (number, version), {"stage": stage, "moved_on": pen.today})


def drop_founding(pen: Pen, number: int, version: int | None) -> None:
    """It has come to nothing, or was a slip: the log keeps it."""
    _write(pen, (number, version), {"state": "withdrawn"})


def _write(pen: Pen, of: tuple[int, int | None] | None, values: dict[str, Any]) -> None:
    pen = pen.begin()
    try:
        stored = _stored(pen, *of) if of else None
        new = values if stored else values | {"state": "published"}
        incoming = DataFrame([{"id": stored["id"] if stored else None, **new}], dtype=object)
        existing = DataFrame([stored] if stored else [], columns=list(incoming), dtype=object)
        number = stored["id"] if stored else None
        hand = open_deed(pen.session, pen.hand, "founding", entity="founding", entity_id=number)
        written = write_records(pen.session, hand, Founding, incoming, existing, erase=True)
        name_deed(pen.session, hand, int(written["id"].iloc[0]))
        pen.finish()
    finally:
        pen.session.rollback()


def _stored(pen: Pen, number: int, version: int | None) -> Row:
    where = table_of(Founding).c.id == number
    rows = visible(Founding, pen.member.viewer, pen.tenant.code, where)
    found = next((row for _, row in frames.each(frames.read(pen.session, rows))), None)
    if found is None:
        raise NoSuchRecord("この立上げは見つかりません。")
    if found["version"] != version:
        raise FoundingChanged("ほかの人が先に変えました。開き直して確かめてください。")
    return found
