"""A register as a table: taken away for Excel (今の一覧をExcelで), and put back (表をもどす)."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from api.accounts.roles import Right
from api.actions.desk_imports import NoFiles, Wish, hold_files, let_go, rehearse, write_held
from api.actions.export_register import export_register
from api.actions.log_viewings import log_viewings
from api.actions.registers import Register, register_named
from api.actions.save_record import may_publish
from api.exchange.problems import Unreadable
from api.exchange.register_files import MEDIA_TYPES, TableFormat
from api.routes.desk import PRIVATE, Desk, DeskDep, Form, FormDep, NotGranted, RecordDep
from api.routes.handing_on import land_of, pen_of
from api.routes.registers import RegisterPath, SearchDep, asked_in

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
FormatPath = Annotated[TableFormat, Path(description="Excel, CSV, GeoJSON, GeoPackage")]
Parcel = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/{register}/table.{form}")
def take(desk: DeskDep, register: RegisterPath, form: FormatPath, search: SearchDep) -> Response:
    """The list as it is now, every page of it."""
    kept = _readable(desk, register)
    file = export_register(desk.session, desk.member.viewer, land_of(desk), kept, search, form)
    if kept.personal:
        log_viewings(pen_of(desk), kept, file.records, "書き出し")
    name = f"attachment; filename=\"{register}.{form}\"; filename*=UTF-8''{quote(file.name)}"
    headers = PRIVATE | {"Content-Disposition": name}
    return Response(file.content, media_type=MEDIA_TYPES[form], headers=headers)


@router.get("/{register}/table")
def table_page(desk: DeskDep, register: RegisterPath) -> Response:
    """Take the list away, or put it back."""
    return _page(desk, _readable(desk, register))


@router.post("/{register}/table")
def bring(desk: RecordDep, register: RegisterPath, form: FormDep) -> Response:
    """Take a table in, and show what it would change."""
    kept = _writable(desk, register)
    files = [(file.filename or "", file.file.read()) for file in form.uploads("files")]
    try:
        parcel = hold_files(pen_of(desk), register, files)
    except NoFiles as wrong:
        return _page(desk, kept, str(wrong))
    return _rehearsed(desk, kept, parcel, _wish(kept, form))


@router.post("/{register}/table/{parcel}")
def go_on(desk: RecordDep, register: RegisterPath, parcel: Parcel, form: FormDep) -> Response:
    """Look again, write, or drop the table."""
    kept, wish, pen = _writable(desk, register), _wish(register_named(register), form), pen_of(desk)
    if form.one("do") == "drop":
        let_go(pen, parcel)
        return desk.go(f"{register}/table")
    if form.one("do") != "write":
        return _rehearsed(desk, kept, parcel, wish)
    try:
        outcome = write_held(pen, parcel, wish)
    except Unreadable as refused:
        return _page(desk, kept, str(refused))
    if outcome.is_refused(keep_good=wish.keep_good):
        return _rehearsed(desk, kept, parcel, wish, refused=True)
    return desk.go(f"{register}/", "imported" if outcome.written else "same")


def _readable(desk: Desk, key: str) -> Register:
    register = register_named(key)
    if register.personal and not desk.member.may(Right.PEOPLE):
        raise NotGranted("担い手の一覧は、圏域の担当者だけが見られます。")
    return register


def _writable(desk: Desk, key: str) -> Register:
    register = _readable(desk, key)
    if not may_publish(pen_of(desk), register):
        raise NotGranted(
            "直したことを第1層が確かめてから公開する設定です。表でまとめて直すことはできません。"
            "画面で直して提出するか、表を第1層の担当者に渡してください。"
        )
    return register


def _wish(register: Register, form: Form) -> Wish:
    return Wish(
        kind=register.key,
        keep_good=bool(form.one("keep_good")),
        prefer_file=bool(form.one("prefer_file")),
        close_gone=bool(form.one("close_gone")),
        own_only=True,
    )


def _page(desk: Desk, register: Register, wrong: str = "") -> Response:
    asked: dict[str, Any] = asked_in(desk.request)
    return desk.page(
        "table.html",
        422 if wrong else 200,
        register=register,
        asked=asked,
        writable=desk.member.may(Right.RECORD) and may_publish(pen_of(desk), register),
        wrong=wrong,
    )


def _rehearsed(
    desk: Desk, register: Register, parcel: str, wish: Wish, *, refused: bool = False
) -> Response:
    pen = pen_of(desk)
    try:
        rehearsal = rehearse(pen, parcel, wish)
    except Unreadable as unreadable:
        return _page(desk, register, str(unreadable))
    if register.personal:
        log_viewings(pen, register, rehearsal.records, "表をもどす")
    return desk.page(
        "rehearsal.html",
        rehearsal=rehearsal,
        wish=wish,
        kinds={register.key: register.word},
        refused=refused,
        personal=False,
        action=f"{register.key}/table/{parcel}",
    )
