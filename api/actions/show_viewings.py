"""Who looked at whom (閲覧記録): at one person, or in the whole municipality, the newest first."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pandas import DataFrame
from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel

from api.actions.field_words import ENTITIES
from api.actions.registers import BY_ENTITY
from api.actions.show_history import local
from api.models import Posting, Supporter, Viewing
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible
from web.words import moment

PAGE = 50
MOST_ROWS = 5_000
"""How many looks are read for a page: one list or hand-over may hold hundreds of people."""
NAMED = 5
"""How many people of one look are told one by one."""
PEOPLE: dict[str, type[SQLModel]] = {"supporter": Supporter, "posting": Posting}


@dataclass(frozen=True)
class Seen:
    """A person somebody looked at."""

    number: int
    words: str
    """The name, for whoever may see it; otherwise 担い手 12番."""
    path: str | None
    """Page of all looks at this person, for whoever may see the person."""


@dataclass(frozen=True)
class Look:
    """One look: at one person, or at all those of a list."""

    when: str
    actor: str
    how: str
    seen: list[Seen] = field(default_factory=list)
    more: int = 0
    """How many people besides."""


@dataclass(frozen=True)
class Looks:
    """A page of looks, and the number from which older ones go on."""

    lines: list[Look]
    older: int | None
    named: dict[str, list[int]] = field(default_factory=dict)
    """Whose names are shown, by entity: this is a look, too."""


def looks_at(
    session: Session, viewer: Viewer, code: str, entity: str, number: int, before: int | None
) -> Looks:
    """Every look at one person; whether the viewer may see the person, the caller has made sure."""
    table = table_of(Viewing)
    rows, older = _read(
        session, viewer, code, before, table.c.entity == entity, table.c.entity_id == str(number)
    )
    return Looks([_line(look, []) for look in _apart(rows)], older)


def looks_of(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    account_id: int | None = None,
    before: int | None = None,
) -> Looks:
    """The looks of the municipality, or of one account; names only of people the viewer may see."""
    who = [] if account_id is None else [table_of(Viewing).c.account_id == account_id]
    rows, older = _read(session, viewer, code, before, *who)
    looks = _apart(rows)
    told = {
        entity: {int(n) for look in looks if look[0]["entity"] == entity for n in _ids(look)}
        for entity in PEOPLE
    }
    names = {entity: _names(session, viewer, code, entity, ids) for entity, ids in told.items()}
    lines = [_line(look, _seen(look, names.get(look[0]["entity"], {}))) for look in looks]
    return Looks(lines, older, {entity: sorted(known) for entity, known in names.items()})


def _read(
    session: Session, viewer: Viewer, code: str, before: int | None, *where: ColumnElement[bool]
) -> tuple[DataFrame, int | None]:
    """The newest looks, whole ones only, a page at most."""
    number = table_of(Viewing).c.id
    older = [] if before is None else [number < before]
    wanted = visible(Viewing, viewer, code, *where, *older)
    rows = frames.read(session, wanted.order_by(None).order_by(number.desc()).limit(MOST_ROWS))
    begins = _begins(rows)
    whole = begins[: PAGE + 1]
    cut = len(whole) > PAGE
    shown = rows.iloc[: whole[-1]] if cut else rows
    there_is_more = cut or len(rows) == MOST_ROWS
    return shown, int(shown["id"].iloc[-1]) if there_is_more else None


def _begins(rows: DataFrame) -> list[int]:
    """Where in the rows a new look begins."""
    keys = list(zip(*(rows[name] for name in LOOK), strict=True))
    return [n for n, key in enumerate(keys) if n == 0 or key != keys[n - 1]]


LOOK = ("at", "account_id", "actor", "entity", "how")
"""What the people of one look have in common."""


def _apart(rows: DataFrame) -> list[list[dict[str, Any]]]:
    """The rows of each look, the person listed first in front."""
    listed = [row for _, row in frames.each(rows)]
    begins = [*_begins(rows), len(listed)]
    return [listed[first:last][::-1] for first, last in pairwise(begins)]


def _ids(look: list[dict[str, Any]]) -> list[str]:
    return [row["entity_id"] for row in look[:NAMED]]


def _names(
    session: Session, viewer: Viewer, code: str, entity: str, ids: set[int]
) -> dict[int, str]:
    """Names of those the viewer may see."""
    if "personal" not in viewer.classes or not ids:
        return {}
    model = PEOPLE[entity]
    here = table_of(model).c.id.in_(ids)
    people = frames.read(session, visible(model, viewer, code, here, only=["id", "name"]))
    return dict(zip(people["id"].astype(int), people["name"], strict=True))


def _seen(look: list[dict[str, Any]], names: dict[int, str]) -> list[Seen]:
    register = BY_ENTITY.get(look[0]["entity"])
    word = ENTITIES.get(look[0]["entity"], "")
    found = []
    for number in map(int, _ids(look)):
        path = f"{register.key}/{number}/views" if register and number in names else None
        found.append(Seen(number, names.get(number, f"{word} {number}番"), path))
    return found


def _line(look: list[dict[str, Any]], seen: list[Seen]) -> Look:
    first = look[0]
    when = moment(local(first["at"]))
    return Look(when, first["actor"], first["how"], seen, len(look) - len(seen))
