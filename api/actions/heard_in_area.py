"""What was heard in an area (聞いた声): what may be printed of it, and what became of it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.actions.find_municipality import find_municipality
from api.actions.locating import Land
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
    """What the office has said about it."""
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
    wanted = visible(Suggestion, viewer, code, here, table.c.heard_on >= since, only=PRINTED)
    found = frames.read(session, wanted)
    replies = frames.read(
        session, visible(Reply, OFFICE, code, only=["suggestion_id", "status", "words"])
    )
    told = {row["suggestion_id"]: row for _, row in frames.each(replies)}
    merged = found["merged_into"].value_counts()
    rows = [row for _, row in frames.each(found) if row["merged_into"] is None]
    return [
        Heard(
            kind=SUGGESTION_KINDS.get(row["kind"], row["kind"]),
            words=row["printable"],
            town=str(land.towns.at[row["town_id"], "name"]) if row["town_id"] else None,
            heard_on=row["heard_on"],
            state=SUGGESTION_STATUSES[told[row["id"]]["status"]],
            became=told[row["id"]]["words"],
            voices=1 + int(merged.get(row["id"], 0)),
        )
        for row in sorted(rows, key=lambda row: (row["heard_on"], row["id"]), reverse=True)
    ]


PRINTED = ("id", "kind", "printable", "town_id", "heard_on", "merged_into")
