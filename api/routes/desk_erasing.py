"""Erase what is known of a person who asks for it (消去の求め), one record at a time."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response

from api.actions.erase_person import erase_person, find_erasable
from api.actions.log_viewings import log_looks
from api.routes.desk import Desk, EraseDep, FormDep
from api.routes.handing_on import pen_of, version_in

router = APIRouter(prefix="/{code}/desk/erase/{entity}/{number}", include_in_schema=False)
Entity = Annotated[Literal["supporter", "posting", "suggestion", "photo"], Path()]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
NEXT: dict[str, str] = {"supporter": "supporters/", "suggestion": "voices/"}
UNSURE = "「本人の求めであることを確かめました」に印を入れてください。"


@router.get("")
def erase_page(desk: EraseDep, entity: Entity, number: Number) -> Response:
    """What would be erased and what stays."""
    return _page(desk, entity, number)


@router.post("")
def erase(desk: EraseDep, entity: Entity, number: Number, form: FormDep) -> Response:
    """Erase it."""
    if form.one("sure") != "1":
        return _page(desk, entity, number, UNSURE)
    erase_person(pen_of(desk), entity, number, version_in(form))
    return desk.go(NEXT.get(entity, ""), "erased")


def _page(desk: Desk, entity: str, number: int, wrong: str = "") -> Response:
    found = find_erasable(desk.session, desk.member.viewer, desk.code, entity, number)
    if entity != "photo":
        log_looks(pen_of(desk), entity, [number], "詳細")
    return desk.page(
        "erase.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        found=found,
        wrong=wrong,
    )
