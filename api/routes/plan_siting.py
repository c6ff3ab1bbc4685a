"""Where the next places should go (配置の検討), for planners."""

from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from api.actions.load_community import Community
from api.actions.report_coverage import Question, community_for, counted_places
from api.actions.scenarios import PlanQuestion
from api.actions.show_plan import figure_of, question_words
from api.actions.site_places import GOALS, Goal, SiteQuestion, SitingReport, site_in
from api.actions.siting_answer import sites_as_moves, siting_answer
from api.actions.siting_candidates import UnknownSite, load_candidates
from api.actions.try_scenario import try_in
from api.routes.desk import Desk, PlanDep
from api.store.visible import OFFICE_PUBLISHED
from geo.siting import CannotBeMet
from web.maps.curve_figure import curve_figure
from web.words import DISTANCES_M

router = APIRouter(prefix="/{code}/plan", include_in_schema=False)
LONGEST_S = 20.0
MOST_TICKED = 300
CURVE_WORDS = "新しく置く数ごとの、新しく届く人の数の図。"

Names = Annotated[
    list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=MOST_TICKED)
]


AT_ONCE = BoundedSemaphore(2)
"""Each may keep a core busy for half a minute; pages of others have to stay quick."""
BUSY = "ほかの人の計算が続いています。少し待ってから、もう一度「さがす」を押してください。"


def _nothing(text: object) -> object:
    return None if text == "" else text


class SitingForm(BaseModel):
    """What the page's form brings; empty fields count as not filled in."""

    sites: int = Field(3, ge=1, le=30)
    goal: Goal = "reach"
    share: int = Field(80, ge=1, le=100)
    distance_m: float = Field(500, ge=1, le=50_000, allow_inf_nan=False)
    walking: str = Field("straight", pattern="^(straight|estimate|roads)$")
    year: Annotated[int | None, BeforeValidator(_nothing)] = Field(None, ge=1990, le=2150)
    variant: Annotated[str | None, BeforeValidator(_nothing)] = Field(None, max_length=100)
    apart_m: float = Field(0, ge=0, le=50_000, allow_inf_nan=False)
    capacity: bool = False
    fixed: Names = []
    forbidden: Names = []
    without: Names = []

    def measured_by(self) -> PlanQuestion:
        """How far, on which way, in which year."""
        return PlanQuestion.model_validate(
            {
                "distance_m": self.distance_m,
                "walking": self.walking,
                "year": self.year,
                "variant": self.variant,
            }
        )

    def of_the_sites(self) -> SiteQuestion:
        """How many, to what end, and what is settled beforehand."""
        return SiteQuestion(
            self.sites,
            self.goal,
            self.share / 100,
            fixed=tuple(self.fixed),
            forbidden=tuple(self.forbidden),
            without=tuple(self.without),
            capacity=self.capacity,
            apart_m=self.apart_m,
            seconds=LONGEST_S,
        )


@router.get("/siting")
def siting(desk: PlanDep, form: Annotated[SitingForm, Query()]) -> Response:
    """The best sites, proven, on the map and in a list."""
    measured, wanted = form.measured_by(), form.of_the_sites()
    question = measured.on(desk.today)
    community = community_for(desk.session, desk.code, OFFICE_PUBLISHED, question)
    candidates = load_candidates(desk.session, community, OFFICE_PUBLISHED)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "share": form.share,
        "question": measured,
        "goals": GOALS,
        "candidates": sorted(set(candidates["name"].astype(str))),
        "places": sorted(set(counted_places(community.places, question)["name"].astype(str))),
        "distances": sorted({*DISTANCES_M, form.distance_m}),
        "years": [each for each in community.future.years if each > desk.today.year],
        "variants": community.future.variants,
    }
    if not AT_ONCE.acquire(blocking=False):
        return desk.page("plan_siting.html", 503, found=None, wrong=BUSY, **shown)
    try:
        report = site_in(community, candidates, question, wanted)
    except (CannotBeMet, UnknownSite) as not_so:
        return desk.page("plan_siting.html", 422, found=None, wrong=str(not_so), **shown)
    finally:
        AT_ONCE.release()
    return _answer(desk, community, question, report, shown)


def _answer(
    desk: Desk,
    community: Community,
    question: Question,
    report: SitingReport,
    shown: dict[str, Any],
) -> Response:
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
        **shown,
    )
