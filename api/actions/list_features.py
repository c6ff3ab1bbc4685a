"""List places, areas and towns as GeoJSON (RFC 7946), in degrees, longitude first."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from dateutil.relativedelta import relativedelta
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.actions.coverage_answer import Figures
from api.actions.load_community import load_community
from api.actions.report_coverage import (
    CoverageReport,
    Question,
    narrowed_places,
    report_coverage,
)
from api.exchange.schedule_rules import rrules
from api.exchange.schedules import from_json
from api.models.kinds import PlaceKind
from api.store import frames
from api.store.visible import Viewer


class MunicipalityOut(BaseModel):
    """A municipality (市町村)."""

    code: str
    name: str
    prefecture: str | None


class Geometry(BaseModel):
    """A GeoJSON geometry."""

    type: Literal["Point", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class PlaceFacts(BaseModel):
    """What is public about a place (通いの場)."""

    name: str
    kana: str | None
    kind: PlaceKind
    kind_label: str
    address: str | None
    building: str | None
    phone: str | None
    organization: str | None
    weekdays: str | None
    opens_at: str | None
    closes_at: str | None
    schedule_words: str | None = Field(description="When it meets, in words: 第2・第4水曜 …")
    rrules: list[str] = Field(description="The same for calendars (RFC 5545), a year on")
    schedule_note: str | None
    capacity_people: int | None
    fee: str | None
    transport: bool | None
    accessibility: str | None
    url: str | None
    note: str | None
    approximate: bool
    confirmed_on: date | None
    functions: list[str]
    """What it is to people (できること): codes."""
    informal: bool
    """なじみの場: in coverage only where asked."""
    badge: bool
    """A trained adviser is posted there that day (まちかど介護相談所)."""


class PlaceFeature(BaseModel):
    """A place as a GeoJSON Feature."""

    type: Literal["Feature"] = "Feature"
    id: int
    geometry: Geometry
    properties: PlaceFacts


class PlaceList(BaseModel):
    """Places as a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[PlaceFeature]


class DividedFacts(Figures):
    """Figures of an area or a town, and whether its border is approximate (おおよそ)."""

    approximate: bool


class DividedFeature(BaseModel):
    """An area or a town as a GeoJSON Feature; no geometry where none is known."""

    type: Literal["Feature"] = "Feature"
    id: int
    geometry: Geometry | None
    properties: DividedFacts


class AreaList(BaseModel):
    """Areas as a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[DividedFeature]


class TownList(AreaList):
    """Towns as a GeoJSON FeatureCollection."""


def list_places(session: Session, code: str, viewer: Viewer, question: Question) -> PlaceList:
    """Places the question leaves in. Raises what `load_community` raises."""
    community = load_community(
        session, code, viewer, age=question.age, on=question.on, scheme=question.scheme
    )
    places = narrowed_places(community.places, question)
    points: Any = places.geometry.to_crs(frames.DEGREES)
    names = [name for name in PlaceFacts.model_fields if name not in ("kind_label", "rrules")]
    rules = [_rrules(text, question.on) for text in places["schedule"]]
    known = places[names]
    facts = frames.each(DataFrame(known.astype(object).where(known.notna(), None)))
    return PlaceList(
        features=[
            PlaceFeature(
                id=record,
                geometry=Geometry(type="Point", coordinates=[round(p.x, 6), round(p.y, 6)]),
                properties=PlaceFacts(
                    **row, kind_label=PlaceKind(row["kind"]).label, rrules=rrules_of_year
                ),
            )
            for p, (record, row), rrules_of_year in zip(points, facts, rules, strict=True)
        ]
    )


def _rrules(schedule: str | None, on: date) -> list[str]:
    """The days of the year that begins on that day."""
    return rrules(from_json(schedule), on, on + relativedelta(years=1)) if schedule else []


def list_areas(session: Session, code: str, viewer: Viewer, question: Question) -> AreaList:
    """Areas with their figures. Raises what `load_community` raises."""
    report = report_coverage(session, code, viewer, question)
    return AreaList(features=divided(report, by_town=False))


def list_towns(session: Session, code: str, viewer: Viewer, question: Question) -> TownList:
    """Towns with their figures. Raises what `load_community` raises."""
    report = report_coverage(session, code, viewer, question)
    return TownList(features=divided(report, by_town=True))


def divided(report: CoverageReport, *, by_town: bool) -> list[DividedFeature]:
    """A feature an area or a town, with its figures."""
    community = report.community
    shapes: GeoDataFrame = community.towns if by_town else community.areas
    figures = (report.towns if by_town else report.areas).iloc[:-1]
    code = "key_code" if by_town else "code"
    degrees: Any = shapes.geometry.to_crs(frames.DEGREES)
    return [
        DividedFeature(
            id=record,
            geometry=_geometry(degrees[record]),
            properties=DividedFacts(
                **Figures.of(shapes.at[record, code], shapes.at[record, "name"], row).model_dump(),
                approximate=bool(shapes.at[record, "approximate"]),
            ),
        )
        for record, row in _labelled(figures)
    ]


def _labelled(figures: DataFrame) -> Iterable[tuple[Any, Series]]:
    return figures.iterrows()


def _geometry(shape: Any) -> Geometry | None:
    if shape is None or shape.is_empty:
        return None
    return Geometry(
        type=shape.geom_type, coordinates=_lists(shape.__geo_interface__["coordinates"])
    )


def _lists(coordinates: Any) -> list[Any]:
    """Nested tuples as lists, degrees to six decimals (a tenth of a metre)."""
    if isinstance(coordinates[0], float):
        return [round(number, 6) for number in coordinates]
    return [_lists(part) for part in coordinates]
