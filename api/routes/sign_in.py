"""Signing in and out, and one's own password."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.guessing import TooManyGuesses
from api.accounts.passwords import SHORTEST, TooBusy, WeakPassword
from api.accounts.sessions import (
    Entrance,
    WrongPassword,
    change_password,
    open_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from api.actions.find_municipality import find_municipality
from api.routes.deps import CodeDep, NowDep, SessionDep, SettingsDep
from api.routes.desk import (
    COOKIE,
    PRIVATE,
    AnyFormDep,
    FormDep,
    NewcomerDep,
    cookie_of,
    refuse_foreign,
)
from api.settings import Settings
from web.assets import BUILD
from web.pages import fill

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
KNOWN_COOKIE, KNOWN_FOR_S = "yoridokoro-known", 180 * 86_400
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]", "testserver")


@router.get("/sign-in")
def sign_in_page(
    request: Request, session: SessionDep, settings: SettingsDep, code: CodeDep, next: str = ""
) -> Response:
    """The form to sign in with."""
    return sign_in_form(request, session, settings, code, wanted=next)


@router.post("/sign-in")
def enter(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    code: CodeDep,
    now: NowDep,
    form: AnyFormDep,
) -> Response:
    """Sign in, and on to the page that was wanted."""
    refuse_foreign(request)
    wanted = form.one("next")
    try:
        entrance = sign_in(
            session,
            find_municipality(session, code).code,
            form.one("login")[:200],
            next(iter(form.texts.get("password", ())), "")[:500],
            address=_address(request),
            now=now,
            known=request.cookies.get(KNOWN_COOKIE, ""),
        )
    except WrongPassword as wrong:
        return sign_in_form(
            request, session, settings, code, wanted, str(wrong), HTTPStatus.FORBIDDEN
        )
    except TooManyGuesses as many:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return sign_in_form(request, session, settings, code, wanted, str(many), status)
    except TooBusy as busy:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return sign_in_form(request, session, settings, code, wanted, str(busy), status)
    return welcome(code, entrance, settings, wanted)


def welcome(code: str, entrance: Entrance, settings: Settings, wanted: str) -> Response:
    """Hand the session's key to the browser and go on, inside the desk only."""
    home = f"/{code}/desk/"
    to = wanted if wanted.startswith(home) and "\\" not in wanted else home
    response = RedirectResponse(to, HTTPStatus.SEE_OTHER, headers=PRIVATE)
    response.set_cookie(
        COOKIE,
        entrance.key,
        max_age=settings.session_hours * 3600,
        httponly=True,
        secure=not settings.plain_http,
        samesite="lax",
    )
    if entrance.known:
        response.set_cookie(
            KNOWN_COOKIE,
            entrance.known,
            max_age=KNOWN_FOR_S,
            path=f"{home}sign-in",
            httponly=True,
            secure=not settings.plain_http,
            samesite="lax",
        )
    return response


@router.post("/sign-out")
def leave(desk: NewcomerDep, form: FormDep) -> Response:
    """End this session, or with `everywhere` all of them; drafts on this device go too."""
    if form.one("everywhere"):
        sign_out_everywhere(desk.session, desk.member.account_id)
    else:
        sign_out(desk.session, cookie_of(desk.request))
    response = RedirectResponse(f"{desk.home}sign-in", HTTPStatus.SEE_OTHER, headers=PRIVATE)
    response.delete_cookie(COOKIE)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@router.get("/password")
def password_page(desk: NewcomerDep) -> Response:
    """The form for a new password."""
    return desk.page("password.html", wrong="", shortest=SHORTEST)


@router.post("/password")
def new_password(desk: NewcomerDep, form: FormDep) -> Response:
    """Change one's own password; every other session ends."""
    old, new, again = (next(iter(form.texts.get(name, ())), "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise WeakPassword("新しいパスワードが、2回で違っています。もう一度入れてください。")
        change_password(
            desk.session, desk.member, old, new, address=_address(desk.request), now=desk.now
        )
    except (WeakPassword, WrongPassword, TooManyGuesses, TooBusy) as wrong:
        return desk.page(
            "password.html", HTTPStatus.UNPROCESSABLE_ENTITY, wrong=str(wrong), shortest=SHORTEST
        )
    entrance = Entrance(open_session(desk.session, desk.member.account_id, desk.now))
    return welcome(desk.code, entrance, desk.settings, f"{desk.home}?done=password")


def sign_in_form(
    request: Request,
    session: SessionDep,
    settings: Settings,
    code: str,
    wanted: str = "",
    wrong: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    """The page to sign in on, with what went wrong."""
    tenant = find_municipality(session, code)
    secure = request.url.scheme == "https" or request.url.hostname in LOOPBACK
    page = fill(
        "desk/sign_in.html",
        build=BUILD,
        code=tenant.code,
        municipality=tenant.name,
        wanted=wanted,
        wrong=wrong,
        cannot_keep=not (secure or settings.plain_http),
        sign_on=settings.oidc_label if settings.oidc_issuer else None,
    )
    return HTMLResponse(page, status, headers=PRIVATE)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
