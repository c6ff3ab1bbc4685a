"""What was heard in an area (聞いた声): what may be printed of it, and what became of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.actions.anonymous_words import tells_of_somebody
from api.actions.find_municipality import find_municipality
from api.actions.locating import Land
from api.actions.records import Row
from api.models import Reply, Suggestion
from api.models.columns import table_of
from api.models.kinds import SUGGESTION_KINDS, SUGGESTION_STATUSES
from api.store import frames
from api.store.visible import OFFICE, Viewer, has_area, visible


@dataclass(frozen=True)
class Heard:
    """One thing heard, without whoever said it."""

    kind: str
    words: str | None
    """紙にのせる言葉, written for the paper by somebody in charge; None: none were."""
    town: str | None
    heard_on: date
    state: str
    """In the words its sender reads."""
    became: str | None
    """What the office has said about it; None where that was meant for one person's eyes."""
    voices: int
    """How many said the same: others merged into it, and itself."""


def heard_in_area(
    session: Session, code: str, viewer: Viewer, area: str, since: date, *, on: date
) -> list[Heard]:
    """What residents of an area have said since a day, the newest first; `on`: today.

    Only columns that may be printed are read: neither names nor telephone numbers nor the words as
    they came.

    Raises
    ------
    Withheld : by somebody who may see no people.
    """
    land = Land(session, find_municipality(session, code), on)
    table = table_of(Suggestion)
    towns = [town for town, of in land.area_of_town.items() if of == area]
    here = table.c.town_id.in_(towns) | has_area(table, area)
    since_then = (table.c.heard_on >= since, table.c.status != "erased")
    wanted = visible(Suggestion, viewer, code, here, *since_then, only=PRINTED)
    found = frames.read(session, wanted)
    replies = frames.read(
        session, visible(Reply, OFFICE, code, only=["suggestion_id", "status", "words"])
    )
    told = {row["suggestion_id"]: row for _, row in frames.each(replies)}
    rows = {int(row["id"]): row for _, row in frames.each(found)}
    voices = Counter(_stands_under(rows, number) for number in rows)
    return [
        Heard(
            kind=SUGGESTION_KINDS.get(row["kind"], row["kind"]),
            words=row["printable"],
            town=str(land.towns.at[row["town_id"], "name"]) if row["town_id"] else None,
            heard_on=row["heard_on"],
            state=SUGGESTION_STATUSES[told[row["id"]]["status"]],
            became=_for_all(told[row["id"]]["words"]),
            voices=voices[row["id"]],
        )
        for row in sorted(
            (rows[number] for number in voices),
            key=lambda row: (row["heard_on"], row["id"]),
            reverse=True,
        )
    ]


def _when(row: Row) -> tuple[date, int]:
    return row["heard_on"], row["id"]


def _stands_under(rows: Mapping[int, Row], number: int) -> int:
    """The voice of this area that one was merged into, over as many steps as it takes.

    Where undoing has merged two into each other, each stands by itself.
    """
    passed = [number]
    while (into := rows[passed[-1]]["merged_into"]) in rows:
        if into in passed:
            return number
        passed.append(into)
    return passed[-1]


def _for_all(answer: str | None) -> str | None:
    """An answer is written to one person, and may name them."""
    return None if answer is None or tells_of_somebody(answer) else answer


PRINTED = ("id", "kind", "printable", "town_id", "heard_on", "merged_into")
