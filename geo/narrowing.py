"""Fewer candidates before a proof (候補をしぼる): which of them no better choice can hold.

For people reached without capacities. That a home is reached only if one of its sites is open is
weighed by a price a home instead of being demanded (Lagrangian relaxation; M. Fisher, 1981; for
maximal covering R. Galvão, C. ReVelle, 1996). Any prices give a bound on what can be reached, and
on what can be reached with one candidate; the prices are bettered by subgradients.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.arrays import Floats, Mask, Positions
from geo.coverage_model import Groups
from geo.siting import A_HAIR, SitingProblem

ROUNDS: Final = 300
PATIENCE: Final = 12
"""Rounds without a better bound after which steps become half as long."""
SHORTEST_STEP: Final = 0.005


@dataclass(frozen=True)
class Narrowed:
    """What is known before anything is solved.

    `hopeful` : candidates that a choice better than `chosen` may hold. `bound` : no choice newly
    reaches more people. `chosen`, `people` : the best choice that was met.
    """

    hopeful: Mask
    bound: float
    chosen: Positions
    people: float


def narrowed(problem: SitingProblem, groups: Groups, sites: int, first: Positions) -> Narrowed:
    """Leave out candidates that no better choice than the best one met can hold.

    Parameters
    ----------
    groups : `problem`'s homes, merged.
    sites : how many are chosen at most, fixed ones included.
    first : a choice that meets all conditions (the greedy one).
    """
    search = _Search(problem, groups, sites, first)
    price, step, idle = groups.people / 2, 1.0, 0
    for _ in range(ROUNDS):
        bound, slope = search.weigh(price)
        better = bound < search.bound - A_HAIR
        search.bound, idle = min(bound, search.bound), 0 if better else idle + 1
        if idle >= PATIENCE:
            step, idle = step / 2, 0
        steep = float(slope @ slope)
        if search.bound <= search.people + A_HAIR or not steep or step < SHORTEST_STEP:
            break
        long = step * (bound - search.people) / steep
        price = np.clip(price - long * slope, 0.0, groups.people)
    return Narrowed(search.hopeful, max(search.bound, search.people), search.chosen, search.people)


class _Search:
    """The best bound and the best choice so far, and who may still be in a better one."""

    def __init__(
        self, problem: SitingProblem, groups: Groups, sites: int, first: Positions
    ) -> None:
        self.groups, self.reaches = groups, groups.serves.T.tocsr()
        self.fixed = problem.fixed
        self.free = problem.allowed.copy()
        self.free[problem.fixed] = False
        self.any_two = not len(problem.too_near)
        self.more = max(min(sites - len(problem.fixed), int(self.free.sum())), 0)
        self.bound = float(groups.people.sum())
        self.hopeful: Mask = problem.allowed.copy()
        self.chosen, self.people = first, self._reached(first)

    def weigh(self, price: Floats) -> tuple[float, Floats]:
        """The bound these prices give, and how it changes with each price."""
        worth = self.reaches @ price
        order = np.flatnonzero(self.free)
        order = order[np.argsort(-worth[order], kind="stable")]
        taken = np.concatenate([self.fixed, order[: self.more]]).astype(np.intp)
        rest = self.groups.people - price
        bound = float(rest.sum() + worth[taken].sum())
        self._try(taken)
        self._leave_out(worth, order, bound)
        opened = np.zeros(len(worth))
        opened[taken] = 1.0
        return bound, np.asarray(self.groups.serves @ opened, dtype=float) - (rest > 0)

    def _leave_out(self, worth: Floats, order: Positions, bound: float) -> None:
        """Who is not taken would take the place of the last that is."""
        if self.more:
            last = worth[order[self.more - 1]]
            beyond = order[self.more :]
            self.hopeful[beyond[bound - last + worth[beyond] <= self.people + A_HAIR]] = False
        else:
            self.hopeful[order] = False

    def _try(self, taken: Positions) -> None:
        if self.any_two and (people := self._reached(taken)) > self.people + A_HAIR:
            self.chosen, self.people = taken, people

    def _reached(self, chosen: Positions) -> float:
        met = np.zeros(len(self.groups.people), dtype=bool)
        indptr = self.reaches.indptr
        for site in chosen:
            met[self.reaches.indices[indptr[site] : indptr[site + 1]]] = True
        return float(self.groups.people[met].sum())
