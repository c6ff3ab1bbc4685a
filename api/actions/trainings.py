"""Keep the training of the coordinators (研修の記録)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.courses import COURSE_KINDS, Alone, Course, is_overdue, left_alone
from api.accounts.keeping import Entry, list_accounts
from api.accounts.roles import Role
from api.actions.turns import turn
from api.models import Training
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, open_deed
from api.store.visible import OFFICE, visible
from api.store.writing import take_away, write_records

Row = dict[str, Any]
COORDINATORS = (Role.COORDINATOR, Role.CHIEF)


class NoSuchTraining(LookupError):
    """There is no such course in the records."""


class WrongTraining(ValueError):
    """A course that cannot be recorded so."""


@dataclass(frozen=True)
class TrainingForm:
    """A course as somebody types it."""

    account_id: int | None
    course: str
    kind: str
    held_on: date | None
    follow_up_due: date | None
    followed_up_on: date | None


@dataclass(frozen=True)
class Trainings:
    """All courses, the newest first, and what needs looking after."""

    rows: list[Row]
    """With `kind_words` and `overdue`."""
    overdue: list[Row]
    alone: list[tuple[Entry, Alone]]


def coordinators(session: Session, code: str) -> list[Entry]:
    """Those at work whose training is looked after."""
    entries = list_accounts(session, code)
    return [e for e in entries if e.disabled_on is None and e.role in COORDINATORS]


def show_trainings(session: Session, code: str, today: date) -> Trainings:
    """The records, overdue follow-ups first due first, and coordinators left alone."""
    rows = [_shown(row, today) for row in _rows(session, code)]
    rows.sort(key=lambda row: (row["held_on"], row["id"]), reverse=True)
    working = {entry.account_id: entry for entry in coordinators(session, code)}
    alone = left_alone(working, map(_course, rows), today)
    overdue = [row for row in rows if row["overdue"] and row["account_id"] in working]
    return Trainings(
        rows,
        sorted(overdue, key=lambda row: row["follow_up_due"]),
        [(working[one.account_id], one) for one in alone],
    )


def overdue_people(session: Session, code: str, today: date) -> list[str]:
    """Coordinators at work whose follow-up should have been by now, the longest due first."""
    overdue = show_trainings(session, code, today).overdue
    return list(dict.fromkeys(row["person"] for row in overdue))


def find_training(session: Session, code: str, number: int) -> Row:
    """One course.

    Raises
    ------
    NoSuchTraining
    """
    found = _rows(session, code, table_of(Training).c.id == number)
    if not found:
        raise NoSuchTraining("この研修の記録は見つかりません。")
    return found[0]


def save_training(
    session: Session, hand: Hand, form: TrainingForm, *, number: int | None = None, version: int = 0
) -> None:
    """Record a course, or correct one (`number`) that was read at `version`.

    Raises
    ------
    NoSuchTraining, WrongTraining
    """
    code = hand.municipality_code
    with turn(session, code):
        stored = None if number is None else find_training(session, code, number)
        if stored is not None and stored["version"] != version:
            raise WrongTraining(
                "開いているあいだに、ほかの人がこの記録を変えました。"
                "一覧から開き直して、確かめてください。"
            )
        values = _columns(session, code, form, stored)
        hand = open_deed(session, hand, "training", entity="training", entity_id=number)
        _write(session, hand, stored, values)


def remove_training(session: Session, hand: Hand, number: int) -> None:
    """Take away what was entered by mistake; the log holds what it said.

    Raises
    ------
    NoSuchTraining
    """
    with turn(session, hand.municipality_code):
        row = find_training(session, hand.municipality_code, number)
        hand = open_deed(session, hand, "training", entity="training", entity_id=number)
        take_away(session, hand, Training, DataFrame([row], dtype=object))


def _rows(session: Session, code: str, *where: Any) -> list[Row]:
    found = frames.read(session, visible(Training, OFFICE, code, *where))
    return [row for _, row in frames.each(found)]


def _course(row: Row) -> Course:
    return Course(
        row["account_id"], row["kind"], row["held_on"], row["follow_up_due"], row["followed_up_on"]
    )


def _shown(row: Row, today: date) -> Row:
    words = COURSE_KINDS.get(row["kind"], "")
    return row | {"kind_words": words, "overdue": is_overdue(_course(row), today)}


def _columns(session: Session, code: str, form: TrainingForm, stored: Row | None) -> Row:
    if not form.course:
        raise WrongTraining("研修の名前を入れてください。")
    if form.kind not in COURSE_KINDS:
        raise WrongTraining("研修の種類を選んでください。")
    if form.held_on is None:
        raise WrongTraining("研修を受けた日を入れてください。")
    for day in (form.follow_up_due, form.followed_up_on):
        if day is not None and day < form.held_on:
            raise WrongTraining("フォローの日が、受けた日より前です。日付を確かめてください。")
    return _whose(session, code, form, stored) | {
        "course": form.course,
        "kind": form.kind,
        "held_on": form.held_on,
        "follow_up_due": form.follow_up_due,
        "followed_up_on": form.followed_up_on,
    }


def _whose(session: Session, code: str, form: TrainingForm, stored: Row | None) -> Row:
    """Whose course it is: said once, when it is entered."""
    if stored is not None:
        return {"account_id": stored["account_id"], "person": stored["person"]}
    for entry in coordinators(session, code):
        if entry.account_id == form.account_id:
            return {"account_id": entry.account_id, "person": entry.name}
    raise WrongTraining("研修を受けた人を選んでください。")


def _write(session: Session, hand: Hand, stored: Row | None, values: Row) -> None:
    if stored is None:
        incoming = DataFrame([{"id": None, **values, "version": 1}], dtype=object)
        write_records(session, hand, Training, incoming, incoming.iloc[:0])
        return
    incoming = DataFrame([{"id": stored["id"], **values}], dtype=object)
    existing = DataFrame([{name: stored[name] for name in ("id", *values)}], dtype=object)
    write_records(session, hand, Training, incoming, existing, erase=True)
