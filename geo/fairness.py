"""The fairest sites (公平な配置): the area worst off first, then the next, proven by HiGHS."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import LinearConstraint, OptimizeResult
from scipy.sparse import csr_array, diags_array, eye_array, kron

from geo.arrays import Positions
from geo.coverage_model import PROVEN, AreaRows, CoverageModel, grouped, sites_of, stacked
from geo.greedy import choose_greedily, fair_gain
from geo.siting import NO_LIMIT_S, Choice, Deadline, SitingProblem, refuse_too_many_fixed
from geo.siting_models import needed, people_bound

SHARE_HAIR: Final = 1e-7
"""What sums of shares may miss each other by: a hundredth of a person in 100,000."""


def fairest(
    problem: SitingProblem, sites: int, area: Positions, *, seconds: float = NO_LIMIT_S
) -> Choice:
    """`sites` candidates that leave the worst area as well off as can be, then the next worst.

    Shares of people reached, of the areas that some candidate could raise, are put in order from
    the lowest: of two choices the one is fairer whose first differing share is the higher
    (lexicographic max-min, leximin). Of equally fair choices the one that newly reaches the most
    people. Areas that no candidate can raise change nothing of this.

    Solved as W. Ogryczak and T. Śliwiński do (On solving linear programs with the ordered weighted
    averaging objective, 2003): the sum of the lowest k shares is made as high as it can be, for
    k = 1, 2 …, each time without giving up the sums before.

    Parameters
    ----------
    area : number of each home's area, from 0; -1 for people in none, who count only at the end.

    Returns
    -------
    `objective`, `bound` and `greedy` count the people newly reached. `greedy` may be the higher: it
    is less fair then. `optimal` : proven fairest, and of the fairest the one that reaches most.
    """
    refuse_too_many_fixed(problem, sites)
    until = Deadline(seconds)
    greedy = choose_greedily(problem, sites, fair_gain(problem, area))
    model = CoverageModel(problem, grouped(problem, area), sites)
    ladder = _Ladder(model, model.area_rows(area))
    chosen, proven = greedy, True
    for steps in range(1, len(ladder.rows.people) + 1):
        found = ladder.raise_sum_of(steps, until.left_s)
        chosen = chosen if found.x is None else sites_of(problem, found)
        proven = found.status == PROVEN
        if not proven:
            break
        ladder.keep(-float(found.fun))
    bound = float(model.groups.people.sum())
    if proven:
        found = ladder.reach_most(until.left_s)
        chosen = chosen if found.x is None else sites_of(problem, found)
        proven, bound = found.status == PROVEN, people_bound(model, found)
    people = model.people_served(chosen)
    by_hand = model.people_served(greedy)
    return Choice(needed(problem, chosen), people, max(bound, people), by_hand, proven)


@dataclass
class _Ladder:
    """Sums of the lowest shares, one step after the other.

    Behind the model's columns: for each step k a threshold r, then what each area lacks below it
    (d); k·r - Σd is at most the sum of the k lowest shares, and can be as much.
    """

    model: CoverageModel
    rows: AreaRows

    def __post_init__(self) -> None:
        self.sums: list[float] = []

    def keep(self, lowest: float) -> None:
        """Never give up what the last step has gained."""
        self.sums.append(lowest)

    def raise_sum_of(self, steps: int, seconds: float) -> OptimizeResult:
        """Make the sum of as many lowest shares as high as it can be."""
        return self.model.solve(
            -self._sums_of(steps)[[steps - 1]].toarray().ravel(), seconds, self._held(steps)
        )

    def reach_most(self, seconds: float) -> OptimizeResult:
        """Newly reach the most people, with all sums kept."""
        steps = len(self.sums)
        worth = np.concatenate([self.model.worth, np.zeros(steps * (1 + len(self.rows.people)))])
        return self.model.solve(-worth, seconds, self._held(steps))

    def _held(self, steps: int) -> list[LinearConstraint]:
        if not steps:
            return []
        people, each = self.rows.people, eye_array(steps)
        shares = csr_array(kron(np.ones((steps, 1)), self.rows.matrix))
        lacking = kron(each, diags_array(people))
        below = stacked([[shares, -kron(each, people[:, None]), lacking]])
        held = [LinearConstraint(below, -np.tile(self.rows.today, steps), np.inf)]
        if self.sums:
            kept = np.array(self.sums) - SHARE_HAIR
            held.append(LinearConstraint(self._sums_of(steps)[: len(kept)], kept, np.inf))
        return held

    def _sums_of(self, steps: int) -> csr_array:
        """Rows: k·r - Σd, for each step."""
        base, areas = len(self.model.worth), len(self.rows.people)
        thresholds = diags_array(np.arange(1.0, steps + 1))
        lacking: Any = kron(eye_array(steps), np.ones((1, areas)))
        behind = stacked([[thresholds, -lacking]])
        return stacked([[csr_array((steps, base)), behind]])
