"""Sites one by one (一つずつ選ぶ): shown at once, and beside the proof of the best.

The best next site each time. For people reached that is at least 1 - 1/e of the best (G. Nemhauser,
L. Wolsey, M. Fisher, 1978); on towns it is mostly within a few per cent.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from geo.arrays import Floats, Mask, Positions
from geo.siting import A_HAIR, SitingProblem, newly_reached

Gain = Callable[[Positions], Floats]
SHARES_ALIKE: Final = 7
"""Decimals by which shares of two areas are the same."""


def choose_greedily(problem: SitingProblem, sites: int, gain: Gain) -> Positions:
    """Up to `sites` candidates, each the best beside those before; fixed ones come first.

    `gain` gives for every candidate what choosing it adds to the chosen.
    """
    chosen = [int(site) for site in problem.fixed]
    free = problem.allowed.copy()
    for site in chosen:
        _close(problem, free, site)
    while len(chosen) < sites and free.any():
        value = np.where(free, gain(np.array(chosen, dtype=np.intp)), -np.inf)
        best = int(np.argmax(value))
        if value[best] <= A_HAIR:
            break
        chosen.append(best)
        _close(problem, free, best)
    return np.array(chosen, dtype=np.intp)


def people_gain(problem: SitingProblem) -> Gain:
    """Persons each candidate newly reaches beside the chosen, no more than it can take.

    With capacities it is not said which people of a home a chosen site takes: as many of each, in
    the share it has room for.
    """
    matrix, room = problem.serves, room_for(problem)

    def gain(chosen: Positions) -> Floats:
        left = problem.people.astype(float).copy()
        for site in chosen:
            near = matrix[:, [int(site)]].nonzero()[0]
            crowd = left[near].sum()
            left[near] *= 1 - min(1.0, room[site] / crowd) if crowd else 0.0
        return np.asarray(np.minimum(matrix.T @ left, room), dtype=float)

    return gain


def fair_gain(problem: SitingProblem, area: Positions) -> Gain:
    """How well off each candidate leaves the areas: the worst, then the next; then most people.

    Candidates in their order, as ranks: there is no one number for many areas.
    """
    coo = problem.serves.tocoo()
    home, site = (np.asarray(c, dtype=np.intp) for c in coo.coords)
    areas = int(area.max(initial=-1)) + 1
    inside = area[home] >= 0
    helped = inside & (problem.people[home] > 0) & problem.allowed[site]
    can = np.isin(np.arange(areas), area[home[helped]])
    everybody = np.bincount(area[area >= 0], problem.people[area >= 0], minlength=areas)

    def gain(chosen: Positions) -> Floats:
        served = problem.reached | newly_reached(problem, chosen)
        left = np.where(served, 0.0, problem.people)
        mine = served & (area >= 0)
        now = np.bincount(area[mine], problem.people[mine], minlength=areas)
        cell = site[inside] * areas + area[home[inside]]
        adds = np.bincount(cell, left[home[inside]], minlength=problem.candidates * areas)
        share = (now + adds.reshape(problem.candidates, areas))[:, can] / everybody[can]
        people = np.bincount(site, left[home], minlength=problem.candidates)
        worst_first = np.sort(share, axis=1).round(SHARES_ALIKE).T
        first_of_equals = -np.arange(problem.candidates)
        order = np.lexsort((first_of_equals, people, *worst_first[::-1]))
        rank = np.empty(problem.candidates)
        rank[order] = np.arange(1, problem.candidates + 1)
        return np.where(people > A_HAIR, rank, 0.0)

    return gain


def walking_gain(problem: SitingProblem, today_m: Floats) -> Gain:
    """Person-metres each candidate saves, beside the chosen; `today_m`: each home's walk today.

    With capacities the share of it for which a candidate has room.
    """
    pairs, room = problem.pairs, room_for(problem)

    def gain(chosen: Positions) -> Floats:
        now = walk_with(problem, today_m, chosen)
        shorter = np.maximum(now[pairs.home] - pairs.distance_m, 0)
        people = problem.people[pairs.home]
        saved = np.bincount(pairs.place, people * shorter, minlength=problem.candidates)
        crowd = np.bincount(pairs.place, people * (shorter > 0), minlength=problem.candidates)
        return np.asarray(saved * np.minimum(1.0, room / np.maximum(crowd, A_HAIR)), dtype=float)

    return gain


def room_for(problem: SitingProblem) -> Floats:
    """How many people each candidate can take; inf: as many as come."""
    capacity = problem.capacity_people
    if capacity is None:
        return np.full(problem.candidates, np.inf)
    return np.where(np.isnan(capacity), np.inf, capacity)


def walk_with(problem: SitingProblem, today_m: Floats, chosen: Positions) -> Floats:
    """Each home's walk to the nearest place, with the chosen sites open too."""
    pairs, now = problem.pairs, today_m.astype(float).copy()
    there = np.isin(pairs.place, chosen)
    np.minimum.at(now, pairs.home[there], pairs.distance_m[there])
    return now


def _close(problem: SitingProblem, free: Mask, site: int) -> None:
    """A chosen site is not chosen again, nor is one too near to it."""
    free[site] = False
    near = problem.too_near
    free[near[near[:, 0] == site, 1]] = False
    free[near[near[:, 1] == site, 0]] = False
