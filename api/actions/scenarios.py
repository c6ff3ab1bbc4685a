"""Scenarios (計画案): what is added, moved or closed, saved by name, shared, copied."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from pandas import DataFrame
from pydantic import BaseModel, Field, model_validator
from sqlmodel import Session

from api.accounts.members import Member
from api.accounts.roles import Right
from api.actions.records import NoSuchRecord, NotYours
from api.actions.registers.fields import WrongFields
from api.actions.report_coverage import Question
from api.actions.save_record import Pen
from api.models import Scenario
from api.store import frames
from api.store.changes import name_deed, open_deed
from api.store.visible import visible
from api.store.writing import write_records

MOST_MOVES = 60
LONGEST_NAME, LONGEST_NOTE = 60, 1_000


class ScenarioChanged(ValueError):
    """Somebody has changed the scenario meanwhile, perhaps oneself in another window."""


class Move(BaseModel):
    """One thing that would be different: a place added, moved or closed (変えること)."""

    do: Literal["add", "move", "close"]
    name: str = Field(max_length=200)
    place_id: int | None = Field(default=None, ge=1, le=2**31 - 1)
    candidate_id: int | None = None
    lon: float | None = Field(default=None, ge=122, le=154, allow_inf_nan=False)
    lat: float | None = Field(default=None, ge=20, le=46, allow_inf_nan=False)
    """Within Japan: the planes it is measured in end there."""
    capacity_people: int | None = Field(default=None, ge=0, le=100_000)

    @model_validator(mode="after")
    def _says_what_and_where(self) -> Self:
        if self.do != "close" and (self.lon is None or self.lat is None):
            raise ValueError("where is missing")
        if self.do != "add" and self.place_id is None:
            raise ValueError("which place is missing")
        return self


class PlanQuestion(BaseModel):
    """By what a scenario is measured: how far, who, on which way, in which year."""

    distance_m: float = Field(default=500, ge=1, le=50_000, allow_inf_nan=False)
    age: Literal["65", "75", "all"] = "65"
    walking: Literal["straight", "estimate", "roads"] = "straight"
    spread: Literal["point", "area"] = "point"
    scheme: str | None = Field(default=None, max_length=100)
    year: int | None = Field(default=None, ge=1990, le=2150)
    variant: str | None = Field(default=None, max_length=100)

    def on(self, day: Any) -> Question:
        """The question about coverage, as of a day."""
        return Question(on=day, **self.model_dump())


@dataclass(frozen=True)
class Plan:
    """One scenario as it is stored."""

    plan_id: int
    name: str
    note: str
    question: PlanQuestion
    moves: tuple[Move, ...]
    shared: bool
    author: str
    mine: bool
    saved_at: datetime
    version: int


def list_plans(session: Session, member: Member, code: str) -> list[Plan]:
    """One's own scenarios and those shared, the newest first."""
    rows = frames.read(session, visible(Scenario, member.viewer, code))
    plans = [_plan(row, member) for _, row in frames.each(rows)]
    return sorted(
        (plan for plan in plans if plan.mine or plan.shared), key=lambda p: p.saved_at, reverse=True
    )


def find_plan(session: Session, member: Member, code: str, plan_id: int) -> Plan:
    """One of them. Raises `NoSuchRecord`."""
    for plan in list_plans(session, member, code):
        if plan.plan_id == plan_id:
            return plan
    raise NoSuchRecord("この計画案は見つからないか、共有されていません。")


def add_plan(
    pen: Pen, name: str, question: PlanQuestion, moves: Sequence[Move] = (), note: str = ""
) -> int:
    """Save a new one of one's own; its number. Raises `WrongFields`."""
    _refuse_unnamed(name, note)
    pen = pen.begin()
    try:
        return _write(pen, None, name, note, question, moves, shared=False)
    finally:
        pen.session.rollback()


def change_plan(pen: Pen, plan_id: int, version: int | None, **changes: Any) -> None:
    """Change name, note, question, moves or shared of one's own.

    Raises
    ------
    NoSuchRecord, NotYours, ScenarioChanged, WrongFields
    """
    pen = pen.begin()
    try:
        plan = _mine(pen, plan_id, version)
        values: dict[str, Any] = {
            "name": plan.name,
            "note": plan.note,
            "question": plan.question,
            "moves": plan.moves,
            "shared": plan.shared,
        } | changes
        _refuse_unnamed(values["name"], values["note"])
        if len(values["moves"]) > MOST_MOVES:
            raise WrongFields({"do": f"変えることは{MOST_MOVES}件までです。"})
        _write(pen, plan, **values)
    finally:
        pen.session.rollback()


def remove_plan(pen: Pen, plan_id: int, version: int | None) -> None:
    """Take one's own away; the log keeps it."""
    pen = pen.begin()
    try:
        plan = _mine(pen, plan_id, version)
        hand = open_deed(pen.session, pen.hand, "plan", entity="scenario", entity_id=plan_id)
        before = DataFrame([{"id": plan.plan_id, "state": "published"}], dtype=object)
        write_records(pen.session, hand, Scenario, before.assign(state="withdrawn"), before)
        pen.finish()
    finally:
        pen.session.rollback()


def _mine(pen: Pen, plan_id: int, version: int | None) -> Plan:
    plan = find_plan(pen.session, pen.member, pen.tenant.code, plan_id)
    if not plan.mine or not pen.member.may(Right.PLAN):
        raise NotYours("ほかの人の計画案は変えられません。写しを作ってください。")
    if plan.version != version:
        raise ScenarioChanged("この計画案は、先に変えられています。開き直してください。")
    return plan


def _write(
    pen: Pen,
    plan: Plan | None,
    name: str,
    note: str,
    question: PlanQuestion,
    moves: Sequence[Move],
    *,
    shared: bool,
) -> int:
    now = _columns(name, note, question, moves, shared=shared) | {"saved_at": pen.now}
    number = plan.plan_id if plan else None
    incoming = DataFrame([{"id": number, **now}], dtype=object)
    if plan is None:
        own: dict[str, Any] = {
            "author_id": pen.member.account_id,
            "author": pen.member.name,
            "state": "published",
        }
        incoming, existing = incoming.assign(**own), incoming.iloc[:0]
    else:
        old = _columns(plan.name, plan.note, plan.question, plan.moves, shared=plan.shared)
        existing = DataFrame([{"id": number, **old, "saved_at": plan.saved_at}], dtype=object)
    hand = open_deed(pen.session, pen.hand, "plan", entity="scenario", entity_id=number)
    written = write_records(pen.session, hand, Scenario, incoming, existing, erase=True)
    number = int(written["id"].iloc[0])
    name_deed(pen.session, hand, number)
    pen.finish()
    return number


def _columns(
    name: str, note: str, question: PlanQuestion, moves: Sequence[Move], *, shared: bool
) -> dict[str, Any]:
    return {
        "name": name,
        "note": note or None,
        "question": question.model_dump_json(exclude_defaults=True),
        "moves": json.dumps([move.model_dump(exclude_none=True) for move in moves]),
        "shared": shared,
    }


def _refuse_unnamed(name: str, note: str) -> None:
    if not name.strip():
        raise WrongFields({"name": "計画案の名前を書いてください。"})
    if len(name) > LONGEST_NAME or len(note) > LONGEST_NOTE:
        words = f"名前は{LONGEST_NAME}文字、メモは{LONGEST_NOTE}文字までにしてください。"
        raise WrongFields({"name": words})


def _plan(row: dict[str, Any], member: Member) -> Plan:
    return Plan(
        plan_id=row["id"],
        name=row["name"],
        note=row["note"] or "",
        question=PlanQuestion.model_validate_json(row["question"]),
        moves=tuple(Move.model_validate(move) for move in json.loads(row["moves"])),
        shared=bool(row["shared"]),
        author=row["author"],
        mine=row["author_id"] == member.account_id,
        saved_at=row["saved_at"],
        version=row["version"],
    )
