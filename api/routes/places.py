"""Pages of single places (通いの場のページ): the page, its picture, its calendar."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.actions.draw_place import draw_card, draw_place
from api.actions.place_calendar import draw_calendar
from api.actions.show_place import ShownPlace, show_place
from api.routes.visit import Visit, VisitDep

router = APIRouter(prefix="/{code}/places", include_in_schema=False)
PlaceId = Annotated[int, Path(ge=1, le=2**31 - 1)]
LargeQuery = Annotated[bool, Query(description="文字を大きく, without scripts")]
HTML = "text/html; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"


@router.get("/{place}.ics")
def place_calendar(visit: VisitDep, place: PlaceId) -> Response:
    """The days of a place, for a phone's calendar; empty of days where nobody knows them."""
    found = _found(visit, place)
    address = f"{visit.base}/{visit.code}/places/{place}"
    make = partial(draw_calendar, visit.session, visit.viewer, found, address)
    return visit.answer(visit.base, CALENDAR, make)


@router.get("/{place}/card.png")
def place_card(visit: VisitDep, place: PlaceId) -> Response:
    """The picture beside a shared link."""
    make = partial(draw_card, _found(visit, place))
    return visit.answer(None, "image/png", make, pressed=True)


@router.get("/{place}")
def place_page(visit: VisitDep, place: PlaceId, large: LargeQuery = False) -> Response:
    """What everybody may know of a place."""
    found = _found(visit, place)
    make = partial(draw_place, visit.session, visit.viewer, found, visit.base, large=large)
    return visit.answer((visit.base, large), HTML, make)


def _found(visit: Visit, place: int) -> ShownPlace:
    """Whether it may be seen is asked every time, before any 304."""
    return show_place(visit.session, visit.code, visit.viewer, place, visit.today)
