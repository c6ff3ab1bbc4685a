"""Assemble the application. Read this file first: it names every part once."""

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware

from api.accounts.flooding import Flooding
from api.routes import (
    api_v1,
    desk_accounts,
    desk_answers,
    desk_assignments,
    desk_contacts,
    desk_erasing,
    desk_handouts,
    desk_history,
    desk_home,
    desk_imports,
    desk_kit,
    desk_needs,
    desk_pauses,
    desk_photos,
    desk_postings,
    desk_slips,
    desk_tables,
    desk_trainings,
    desk_views,
    desk_voices,
    docs,
    health,
    near,
    pages,
    photos,
    places,
    plan,
    plan_dashboard,
    plan_foundings,
    plan_siting,
    problems,
    registers,
    registry_api,
    resources,
    review,
    search_engines,
    services,
    sheets,
    sign_in,
    sign_on,
    voice,
)
from api.routes.limits import BodyLimit
from api.routes.press_line import PressLine
from api.routes.visit import Answers
from api.settings import Settings
from web import assets

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}

PARTS = (
    health,
    api_v1,
    registry_api,
    services,
    resources,
    docs,
    sign_in,
    sign_on,
    desk_accounts,
    desk_assignments,
    desk_trainings,
    desk_answers,
    desk_home,
    desk_history,
    desk_views,
    desk_imports,
    review,
    desk_photos,
    desk_pauses,
    desk_postings,
    desk_contacts,
    desk_erasing,
    desk_handouts,
    desk_kit,
    desk_slips,
    desk_voices,
    desk_needs,
    desk_tables,
    plan_siting,
    plan_dashboard,
    plan_foundings,
    plan,
    registers,
    photos,
    sheets,
    places,
    near,
    voice,
    search_engines,
    pages,
)
"""Every part of the application, in the order its addresses are looked up."""


def create_app(engine: Engine, settings: Settings | None = None) -> FastAPI:
    """Build an application on one migrated database, so that a test can hand in its own."""
    app = FastAPI(
        title="拠り所 Yoridokoro",
        description="通いの場と、歩いて通える人の割合。",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings or Settings()
    app.state.answers = Answers(app.state.settings.cached_answers)
    app.state.flooding = Flooding()
    app.state.press_line = PressLine()
    problems.install(app)
    app.add_middleware(
        BodyLimit,
        files_mb=app.state.settings.largest_upload_mb,
        too_large=problems.too_large,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.middleware("http")(_guard)
    app.mount("/static/leaflet", StaticFiles(directory=assets.LEAFLET), name="leaflet")
    app.mount("/static/yori", StaticFiles(directory=assets.OURS), name="yori")
    app.mount("/static/docs", StaticFiles(directory=docs.SWAGGER), name="docs")
    for part in PARTS:
        app.include_router(part.router)
    return app


async def _guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/static/") and response.status_code == 200:
        # Our own files carry their build in the address; Leaflet's change with the image only.
        known = "immutable" if request.url.query else "must-revalidate"
        response.headers["Cache-Control"] = f"public, max-age=86400, {known}"
    return response
