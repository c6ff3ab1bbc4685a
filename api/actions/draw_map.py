"""What the coverage map shows: the answer to a question, and the layers the browser draws."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import Series
from sqlmodel import Session

from api.actions.coverage_answer import (
    CoverageAnswer,
    Figures,
    Gap,
    answer,
    area_figures,
    town_figures,
)
from api.actions.draw_ground import roads_and_landmarks
from api.actions.find_municipality import Tenant
from api.actions.keep_photos import public_photos
from api.actions.load_community import AGES_IN_WORDS, Community, load_community
from api.actions.load_future import cells_to_come
from api.actions.report_coverage import (
    CoverageReport,
    Question,
    detour_of,
    narrowed_places,
    report_coverage,
)
from api.models import AreaScheme, Road
from api.models.kinds import PlaceKind
from api.store import frames
from api.store.visible import Viewer, how_many, visible
from geo.road_reach import roads_within
from web.maps.encode import encode_shapes, thinned
from web.maps.ground import ground
from web.maps.layers import ROUGH_M, question_layers
from web.maps.places import place_columns, place_details


class NoSuchArea(LookupError):
    """The municipality has no area with that code."""


@dataclass(frozen=True)
class Focus:
    """What a page is about: the whole municipality, or one of its areas."""

    name: str
    figures: Figures
    rows: list[Figures]
    area_code: str | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class MapView:
    """One report with everything the page says about it."""

    report: CoverageReport
    answer: CoverageAnswer
    focus: Focus
    schemes: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    """Kinds the municipality has places of, in the order of the table of kinds."""
    has_roads: bool = False

    @property
    def tenant(self) -> Tenant:
        """The municipality."""
        return self.report.community.tenant

    @property
    def gaps(self) -> list[Gap]:
        """The gaps of the focus."""
        if self.focus.area_id is None:
            return self.answer.gaps
        mine = self.report.gaps["area_id"] == self.focus.area_id
        return [gap for gap in self.answer.gaps if mine[gap.rank]]


def view_map(
    session: Session, code: str, viewer: Viewer, question: Question, *, area: str | None = None
) -> MapView:
    """Answer a question for a page.

    Raises
    ------
    NoSuchArea, and what `load_community` raises.
    """
    report = report_coverage(session, code, viewer, question)
    community = report.community
    schemes = frames.read(session, visible(AreaScheme, viewer, code, only=["name"]))
    kinds = set(community.places["kind"])
    return MapView(
        report=report,
        answer=answer(report),
        focus=_focus(report, area),
        schemes=schemes["name"].tolist(),
        kinds=[kind.value for kind in PlaceKind if kind.value in kinds],
        has_roads=bool(session.connection().execute(how_many(Road, viewer, code)).scalar_one()),
    )


def _focus(report: CoverageReport, area: str | None) -> Focus:
    community = report.community
    if area is None:
        total = Figures.of(None, community.tenant.name, report.total)
        return Focus(community.tenant.name, total, area_figures(report))
    ids = community.areas.index[community.areas["code"] == area]
    if ids.empty:
        raise NoSuchArea(f"{community.tenant.name}に圏域「{area}」はありません。")
    name = str(community.areas.at[ids[0], "name"])
    mine = community.towns["area_id"] == ids[0]
    towns = set(community.towns.loc[mine, "name"])
    rows = [row for row in town_figures(report) if row.name in towns]
    figures = Figures.of(area, name, report.areas.loc[ids[0]])
    return Focus(name, figures, rows, area, int(ids[0]))


def map_layers(view: MapView) -> dict[str, Any]:
    """What the question changes on the map, ready for JSON."""
    report = view.report
    community, question = report.community, report.question
    layers = question_layers(_units(report), _gaps_with_names(view))
    layers["units"]["of"] = "cells" if community.by_mesh else "towns"
    layers["ways"] = _ways_within(report)
    age = AGES_IN_WORDS[community.age]
    layers["legend"] = {"people": f"{age}の人の多さ", "limits": _limits(layers["limits"])}
    layers["question"] = {
        "kinds": question.kinds,
        "weekdays": question.weekdays,
        "functions": question.functions,
        "confirmed": question.confirmed,
        "informal": question.informal,
        "straight_m": question.distance_m / detour_of(question),
        "age_label": age,
    }
    return layers


def _ways_within(report: CoverageReport) -> list[Any] | None:
    """The roads from which a place can be reached, where roads are walked: they are no circles."""
    roads, question = report.community.roads, report.question
    if roads is None:
        return None
    places = report.community.places.loc[report.counted]
    lines = roads_within(roads.network, places, question.distance_m, barriers=roads.barriers)
    joined = shapely.line_merge(shapely.multilinestrings(list(lines)))
    drawn = thinned(GeoSeries([joined], crs=report.community.tenant.zone), ROUGH_M)
    return encode_shapes(drawn)[0]


def _units(report: CoverageReport) -> GeoDataFrame:
    """What is shaded: towns with people in them, or mesh cells."""
    community = report.community
    if community.by_mesh:
        cells = GeoDataFrame(
            {"population": community.people["people"]}, geometry=community.footprints
        )
        return cells.assign(covered=None)
    towns = community.towns[community.towns.geometry.notna()]
    counted = towns.index.isin(community.people["town_id"].dropna())
    figures = report.towns.iloc[:-1][["population", "covered"]]
    return GeoDataFrame(towns[["geometry"]][counted].join(figures))


def _gaps_with_names(view: MapView) -> GeoDataFrame:
    towns = [gap.towns for gap in view.answer.gaps]
    gaps = view.report.gaps.assign(towns=Series(towns, index=view.report.gaps.index, dtype=object))
    if view.focus.area_id is None:
        return gaps
    return gaps[gaps["area_id"] == view.focus.area_id]


def _limits(limits: list[int]) -> str:
    if not limits:
        return "—"
    return "1km²あたり " + "・".join(f"{limit:,}" for limit in limits) + "人で区切る"


def map_ground(session: Session, code: str, viewer: Viewer, question: Question) -> dict[str, Any]:
    """The ground of the map, ready for JSON."""
    community = load_community(
        session, code, viewer, age=question.age, on=question.on, scheme=question.scheme
    )
    return ground_of(session, community, viewer, to_come=cells_to_come(session, community.tenant))


def ground_of(
    session: Session, community: Community, viewer: Viewer, *, to_come: GeoSeries | None = None
) -> dict[str, Any]:
    """The ground of a community that is loaded already.

    `to_come`: the cells of projections, for a map whose year may change while its ground stays.
    """
    tenant = community.tenant
    roads, landmarks = roads_and_landmarks(session, viewer, tenant)
    cells = GeoSeries(community.footprints[[community.by_mesh] * len(community.footprints)])
    if to_come is not None and len(to_come):
        cells = GeoSeries(pd.concat([cells, to_come]) if len(cells) else to_come)
    return ground(tenant.land(), community.towns, cells, community.areas, roads, landmarks)


def map_places(
    session: Session, code: str, viewer: Viewer, question: Question, *, details: bool = False
) -> dict[str, Any]:
    """Places by column, ready for JSON: what is drawn first, or the details behind a tap."""
    community = load_community(
        session, code, viewer, age=question.age, on=question.on, scheme=question.scheme
    )
    places = narrowed_places(community.places, question)
    if details:
        return place_details(places, public_photos(session, code, places.index))
    return place_columns(places)
