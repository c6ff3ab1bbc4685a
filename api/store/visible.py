"""What a viewer may see. The only module that builds a SELECT on an entity's table.

A SELECT lists the columns whose class (`info["class"]`, see `models/columns.py`) the viewer holds,
and names the municipality. A withheld value therefore never enters a frame, a page or a log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Select, Table, func, select
from sqlmodel import SQLModel

from api.models import (
    Area,
    AreaScheme,
    AreaTown,
    Intake,
    Landmark,
    Municipality,
    Place,
    Population,
    Road,
    Town,
)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks (閲覧者): the classes of data they hold, and whether drafts are theirs."""

    name: str
    classes: frozenset[str]
    drafts: bool

    @property
    def grants(self) -> str:
        """The viewer's rights in one line: part of every ETag and cache key."""
        return f"{'+'.join(sorted(self.classes))}{'+drafts' if self.drafts else ''}"


RESIDENT = Viewer("resident", frozenset({"public"}), drafts=False)
"""住民: anybody, without an account."""
OFFICE_PUBLISHED = Viewer("office", frozenset({"public", "office"}), drafts=False)
"""庁内, looking at what is published: reports count no drafts."""
OFFICE = Viewer("office", frozenset({"public", "office"}), drafts=True)
"""庁内: the municipality itself, as at its command line."""


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
    columns = [
        column
        for column in table.columns
        if column.info.get("class") in viewer.classes and (only is None or column.name in only)
    ]
    rows = select(*columns).where(_tenant(table) == code, *where)
    if model is Place and not viewer.drafts:
        rows = rows.where(table.c.state == "published")
    return rows.order_by(*table.primary_key.columns)


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
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _tenant(table: Table) -> Column[str]:
    return table.c.code if table.name == "municipality" else table.c.municipality_code


READABLE: frozenset[type[SQLModel]] = frozenset(
    {Area, AreaScheme, AreaTown, Intake, Landmark, Municipality, Place, Population, Road, Town}
)
