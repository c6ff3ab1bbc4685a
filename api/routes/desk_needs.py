"""Needs (困りごと): how many per town, at the desk and, where chosen, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.accounts.roles import Right
from api.actions.locating import Land
from api.actions.log_viewings import log_looks
from api.actions.needs import (
    LOOKS,
    NeedsNotShown,
    count_needs,
    list_needs,
    needs_figure,
    settle_need,
)
from api.actions.records import office_settings
from api.routes.desk import DeskDep, FormDep, PeopleDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.visit import Visit, VisitDep
from web.assets import BUILD
from web.pages import fill

router = APIRouter(prefix="/{code}", include_in_schema=False)
HTML = "text/html; charset=utf-8"
NeedId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/needs")
def public_needs(visit: VisitDep) -> Response:
    """How many needs each town has, where the municipality shows it."""
    if not office_settings(visit.session, visit.tenant)["needs_shown"]:
        raise NeedsNotShown("困りごとの数は、公開していません。")
    return visit.answer(None, HTML, lambda: _public_page(visit))


def _public_page(visit: Visit) -> str:
    land = Land(visit.session, visit.tenant, visit.today)
    towns = count_needs(visit.session, land)
    return fill(
        "needs.html",
        build=BUILD,
        code=visit.code,
        municipality=visit.tenant.name,
        today=visit.today,
        towns=towns,
        figure=needs_figure(land, towns),
        looks=LOOKS,
    )


@router.get("/desk/needs/")
def needs(desk: DeskDep) -> Response:
    """The numbers for all, and the needs themselves for whoever is in charge."""
    land, sees = land_of(desk), desk.member.may(Right.PEOPLE)
    towns = count_needs(desk.session, land)
    listed = list_needs(desk.session, desk.member.viewer, land) if sees else []
    log_looks(pen_of(desk), "need", [need.row["id"] for need in listed], "一覧")
    return desk.page(
        "needs.html",
        towns=towns,
        figure=needs_figure(land, towns),
        looks=LOOKS,
        needs=listed,
        sees=sees,
        shown=office_settings(desk.session, desk.tenant)["needs_shown"],
    )


@router.post("/desk/needs/{need}")
def settle(desk: PeopleDep, need: NeedId, form: FormDep) -> Response:
    """A need was met, or is open again."""
    settle_need(pen_of(desk), need, version_in(form), met=form.one("met") == "yes")
    return desk.go("needs/", "saved")
