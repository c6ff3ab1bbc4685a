"""Population (人口): people by age in a town or mesh cell at a date."""

from datetime import date

from sqlmodel import SQLModel

from api.models.columns import public


class Population(SQLModel, table=True):
    """People in one town or mesh cell on one survey date (人口). NULL is unknown, never 0."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    town_id: int | None = public(default=None, foreign_key="town.id", index=True)
    mesh_code: str | None = public(default=None)
    """JIS X 0410 code of 8 (1 km), 9 (500 m) or 10 digits (250 m)."""
    survey_date: date | None = public(default=None, index=True)
    people: int | None = public(default=None)
    people_65: int | None = public(default=None)
    people_75: int | None = public(default=None)
    households: int | None = public(default=None)
    lon: float | None = public(default=None)
    lat: float | None = public(default=None)
    """The record's own point where the file has one, else NULL: the town's point stands in."""
    intake_id: int | None = public(default=None, foreign_key="intake.id")
