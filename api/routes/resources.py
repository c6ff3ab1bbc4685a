"""Public lists (ささえあいリスト): everything published, whole and per area, page and CSV."""

from fastapi import APIRouter, Response

from api.actions.list_resources import ResourceList, list_resources, resources_csv
from api.routes.visit import Visit, VisitDep
from web.assets import BUILD
from web.pages import fill

router = APIRouter(include_in_schema=False)
HTML, CSV = "text/html; charset=utf-8", "text/csv; charset=utf-8"
STYLES = ("yori.css", "yori-map.css", "yori-list.css")


@router.get("/{code}/list")
@router.get("/{code}/areas/{area}/list")
def list_page(visit: VisitDep, area: str = "") -> Response:
    """The list for people, of the municipality or of one area."""
    return visit.answer(area, HTML, lambda: _page(_found(visit, area), visit.request.url.path))


@router.get("/{code}/list.csv")
@router.get("/{code}/areas/{area}/list.csv")
def list_csv(visit: VisitDep, area: str = "") -> Response:
    """The list for Excel."""
    return visit.answer(
        area,
        CSV,
        lambda: resources_csv(_found(visit, area)),
        file_name=f"{visit.tenant.name}_ささえあいリスト.csv",
    )


def _found(visit: Visit, area: str) -> ResourceList:
    return list_resources(visit.session, visit.code, visit.viewer, visit.today, area)


def _page(found: ResourceList, path: str) -> str:
    styles = [f"/static/yori/{name}?{BUILD}" for name in STYLES]
    return fill(
        "list.html",
        build=BUILD,
        found=found,
        styles=styles,
        csv_href=f"{path}.csv",
        pdf_href=f"{path}.pdf",
    )
