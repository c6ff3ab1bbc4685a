"""The registry as JSON (台帳): read, add and correct records, for programs that have signed in.

A program signs in as a person does and sends the session's token in `X-Form-Token`. A record is
changed with the version it was read at in `If-Match`; who comes second gets both versions (409).
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response, Security
from fastapi.security import APIKeyCookie
from pydantic import BaseModel

from api.accounts.members import Member
from api.accounts.roles import Role
from api.actions.find_records import find_records, stale_before
from api.actions.log_viewings import log_viewings
from api.actions.proposals import open_proposal, proposed_values
from api.actions.records import Row, find_record, office_settings, refuse_others
from api.actions.registers import REGISTERS, Register
from api.actions.save_record import EditConflict, save_record, version_of
from api.actions.touch_record import confirm_record
from api.routes.api_v1 import PROBLEM
from api.routes.desk import COOKIE, Desk, DeskDep, PeopleDep, RecordDep, check_header
from api.routes.handing_on import land_of, pen_of
from api.routes.registers import RecordId, SearchDep

router = APIRouter(
    prefix="/api/v1/municipalities/{code}",
    tags=["registry"],
    dependencies=[Security(APIKeyCookie(name=COOKIE, auto_error=False))],
)
REFUSED: dict[int | str, dict[str, Any]] = {n: PROBLEM for n in (401, 403, 404, 413, 422)}
CHANGED: dict[int | str, dict[str, Any]] = {**REFUSED, 409: PROBLEM, 428: PROBLEM}
PRIVATE = {"Cache-Control": "no-store"}


class VersionMissing(ValueError):
    """A change did not say which version of the record it starts from."""


class SessionOut(BaseModel):
    """Who has signed in, and the token their changes must bring back."""

    name: str
    role: Role
    areas: list[str]
    form_token: str


class RecordLine(BaseModel):
    """A record in a list, for whoever works on it; `values` has the fields of its form."""

    id: int
    state: str
    confirmed_on: date | None
    values: dict[str, Any]


class RecordOut(RecordLine):
    """A record with the version a change starts from, and what waits to be published in it."""

    version: int
    waiting: str | None
    """draft, submitted, returned: `values` holds the changes that are not published yet."""


class RecordPage(BaseModel):
    """Fifty records at most."""

    total: int
    page: int
    pages: int
    records: list[RecordLine]


class SavedOut(BaseModel):
    """What became of a change: published, submitted, draft, same."""

    id: int
    became: str


@router.get("/session", responses=REFUSED)
def read_session(desk: DeskDep, response: Response) -> SessionOut:
    """Who has signed in."""
    response.headers.update(PRIVATE)
    return session_out(desk.member)


def session_out(member: Member) -> SessionOut:
    """A member as programs see themselves."""
    return SessionOut(
        name=member.name,
        role=member.role,
        areas=sorted(member.areas),
        form_token=member.form_token,
    )


def version_of_header(
    if_match: Annotated[
        str | None, Header(description="The version the record was read at", max_length=40)
    ] = None,
) -> int:
    """The version in `If-Match`."""
    text = (if_match or "").strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise VersionMissing("If-Match に、読んだときの version を入れてください。")
    return int(text)


FormToken = Annotated[
    str | None, Header(alias="X-Form-Token", description="The session's token (GET …/session)")
]


def add_register(register: Register) -> None:
    """Describe one register: its list, its records, adding, correcting, confirming."""
    form: Any = register.form
    path = f"/registry/{register.key}"
    reader: Any = PeopleDep if register.personal else DeskDep
    writer: Any = PeopleDep if register.personal else RecordDep

    def list_(desk: reader, search: SearchDep, response: Response) -> Any:
        response.headers.update(PRIVATE)
        return _page(desk, register, search)

    def one(desk: reader, record: RecordId, response: Response) -> Any:
        found = _one(desk, register, record)
        response.headers.update({**PRIVATE, "ETag": f'"{found["version"]}"'})
        return found

    def add(desk: writer, values: form, token: FormToken = None) -> SavedOut:  # noqa: ARG001
        saved = save_record(pen_of(desk), register, values)
        return SavedOut(id=saved.record_id, became=saved.became)

    def correct(
        desk: writer,
        record: RecordId,
        values: form,
        version: Annotated[int, Depends(version_of_header)],
        token: FormToken = None,  # noqa: ARG001
    ) -> SavedOut:
        try:
            saved = save_record(pen_of(desk), register, values, record_id=record, version=version)
        except EditConflict:
            _seen(desk, register, [record], "同時の書き込み")  # the answer holds both versions
            raise
        return SavedOut(id=saved.record_id, became=saved.became)

    def own(desk: writer, record: RecordId) -> None:
        """Whose area it is, is asked before anything of what was sent."""
        stored = find_record(desk.session, desk.member.viewer, desk.code, register, record)
        refuse_others(desk.member, land_of(desk), register, stored)

    def confirm(desk: writer, record: RecordId, token: FormToken = None) -> SavedOut:  # noqa: ARG001
        confirm_record(pen_of(desk), register, record)
        return SavedOut(id=record, became="published")

    unsafe = [Depends(check_header)]
    _route("GET", path, list_, f"{register.word}の一覧", RecordPage, REFUSED)
    _route("GET", path + "/{record}", one, f"{register.word}の一件", RecordOut, REFUSED)
    _route("POST", path, add, f"{register.word}を足す", SavedOut, CHANGED, unsafe, 201)
    yours = [*unsafe, Depends(own)]
    _route("PUT", path + "/{record}", correct, f"{register.word}を直す", SavedOut, CHANGED, yours)
    confirmed = path + "/{record}/confirm"
    _route("POST", confirmed, confirm, f"{register.word}を確認した", SavedOut, CHANGED, unsafe)


def _route(
    method: str,
    path: str,
    endpoint: Callable[..., Any],
    words: str,
    answer: Any,
    responses: dict[int | str, dict[str, Any]],
    dependencies: list[Any] | None = None,
    status: int = 200,
) -> None:
    router.add_api_route(
        path,
        endpoint,
        methods=[method],
        name=f"{method} {path}",
        description=words,
        response_model=answer,
        responses=responses,
        dependencies=dependencies,
        status_code=status,
    )


def _page(desk: Desk, register: Register, search: Any) -> dict[str, Any]:
    months = office_settings(desk.session, desk.tenant)["stale_months"]
    found = find_records(
        desk.session,
        desk.member.viewer,
        land_of(desk),
        register,
        search,
        stale_before=stale_before(desk.today, months),
    )
    _seen(desk, register, [row["id"] for row in found.rows], "一覧")
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "records": [_out(register, row) for row in found.rows],
    }


def _seen(desk: Desk, register: Register, ids: list[int], how: str) -> None:
    if register.personal:
        log_viewings(pen_of(desk), register, ids, how)


def _one(desk: Desk, register: Register, record: int) -> dict[str, Any]:
    stored = find_record(desk.session, desk.member.viewer, desk.code, register, record)
    _seen(desk, register, [record], "詳細")
    waiting = (
        None if register.personal else open_proposal(desk.session, desk.code, register, record)
    )
    there = stored | (proposed_values(register, waiting) if waiting else {})
    return {
        **_out(register, there),
        "version": version_of(stored, waiting),
        "waiting": waiting["state"] if waiting else None,
    }


def _out(register: Register, stored: Row) -> dict[str, Any]:
    known = {name: stored[name] for name in ("id", "state", "confirmed_on")}
    return {**known, "values": register.values(stored)}


for _register in REGISTERS.values():
    add_register(_register)
