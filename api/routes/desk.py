"""The desk (机): who has signed in, what they are granted, and the forms they send.

A route asks for what it needs by type: `DeskDep` any member, `RecordDep` whoever may write, and so
on. What is not granted is refused here, before the route runs and before a body is read.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.accounts.members import Member
from api.accounts.roles import Right
from api.accounts.sessions import Lifetimes, who
from api.actions.find_municipality import Tenant, find_municipality
from api.actions.registers.fields import WrongFields
from api.routes.deps import CodeDep, NowDep, SessionDep, SettingsDep, TodayDep
from api.routes.desk_words import DONE, ROOMS
from api.settings import Settings
from web.assets import BUILD
from web.pages import fill

COOKIE = "yoridokoro"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PRIVATE = {"Cache-Control": "no-store"}


class NotSignedIn(PermissionError):
    """Nobody has signed in, or the session is over."""


class MustChangePassword(PermissionError):
    """The first password opens one door only: to a new one."""


class NotGranted(PermissionError):
    """The role is not granted this, or the municipality is another's."""


class ForeignForm(PermissionError):
    """A form that did not come from our own page (CSRF)."""


@dataclass(frozen=True)
class Form:
    """What a form brought: texts by name, and files."""

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[UploadFile]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The text of a field; empty where there is none."""
        return next(iter(self.texts.get(name, ())), "").strip()

    def last(self, name: str) -> str:
        """The last text of a field: a box that is checked comes after its hidden "no"."""
        return next(reversed(self.texts.get(name, ())), "").strip()

    def uploads(self, name: str) -> Sequence[UploadFile]:
        """The files of a field."""
        return self.files.get(name, ())

    def many(self, name: str) -> list[str]:
        """All texts of a field."""
        return [text for text in self.texts.get(name, ()) if text]


@dataclass(frozen=True)
class Desk:
    """A request of somebody who has signed in, about their municipality."""

    request: Request
    session: Session
    settings: Settings
    tenant: Tenant
    member: Member
    today: date
    now: datetime

    @property
    def code(self) -> str:
        """The municipality's code."""
        return self.tenant.code

    @property
    def home(self) -> str:
        """Address of the desk."""
        return f"/{self.code}/desk/"

    def page(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
        """A page of the desk; nobody keeps a copy of it."""
        html = fill(
            f"desk/{template}",
            build=BUILD,
            desk=self.home,
            municipality=self.tenant.name,
            member=self.member,
            today=self.today,
            rooms=[(path, words) for path, words, right in ROOMS if self.member.may(right)],
            done=DONE.get(self.request.query_params.get("done", ""), ""),
            **values,
        )
        return HTMLResponse(html, status, headers=PRIVATE)

    def go(self, path: str, done: str = "", **query: str) -> Response:
        """On to another page of the desk, which says what has been done."""
        words = urlencode({**query, **({"done": done} if done else {})})
        address = f"{self.home}{path}{'?' + words if words else ''}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=PRIVATE)


def lifetimes_of(settings: Settings) -> Lifetimes:
    """How long sessions last here."""
    return Lifetimes(
        idle=timedelta(minutes=settings.idle_minutes),
        longest=timedelta(hours=settings.session_hours),
    )


def cookie_of(request: Request) -> str | None:
    """The session key the browser brought."""
    return request.cookies.get(COOKIE)


def refuse_foreign(request: Request) -> None:
    """Raise `ForeignForm` where the browser says that another site sends this."""
    if request.method not in UNSAFE:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise ForeignForm
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForeignForm


def open_desk(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    code: CodeDep,
    today: TodayDep,
    now: NowDep,
) -> Desk:
    """Find out who asks; their first password must have been changed."""
    desk = _desk_of(request, session, settings, code, today, now)
    if desk.member.must_change:
        raise MustChangePassword
    return desk


def open_desk_once(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    code: CodeDep,
    today: TodayDep,
    now: NowDep,
) -> Desk:
    """Find out who asks, also where they still have to change their first password."""
    return _desk_of(request, session, settings, code, today, now)


def _desk_of(
    request: Request, session: Session, settings: Settings, code: str, today: date, now: datetime
) -> Desk:
    tenant = find_municipality(session, code)
    member = who(
        session, cookie_of(request), now=now, today=today, lifetimes=lifetimes_of(settings)
    )
    if member is None:
        raise NotSignedIn
    request.state.desk = f"/{member.code}/desk/"  # a page that refuses leads back there
    if member.code != tenant.code:
        raise NotGranted(f"{tenant.name}の机は、{tenant.name}の担当者だけが使えます。")
    refuse_foreign(request)
    return Desk(request, session, settings, tenant, member, today, now)


def needs(right: Right) -> Callable[[Desk], Desk]:
    """A dependency that opens the desk to whoever holds `right`, and refuses others."""

    def granted(desk: Annotated[Desk, Depends(open_desk)]) -> Desk:
        if not desk.member.may(right):
            raise NotGranted("この操作は、あなたの役割ではできません。")
        return desk

    return granted


DeskDep = Annotated[Desk, Depends(needs(Right.DESK))]
RecordDep = Annotated[Desk, Depends(needs(Right.RECORD))]
PublishDep = Annotated[Desk, Depends(needs(Right.PUBLISH))]
PeopleDep = Annotated[Desk, Depends(needs(Right.PEOPLE))]
AssignDep = Annotated[Desk, Depends(needs(Right.ASSIGN))]
LogDep = Annotated[Desk, Depends(needs(Right.LOG))]
ImportDep = Annotated[Desk, Depends(needs(Right.IMPORT))]
PlanDep = Annotated[Desk, Depends(needs(Right.PLAN))]
EraseDep = Annotated[Desk, Depends(needs(Right.ERASE))]
AccountsDep = Annotated[Desk, Depends(needs(Right.ACCOUNTS))]
NewcomerDep = Annotated[Desk, Depends(open_desk_once)]


async def read_form(request: Request) -> AsyncIterator[Form]:
    """What the form of a page brought; files are spooled to disk until the answer is sent."""
    unread = WrongFields({WrongFields.NOTHING: "送られたものを読めませんでした。"})
    try:
        found = await request.form(max_files=12, max_fields=600)
        _refuse_half_letters(found)
    except HTTPException as odd:
        if odd.status_code != HTTPStatus.BAD_REQUEST:
            raise
        raise unread from odd
    except UnicodeError as odd:
        raise unread from odd
    texts: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in found.multi_items():
        if not isinstance(value, UploadFile):
            texts.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)
    try:
        yield Form(texts, files)
    finally:
        await found.close()


def _refuse_half_letters(found: FormData) -> None:
    """Raise `UnicodeError` for what no database can hold and no page can show.

    Whoever sends a form names its charset; some of those make letters that are none.
    """
    for name, value in found.multi_items():
        told = value.filename or "" if isinstance(value, UploadFile) else value
        f"{name}{told}".encode()


AnyFormDep = Annotated[Form, Depends(read_form)]


def check_token(desk: Desk, form: Form) -> None:
    """Raise `ForeignForm` unless the form brings this session's token back."""
    sent = form.one("token") or desk.request.headers.get("x-form-token", "")
    if not secrets.compare_digest(sent.encode(), desk.member.form_token.encode()):
        raise ForeignForm


def own_form(desk: Annotated[Desk, Depends(open_desk_once)], form: AnyFormDep) -> Form:
    """A form of our own page, with this session's token in it."""
    check_token(desk, form)
    return form


FormDep = Annotated[Form, Depends(own_form)]


def check_header(desk: Annotated[Desk, Depends(open_desk_once)]) -> None:
    """A program's request: the session's token stands in its header."""
    check_token(desk, Form())


def sign_in_address(code: str, wanted: str) -> str:
    """Where to sign in, and what to show after it."""
    return f"/{code}/desk/sign-in?next={quote(wanted, safe='/')}"
