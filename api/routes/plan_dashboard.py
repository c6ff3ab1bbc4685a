"""The dashboard (圏域の一覧表): every member of the municipality may read it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator

from api.actions.report_coverage import Question
from api.actions.report_dashboard import NATIONAL_GOAL, Dashboard, report_dashboard
from api.actions.show_dashboard import (
    dashboard_notes,
    dashboard_rows,
    dashboard_workbook,
    trend_points,
)
from api.actions.show_plan import scheme_names
from api.routes.deps import in_our_time
from api.routes.desk import PRIVATE, Desk, DeskDep
from api.store.visible import OFFICE_PUBLISHED
from web.maps.dashboard_figures import shares_figure, trend_figure
from web.words import DISTANCES_M

router = APIRouter(prefix="/{code}/plan", include_in_schema=False)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHARES_WORDS = "圏域ごとのカバー率と参加率の図。同じことが表にあります。"
Distance = Annotated[float, Query(ge=1, le=50_000, allow_inf_nan=False)]
Scheme = Annotated[str | None, Query(max_length=100)]
On = Annotated[date | None, AfterValidator(in_our_time), Query()]


@router.get("/dashboard")
def dashboard(
    desk: DeskDep, distance_m: Distance = 500, scheme: Scheme = None, on: On = None
) -> Response:
    """Areas beside each other, with what has changed since last year."""
    found = _found(desk, distance_m, scheme, on)
    pace = desk.tenant.walk_m_per_min
    rows = dashboard_rows(desk.session, found, pace)
    trends = [(name, trend_figure(line, f"{name}のカバー率")) for name, line in trend_points(found)]
    return desk.page(
        "plan_dashboard.html",
        rows=rows,
        question=found.report.question,
        scheme=found.community.scheme,
        schemes=scheme_names(desk.session, desk.code),
        distances=sorted({*DISTANCES_M, distance_m}),
        survey=found.community.survey_date,
        figure=shares_figure(
            [(row["name"], row["ratio"], row["participation"]) for row in rows],
            NATIONAL_GOAL,
            SHARES_WORDS,
        ),
        trends=[(name, svg) for name, svg in trends if svg],
        notes=dashboard_notes(found, pace),
        query=desk.request.url.query,
    )


@router.get("/dashboard.xlsx")
def excel(
    desk: DeskDep, distance_m: Distance = 500, scheme: Scheme = None, on: On = None
) -> Response:
    """The same for Excel."""
    found, pace = _found(desk, distance_m, scheme, on), desk.tenant.walk_m_per_min
    body = dashboard_workbook(dashboard_rows(desk.session, found, pace), found, pace)
    headers = PRIVATE | {"Content-Disposition": 'attachment; filename="dashboard.xlsx"'}
    return Response(body, media_type=XLSX, headers=headers)


def _found(desk: Desk, distance_m: float, scheme: str | None, on: date | None) -> Dashboard:
    asked = Question(on=on or desk.today, distance_m=distance_m, age="65", scheme=scheme or None)
    return report_dashboard(desk.session, desk.code, OFFICE_PUBLISHED, asked)
