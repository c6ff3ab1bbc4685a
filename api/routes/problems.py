"""Every error leaves here: problem+json (RFC 9457) for programs, a plain Japanese page for people.

Actions, geo and web raise exceptions of their own; `DOMAIN` says which status each one is.
"""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from api.actions.draw_map import NoSuchArea
from api.actions.find_municipality import NoLandYet, NoSuchMunicipality
from api.actions.load_community import NoPopulation, NoSuchScheme
from api.actions.report_coverage import UnknownKind
from web.assets import BUILD
from web.pages import fill

log = logging.getLogger(__name__)

DOMAIN: dict[type[Exception], tuple[str, HTTPStatus]] = {
    NoSuchMunicipality: ("no-such-municipality", HTTPStatus.NOT_FOUND),
    NoSuchArea: ("no-such-area", HTTPStatus.NOT_FOUND),
    NoSuchScheme: ("no-such-scheme", HTTPStatus.NOT_FOUND),
    NoLandYet: ("nothing-imported-yet", HTTPStatus.CONFLICT),
    NoPopulation: ("no-population", HTTPStatus.CONFLICT),
    UnknownKind: ("unknown-kind", HTTPStatus.UNPROCESSABLE_ENTITY),
}
WORDS = {
    HTTPStatus.NOT_FOUND: (
        "ページが見つかりません",
        "アドレスを確かめるか、はじめのページからお進みください。",
    ),
    HTTPStatus.CONFLICT: (
        "まだお見せできません",
        "足りないデータを取り込むと、見られるようになります。",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "条件を読めませんでした",
        "アドレスの条件を直すか、はじめのページからお進みください。",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "このページでは、それはできません",
        "はじめのページからお進みください。",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "うまく表示できませんでした",
        "少し待ってから、もう一度お試しください。続くときは担当者にお知らせください。",
    ),
}


def install(app: FastAPI) -> None:
    """Attach the handlers to `app`."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)
    for kind in DOMAIN:
        app.add_exception_handler(kind, _domain)


def _domain(request: Request, exc: Exception) -> Response:
    slug, status = DOMAIN[type(exc)]
    return _answer(request, slug, status, str(exc))


def _http(request: Request, exc: Exception) -> Response:
    status = HTTPStatus(getattr(exc, "status_code", 500))
    response = _answer(request, "http", status, status.phrase)
    if isinstance(exc, HTTPException):
        response.headers.update(exc.headers or {})
    return response


def _invalid(request: Request, exc: Exception) -> Response:
    found = exc.errors() if isinstance(exc, RequestValidationError) else []
    errors = [
        {"in": where, "pointer": "/".join(map(str, ("#", *path))), "detail": message}
        for (where, *path), message in ((error["loc"], error["msg"]) for error in found)
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _answer(request, "invalid", status, "The request is not valid.", errors=errors)


def _broken(request: Request, exc: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(request, "internal", status, "The server could not answer.")


def _answer(request: Request, slug: str, status: HTTPStatus, detail: str, **extra: Any) -> Response:
    if _for_people(request):
        title, advice = WORDS.get(status, WORDS[HTTPStatus.NOT_FOUND])
        said = detail if slug not in ("http", "invalid", "internal") else ""
        page = fill("problem.html", build=BUILD, title=title, detail=said, advice=advice)
        return HTMLResponse(page, status)
    body = {
        "type": f"/problems/{slug}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **extra,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def _for_people(request: Request) -> bool:
    """Pages answer people; the API and whatever asks for JSON get problem+json."""
    path = request.url.path
    if path.startswith(("/api/", "/ogc", "/healthz", "/readyz", "/metrics")) or ".json" in path:
        return False
    return "application/json" not in request.headers.get("accept", "")
