"""Signing in by the municipality's own sign-on (庁内の共通サインイン)."""

from dataclasses import asdict
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeSerializer

from api.accounts.sessions import Entrance
from api.accounts.sign_on import (
    NobodyKnown,
    Provider,
    SignOnFailed,
    Trip,
    come_back,
    enter_by_sign_on,
    set_out,
)
from api.actions.find_municipality import find_municipality
from api.routes.deps import CodeDep, NowDep, SessionDep, SettingsDep
from api.routes.desk import PRIVATE
from api.routes.sign_in import sign_in_form, welcome
from api.settings import Settings

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
TRIP_COOKIE = "yoridokoro-sign-on"


class NoSignOn(LookupError):
    """This installation has no sign-on of its own."""


@router.get("/sign-on")
def go_there(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    code: CodeDep,
    now: NowDep,
    next: str = "",
) -> Response:
    """On to the municipality's sign-on."""
    provider = _provider(settings)
    find_municipality(session, code)
    try:
        address, trip = set_out(provider, code, _back(request, code), next, now)
    except SignOnFailed as failed:
        return _refused(request, session, settings, code, next, failed)
    response = RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=PRIVATE)
    response.set_cookie(
        TRIP_COOKIE,
        _sealed(settings).dumps(asdict(trip)),
        max_age=600,
        path=f"/{code}/desk/sign-on",
        httponly=True,
        secure=not settings.plain_http,
        samesite="lax",
    )
    return response


@router.get("/sign-on/back")
def sign_on_back(
    request: Request, session: SessionDep, settings: SettingsDep, code: CodeDep, now: NowDep
) -> Response:
    """Back from there: find out who it is, and open the desk."""
    provider = _provider(settings)
    find_municipality(session, code)
    wanted = ""
    try:
        trip = _trip(request, settings, code)
        wanted = trip.wanted
        claims = come_back(provider, trip, _back(request, code), str(request.url), now)
        key = enter_by_sign_on(session, code, provider, claims, now)
    except (SignOnFailed, NobodyKnown) as failed:
        response = _refused(request, session, settings, code, wanted, failed)
    else:
        response = welcome(code, Entrance(key), settings, wanted)
    response.delete_cookie(TRIP_COOKIE, path=f"/{code}/desk/sign-on")
    return response


def _provider(settings: Settings) -> Provider:
    if settings.oidc_issuer is None:
        raise NoSignOn("共通サインインは、使えるように設定されていません。")
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        settings.oidc_claim,
    )


def _back(request: Request, code: str) -> str:
    return str(request.url_for("sign_on_back", code=code))


def _sealed(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret.get_secret_value(), salt="sign-on")


def _trip(request: Request, settings: Settings, code: str) -> Trip:
    """What this browser took along, for this municipality."""
    try:
        trip = Trip(**_sealed(settings).loads(request.cookies.get(TRIP_COOKIE, "")))
    except BadSignature:
        trip = None
    if trip is None or trip.code != code:
        raise SignOnFailed(
            "サインインを始めたページが見つかりません。もう一度、はじめからお試しください。"
        )
    return trip


def _refused(
    request: Request,
    session: SessionDep,
    settings: Settings,
    code: str,
    wanted: str,
    failed: Exception,
) -> Response:
    status = HTTPStatus.FORBIDDEN
    return sign_in_form(request, session, settings, code, wanted, str(failed), status)
