"""What every table shares: the class of each column's data, and the stored shape.

A column says in its `info` who may see it: **public** (公開), **office** (庁内) or **personal**
(個人情報). `store/visible.py` lists only what a viewer's classes permit; a column that says nothing
is shown to nobody.
"""

from typing import Any, Literal

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


class Shaped(SQLModel):
    """A geometry as WKB in EPSG:4326, with its bounding box in degrees for the spatial index."""

    wkb: bytes | None = public(default=None)
    min_lon: float | None = public(default=None)
    min_lat: float | None = public(default=None)
    max_lon: float | None = public(default=None)
    max_lat: float | None = public(default=None)
