"""Where the next places should go (次の通いの場をどこに): the problem, and the answers to it.

Exactly, by HiGHS (Q. Huangfu, J. Hall, Parallelizing the dual revised simplex method, 2018), with
the greedy answer beside it: `geo.siting_models` and `geo.greedy` do the work.
"""

from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from geo.arrays import Floats, Mask, Positions
from geo.reach import Pairs

NOWHERE: Final = np.array([], dtype=np.intp)
A_HAIR: Final = 1e-6
"""Persons, or metres a person: what sums of shares may miss each other by."""


NO_LIMIT_S: Final = 3_600.0


class CannotBeMet(ValueError):
    """No choice of sites meets what is asked: a share nobody can reach, sites too near together."""


class NotFoundInTime(CannotBeMet):
    """No choice was found in the time that was given; there may be one."""


@dataclass(frozen=True)
class SitingProblem:
    """Who could reach which candidate, and who reaches a place today (配置の問題).

    `people` : persons at each home (n homes). `pairs` : homes and candidates within a walk.
    `candidates` : how many there are. `reached` : homes within reach of a place that stays.
    `fixed` : candidates that must be chosen. `forbidden` : that must not. `too_near` : (k, 2)
    candidates of which at most one may be chosen. `capacity_people` : how many people each can
    take (NaN: as many as come), or None where places are as large as need be.
    """

    people: Floats
    pairs: Pairs
    candidates: int
    reached: Mask
    fixed: Positions = field(default_factory=lambda: NOWHERE)
    forbidden: Positions = field(default_factory=lambda: NOWHERE)
    too_near: Positions = field(default_factory=lambda: np.empty((0, 2), dtype=np.intp))
    capacity_people: Floats | None = None

    @cached_property
    def serves(self) -> csr_array:
        """Homes not reached today × candidates: 1 where one reaches the other."""
        new = ~self.reached[self.pairs.home]
        home, place = self.pairs.home[new], self.pairs.place[new]
        ones = np.ones(len(home))
        return csr_array((ones, (home, place)), shape=(len(self.people), self.candidates))

    @property
    def reached_today(self) -> float:
        """Persons who reach a place already."""
        return float(self.people[self.reached].sum())

    @cached_property
    def allowed(self) -> Mask:
        """Candidates that may be chosen."""
        mask = np.ones(self.candidates, dtype=bool)
        mask[self.forbidden] = False
        return mask


@dataclass(frozen=True)
class Choice:
    """Sites that were chosen, and how good that is known to be (選んだ場所と、その確かさ).

    `chosen` : positions of candidates, the one that reaches most first. `objective` : what the
    goal counts. `bound` : no choice can be better. `greedy` : what choosing one by one gives.
    `optimal` : proven to be the best.
    """

    chosen: Positions
    objective: float
    bound: float
    greedy: float
    optimal: bool

    @property
    def gap(self) -> float:
        """How far from the bound, as a share of the objective; 0 where it is proven."""
        if self.optimal or self.objective == self.bound:
            return 0.0
        return abs(self.bound - self.objective) / max(abs(self.objective), A_HAIR)


class Deadline:
    """How long a proof may be looked for, over all that has to be solved for it."""

    def __init__(self, seconds: float) -> None:
        self._until = perf_counter() + seconds

    @property
    def left_s(self) -> float:
        """Seconds left, 0 when it is over."""
        return max(self._until - perf_counter(), 0.0)


def refuse_too_many_fixed(problem: SitingProblem, sites: int) -> None:
    """Raises `CannotBeMet` where more sites are fixed than are to be chosen."""
    if len(problem.fixed) > sites:
        raise CannotBeMet(f"{len(problem.fixed)} sites are fixed, {sites} are to be chosen")


def newly_reached(problem: SitingProblem, chosen: Positions) -> Mask:
    """Homes that the chosen sites reach and no place reaches today (capacities apart)."""
    if not len(chosen):
        return np.zeros(len(problem.people), dtype=bool)
    found: Mask = problem.serves[:, chosen].sum(axis=1) > 0
    return found


def in_order_of_gain(problem: SitingProblem, chosen: Positions) -> tuple[Positions, Floats]:
    """The chosen sites, the one that newly reaches most first, each counted beside those before.

    Returns
    -------
    The sites in that order, and the persons each adds; the sum is what all of them newly reach.
    """
    left, todo = problem.people.astype(float).copy(), list(chosen)
    order: list[int] = []
    gains: list[float] = []
    matrix = problem.serves.tocsc()
    while todo:
        gain = matrix[:, todo].T @ left
        best = int(np.argmax(gain))
        site = todo.pop(best)
        order.append(int(site))
        gains.append(float(gain[best]))
        left[matrix[:, [site]].nonzero()[0]] = 0
    return np.array(order, dtype=np.intp), np.array(gains)


def first_to_serve(problem: SitingProblem, order: Positions) -> Positions:
    """For each home the first of the sites in `order` that newly reaches it; -1: none."""
    first = np.full(len(problem.people), -1, dtype=np.intp)
    matrix = problem.serves.tocsc()
    for site in order[::-1]:
        first[matrix[:, [int(site)]].nonzero()[0]] = site
    return first
