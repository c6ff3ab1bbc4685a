"""The least walking in total (歩く道のりの合計を、いちばん短く): the p-median, proven by HiGHS."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, eye_array

from geo.arrays import Floats, Positions
from geo.coverage_model import PROVEN, choosing, room_of, sites_of, solved, stacked
from geo.greedy import choose_greedily, walking_gain
from geo.siting import A_HAIR, NO_LIMIT_S, Choice, SitingProblem, refuse_too_many_fixed


def least_walking(
    problem: SitingProblem, sites: int, today_m: Floats, *, seconds: float = NO_LIMIT_S
) -> Choice:
    """`sites` candidates that leave the least walking in total (p-median).

    S. Hakimi, 1964. Places that stay count: a candidate helps only those to whom it is nearer than
    what they have. With capacities no candidate helps more people than it can take, and the others
    go on walking as they do today.

    Parameters
    ----------
    problem : its `pairs` say how far each candidate is; beyond them nobody walks.
    today_m : each home's walk to the nearest place that stays; where there is none, what nobody
        walks farther than (finite).

    Returns
    -------
    `objective`, `bound` and `greedy` in person-metres of everybody's walk, the lower the better;
    `chosen` in the order of what each saves beside those before it.
    """
    refuse_too_many_fixed(problem, sites)
    everybody = float(problem.people @ today_m)
    greedy = choose_greedily(problem, sites, walking_gain(problem, today_m))
    savings = _savings(problem, today_m)
    cost = savings.cost(problem.candidates)
    constraints = [savings.linked(problem), *choosing(problem, sites, len(cost))]
    found = solved(problem, cost, constraints, np.ones(len(cost)), seconds)
    by_hand = everybody - savings.with_only(problem, greedy, seconds)
    chosen = greedy if found.x is None else sites_of(problem, found)
    total = everybody - savings.with_only(problem, chosen, seconds)
    if by_hand < total - A_HAIR:
        chosen, total = greedy, by_hand
    proven = found.mip_dual_bound
    known = proven is not None and np.isfinite(proven)
    bound = min(max(everybody + proven, 0.0) if known else 0.0, total)
    order = _by_saving(problem, today_m, chosen)
    return Choice(order, total, bound, by_hand, found.status == PROVEN)


@dataclass(frozen=True)
class _Savings:
    """Pairs of a home and a nearer candidate, and the person-metres each saves if all go."""

    home: Positions
    site: Positions
    saving: Floats

    def cost(self, candidates: int) -> Floats:
        return np.concatenate([np.zeros(candidates), -self.saving])

    def linked(self, problem: SitingProblem) -> LinearConstraint:
        """Each home uses one site, an open one, and no site takes more people than it can."""
        k, n = len(self.home), problem.candidates
        number, ones = np.arange(k), np.ones(k)
        row = np.unique(self.home, return_inverse=True)[1]
        one_each = csr_array((ones, (row, number)), shape=(int(row.max(initial=0)) + 1, k))
        open_only = csr_array((-ones, (number, self.site)), shape=(k, n))
        blocks: list[list[Any]] = [[None, one_each], [open_only, eye_array(k)]]
        limits = [np.ones(one_each.shape[0]), np.zeros(k)]
        if problem.capacity_people is not None:
            people = problem.people[self.home]
            room = room_of(problem.capacity_people, problem.people)
            full = csr_array((-room, (np.arange(n), np.arange(n))), shape=(n, n))
            blocks.append([full, csr_array((people, (self.site, number)), shape=(n, k))])
            limits.append(np.zeros(n))
        if not k:
            return LinearConstraint(csr_array((1, n)), -np.inf, 0.0)
        return LinearConstraint(stacked(blocks), -np.inf, np.concatenate(limits))

    def with_only(self, problem: SitingProblem, chosen: Positions, seconds: float) -> float:
        """Person-metres saved with exactly these sites open; none where time runs out."""
        kept = np.isin(self.site, chosen)
        some = _Savings(self.home[kept], self.site[kept], self.saving[kept])
        if problem.capacity_people is None:
            best = np.zeros(len(problem.people))
            np.maximum.at(best, some.home, some.saving)
            return float(best.sum())
        cost = some.cost(problem.candidates)
        opened = replace(problem, fixed=chosen, forbidden=chosen[:0])
        found = solved(opened, cost, [some.linked(problem)], np.ones(len(cost)), seconds)
        return 0.0 if found.x is None else -float(found.fun)


def _savings(problem: SitingProblem, today_m: Floats) -> _Savings:
    pairs = problem.pairs
    saving = problem.people[pairs.home] * (today_m[pairs.home] - pairs.distance_m)
    helps = (saving > 0) & problem.allowed[pairs.place]
    return _Savings(pairs.home[helps], pairs.place[helps], saving[helps])


def _by_saving(problem: SitingProblem, today_m: Floats, chosen: Positions) -> Positions:
    """The chosen sites, what saves most first; those that save nothing only where fixed."""
    others = np.setdiff1d(np.arange(problem.candidates), chosen)
    only = replace(problem, fixed=chosen[:0], forbidden=others)
    order = choose_greedily(only, len(chosen), walking_gain(only, today_m))
    # Who is near to two small halls needs both, though one alone would seem to serve all.
    rest = problem.fixed if problem.capacity_people is None else chosen
    return np.concatenate([order, np.setdiff1d(rest, order)])
