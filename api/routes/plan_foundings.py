"""Places on their way, on a board (立上げの進みぐあい)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.actions.foundings import (
    FoundingForm,
    add_founding,
    drop_founding,
    move_founding,
    show_board,
)
from api.actions.registers.fields import WrongFields
from api.models.kinds import FOUNDING_STAGES
from api.routes.desk import Desk, DeskDep, FormDep, PlanDep
from api.routes.handing_on import land_of, pen_of, version_in

router = APIRouter(prefix="/{code}/plan/foundings", include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def board(desk: DeskDep) -> Response:
    """Seeds, what is being prepared, what has begun, what stands on its own feet."""
    return _page(desk)


@router.post("")
def add(desk: PlanDep, form: FormDep) -> Response:
    """Write a new seed down."""
    said = {name: form.one(name) for name in FoundingForm.model_fields}
    try:
        add_founding(pen_of(desk), said)
    except WrongFields as wrong:
        return _page(desk, wrong.problems, said)
    return desk.go("../plan/foundings", "saved")


@router.post("/{number}")
def move(desk: PlanDep, number: Number, form: FormDep) -> Response:
    """It has come to another stage, or to nothing."""
    pen, version = pen_of(desk), version_in(form)
    if form.one("stage") == "dropped":
        drop_founding(pen, number, version)
    else:
        move_founding(pen, number, version, form.one("stage"))
    return desk.go("../plan/foundings", "saved")


def _page(
    desk: Desk, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    return desk.page(
        "plan_foundings.html",
        422 if wrong else 200,
        board=show_board(desk.session, desk.member, desk.code),
        stages=FOUNDING_STAGES,
        area_names=land_of(desk).area_names,
        wrong=wrong or {},
        typed=typed or dict.fromkeys(FoundingForm.model_fields, ""),
    )
