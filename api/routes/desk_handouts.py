"""What was given back to residents (還元): the panel per area, and sheets that were given out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.actions.give_back import give_back
from api.actions.handouts import EVERYWHERE, HandoutForm, give_out, handouts_of
from api.actions.registers.fields import WrongFields
from api.models.kinds import PAPERS, SHEETS
from api.routes.desk import Desk, DeskDep, FormDep, RecordDep
from api.routes.handing_on import land_of, pen_of

router = APIRouter(prefix="/{code}/desk/handouts", include_in_schema=False)
AreaCode = Annotated[str, Query(max_length=80)]


@router.get("/")
def panel(desk: DeskDep, area: AreaCode = "") -> Response:
    """Of what was entered, how much residents can see and hold; what was given out, and when."""
    land = land_of(desk)
    found = give_back(land)
    rows = {each.code: each for each in found.areas}
    if len(rows) == 1:
        area = next(iter(rows))
    return desk.page(
        "handouts.html",
        found=found,
        chosen=rows.get(area, found.total),
        history=handouts_of(
            desk.session, desk.member, desk.code, area if area in land.area_names else ""
        ),
        names=land.area_names,
        sheets=_words(),
    )


@router.get("/new")
def new_page(desk: RecordDep, area: AreaCode = "") -> Response:
    """The form for a sheet that was given out."""
    return _new_page(desk, {"area": area})


@router.post("/new")
def add(desk: RecordDep, form: FormDep) -> Response:
    """Write down a sheet that was given out."""
    values = {name: form.one(name) for name in HandoutForm.model_fields}
    try:
        give_out(pen_of(desk), values)
    except WrongFields as wrong:
        return _new_page(desk, values, wrong.problems)
    where = {"area": values["area"]} if values["area"] != EVERYWHERE else {}
    return desk.go("handouts/", "handout", **where)


def _new_page(desk: Desk, typed: dict[str, str], wrong: dict[str, str] | None = None) -> Response:
    member, names = desk.member, land_of(desk).area_names
    mine = {code: name for code, name in names.items() if member.may_write_in(frozenset({code}))}
    if member.may_write_in(None):
        mine[EVERYWHERE] = f"{desk.tenant.name}全体"
    return desk.page(
        "handout_new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        areas=mine,
        sheets=_words(),
        papers=PAPERS,
        typed=typed,
        wrong=wrong or {},
    )


def _words() -> dict[str, str]:
    return {code: words for code, (words, _) in SHEETS.items()}
