"""Every error leaves here: problem+json (RFC 9457) for programs, a plain Japanese page for people.

Actions, geo and web raise exceptions of their own; `DOMAIN` says which status each one is.
"""

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.accounts.keeping import NoSuchAccount
from api.actions.answer_voice import VoiceChanged
from api.actions.assign import NoSuchAssignment
from api.actions.deed_parts import NoSuchDeed
from api.actions.desk_imports import NoSuchParcel
from api.actions.draw_map import NoSuchArea
from api.actions.erase_person import ChangedMeanwhile
from api.actions.find_municipality import NoLandYet, NoSuchMunicipality
from api.actions.foundings import FoundingChanged
from api.actions.load_community import NoPopulation, NoSuchScheme
from api.actions.load_future import NoProjection
from api.actions.load_roads import NoRoadsYet
from api.actions.locating import NoSuchTown
from api.actions.needs import NeedsNotShown
from api.actions.records import NoSuchRecord, NotYours
from api.actions.registers import NoSuchRegister
from api.actions.registers.fields import WrongFields
from api.actions.report_coverage import UnknownKind
from api.actions.save_record import EditConflict
from api.actions.scenarios import ScenarioChanged
from api.actions.show_place import NoSuchPlace, PlaceIsClosed
from api.actions.siting_candidates import UnknownSite
from api.actions.trainings import NoSuchTraining
from api.actions.undo_in_public import CannotUndo
from api.routes.desk import (
    COOKIE,
    PRIVATE,
    ForeignForm,
    MustChangePassword,
    NotGranted,
    NotSignedIn,
    sign_in_address,
)
from api.routes.press_line import RETRY_AFTER_S, PressIsBusy
from api.routes.registry_api import VersionMissing
from api.routes.sign_on import NoSignOn
from api.store.visible import Withheld
from geo.siting import CannotBeMet
from web.assets import BUILD
from web.pages import fill
from web.sheets.spread import NoRoom

log = logging.getLogger(__name__)
DESK = re.compile(r"/\d{5}/(desk|plan)/")

DOMAIN: dict[type[Exception], tuple[str, HTTPStatus]] = {
    NoSignOn: ("no-sign-on", HTTPStatus.NOT_FOUND),
    NoSuchMunicipality: ("no-such-municipality", HTTPStatus.NOT_FOUND),
    NoSuchArea: ("no-such-area", HTTPStatus.NOT_FOUND),
    NoSuchScheme: ("no-such-scheme", HTTPStatus.NOT_FOUND),
    NoSuchTown: ("no-such-town", HTTPStatus.NOT_FOUND),
    PressIsBusy: ("press-is-busy", HTTPStatus.SERVICE_UNAVAILABLE),
    NoRoom: ("no-room-on-the-sheet", HTTPStatus.UNPROCESSABLE_ENTITY),
    NoSuchPlace: ("no-such-place", HTTPStatus.NOT_FOUND),
    PlaceIsClosed: ("place-is-closed", HTTPStatus.GONE),
    NoLandYet: ("nothing-imported-yet", HTTPStatus.CONFLICT),
    NoPopulation: ("no-population", HTTPStatus.CONFLICT),
    NoProjection: ("no-projection", HTTPStatus.CONFLICT),
    NoRoadsYet: ("no-roads", HTTPStatus.CONFLICT),
    UnknownSite: ("unknown-site", HTTPStatus.UNPROCESSABLE_ENTITY),
    CannotBeMet: ("cannot-be-met", HTTPStatus.UNPROCESSABLE_ENTITY),
    UnknownKind: ("unknown-kind", HTTPStatus.UNPROCESSABLE_ENTITY),
    NoSuchRegister: ("no-such-register", HTTPStatus.NOT_FOUND),
    VersionMissing: ("version-missing", HTTPStatus.PRECONDITION_REQUIRED),
    NoSuchParcel: ("no-such-parcel", HTTPStatus.NOT_FOUND),
    NoSuchDeed: ("no-such-deed", HTTPStatus.NOT_FOUND),
    CannotUndo: ("cannot-undo", HTTPStatus.CONFLICT),
    EditConflict: ("edit-conflict", HTTPStatus.CONFLICT),
    NeedsNotShown: ("needs-not-shown", HTTPStatus.NOT_FOUND),
    ChangedMeanwhile: ("changed-meanwhile", HTTPStatus.CONFLICT),
    FoundingChanged: ("founding-changed", HTTPStatus.CONFLICT),
    ScenarioChanged: ("scenario-changed", HTTPStatus.CONFLICT),
    VoiceChanged: ("voice-changed", HTTPStatus.CONFLICT),
    NoSuchRecord: ("no-such-record", HTTPStatus.NOT_FOUND),
    NoSuchAccount: ("no-such-account", HTTPStatus.NOT_FOUND),
    NoSuchAssignment: ("no-such-assignment", HTTPStatus.NOT_FOUND),
    NoSuchTraining: ("no-such-training", HTTPStatus.NOT_FOUND),
    NotYours: ("not-yours", HTTPStatus.FORBIDDEN),
    NotGranted: ("not-granted", HTTPStatus.FORBIDDEN),
    ForeignForm: ("foreign-form", HTTPStatus.FORBIDDEN),
    Withheld: ("withheld", HTTPStatus.FORBIDDEN),
    WrongFields: ("wrong-fields", HTTPStatus.UNPROCESSABLE_ENTITY),
}
SAID: dict[type[Exception], str] = {
    EditConflict: "ほかの人が、先に同じ記録を変えました。開き直すと、いまの内容が見られます。",
    ForeignForm: "このページを開いてから時間がたったか、ほかのページから送られました。",
    Withheld: "個人の情報は、その圏域の担当者だけが見られます。",
}
"""Exceptions whose own words are not for people."""
WORDS = {
    HTTPStatus.NOT_FOUND: (
        "ページが見つかりません",
        "アドレスを確かめるか、はじめのページからお進みください。",
    ),
    HTTPStatus.GONE: (
        "この場は、いまはありません",
        "ほかの場は、はじめのページの「うちから行ける場所」でさがせます。",
    ),
    HTTPStatus.UNAUTHORIZED: (
        "サインインが要ります",
        "サインインし直してから、もう一度お試しください。",
    ),
    HTTPStatus.FORBIDDEN: (
        "この操作はできません",
        "前のページに戻り、開き直してからお試しください。続くときは管理者にお知らせください。",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "送られたものが大きすぎます",
        "小さくするか分けてから、もう一度お試しください。",
    ),
    HTTPStatus.BAD_REQUEST: (
        "送られたものを読めませんでした",
        "前のページを開き直して、もう一度お試しください。",
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
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "いま、混みあっています",
        "少し待ってから、ページを開き直してください。",
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
    app.add_exception_handler(NotSignedIn, _sign_in_first)
    app.add_exception_handler(MustChangePassword, _password_first)
    for kind in DOMAIN:
        app.add_exception_handler(kind, _domain)


def too_large(request: Request) -> Response:
    """Refuse a body by the length it says it has."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _answer(request, "http", status, status.phrase)


def _domain(request: Request, exc: Exception) -> Response:
    slug, status = DOMAIN[type(exc)]
    response = _answer(request, slug, status, SAID.get(type(exc), str(exc)), **_more(exc))
    if isinstance(exc, PressIsBusy):
        response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _more(exc: Exception) -> dict[str, Any]:
    """What a program needs to put it right."""
    if isinstance(exc, EditConflict):
        return {
            "version": exc.version,
            "yours": jsonable_encoder(exc.yours),
            "theirs": jsonable_encoder(exc.theirs),
        }
    if isinstance(exc, WrongFields):
        told = exc.problems.items()
        return {"errors": [{"pointer": f"#/{name}", "detail": words} for name, words in told]}
    return {}


def _sign_in_first(request: Request, _exc: Exception) -> Response:
    """A page leads to signing in and back again; whatever else was sent is refused."""
    code = str(request.path_params.get("code", ""))
    if request.method == "GET" and _for_people(request):
        wanted = f"{request.url.path}?{request.url.query}".rstrip("?")
        return RedirectResponse(sign_in_address(code, wanted), HTTPStatus.SEE_OTHER, PRIVATE)
    return _answer(request, "not-signed-in", HTTPStatus.UNAUTHORIZED, "サインインしていません。")


def _password_first(request: Request, _exc: Exception) -> Response:
    if _for_people(request):
        address = f"/{request.path_params.get('code', '')}/desk/password"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, PRIVATE)
    detail = "はじめに、自分のパスワードを決めてください。"
    return _answer(request, "password-first", HTTPStatus.FORBIDDEN, detail)


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
        back = None if slug == "no-such-municipality" else _desk_of(request)
        page = fill("problem.html", build=BUILD, title=title, detail=said, advice=advice, back=back)
        return HTMLResponse(page, status)
    body = {
        "type": f"/problems/{slug}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **extra,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def _desk_of(request: Request) -> str | None:
    """The desk of whoever has signed in, and asked for something of a desk."""
    found: str | None = getattr(request.state, "desk", None)
    if found is None and request.cookies.get(COOKIE):
        inside = DESK.match(request.url.path)
        found = inside[0] if inside else None
    return found


def _for_people(request: Request) -> bool:
    """Pages answer people; the API and whatever asks for JSON get problem+json."""
    path = request.url.path
    if path.startswith(("/api/", "/ogc", "/healthz", "/readyz", "/metrics")) or ".json" in path:
        return False
    return "application/json" not in request.headers.get("accept", "")
