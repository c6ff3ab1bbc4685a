"""Pages for residents at home (うちから行ける場所): what is near, and the picture of its links."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.actions.draw_near import draw_near, draw_town_card, near_json
from api.actions.near_places import NearQuestion, Within, near_places
from api.exchange.json_text import json_text
from api.routes.deps import TodayDep
from api.routes.visit import Visit, VisitDep

router = APIRouter(prefix="/{code}", include_in_schema=False)
HTML, JSON = "text/html; charset=utf-8", "application/json"
TownId = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Number of one's own town")]


def near_question(
    today: TodayDep,
    town: TownId = None,
    when: Annotated[Within, Query(description="Only what opens today, or within a week")] = "",
    far: bool = False,
    large: Annotated[bool, Query(description="文字を大きく, without scripts")] = False,
) -> NearQuestion:
    """The question from home as the query asks it."""
    return NearQuestion(today, town, when, far, large)


NearQuestionDep = Annotated[NearQuestion, Depends(near_question)]


@router.get("/near")
def near_page(visit: VisitDep, question: NearQuestionDep) -> Response:
    """The towns to choose from, or what one can walk to from one of them."""
    return visit.answer((visit.base, question), HTML, partial(_page, visit, question))


@router.get("/near/places.json")
def places_to_measure(visit: VisitDep) -> Response:
    """Every place, for a phone that knows where it is and tells nobody."""
    make = partial(near_json, visit.session, visit.code, visit.viewer, visit.today)
    return visit.answer(None, JSON, lambda: json_text(make()))


@router.get("/card.png")
def town_card(visit: VisitDep) -> Response:
    """The picture beside links to the municipality's pages."""
    return visit.answer(None, "image/png", partial(draw_town_card, visit.tenant), pressed=True)


def _page(visit: Visit, question: NearQuestion) -> str:
    return draw_near(near_places(visit.session, visit.code, visit.viewer, question), visit.base)
