"""Where the next places should go (配置の検討), for planners."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.actions.report_coverage import community_for
from api.actions.scenarios import PlanQuestion
from api.actions.show_plan import figure_of, question_words
from api.actions.site_places import GOALS, Goal, SiteQuestion, site_in
from api.actions.siting_answer import sites_as_moves, siting_answer
from api.actions.siting_candidates import load_candidates
from api.actions.try_scenario import try_in
from api.routes.desk import PlanDep
from api.store.visible import OFFICE_PUBLISHED
from geo.siting import CannotBeMet
from web.maps.curve_figure import curve_figure
from web.words import DISTANCES_M

router = APIRouter(prefix="/{code}/plan", include_in_schema=False)
LONGEST_S = 20.0
CURVE_WORDS = "新しく置く数ごとの、新しく届く人の数の図。"


@router.get("/siting")
def siting(
    desk: PlanDep,
    sites: Annotated[int, Query(ge=1, le=30)] = 3,
    goal: Goal = "reach",
    share: Annotated[int, Query(ge=1, le=100)] = 80,
    distance_m: Annotated[float, Query(ge=1, le=50_000, allow_inf_nan=False)] = 500,
    walking: Annotated[str, Query(pattern="^(straight|estimate|roads)$")] = "straight",
    year: Annotated[int | str | None, Query()] = None,
    apart_m: Annotated[float, Query(ge=0, le=50_000, allow_inf_nan=False)] = 0,
    capacity: bool = False,
) -> Response:
    """The best sites, proven, on the map and in a list."""
    asked = PlanQuestion.model_validate(
        {"distance_m": distance_m, "walking": walking, "year": year or None}
    )
    question = asked.on(desk.today)
    community = community_for(desk.session, desk.code, OFFICE_PUBLISHED, question)
    candidates = load_candidates(desk.session, community, OFFICE_PUBLISHED)
    wanted = SiteQuestion(
        sites, goal, share / 100, capacity=capacity, apart_m=apart_m, seconds=LONGEST_S
    )
    form: dict[str, Any] = {
        "wanted": wanted,
        "share": share,
        "question": asked,
        "goals": GOALS,
        "distances": sorted({*DISTANCES_M, distance_m}),
        "years": [each for each in community.future.years if each > desk.today.year],
    }
    try:
        report = site_in(community, candidates, question, wanted)
    except CannotBeMet as not_so:
        return desk.page("plan_siting.html", 422, found=None, wrong=str(not_so), **form)
    moves = sites_as_moves(report)
    trial = try_in(community, question, moves)
    found = siting_answer(report)
    points = [(point.sites, point.newly_reached) for point in found.curve]
    return desk.page(
        "plan_siting.html",
        found=found,
        wrong="",
        moves=[move.model_dump_json(exclude_none=True) for move in moves],
        asked=question_words(trial),
        figure=figure_of(trial),
        curve=curve_figure(points, len(found.chosen), CURVE_WORDS) if points else "",
        seconds=report.seconds,
        **form,
    )
