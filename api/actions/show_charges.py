"""Show who is in charge (担当の一覧): area by area, with the days on which nobody is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from api.accounts.keeping import list_accounts
from api.accounts.terms import Term, days_between
from api.actions.assign import DUTIES, Row, name_of
from api.actions.locating import Land
from api.models import Assignment
from api.store import frames
from api.store.visible import OFFICE, visible


@dataclass(frozen=True)
class Charge:
    """One assignment (担当) as a table shows it."""

    number: int
    duty: str
    duty_words: str
    who: str
    body: str
    """Where they belong, unless `who` says it already."""
    term: Term
    left: bool
    """Their account is closed: nobody works under this name."""


@dataclass(frozen=True)
class AreaCharges:
    """Who is, was and will be in charge of an area."""

    code: str
    name: str
    known: bool
    """Whether the area is one of today's."""
    now: list[Charge] = field(default_factory=list)
    coming: list[Charge] = field(default_factory=list)
    past: list[Charge] = field(default_factory=list)
    empty: list[Term] = field(default_factory=list)
    """Days without any coordinator, from the first assignment on (担当のいない日)."""

    @property
    def nobody(self) -> bool:
        """Whether the area has no coordinator today."""
        return self.known and not any(charge.duty == "coordinator" for charge in self.now)

    @property
    def ever(self) -> bool:
        """Whether somebody has been in charge, or will be."""
        return bool(self.now or self.coming or self.past)


def show_charges(session: Session, land: Land) -> list[AreaCharges]:
    """Every area in the order people know; areas of the past that had somebody come last."""
    rows = _by_area(session, land)
    left = {
        entry.account_id
        for entry in list_accounts(session, land.tenant.code)
        if entry.disabled_on is not None
    }
    today = [
        _of_area(code, name, True, rows.get(code, []), left, land.on)
        for code, name in land.area_names.items()
    ]
    gone = sorted(set(rows) - set(land.area_names))
    return [*today, *(_of_area(code, code, False, rows[code], left, land.on) for code in gone)]


def charges_of(session: Session, land: Land, area: str) -> AreaCharges:
    """The same for one area."""
    rows = _by_area(session, land).get(area, [])
    return _of_area(area, land.area_names[area], True, rows, set(), land.on)


def areas_by_account(session: Session, land: Land) -> dict[int, str]:
    """Which areas each account is in charge of today, in words."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = _by_area(session, land)
    for code, name in land.area_names.items():
        for row in rows.get(code, []):
            if row["account_id"] is not None and _term(row).holds_on(land.on):
                found[row["account_id"]].append(name)
    return {account: "・".join(dict.fromkeys(names)) for account, names in found.items()}


def _by_area(session: Session, land: Land) -> dict[str, list[Row]]:
    found = frames.read(session, visible(Assignment, OFFICE, land.tenant.code))
    rows: dict[str, list[Row]] = defaultdict(list)
    for _, row in frames.each(found):
        rows[row["area_code"]].append(row)
    return rows


def _of_area(
    code: str, name: str, known: bool, rows: Iterable[Row], left: set[Any], today: date
) -> AreaCharges:
    area = AreaCharges(code, name, known)
    for row in sorted(rows, key=lambda row: (row["valid_from"], row["id"])):
        charge = _charge(row, left)
        if charge.term.first > today:
            area.coming.append(charge)
        elif charge.term.holds_on(today):
            area.now.append(charge)
        else:
            area.past.append(charge)
    area.past.reverse()
    terms = [_term(row) for row in rows if row["duty"] == "coordinator"]
    area.empty.extend(days_between(terms) if known else ())
    return area


def _charge(row: Row, left: set[Any]) -> Charge:
    return Charge(
        number=row["id"],
        duty=row["duty"],
        duty_words=DUTIES.get(row["duty"], ""),
        who=name_of(row),
        body=row["body"] or "" if row["person"] else "",
        term=_term(row),
        left=row["account_id"] in left,
    )


def _term(row: Row) -> Term:
    return Term(row["valid_from"], row["valid_to"])
