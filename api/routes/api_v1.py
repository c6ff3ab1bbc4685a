"""JSON under /api/v1: coverage and the lists behind the map."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.find_municipality import list_municipalities
from api.actions.list_features import (
    AreaList,
    MunicipalityOut,
    PlaceList,
    TownList,
    list_areas,
    list_places,
    list_towns,
)
from api.actions.report_coverage import report_coverage
from api.routes.deps import QuestionDep, SessionDep
from api.routes.visit import VisitDep

router = APIRouter(prefix="/api/v1", tags=["coverage"])
JSON = "application/json"
GEOJSON = "application/geo+json"


class GeoJson(JSONResponse):
    """GeoJSON (RFC 7946), so that OpenAPI names its media type and its schema."""

    media_type = GEOJSON


PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
    "description": "RFC 9457 problem",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {404: PROBLEM, 409: PROBLEM, 422: PROBLEM}
CACHED: dict[int | str, dict[str, Any]] = {**PROBLEMS, 304: {"description": "Not modified"}}


@router.get("/municipalities")
def read_municipalities(session: SessionDep) -> list[MunicipalityOut]:
    """The municipalities of this installation (市町村)."""
    return [
        MunicipalityOut(code=code, name=name, prefecture=prefecture)
        for code, name, prefecture in list_municipalities(session)
    ]


@router.get("/municipalities/{code}/coverage", response_model=CoverageAnswer, responses=CACHED)
def read_coverage(
    visit: VisitDep,
    question: QuestionDep,
    by: Annotated[Literal["area", "town"], Query(description="town adds a row a town")] = "area",
) -> Response:
    """Who can walk to a gathering place (カバー率), per area, and the gaps (空白)."""
    return visit.answer(
        (question, by),
        JSON,
        lambda: answer(
            report_coverage(visit.session, visit.code, visit.viewer, question),
            by_town=by == "town",
        ).model_dump_json(),
    )


@router.get(
    "/municipalities/{code}/places",
    response_model=PlaceList,
    response_class=GeoJson,
    responses=CACHED,
)
def read_places(visit: VisitDep, question: QuestionDep) -> Response:
    """Open places (通いの場) that the question leaves in, as GeoJSON points."""
    return visit.answer(
        question,
        GEOJSON,
        lambda: list_places(visit.session, visit.code, visit.viewer, question).model_dump_json(),
    )


@router.get(
    "/municipalities/{code}/areas",
    response_model=AreaList,
    response_class=GeoJson,
    responses=CACHED,
)
def read_areas(visit: VisitDep, question: QuestionDep) -> Response:
    """Daily-living areas (日常生活圏域) with their figures, as GeoJSON polygons."""
    return visit.answer(
        question,
        GEOJSON,
        lambda: list_areas(visit.session, visit.code, visit.viewer, question).model_dump_json(),
    )


@router.get(
    "/municipalities/{code}/towns",
    response_model=TownList,
    response_class=GeoJson,
    responses=CACHED,
)
def read_towns(visit: VisitDep, question: QuestionDep) -> Response:
    """Towns (町丁・字) with their figures, as GeoJSON polygons."""
    return visit.answer(
        question,
        GEOJSON,
        lambda: list_towns(visit.session, visit.code, visit.viewer, question).model_dump_json(),
    )
