"""The best sites, proven (最良の配置): four goals as mixed-integer programs, solved by HiGHS.

Homes that can reach the same candidates are one before anything is solved: nothing changes but
how long it takes.
"""

import numpy as np
from scipy.optimize import LinearConstraint, OptimizeResult
from scipy.sparse import csr_array, eye_array

from geo.arrays import Floats, Positions
from geo.coverage_model import (
    PROVEN,
    CoverageModel,
    choosing,
    grouped,
    sites_of,
    solved,
    stacked,
)
from geo.greedy import choose_greedily, fair_gain, people_gain, walk_with, walking_gain
from geo.siting import (
    A_HAIR,
    NOWHERE,
    CannotBeMet,
    Choice,
    SitingProblem,
    in_order_of_gain,
    newly_reached,
)

NO_LIMIT_S = 3_600.0


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
    _refuse_too_many_fixed(problem, sites)
    greedy = choose_greedily(problem, sites, people_gain(problem))
    model = CoverageModel(problem, grouped(problem), sites)
    return _choice(model, model.solve(-model.worth, seconds), greedy)


def fewest_sites(problem: SitingProblem, share: float, *, seconds: float = NO_LIMIT_S) -> Choice:
    """The fewest new sites after which at least `share` of all people are reached (LSCP).

    C. Toregas and others, The location of emergency service facilities, 1971, with a share. Of all
    choices of that many the one that reaches most. `objective`, `bound` and `greedy` are numbers of
    sites.

    Raises
    ------
    CannotBeMet : not even all candidates together reach that share.
    """
    wanted = share * float(problem.people.sum()) - problem.reached_today - A_HAIR
    if wanted <= 0 and not len(problem.fixed):
        return Choice(NOWHERE, 0, 0, 0, optimal=True)
    model = CoverageModel(problem, grouped(problem), None)
    rest = len(model.worth) - problem.candidates
    count = np.concatenate([np.ones(problem.candidates), np.zeros(rest)])
    enough = [LinearConstraint(csr_array(model.worth[None, :]), wanted, np.inf)]
    found = model.solve(count, seconds, enough)
    greedy = _greedy_until(problem, wanted)
    if found.x is None:
        return Choice(greedy, len(greedy), 0, len(greedy), optimal=False)
    chosen, bound = sites_of(problem, found), np.ceil(found.mip_dual_bound - A_HAIR)
    best = most_reached(problem, len(chosen), seconds=seconds)
    chosen = best.chosen if best.objective >= wanted else in_order_of_gain(problem, chosen)[0]
    return Choice(chosen, len(chosen), bound, len(greedy), found.status == PROVEN)


def fairest(
    problem: SitingProblem, sites: int, area: Positions, *, seconds: float = NO_LIMIT_S
) -> Choice:
    """`sites` candidates that leave the worst area as well off as can be, then reach the most.

    The lowest share of people reached, among areas that some candidate could raise, is made as
    high as any choice makes it; of all such choices, the one that newly reaches the most people.
    `objective` counts those people.

    Parameters
    ----------
    area : number of each home's area, from 0; -1 for people in none, who count only at the end.
    """
    _refuse_too_many_fixed(problem, sites)
    greedy = choose_greedily(problem, sites, fair_gain(problem, area))
    model = CoverageModel(problem, grouped(problem, area), sites)
    raised = model.area_rows(area)
    floor = model.highest_floor(raised, seconds)
    least = floor * raised.people - raised.today - A_HAIR
    kept = [LinearConstraint(raised.matrix, least, np.inf)] if len(least) else []
    return _choice(model, model.solve(-model.worth, seconds, kept), greedy, instead=False)


def least_walking(
    problem: SitingProblem, sites: int, today_m: Floats, *, seconds: float = NO_LIMIT_S
) -> Choice:
    """`sites` candidates that leave the least walking in total (p-median).

    S. Hakimi, 1964. Places that stay count: a candidate helps only those to whom it is nearer than
    what they have.

    Parameters
    ----------
    problem : its `pairs` say how far each candidate is; beyond them nobody walks.
    today_m : each home's walk to the nearest place that stays; where there is none, what nobody
        walks farther than (finite).

    Returns
    -------
    `objective`, `bound` and `greedy` in person-metres of everybody's walk, the lower the better.
    """
    _refuse_too_many_fixed(problem, sites)
    people, n = problem.people, problem.candidates
    saving, linked, limits = _savings(problem, today_m)
    cost = np.concatenate([np.zeros(n), -saving])
    constraints = [LinearConstraint(linked, -np.inf, limits), *choosing(problem, sites, len(cost))]
    found = solved(problem, cost, constraints, np.ones(len(cost)), seconds)
    everybody = float(people @ today_m)
    greedy = choose_greedily(problem, sites, walking_gain(problem, today_m))
    by_hand = float(people @ walk_with(problem, today_m, greedy))
    chosen = greedy if found.x is None else sites_of(problem, found)
    total = float(people @ walk_with(problem, today_m, chosen))
    if by_hand < total - A_HAIR:
        chosen, total = greedy, by_hand
    bound = everybody + _or(found.mip_dual_bound, -everybody)
    order, _ = in_order_of_gain(problem, chosen)
    return Choice(order, total, bound, by_hand, found.status == PROVEN)


def _savings(problem: SitingProblem, today_m: Floats) -> tuple[Floats, csr_array, Floats]:
    """Person-metres each pair would save, and: each home uses one site, an open one."""
    pairs, n = problem.pairs, problem.candidates
    saving = problem.people[pairs.home] * (today_m[pairs.home] - pairs.distance_m)
    helps = (saving > 0) & problem.allowed[pairs.place]
    home, site, saving = pairs.home[helps], pairs.place[helps], saving[helps]
    row, k = np.unique(home, return_inverse=True)[1], len(home)
    number = np.arange(k)
    one_each = csr_array((np.ones(k), (row, number)), shape=(int(row.max(initial=-1)) + 1, k))
    if not k:
        return saving, csr_array((1, n)), np.array([1.0])
    open_only = csr_array((-np.ones(k), (number, site)), shape=(k, n))
    linked = stacked([[None, one_each], [open_only, eye_array(k)]])
    return saving, linked, np.concatenate([np.ones(one_each.shape[0]), np.zeros(k)])


def _choice(
    model: CoverageModel, found: OptimizeResult, greedy: Positions, *, instead: bool = True
) -> Choice:
    """The choice that was found, or the greedy one where that is better; people are counted."""
    problem = model.problem
    by_hand = model.people_served(greedy)
    chosen = greedy if found.x is None else sites_of(problem, found)
    people = model.people_served(chosen)
    if instead and by_hand > people + A_HAIR:
        chosen, people = greedy, by_hand
    bound = -_or(found.mip_dual_bound, -float(model.groups.people.sum()))
    order, _ = in_order_of_gain(problem, chosen)
    return Choice(order, people, max(bound, people), by_hand, found.status == PROVEN)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None or not np.isfinite(value) else float(value)


def _greedy_until(problem: SitingProblem, wanted: float) -> Positions:
    """One by one until as many people are newly reached; all that help where that is not enough."""
    order = choose_greedily(problem, problem.candidates, people_gain(problem))
    for count in range(len(order) + 1):
        if problem.people[newly_reached(problem, order[:count])].sum() >= wanted:
            return order[:count]
    return order


def _refuse_too_many_fixed(problem: SitingProblem, sites: int) -> None:
    if len(problem.fixed) > sites:
        raise CannotBeMet(f"{len(problem.fixed)} sites are fixed, {sites} are to be chosen")
