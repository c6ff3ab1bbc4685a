"""Pauses of places at the desk (休止と再開)."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from api.actions.pauses import (
    PLACES,
    RESTART_LOOKS,
    PauseForm,
    draw_restarts,
    in_days,
    pauses_of,
    put_pause,
    resume,
    show_pauses,
)
from api.actions.records import areas_of, find_record
from api.actions.registers.fields import WrongFields
from api.actions.save_record import EditConflict
from api.routes.desk import Desk, DeskDep, Form, FormDep, RecordDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.registers import RecordId

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
PauseId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Months = Literal["1", "3", "6", "12"]
LATER = "ほかの人が、先に同じ休止を変えました。いまの内容は下のとおりです。"


@router.get("/pauses/")
def overview(desk: DeskDep, months: Annotated[Months, Query()] = "3") -> Response:
    """Who pauses, for how long, and what restarts when."""
    land = land_of(desk)
    view = show_pauses(desk.session, desk.member.viewer, land, int(months))
    return desk.page(
        "pauses.html",
        view=view,
        months=months,
        choices=("1", "3", "6", "12"),
        figure=draw_restarts(land, view),
        looks=RESTART_LOOKS,
    )


@router.get("/places/{record}/pauses")
def pauses_page(desk: DeskDep, record: RecordId) -> Response:
    """The pauses of a place."""
    return _page(desk, record)


@router.post("/places/{record}/pauses")
def begin(desk: RecordDep, record: RecordId, form: FormDep) -> Response:
    """Note that it pauses."""
    try:
        put_pause(pen_of(desk), record, _values(form))
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems, values=_values(form))
    return desk.go(f"places/{record}/pauses", "paused")


@router.post("/places/{record}/pauses/{pause}")
def correct(desk: RecordDep, record: RecordId, pause: PauseId, form: FormDep) -> Response:
    """Correct a pause."""
    try:
        put_pause(pen_of(desk), record, _values(form), pause_id=pause, version=version_in(form))
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems, changing=pause, values=_values(form))
    except EditConflict:
        return _page(desk, record, {"": LATER}, HTTPStatus.CONFLICT, pause, _values(form))
    return desk.go(f"places/{record}/pauses", "saved")


@router.post("/places/{record}/pauses/{pause}/resume")
def end(desk: RecordDep, record: RecordId, pause: PauseId, form: FormDep) -> Response:
    """Open again from a day on."""
    try:
        resume(pen_of(desk), record, pause, version_in(form), _day(form.one("resumed_on")))
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems)
    except EditConflict:
        return _page(desk, record, {"": LATER}, HTTPStatus.CONFLICT)
    return desk.go(f"places/{record}/pauses", "resumed")


def _values(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in PauseForm.model_fields}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(
    desk: Desk,
    record: int,
    wrong: dict[str, str] | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    changing: int | None = None,
    values: dict[str, Any] | None = None,
) -> Response:
    """`values`: what somebody typed, of a new pause or of the one they are `changing`."""
    viewer = desk.member.viewer
    place = find_record(desk.session, viewer, desk.code, PLACES, record)
    return desk.page(
        "place_pauses.html",
        status if wrong else HTTPStatus.OK,
        place=place,
        pauses=pauses_of(desk.session, viewer, desk.code, record),
        in_days=in_days,
        writable=desk.member.may_write_in(areas_of(land_of(desk), PLACES, place)),
        wrong=wrong or {},
        changing=changing,
        typed=values or {},
    )
