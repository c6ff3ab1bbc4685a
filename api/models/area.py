"""Area (日常生活圏域), its AreaScheme (区域区分), and which towns make it up."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from api.models.columns import Shaped, public


class AreaScheme(SQLModel, table=True):
    """One way of dividing the municipality (区域区分): 圏域, 旧町, 中学校区 … side by side."""

    __table_args__ = (UniqueConstraint("municipality_code", "name"),)

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    name: str = public()
    series: str | None = public(default=None)
    """The name its versions share: redrawn areas are a new version, and the old one stays."""
    valid_from: date | None = public(default=None)
    valid_to: date | None = public(default=None)
    """The last day it holds."""


class Area(Shaped, table=True):
    """A daily-living area (日常生活圏域), about one junior-high-school district."""

    __table_args__ = (UniqueConstraint("scheme_id", "code"),)

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    scheme_id: int = public(foreign_key="areascheme.id", index=True)
    code: str = public()
    name: str = public()
    rank: int = public(default=0)
    """Order of the file it came from, which is the order people know."""
    approximate: bool = public(default=False)
    """Drawn from approximate towns or a list (おおよそ), not from a surveyed border."""
    intake_id: int | None = public(default=None, foreign_key="intake.id")


class AreaTown(SQLModel, table=True):
    """A town's place in an area (町丁の所属): people belong to their town's area."""

    __table_args__ = (UniqueConstraint("scheme_id", "town_id"),)

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    scheme_id: int = public(foreign_key="areascheme.id", index=True)
    area_id: int = public(foreign_key="area.id", index=True)
    town_id: int = public(foreign_key="town.id", index=True)
