"""The most people reached, and the fewest sites (最良の配置): proven by HiGHS.

Homes that can reach the same candidates are one before anything is solved: nothing changes but
how long it takes. `geo.fairness` and `geo.least_walking` hold the other two goals.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import LinearConstraint, OptimizeResult
from scipy.sparse import csr_array

from geo.arrays import Floats, Positions
from geo.coverage_model import PROVEN, CoverageModel, assigned, grouped, sites_of
from geo.greedy import choose_greedily, people_gain
from geo.narrowing import narrowed
from geo.siting import (
    A_HAIR,
    NO_LIMIT_S,
    NOWHERE,
    Choice,
    Deadline,
    NotFoundInTime,
    SitingProblem,
    in_order_of_gain,
    newly_reached,
    refuse_too_many_fixed,
)


def most_reached(problem: SitingProblem, sites: int, *, seconds: float = NO_LIMIT_S) -> Choice:
    """`sites` candidates that newly reach the most people (MCLP).

    R. Church, C. ReVelle, The maximal covering location problem, 1974. With capacities (ours; the
    classic has none) everybody is served by at most one site within reach, no site serves more
    than it can take, and people served are what counts.

    Parameters
    ----------
    problem : see `SitingProblem`.
    sites : how many to choose, fixed ones included; fewer where more reach nobody.
    seconds : how long to look for a proof; what is best until then is given with its gap.

    Raises
    ------
    CannotBeMet : more fixed sites than `sites`, or fixed ones too near together.
    """
    refuse_too_many_fixed(problem, sites)
    greedy = choose_greedily(problem, sites, people_gain(problem))
    if problem.capacity_people is not None:
        return _within_capacity(problem, sites, greedy, seconds)
    until, groups = Deadline(seconds), grouped(problem)
    narrow = narrowed(problem, groups, sites, greedy)
    hopeless = np.flatnonzero(~narrow.hopeful)
    model = CoverageModel(problem, grouped(replace(problem, forbidden=hopeless)), sites)
    found = model.solve(-model.worth, until.left_s)
    chosen = narrow.chosen if found.x is None else sites_of(problem, found)
    people = model.people_served(chosen) if found.x is not None else narrow.people
    if narrow.people > people + A_HAIR:
        chosen, people = narrow.chosen, narrow.people
    proven = found.status == PROVEN
    bound = people if proven else min(max(people_bound(model, found), people), narrow.bound)
    by_hand = float(problem.people[newly_reached(problem, greedy)].sum())
    return Choice(needed(problem, chosen), people, max(bound, people), by_hand, proven)


def _within_capacity(
    problem: SitingProblem, sites: int, greedy: Positions, seconds: float
) -> Choice:
    model = CoverageModel(problem, grouped(problem), sites)
    found = model.solve(-model.worth, seconds)
    chosen = greedy if found.x is None else sites_of(problem, found)
    by_hand, people = model.people_served(greedy), model.people_served(chosen)
    if by_hand > people + A_HAIR:
        chosen, people = greedy, by_hand
    bound = max(people_bound(model, found), people)
    return Choice(needed(problem, chosen), people, bound, by_hand, found.status == PROVEN)


def fewest_sites(problem: SitingProblem, share: float, *, seconds: float = NO_LIMIT_S) -> Choice:
    """The fewest new sites after which at least `share` of all people are reached (LSCP).

    C. Toregas and others, The location of emergency service facilities, 1971, with a share. Of all
    choices of that many the one that reaches most. `objective`, `bound` and `greedy` are numbers of
    sites; `greedy` is inf where choosing one by one does not get there.

    Raises
    ------
    CannotBeMet : not even all candidates together reach that share.
    NotFoundInTime : neither one by one nor in `seconds` was a choice found.
    """
    until = Deadline(seconds)
    wanted = share * float(problem.people.sum()) - problem.reached_today - A_HAIR
    if wanted <= 0 and not len(problem.fixed):
        return Choice(NOWHERE, 0, 0, 0, optimal=True)
    model = CoverageModel(problem, grouped(problem), None)
    rest = len(model.worth) - problem.candidates
    count = np.concatenate([np.ones(problem.candidates), np.zeros(rest)])
    enough = [LinearConstraint(csr_array(model.worth[None, :]), wanted, np.inf)]
    found = model.solve(count, until.left_s, enough)
    greedy = _greedy_until(model, wanted)
    by_hand = np.inf if greedy is None else float(len(greedy))
    chosen = greedy if found.x is None else sites_of(problem, found)
    if chosen is None:
        raise NotFoundInTime("no choice of sites was found in time")
    if greedy is not None and len(greedy) < len(chosen):
        chosen = greedy
    bound = 0.0 if found.mip_dual_bound is None else max(found.mip_dual_bound, 0.0)
    proven = found.status == PROVEN
    best = most_reached(problem, len(chosen), seconds=until.left_s)
    most = best.chosen if best.objective >= wanted else needed(problem, chosen)
    return Choice(most, len(most), float(np.ceil(bound - A_HAIR)), by_hand, proven)


def needed(problem: SitingProblem, chosen: Positions) -> Positions:
    """The chosen sites that somebody new goes to, most people first; fixed ones in any case."""
    order, gains = in_order_of_gain(problem, chosen)
    if problem.capacity_people is not None:
        gains = people_of_sites(problem, order)
        by_size = np.argsort(-gains, kind="stable")
        order, gains = order[by_size], gains[by_size]
    return order[(gains > A_HAIR) | np.isin(order, problem.fixed)]


def people_of_sites(problem: SitingProblem, chosen: Positions) -> Floats:
    """How many persons each chosen site serves within its capacity, in their order."""
    capacity = problem.capacity_people
    if capacity is None:
        raise ValueError("these sites have no capacities")
    _, site, people = assigned(problem, chosen, capacity)
    each: Floats = np.bincount(site, people, minlength=problem.candidates).astype(float)
    return each[chosen]


def people_bound(model: CoverageModel, found: OptimizeResult) -> float:
    """No choice newly reaches more people than this."""
    everybody = float(model.groups.people.sum())
    proven = found.mip_dual_bound
    return everybody if proven is None or not np.isfinite(proven) else min(-proven, everybody)


def _greedy_until(model: CoverageModel, wanted: float) -> Positions | None:
    """One by one until as many people are newly reached; None where that never comes."""
    problem = model.problem
    order = choose_greedily(problem, problem.candidates, people_gain(problem))
    least, most = len(problem.fixed), len(order)
    if model.people_served(order) < wanted:
        return None
    while least < most:
        middle = (least + most) // 2
        if model.people_served(order[:middle]) >= wanted:
            most = middle
        else:
            least = middle + 1
    return order[:most]
