"""Public pages of services (生活支援サービス): who offers what where, and where nobody does."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.actions.draw_services import draw_services, draw_services_panel, services_ground
from api.actions.find_services import FoundServices, ServiceQuestion, find_services
from api.actions.list_services import ServiceList, list_services
from api.exchange.json_text import json_text
from api.routes.api_v1 import CACHED
from api.routes.deps import TodayDep
from api.routes.visit import Visit, VisitDep

HTML, JSON = "text/html; charset=utf-8", "application/json"
router = APIRouter()


def service_question(
    today: TodayDep,
    kind: Annotated[str, Query(description="Type (code or label) or group of services")] = "",
    area: Annotated[str, Query(description="Code of an area")] = "",
) -> ServiceQuestion:
    """The question about services as the query asks it."""
    return ServiceQuestion(on=today, kind=kind, area=area)


ServiceQuestionDep = Annotated[ServiceQuestion, Depends(service_question)]


def _found(visit: Visit, question: ServiceQuestion) -> FoundServices:
    return find_services(visit.session, visit.code, visit.viewer, question)


@router.get("/{code}/services", include_in_schema=False)
def services_page(visit: VisitDep, question: ServiceQuestionDep) -> Response:
    """The map of services, its table, and the list of whoever offers them."""
    return visit.answer(
        question, HTML, lambda: draw_services(_found(visit, question), visit.settings)
    )


@router.get("/{code}/services/panel", include_in_schema=False)
def services_panel(visit: VisitDep, question: ServiceQuestionDep) -> Response:
    """The panel for another question, with the map's part inside."""
    return visit.answer(question, HTML, lambda: draw_services_panel(_found(visit, question)))


@router.get("/{code}/services/ground.json", include_in_schema=False)
def ground(visit: VisitDep, today: TodayDep) -> Response:
    """Shapes that stay while questions change."""
    question = ServiceQuestion(on=today)
    return visit.answer(
        None,
        JSON,
        lambda: json_text(services_ground(visit.session, _found(visit, question), visit.viewer)),
    )


@router.get(
    "/api/v1/municipalities/{code}/services",
    response_model=ServiceList,
    responses=CACHED,
    tags=["services"],
)
def read_services(visit: VisitDep, question: ServiceQuestionDep) -> Response:
    """Services (生活支援サービス) that are offered, and how each area is served (空き)."""
    return visit.answer(
        question,
        JSON,
        lambda: list_services(visit.session, visit.code, visit.viewer, question).model_dump_json(),
    )
