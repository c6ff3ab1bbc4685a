"""Files from the desk: bring, rehearse, write, and take back."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.actions.desk_imports import (
    KIND_WORDS,
    NoFiles,
    Wish,
    hold_files,
    let_go,
    rehearse,
    write_held,
)
from api.actions.list_imports import list_imports
from api.actions.tell_import import PERSONAL_KINDS
from api.exchange.aliases import TABLES
from api.exchange.problems import Unreadable
from api.models.kinds import PLACE_KIND_LABELS
from api.routes.desk import Desk, Form, FormDep, ImportDep
from api.routes.handing_on import pen_of

router = APIRouter(prefix="/{code}/desk/imports", include_in_schema=False)
SETTABLE = {"population": ("source", "survey_date"), "places": ("source", "kind")}
"""What may be the same for every row; of any other kind of data its source."""
Parcel = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/")
def imports(desk: ImportDep) -> Response:
    """What has been imported, and the form to bring more."""
    return _front(desk)


def _front(desk: Desk, wrong: str = "", wish: Wish | None = None) -> Response:
    return desk.page(
        "imports.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        imports=list_imports(desk.session, desk.member, desk.code),
        kinds=KIND_WORDS,
        place_kinds=PLACE_KIND_LABELS,
        wish=wish or Wish(kind=""),
        wrong=wrong,
    )


@router.post("/")
def bring(desk: ImportDep, form: FormDep) -> Response:
    """Take files in, and rehearse their import."""
    files = [(file.filename or "", file.file.read()) for file in form.uploads("files")]
    wish = wish_in(form)
    try:
        parcel = hold_files(pen_of(desk), wish.kind, files)
    except NoFiles as wrong:
        return _front(desk, str(wrong), wish)
    return _rehearsed(desk, parcel, wish)


@router.post("/{parcel}")
def go_on(desk: ImportDep, parcel: Parcel, form: FormDep) -> Response:
    """Rehearse again with other columns, write, or drop the files."""
    wish, pen = wish_in(form), pen_of(desk)
    if form.one("do") == "drop":
        let_go(pen, parcel)
        return desk.go("imports/")
    if form.one("do") != "write":
        return _rehearsed(desk, parcel, wish)
    try:
        outcome = write_held(pen, parcel, wish)
    except Unreadable as refused:
        return _front(desk, str(refused), wish)
    if outcome.is_refused(keep_good=wish.keep_good):
        return _rehearsed(desk, parcel, wish, refused=True)
    return desk.go("imports/", "imported" if outcome.written else "same")


def _rehearsed(desk: Desk, parcel: str, wish: Wish, *, refused: bool = False) -> Response:
    """`refused`: somebody has asked to write, and nothing was written."""
    try:
        rehearsal = rehearse(pen_of(desk), parcel, wish)
    except Unreadable as unreadable:
        return _front(desk, str(unreadable), wish)
    return desk.page(
        "rehearsal.html",
        rehearsal=rehearsal,
        wish=wish,
        kinds=KIND_WORDS,
        refused=refused,
        personal=wish.kind in PERSONAL_KINDS,
        action=f"imports/{parcel}",
    )


def wish_in(form: Form) -> Wish:
    """How the form asks for the files to be imported."""
    kind = form.one("kind")
    columns = TABLES.get(kind, {})
    mapping = {ours: form.one(f"column-{ours}") for ours in columns if form.one(f"column-{ours}")}
    return Wish(
        kind=kind,
        scheme=form.one("scheme")[:60],
        valid_from=_day(form.one("valid_from")),
        draft=bool(form.one("draft")),
        keep_good=bool(form.one("keep_good")),
        mapping=mapping,
        constants={
            name: form.one(f"set-{name}")[:200]
            for name in SETTABLE.get(kind, ("source",))
            if form.one(f"set-{name}")
        },
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
