"""Pages for people (公開ページ): the list of municipalities, the map of one, of one area."""

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.draw_map import map_ground, map_places, view_map
from api.actions.draw_page import draw_page, draw_panel
from api.actions.export_coverage import (
    CoverageTable,
    coverage_csv,
    coverage_table,
    coverage_workbook,
)
from api.actions.find_municipality import list_municipalities
from api.actions.tell_next_steps import tell_next_steps
from api.exchange.json_text import json_text
from api.routes.deps import QuestionDep, SessionDep
from api.routes.visit import VisitDep
from web.assets import BUILD
from web.pages import fill

router = APIRouter(include_in_schema=False)

HTML = "text/html; charset=utf-8"
JSON = "application/json"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/")
def start(session: SessionDep) -> Response:
    """The list of municipalities, or straight to the only one."""
    known = list_municipalities(session)
    if len(known) == 1:
        return RedirectResponse(f"/{known[0][0]}/")
    return HTMLResponse(fill("start.html", build=BUILD, municipalities=known))


@router.get("/{code}")
def without_slash(code: str, request: Request) -> Response:
    """The page's address ends in a slash, so that links inside it can be short."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{code}/{query}")


@router.get("/{code}/")
def map_page(visit: VisitDep, question: QuestionDep) -> Response:
    """The coverage map of the municipality; before there are people, what to bring next."""
    asked = visit.base, question
    return visit.answer(asked, HTML, lambda: _page_or_next_steps(visit, question))


def _page_or_next_steps(visit: VisitDep, question: QuestionDep) -> str:
    steps = tell_next_steps(visit.session, visit.code)
    if not steps.map_is_possible:
        return fill("empty.html", build=BUILD, steps=steps)
    view = view_map(visit.session, visit.code, visit.viewer, question)
    return draw_page(view, visit.settings, visit.base)


@router.get("/{code}/panel")
def panel(visit: VisitDep, question: QuestionDep) -> Response:
    """Figures, table and gaps for another question, with the map's part inside."""
    return visit.answer(
        question,
        HTML,
        lambda: draw_panel(view_map(visit.session, visit.code, visit.viewer, question)),
    )


@router.get("/{code}/areas/{area}")
def area_page(visit: VisitDep, area: str, question: QuestionDep) -> Response:
    """The coverage map of one area."""
    return visit.answer(
        (visit.base, question),
        HTML,
        lambda: draw_page(
            view_map(visit.session, visit.code, visit.viewer, question, area=area),
            visit.settings,
            visit.base,
        ),
    )


@router.get("/{code}/areas/{area}/panel")
def area_panel(visit: VisitDep, area: str, question: QuestionDep) -> Response:
    """The panel of one area."""
    return visit.answer(
        question,
        HTML,
        lambda: draw_panel(view_map(visit.session, visit.code, visit.viewer, question, area=area)),
    )


@router.get("/{code}/map/ground.json")
def ground(visit: VisitDep, question: QuestionDep) -> Response:
    """Shapes that stay while questions change."""
    make = partial(map_ground, visit.session, visit.code, visit.viewer, question)
    return visit.answer(question, JSON, lambda: json_text(make()))


@router.get("/{code}/map/places.json")
def places(visit: VisitDep, question: QuestionDep) -> Response:
    """Places by column, for drawing."""
    make = partial(map_places, visit.session, visit.code, visit.viewer, question)
    return visit.answer(question, JSON, lambda: json_text(make()))


@router.get("/{code}/map/details.json")
def details(visit: VisitDep, question: QuestionDep) -> Response:
    """Places by column, what a tap shows."""
    make = partial(map_places, visit.session, visit.code, visit.viewer, question, details=True)
    return visit.answer(question, JSON, lambda: json_text(make()))


@router.get("/{code}/coverage.csv")
@router.get("/{code}/areas/{area}/coverage.csv")
def table_csv(visit: VisitDep, question: QuestionDep, area: str | None = None) -> Response:
    """The table beside the map, for any program: per area, or the towns of one area."""
    return visit.answer(
        question,
        CSV,
        lambda: coverage_csv(_table(visit, question, area)),
        file_name=f"{visit.tenant.name}_通いの場.csv",
    )


@router.get("/{code}/coverage.xlsx")
@router.get("/{code}/areas/{area}/coverage.xlsx")
def table_xlsx(visit: VisitDep, question: QuestionDep, area: str | None = None) -> Response:
    """The table beside the map, for Excel."""
    return visit.answer(
        question,
        XLSX,
        lambda: coverage_workbook(_table(visit, question, area)),
        file_name=f"{visit.tenant.name}_通いの場.xlsx",
    )


def _table(visit: VisitDep, question: QuestionDep, area: str | None) -> CoverageTable:
    view = view_map(visit.session, visit.code, visit.viewer, question, area=area)
    return coverage_table(view.report, focus=view.focus)
