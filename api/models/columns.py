"""What every table shares: the class of each column's data, and the stored shape.

A column says in its `info` who may see it: **public** (公開), **office** (庁内) or **personal**
(個人情報). `store/visible.py` lists only what a viewer's classes permit; a column that says nothing
is shown to nobody.
"""

from datetime import date
from typing import Any, Literal

from sqlalchemy import Table
from sqlmodel import Field, SQLModel

DataClass = Literal["public", "office", "personal"]


def _classed(data_class: DataClass, **options: Any) -> Any:
    return Field(sa_column_kwargs={"info": {"class": data_class}}, **options)


def public(**options: Any) -> Any:
    """A column anybody may read (公開)."""
    return _classed("public", **options)


def office(**options: Any) -> Any:
    """A column for the offices only: notes, states, what is not published (庁内)."""
    return _classed("office", **options)


def personal(**options: Any) -> Any:
    """A column about a person (個人情報): for the coordinators in charge only."""
    return _classed("personal", **options)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model: SQLModel does not tell its type."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


class Shaped(SQLModel):
    """A geometry as WKB in EPSG:4326, with its bounding box in degrees for the spatial index."""

    wkb: bytes | None = public(default=None)
    min_lon: float | None = public(default=None)
    min_lat: float | None = public(default=None)
    max_lon: float | None = public(default=None)
    max_lat: float | None = public(default=None)


class Kept(SQLModel):
    """What every record of the registry (台帳) shares: who may see it, and how fresh it is."""

    state: str = office(default="published", index=True)
    """draft 下書き, submitted 提出済み, published 公開, withdrawn 取り消し (an undone addition)."""
    version: int = office(default=1)
    """Rises with every change: whoever saves an older one is shown both (409)."""
    confirmed_on: date | None = public(default=None)
    confirmed_by: str | None = office(default=None)
    office_find_key: str = office(default="")
    """Everything the desk searches, folded for LIKE; `find_key` holds what is public only."""
    contact_name: str | None = office(default=None)
    contact_phone: str | None = office(default=None)
    """How the coordinators reach somebody there (連絡先): never printed, never published."""
    office_note: str | None = office(default=None)
