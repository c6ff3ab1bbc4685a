"""Say who is in charge of an area (担当を決める), and who takes over from whom without a gap."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.keeping import list_accounts
from api.accounts.terms import DAY, Term
from api.actions.locating import Land
from api.actions.turns import turn
from api.models import Assignment
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, open_deed
from api.store.visible import OFFICE, visible
from api.store.writing import take_away, write_records
from web.words import wareki

DUTIES = {"coordinator": "第2層コーディネーター", "center": "地域包括支援センター"}
"""What somebody is in charge as (役)."""
Row = dict[str, Any]


class CannotAssign(ValueError):
    """Dates that cannot be, somebody who is not there, or two in one place."""


class NoSuchAssignment(LookupError):
    """There is no such assignment."""


@dataclass(frozen=True)
class Order:
    """Who shall be in charge of an area, from when, and whose charge ends the day before."""

    area: str
    first: date
    last: date | None = None
    duty: str = "coordinator"
    account_id: int | None = None
    """Of a coordinator; a centre has none."""
    body: str = ""
    ends: frozenset[int] = frozenset()
    """Assignments that end the day before."""
    together: bool = False
    """Beside whoever is in charge already."""

    @property
    def term(self) -> Term:
        """From when to when."""
        return Term(self.first, self.last)


def assign(session: Session, hand: Hand, land: Land, order: Order) -> None:
    """Hand an area over in one step: one charge ends, the next begins, no day between them.

    Raises
    ------
    CannotAssign
    """
    with turn(session, hand.municipality_code):
        start_charge(session, open_deed(session, hand, "assign", entity="assignment"), land, order)


def start_charge(session: Session, hand: Hand, land: Land, order: Order) -> None:
    """The same within a deed that has been opened.

    Raises
    ------
    CannotAssign
    """
    if order.area not in land.area_names:
        raise CannotAssign(f"「{order.area[:20]}」という圏域はありません。")
    _refuse_reversed(order.first, order.last)
    person = _person_of(session, hand, order)
    others = [row for row in _rows(session, hand, order.area) if row["duty"] == order.duty]
    for row in others:
        if row["id"] in order.ends:
            _end_before(session, hand, row, order.first)
    _refuse_meeting(others, order.term, order.account_id, order.body, together=order.together)
    _write(
        session,
        hand,
        None,
        {
            "area_code": order.area,
            "duty": order.duty,
            "account_id": order.account_id,
            "person": person,
            "body": order.body or None,
            "valid_from": order.first,
            "valid_to": order.last,
        },
    )


def correct_charge(
    session: Session, hand: Hand, number: int, *, version: int, term: Term, body: str
) -> None:
    """Correct the days or the body of an assignment that was read at `version`.

    Raises
    ------
    NoSuchAssignment, CannotAssign
    """
    with turn(session, hand.municipality_code):
        row = find_charge(session, hand.municipality_code, number)
        if row["version"] != version:
            raise CannotAssign(
                "開いているあいだに、ほかの人がこの担当を変えました。"
                "いまの内容を下に出しました。確かめて、もう一度直してください。"
            )
        _refuse_reversed(term.first, term.last)
        same_duty = [
            other
            for other in _rows(session, hand, row["area_code"])
            if other["duty"] == row["duty"] and other["id"] != number
        ]
        # Whether two of them share an area was decided when the second came.
        _refuse_meeting(same_duty, term, row["account_id"], body, together=True)
        hand = open_deed(session, hand, "assign", entity="assignment", entity_id=number)
        values = {"body": body or None, "valid_from": term.first, "valid_to": term.last}
        _write(session, hand, row, values)


def remove_charge(session: Session, hand: Hand, number: int) -> None:
    """Take away what was entered by mistake; the log holds what it said.

    Raises
    ------
    NoSuchAssignment
    """
    with turn(session, hand.municipality_code):
        row = find_charge(session, hand.municipality_code, number)
        hand = open_deed(session, hand, "assign", entity="assignment", entity_id=number)
        take_away(session, hand, Assignment, DataFrame([row], dtype=object))


def find_charge(session: Session, code: str, number: int) -> Row:
    """One assignment.

    Raises
    ------
    NoSuchAssignment
    """
    where = table_of(Assignment).c.id == number
    found = frames.read(session, visible(Assignment, OFFICE, code, where))
    if found.empty:
        raise NoSuchAssignment("この担当の記録は見つかりません。")
    return next(row for _, row in frames.each(found))


def _rows(session: Session, hand: Hand, area: str) -> list[Row]:
    where = table_of(Assignment).c.area_code == area
    found = frames.read(session, visible(Assignment, OFFICE, hand.municipality_code, where))
    return [row for _, row in frames.each(found)]


def _person_of(session: Session, hand: Hand, order: Order) -> str | None:
    """The name as it is today. A centre is named by its body."""
    if order.duty not in DUTIES:
        raise CannotAssign("役を選んでください。")
    if order.duty == "center":
        if not order.body:
            raise CannotAssign("地域包括支援センターの名前を入れてください。")
        return None
    for entry in list_accounts(session, hand.municipality_code):
        if entry.account_id == order.account_id and entry.disabled_on is None:
            return entry.name
    raise CannotAssign("担当する人を選んでください。")


def _end_before(session: Session, hand: Hand, row: Row, first: date) -> None:
    if row["valid_from"] >= first:
        raise CannotAssign(
            f"{name_of(row)}の担当は{wareki(row['valid_from'])}からなので、"
            f"{wareki(first - DAY)}では終えられません。始まりの日を確かめてください。"
        )
    if row["valid_to"] is None or row["valid_to"] >= first:
        _write(session, hand, row, {"valid_to": first - DAY})
        row["valid_to"] = first - DAY


def _refuse_reversed(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise CannotAssign("終わりの日が、始まりの日より前です。日付を確かめてください。")


def _refuse_meeting(
    others: list[Row], term: Term, account_id: int | None, body: str, *, together: bool
) -> None:
    for row in others:
        if not Term(row["valid_from"], row["valid_to"]).meets(term):
            continue
        if account_id is None:
            same = row["account_id"] is None and row["body"] == body
        else:
            same = row["account_id"] == account_id
        if same:
            raise CannotAssign(
                f"{name_of(row)}は、この期間にもうこの圏域の担当です（{_days(row)}）。"
                "日付が重ならないようにしてください。"
            )
        if not together:
            raise CannotAssign(
                f"この期間は、{name_of(row)}が担当です（{_days(row)}）。"
                "引きつぐときは「前の日で終える」に、ともに担当するときは「いっしょに担当する」に"
                "印を付けてください。"
            )


def name_of(row: Row) -> str:
    """Who it is, as people say it."""
    return str(row["person"] or row["body"] or "名前のない担当")


def _days(row: Row) -> str:
    last = "" if row["valid_to"] is None else wareki(row["valid_to"])
    return f"{wareki(row['valid_from'])}〜{last}"


def _write(session: Session, hand: Hand, stored: Row | None, values: Row) -> None:
    incoming = DataFrame([{"id": stored and stored["id"], **values}], dtype=object)
    existing = incoming.iloc[:0]
    if stored is not None:
        existing = DataFrame([{name: stored[name] for name in ("id", *values)}], dtype=object)
    else:
        incoming = incoming.assign(version=1)
    write_records(session, hand, Assignment, incoming, existing, erase=True)
