"""Site places (配置の検討): where the next gathering places should go, proven and explained."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlmodel import Session

from api.actions.load_community import Community
from api.actions.report_coverage import (
    Question,
    community_for,
    counted_places,
    pairs_of,
    spread_people,
    walk_to,
)
from api.actions.siting_candidates import inhabited_spots, load_candidates, named, too_near
from api.actions.siting_gains import gains_of
from api.store.visible import Viewer
from geo.arrays import Floats, Positions
from geo.fairness import fairest
from geo.least_walking import least_walking
from geo.siting import CannotBeMet, Choice, Deadline, NotFoundInTime, SitingProblem
from geo.siting_models import fewest_sites, most_reached
from geo.walking import within_reach

Goal = Literal["reach", "fewest", "walk", "fair"]
GOALS: dict[Goal, str] = {
    "reach": "いま届いていない人に、いちばん多く届く",
    "fewest": "決めた割合まで、いちばん少ない数で届く",
    "walk": "みんなの歩く道のりの合計を、いちばん短くする",
    "fair": "いちばん届いていない圏域から底上げする",
}
CURVE = 10
USUAL_CAPACITY = 20
"""People a place takes where nobody knows; 81.6 % have no more (厚生労働省 総合事業の調査)."""
FARTHEST = 3
"""Walking in total counts nobody's way as longer than so many times the walking distance."""
CURVE_S = 10.0
MOST_PAIRS = 400_000
"""Of people's spots and candidates, where each pair counts by itself (about 1 GB)."""


@dataclass(frozen=True)
class SiteQuestion:
    """What is asked of the sites: how many, to what end, and what is settled beforehand."""

    sites: int
    goal: Goal = "reach"
    share: float = 0.8
    """For the fewest: which share of all people is to be reached."""
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Places of today that go; all others stay."""
    capacity: bool = False
    apart_m: float = 0.0
    seconds: float = 60.0
    """How long a proof may be looked for; the curve takes at most ten more."""


@dataclass(frozen=True)
class SitingReport:
    """The answer (配置案).

    `chosen`, `towns`, `areas`: see `Gains`. `curve`: sites, newly_reached (the most that so many
    sites can, whatever the goal), optimal, greedy. `objective`, `bound` and `greedy` of `choice`
    are in the goal's own unit.
    """

    question: Question
    asked: SiteQuestion
    community: Community
    chosen: GeoDataFrame
    towns: DataFrame
    areas: DataFrame
    curve: DataFrame
    choice: Choice
    newly_reached: int
    reached_today: int
    population: int
    candidates: int
    inhabited: bool
    """No candidates are known: every inhabited spot is one."""
    seconds: float


def site_places(
    session: Session, code: str, viewer: Viewer, question: Question, asked: SiteQuestion
) -> SitingReport:
    """Choose sites for the municipality `code`; candidates are seen by offices only.

    Raises
    ------
    UnknownSite, CannotBeMet, and what `load_community` raises.
    """
    community = community_for(session, code, viewer, question)
    return site_in(community, load_candidates(session, community, viewer), question, asked)


def site_in(
    community: Community, candidates: GeoDataFrame, question: Question, asked: SiteQuestion
) -> SitingReport:
    """Choose sites in a community that is loaded already."""
    began = perf_counter()
    inhabited = candidates.empty
    if inhabited:
        candidates = inhabited_spots(community)
    places = counted_places(community.places, question)
    places = places.drop(index=named(places, asked.without, "通いの場"))
    demand = spread_people(community, question)
    walk = walk_to(demand, places, community, question)
    problem = _problem(community, demand, walk, candidates, places, question, asked)
    area = _area_numbers(demand)
    _refuse_too_large(problem, asked)
    try:
        choice = _choose(problem, community, demand, walk, candidates, area, question, asked)
    except CannotBeMet as odd:
        raise CannotBeMet(_why_not(problem, asked, odd)) from odd
    gains = gains_of(problem, community, demand, candidates, choice.chosen)
    return SitingReport(
        question=question,
        asked=asked,
        community=community,
        chosen=gains.chosen,
        towns=gains.towns,
        areas=gains.areas,
        newly_reached=gains.newly_reached,
        curve=_curve(problem, asked),
        choice=choice,
        reached_today=round(problem.reached_today),
        population=round(float(problem.people.sum())),
        candidates=len(candidates),
        inhabited=inhabited,
        seconds=perf_counter() - began,
    )


def _problem(
    community: Community,
    demand: GeoDataFrame,
    walk: DataFrame,
    candidates: GeoDataFrame,
    places: GeoDataFrame,
    question: Question,
    asked: SiteQuestion,
) -> SitingProblem:
    forbidden = named(candidates, asked.forbidden, "候補地")
    room: Floats = np.array(candidates["capacity_people"].fillna(USUAL_CAPACITY), dtype=float)
    near, beside = too_near(candidates, places, asked.apart_m)
    fixed = named(candidates, asked.fixed, "候補地")
    shut = np.union1d(forbidden, np.setdiff1d(beside, fixed))
    return SitingProblem(
        people=demand["people"].to_numpy(dtype=float),
        pairs=pairs_of(demand, candidates, community, question),
        candidates=len(candidates),
        reached=within_reach(walk, question.distance_m),
        fixed=np.asarray(fixed, dtype=np.intp),
        forbidden=np.asarray(shut, dtype=np.intp),
        too_near=near,
        capacity_people=room if asked.capacity else None,
    )


class TooLarge(CannotBeMet):
    """More pairs of people and candidates than can be weighed one against the other in time."""


def _refuse_too_large(problem: SitingProblem, asked: SiteQuestion) -> None:
    """Capacities and walks need a number for every pair, where reaching needs none."""
    if (asked.capacity or asked.goal == "walk") and len(problem.pairs.home) > MOST_PAIRS:
        raise TooLarge(
            "人と候補地の組み合わせが多すぎて、この目標では計算しきれません。"
            "距離を短くするか、候補地をへらすか、「定員までで数える」を外してください。"
        )


def _choose(
    problem: SitingProblem,
    community: Community,
    demand: GeoDataFrame,
    walk: DataFrame,
    candidates: GeoDataFrame,
    area: Positions,
    question: Question,
    asked: SiteQuestion,
) -> Choice:
    if asked.goal == "fewest":
        found = fewest_sites(problem, asked.share, seconds=asked.seconds)
        if len(found.chosen) > asked.sites:
            raise CannotBeMet(f"{len(found.chosen)} sites are needed")
        return found
    if asked.goal == "fair":
        return fairest(problem, asked.sites, area, seconds=asked.seconds)
    if asked.goal == "walk":
        far = FARTHEST * question.distance_m
        farther = replace(question, distance_m=far)
        wide = replace(problem, pairs=pairs_of(demand, candidates, community, farther))
        today = np.minimum(walk["distance_m"].to_numpy(dtype=float), far)
        _refuse_too_large(wide, asked)
        return least_walking(wide, asked.sites, today, seconds=asked.seconds)
    return most_reached(problem, asked.sites, seconds=asked.seconds)


def _why_not(problem: SitingProblem, asked: SiteQuestion, odd: CannotBeMet) -> str:
    """Why no choice of sites meets what is asked, in plain Japanese."""
    if isinstance(odd, TooLarge):
        return str(odd)
    if isinstance(odd, NotFoundInTime):
        return "時間内に、条件を満たす選び方が見つかりませんでした。時間を長くしてください。"
    if asked.goal != "fewest":
        return (
            "この条件をすべて満たす選び方がありません。かならず選ぶ候補地、選ばない候補地、"
            "あいだの距離を見直してください。"
        )
    able = most_reached(problem, problem.candidates, seconds=CURVE_S).bound
    most = (able + problem.reached_today) / max(float(problem.people.sum()), 1.0)
    if most < asked.share:
        return (
            f"候補地をすべて使っても、届くのは{most:.1%}までです。{asked.share:.1%}には届きません。"
        )
    return (
        f"{asked.sites}か所までで{asked.share:.1%}に届く選び方はありません。数をふやしてください。"
    )


def _curve(problem: SitingProblem, asked: SiteQuestion) -> DataFrame:
    """How many people 1, 2 … 10 sites newly reach at best."""
    until = Deadline(min(CURVE_S, asked.seconds))
    counts = range(max(len(problem.fixed), 1), min(CURVE, problem.candidates) + 1)
    rows = []
    for sites in counts:
        best = most_reached(problem, sites, seconds=until.left_s)
        rows.append((sites, round(best.objective), best.optimal, round(best.greedy)))
    return DataFrame(rows, columns=["sites", "newly_reached", "optimal", "greedy"])


def _area_numbers(demand: GeoDataFrame) -> Positions:
    codes = demand["area_id"].astype("category").cat.codes
    return np.asarray(codes, dtype=np.intp)
