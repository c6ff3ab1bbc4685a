"""Tools for a workshop (話し合いの道具一式): chosen at the desk, printed as one archive."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.actions.heard_in_area import Heard, heard_in_area
from api.actions.load_sheet import SheetLand, focus_on, load_sheet_land
from api.actions.print_kit import MOST_SLIPS, SLIPS, print_heard, print_kit
from api.actions.sheet_words import SheetOrder
from api.routes.archive import archive
from api.routes.desk import PRIVATE, Desk, PeopleDep
from api.routes.handing_on import land_of
from api.routes.visit import base_url
from api.store.visible import RESIDENT

router = APIRouter(prefix="/{code}/desk/kit", include_in_schema=False)
AreaQuery = Annotated[str, Query(max_length=60)]


@router.get("/")
def choose(desk: PeopleDep, area: AreaQuery = "") -> Response:
    """Of which area, how many slips, and since when voices are told."""
    names = land_of(desk).area_names
    since = date(desk.today.year - (desk.today.month < 4), 4, 1)
    return desk.page("kit.html", areas=names, area=area, slips=SLIPS, most=MOST_SLIPS, since=since)


@router.get("/kit.zip")
def kit(
    desk: PeopleDep,
    area: AreaQuery,
    slips: Annotated[int, Query(ge=2, le=MOST_SLIPS)] = SLIPS,
    since: date | None = None,
) -> Response:
    """Everything for the table; with a day, what was heard since then as well."""
    land, order = _land(desk), _order(desk, area)
    name = f"{desk.tenant.name}_{focus_on(land, area).name}_話し合いの道具.zip"
    heard = None if since is None else _heard(desk, area, since)
    sheets = print_kit(land, order, heard, since or desk.today, slips)
    answer = archive(name, sheets)
    answer.headers.update(PRIVATE)
    return answer


@router.get("/heard.pdf")
def heard(desk: PeopleDep, area: AreaQuery, since: date) -> Response:
    """What was heard (みなさんの声), in words that name nobody."""
    land, order = _land(desk), _order(desk, area)
    made = print_heard(land, focus_on(land, area), order, _heard(desk, area, since), since)
    return Response(made, media_type="application/pdf", headers=PRIVATE)


def _land(desk: Desk) -> SheetLand:
    return load_sheet_land(desk.session, desk.code, RESIDENT, desk.today)


def _order(desk: Desk, area: str) -> SheetOrder:
    return SheetOrder(area, base_url=base_url(desk.request, desk.request.app.state.settings))


def _heard(desk: Desk, area: str, since: date) -> list[Heard]:
    viewer = desk.member.viewer
    return heard_in_area(desk.session, desk.code, viewer, area, since, on=desk.today)
