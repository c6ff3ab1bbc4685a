"""Candidate, Founding, Scenario, Projection (候補地・立上げ・計画案・将来推計): what is not yet."""

from datetime import date, datetime

from sqlmodel import SQLModel

from api.models.columns import office, public


class Candidate(SQLModel, table=True):
    """Somewhere a place could go (候補地): a public facility, closed school, care site, shop.

    What a municipality thinks about is nobody's business before it is decided: office only.
    """

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    external_id: str | None = office(default=None, index=True)
    name: str = office()
    kind: str = office(default="other", index=True)
    """A code of `CANDIDATE_KINDS`."""
    address: str | None = office(default=None)
    town_id: int | None = office(default=None, foreign_key="town.id", index=True)
    approximate: bool = office(default=False)
    """Stands at its town's point because the file gave an address only (おおよそ)."""
    capacity_people: int | None = office(default=None)
    note: str | None = office(default=None)
    lon: float | None = office(default=None)
    lat: float | None = office(default=None)
    state: str = office(default="published", index=True)
    version: int = office(default=1)
    intake_id: int | None = office(default=None, foreign_key="intake.id")


class Founding(SQLModel, table=True):
    """A place on its way (通いの場の立上げ): from a seed to standing on its own feet."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    name: str = office()
    stage: str = office(default="seed", index=True)
    """A code of `FOUNDING_STAGES`: 種, 準備, 立上げ, 自走."""
    area_code: str | None = office(default=None)
    candidate_id: int | None = office(default=None, foreign_key="candidate.id", index=True)
    place_id: int | None = office(default=None, foreign_key="place.id", index=True)
    """The place it became."""
    trained_people: int | None = office(default=None)
    """How many supporters have been trained for it."""
    begun_on: date | None = office(default=None)
    moved_on: date | None = office(default=None)
    """When it came to its stage."""
    note: str | None = office(default=None)
    state: str = office(default="published")
    version: int = office(default=1)


class Scenario(SQLModel, table=True):
    """A plan to try out (計画案): places added, moved or closed, in a given year."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    name: str = office()
    note: str | None = office(default=None)
    question: str = office()
    """How far, who, on foot or by road, in which year: JSON of `api.actions.scenarios`."""
    moves: str = office(default="[]")
    """What is added, moved or closed, in order: a JSON list."""
    shared: bool = office(default=False)
    """Others of the municipality may open it; otherwise its author alone."""
    author_id: int | None = office(default=None, foreign_key="account.id")
    author: str = office()
    saved_at: datetime = office()
    state: str = office(default="published", index=True)
    version: int = office(default=1)


class Projection(SQLModel, table=True):
    """People in a year to come (将来推計人口): of a mesh cell, a town, or all the municipality."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    year: int = public(index=True)
    variant: str = public(default="")
    """Which of several projections of one file: 市の目標, 社人研準拠 …; empty: its only one."""
    mesh_code: str | None = public(default=None)
    town_id: int | None = public(default=None, foreign_key="town.id", index=True)
    """Neither mesh nor town: the municipality's total, to which the towns are scaled."""
    people: float | None = public(default=None)
    people_65: float | None = public(default=None)
    people_75: float | None = public(default=None)
    intake_id: int | None = public(default=None, foreign_key="intake.id")
