"""What a viewer may see. The only module that builds a SELECT on an entity's table.

A SELECT lists the columns whose class (`info["class"]`, see `models/columns.py`) the viewer holds,
and names the municipality. A withheld value therefore never enters a frame, a page or a log.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Select, Table, false, func, or_, select, true
from sqlmodel import SQLModel

from api.models import (
    Activity,
    Area,
    AreaScheme,
    AreaTown,
    Assignment,
    Badge,
    Candidate,
    Deed,
    Founding,
    Handout,
    Intake,
    Landmark,
    Municipality,
    Need,
    Organization,
    Pause,
    Photo,
    Place,
    Population,
    Posting,
    Projection,
    Proposal,
    Reply,
    Road,
    Scenario,
    Service,
    Suggestion,
    Supporter,
    Town,
    Training,
    Viewing,
)
from api.models.columns import table_of


@dataclass(frozen=True)
class Reach:
    """Whose personal data somebody may see (担当する範囲): people of these areas and towns."""

    areas: frozenset[str]
    """Codes of the areas."""
    towns: frozenset[int]


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks (閲覧者): the classes of data they hold, and whether drafts are theirs."""

    name: str
    classes: frozenset[str]
    drafts: bool
    reach: Reach | None = None
    """Limits personal data; None: no limit but the classes."""
    withdrawn: bool = False
    """Sees also what was taken back."""

    @property
    def grants(self) -> str:
        """The viewer's rights in one line: part of every ETag and cache key."""
        reach = "" if self.reach is None else f"@{sorted(self.reach.areas)}{len(self.reach.towns)}"
        return f"{'+'.join(sorted(self.classes))}{'+drafts' if self.drafts else ''}{reach}"


class Withheld(LookupError):
    """Personal data was asked for by somebody whose grants do not hold any."""


RESIDENT = Viewer("resident", frozenset({"public"}), drafts=False)
"""住民: anybody, without an account."""
OFFICE_PUBLISHED = Viewer("office", frozenset({"public", "office"}), drafts=False)
"""庁内, looking at what is published: reports count no drafts."""
OFFICE = Viewer("office", frozenset({"public", "office"}), drafts=True)
"""庁内: the municipality itself, as at its command line."""
CONSOLE = Viewer("console", frozenset({"public", "office", "personal"}), drafts=False)
"""Whoever runs commands on the server, and could open the store itself."""
KEEPER = Viewer("keeper", frozenset({"public", "office", "personal"}), drafts=True, withdrawn=True)
"""The program itself, where it puts records back as they were: shows nothing to anybody."""


def visible(
    model: type[SQLModel],
    viewer: Viewer,
    code: str,
    *where: ColumnElement[bool],
    only: Sequence[str] | None = None,
) -> Select[tuple[object, ...]]:
    """SELECT what `viewer` may see of `model` in the municipality `code`, in id order.

    `only` narrows the columns further; a column the viewer may not see stays out even if named.
    """
    table = _table(model)
    permitted = [c for c in table.columns if c.info.get("class") in viewer.classes]
    if not permitted:
        raise Withheld(f"{viewer.name} may not see {table.name}")
    columns = [column for column in permitted if only is None or column.name in only]
    rows = select(*columns).where(_tenant(table) == code, *where)
    if "state" in table.columns and model is not Proposal:
        rows = rows.where(_published(table, viewer))
    if model in PERSONAL and viewer.reach is not None:
        rows = rows.where(_within(table, viewer.reach))
    return rows.order_by(*table.primary_key.columns)


def _published(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Nobody sees what was taken back; drafts are for those who work on them."""
    if viewer.withdrawn:
        return true()
    return table.c.state != "withdrawn" if viewer.drafts else table.c.state == "published"


def _within(table: Table, reach: Reach) -> ColumnElement[bool]:
    """People who live, or are posted, in one of the towns, or help in one of the areas."""
    ways: list[ColumnElement[bool]] = [table.c.town_id.in_(reach.towns), false()]
    if "areas" in table.columns:
        ways += [has_area(table, area) for area in sorted(reach.areas)]
    return or_(*ways)


def has_area(table: Table, area: str) -> ColumnElement[bool]:
    """Whether a record's JSON list of area codes names this one."""
    listed: ColumnElement[bool] = table.c.areas.contains(
        json.dumps(area, ensure_ascii=False), autoescape=True
    )
    return listed


def head_counts(viewer: Viewer, code: str) -> Select[tuple[object, ...]]:
    """SELECT how many supporters (担い手) each town has, by status: no person, for any office."""
    if "office" not in viewer.classes:
        raise Withheld(f"{viewer.name} may not count supporters")
    table = table_of(Supporter)
    by = (table.c.town_id, table.c.status)
    return (
        select(*by, func.count().label("people"))
        .where(table.c.municipality_code == code, table.c.state != "withdrawn")
        .group_by(*by)
        .order_by(*by)
    )


def need_counts(code: str) -> Select[tuple[object, ...]]:
    """SELECT how many needs (困りごと) each town has: numbers, which no words follow."""
    table = table_of(Need)
    return (
        select(table.c.town_id, func.count().label("needs"))
        .where(
            table.c.municipality_code == code,
            table.c.state != "withdrawn",
            table.c.status == "open",
        )
        .group_by(table.c.town_id)
        .order_by(table.c.town_id)
    )


def projected_years(code: str) -> Select[tuple[object, ...]]:
    """SELECT which years each projection (将来推計) names, and how many of its rows know what.

    A mesh has thousands of rows a year, and every page asks which years there are.
    """
    table = table_of(Projection)
    figures = (table.c.people, table.c.people_65, table.c.people_75)
    return (
        select(
            table.c.year,
            table.c.variant,
            func.min(table.c.id).label("first_id"),
            func.count(table.c.mesh_code).label("cells"),
            *(func.count(figure).label(figure.name) for figure in figures),
        )
        .where(table.c.municipality_code == code)
        .group_by(table.c.year, table.c.variant)
        .order_by(table.c.year, table.c.variant)
    )


def projected_cells(code: str) -> Select[tuple[object, ...]]:
    """SELECT the mesh cells of any projection, each once."""
    cell = table_of(Projection).c.mesh_code
    mine = table_of(Projection).c.municipality_code == code
    return select(cell).where(mine, cell.is_not(None)).distinct().order_by(cell)


def how_many(model: type[SQLModel], viewer: Viewer, code: str) -> Select[int]:
    """SELECT how many records of `model` the viewer may see in the municipality `code`."""
    rows = visible(model, viewer, code).order_by(None).subquery()
    return select(func.count()).select_from(rows)


def municipalities() -> Select[tuple[object, ...]]:
    """SELECT the municipalities of this installation: their list is public."""
    table = _table(Municipality)
    return select(table.c.code, table.c.name, table.c.prefecture).order_by(table.c.code)


def _table(model: type[SQLModel]) -> Table:
    if model not in READABLE:
        raise TypeError(f"{model.__name__} is not read through visible.py")
    return table_of(model)


def _tenant(table: Table) -> Column[str]:
    return table.c.code if table.name == "municipality" else table.c.municipality_code


PERSONAL: frozenset[type[SQLModel]] = frozenset({Supporter, Posting, Suggestion, Need})
"""Tables that hold nothing but personal data (個人情報)."""
READABLE: frozenset[type[SQLModel]] = PERSONAL | {
    Activity,
    Area,
    AreaScheme,
    AreaTown,
    Assignment,
    Badge,
    Candidate,
    Deed,
    Founding,
    Handout,
    Intake,
    Landmark,
    Municipality,
    Organization,
    Pause,
    Photo,
    Place,
    Population,
    Projection,
    Proposal,
    Reply,
    Road,
    Scenario,
    Service,
    Town,
    Training,
    Viewing,
}
