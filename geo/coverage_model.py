"""Choosing sites and counting whom they newly reach, as a mixed-integer program for HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from geo.arrays import Floats, Positions
from geo.siting import CannotBeMet, SitingProblem

PROVEN, OUT_OF_TIME, IMPOSSIBLE = 0, 1, 2
SHORTEST_S: Final = 0.001
SALTS: Final = 2
"""Two sums of 64 random bits: that unlike sets of candidates share both does not happen."""


@dataclass(frozen=True)
class Groups:
    """Homes not reached today that reach the same candidates, in the same area: they are one.

    `people` : persons of each group. `serves` : groups × candidates, 1 where reached.
    `area` : the area of each group.
    """

    people: Floats
    serves: csr_array
    area: Positions


def grouped(problem: SitingProblem, area: Positions | None = None) -> Groups:
    """Merge homes that no choice could tell apart; who reaches no candidate is left out."""
    serves = problem.serves
    mask = problem.allowed[serves.indices]
    rows = np.repeat(np.arange(serves.shape[0]), np.diff(serves.indptr))[mask]
    kept = coo_array(
        (np.ones(mask.sum()), (rows, serves.indices[mask])), shape=serves.shape
    ).tocsr()
    homes = np.flatnonzero((np.diff(kept.indptr) > 0) & (problem.people > 0))
    salt = np.random.default_rng(1).integers(1, 2**62, size=(problem.candidates, SALTS))
    signs = np.zeros((len(problem.people), SALTS), dtype=np.uint64)
    np.add.at(signs, rows, salt.astype(np.uint64)[serves.indices[mask]])
    of = np.zeros(len(problem.people), dtype=np.intp) if area is None else area
    keys = np.column_stack([signs[homes], of[homes].astype(np.uint64)])
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    people = np.bincount(group.ravel(), problem.people[homes], minlength=len(first)).astype(float)
    return Groups(people, kept[homes[first]], of[homes[first]])


@dataclass(frozen=True)
class AreaRows:
    """Whom the sites newly reach in each area that can be raised: rows over the columns."""

    matrix: csr_array
    people: Floats
    today: Floats


class CoverageModel:
    """Columns: candidates (chosen or not), then groups (reached or not) or, with capacities,
    how many of a group a candidate serves. `worth`: persons each column counts.
    """

    def __init__(self, problem: SitingProblem, groups: Groups, sites: int | None) -> None:
        self.problem, self.groups, self.sites = problem, groups, sites
        n = problem.candidates
        if problem.capacity_people is None:
            self._constraints = [self._reached_only_if_open()]
            self.worth = np.concatenate([np.zeros(n), groups.people])
            self._group: Positions = np.arange(len(groups.people), dtype=np.intp)
            self._most = np.ones(len(groups.people))
        else:
            links = groups.serves.tocoo()
            self._group, self._site = (np.asarray(c, dtype=np.intp) for c in links.coords)
            self._most = groups.people[self._group].astype(float)
            self._constraints = self._served_within_capacity(problem.capacity_people)
            self.worth = np.concatenate([np.zeros(n), np.ones(len(self._group))])

    def _reached_only_if_open(self) -> LinearConstraint:
        groups = self.groups
        rows = stacked([[-groups.serves, eye_array(len(groups.people))]])
        return LinearConstraint(rows, -np.inf, 0.0)

    def _served_within_capacity(self, capacity: Floats) -> list[LinearConstraint]:
        n, k, g = self.problem.candidates, len(self._group), len(self.groups.people)
        number, ones = np.arange(k), np.ones(k)
        room = room_of(capacity, self.groups.people)
        each = csr_array((ones, (self._group, number)), shape=(g, k))
        taken = csr_array((ones, (self._site, number)), shape=(n, k))
        of_open = csr_array((-self._most, (number, self._site)), shape=(k, n))
        full = csr_array((-room, (np.arange(n), np.arange(n))), shape=(n, n))
        rows = stacked([[None, each], [full, taken], [of_open, eye_array(k)]])
        limits = np.concatenate([self.groups.people, np.zeros(n + k)])
        return [LinearConstraint(rows, -np.inf, limits)]

    def solve(
        self, cost: Floats, seconds: float, more: Sequence[LinearConstraint] = ()
    ) -> OptimizeResult:
        """The least cost; columns beyond the model's own go from 0 to 1. Raises `CannotBeMet`."""
        columns = len(cost)
        own = [LinearConstraint(widened(c.A, columns), c.lb, c.ub) for c in self._constraints]
        constraints = [*own, *choosing(self.problem, self.sites, columns), *more]
        most = np.concatenate([np.ones(self.problem.candidates), self._most])
        most = np.concatenate([most, np.ones(columns - len(most))])
        return solved(self.problem, cost, constraints, most, seconds)

    def people_served(self, chosen: Positions) -> float:
        """Persons that exactly these sites newly reach, or serve within their capacities."""
        if self.problem.capacity_people is None:
            if not len(chosen):
                return 0.0
            return float(self.groups.people[self.groups.serves[:, chosen].sum(axis=1) > 0].sum())
        shut = np.ones(self.problem.candidates)
        shut[chosen] = 0
        wall = LinearConstraint(_padded(shut, len(self.worth)), -np.inf, 0.0)
        found = milp(
            -self.worth,
            constraints=[*self._constraints, wall],
            bounds=Bounds(0, np.concatenate([np.ones(len(shut)), self._most])),
        )
        return -float(found.fun or 0.0)

    def area_rows(self, area: Positions) -> AreaRows:
        """What each area gains, for areas that some candidate could raise."""
        problem, n = self.problem, self.problem.candidates
        areas = np.unique(self.groups.area[self.groups.area >= 0])
        row = np.searchsorted(areas, self.groups.area[self._group])
        inside = self.groups.area[self._group] >= 0
        columns = n + np.flatnonzero(inside)
        shape = (len(areas), len(self.worth))
        matrix = csr_array((self.worth[columns], (row[inside], columns)), shape=shape)
        everybody = [float(problem.people[area == a].sum()) for a in areas]
        today = [float(problem.people[(area == a) & problem.reached].sum()) for a in areas]
        return AreaRows(matrix, np.array(everybody), np.array(today))


def assigned(
    problem: SitingProblem, chosen: Positions, capacity: Floats
) -> tuple[Positions, Positions, Floats]:
    """Whom each chosen site serves within its capacity: home, candidate, persons.

    As many people as can be served at all, each by a site within reach.
    """
    links = problem.serves[:, chosen].tocoo()
    home, column = (np.asarray(c, dtype=np.intp) for c in links.coords)
    k = len(home)
    if not k:
        return home, column, np.array([])
    number, ones = np.arange(k), np.ones(k)
    shapes = ((len(problem.people), k), (len(chosen), k))
    each = csr_array((ones, (home, number)), shape=shapes[0])
    taken = csr_array((ones, (column, number)), shape=shapes[1])
    room = room_of(capacity, problem.people)[chosen]
    limits = np.concatenate([problem.people, room])
    found = milp(
        -ones,
        constraints=LinearConstraint(stacked([[each], [taken]]), -np.inf, limits),
        bounds=Bounds(0, problem.people[home]),
    )
    return home, chosen[column], np.asarray(found.x, dtype=float)


def room_of(capacity: Floats, people: Floats) -> Floats:
    """How many each site takes; one without a limit takes everybody."""
    return np.where(np.isnan(capacity), people.sum(), capacity)


def choosing(problem: SitingProblem, sites: int | None, columns: int) -> list[LinearConstraint]:
    """At most `sites`, and never two that are too near together."""
    found = []
    if sites is not None:
        count = _padded(np.ones(problem.candidates), columns)
        found.append(LinearConstraint(count, -np.inf, sites))
    near = problem.too_near
    if len(near):
        row = np.repeat(np.arange(len(near)), 2)
        pairs = csr_array((np.ones(2 * len(near)), (row, near.ravel())), (len(near), columns))
        found.append(LinearConstraint(pairs, -np.inf, 1.0))
    return found


def solved(
    problem: SitingProblem,
    cost: Floats,
    constraints: Sequence[LinearConstraint],
    most: Floats,
    seconds: float,
) -> OptimizeResult:
    """What HiGHS finds: candidates whole, everything else as it comes. Raises `CannotBeMet`."""
    n = problem.candidates
    least, most = np.zeros(len(cost)), most.astype(float).copy()
    most[problem.forbidden] = 0
    least[problem.fixed] = 1
    if (least > most).any():
        raise CannotBeMet("a site is both fixed and forbidden")
    whole = np.concatenate([np.ones(n), np.zeros(len(cost) - n)])
    found: OptimizeResult = milp(
        cost,
        integrality=whole,
        bounds=Bounds(least, most),
        constraints=constraints,
        options={"time_limit": max(seconds, SHORTEST_S), "mip_rel_gap": 0.0},
    )
    if found.status == IMPOSSIBLE:
        raise CannotBeMet("no choice of sites meets all that is asked")
    return found


def sites_of(problem: SitingProblem, found: OptimizeResult) -> Positions:
    """The candidates a solution chooses."""
    return np.flatnonzero(np.asarray(found.x)[: problem.candidates] > 0.5)


def _padded(row: Floats, columns: int) -> csr_array:
    filled = np.concatenate([row, np.zeros(columns - len(row))])
    return csr_array(filled[None, :])


def widened(rows: Any, columns: int) -> csr_array:
    """The same rows over more columns."""
    sparse = csr_array(rows)
    return csr_array((sparse.data, sparse.indices, sparse.indptr), (sparse.shape[0], columns))


def stacked(blocks: list[list[Any]]) -> csr_array:
    """Blocks of a sparse matrix, None where there is nothing."""
    return csr_array(block_array(blocks))
