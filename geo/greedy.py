"""Sites one by one (一つずつ選ぶ): shown at once, and beside the proof of the best.

The best next site each time. For people reached that is at least 1 - 1/e of the best (G. Nemhauser,
L. Wolsey, M. Fisher, 1978); on towns it is mostly within a few per cent.
"""

from collections.abc import Callable

import numpy as np

from geo.arrays import Floats, Mask, Positions
from geo.siting import A_HAIR, SitingProblem

Gain = Callable[[Positions], Floats]


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
    """Persons each candidate newly reaches, beside the chosen."""
    matrix = problem.serves

    def gain(chosen: Positions) -> Floats:
        left = problem.people.astype(float).copy()
        if len(chosen):
            left[matrix[:, chosen].sum(axis=1) > 0] = 0
        return np.asarray(matrix.T @ left, dtype=float)

    return gain


def fair_gain(problem: SitingProblem, area: Positions) -> Gain:
    """How high each candidate leaves the worst area that can be raised; of equals, most people."""
    coo = problem.serves.tocoo()
    home, site = coo.coords
    areas = int(area.max(initial=-1)) + 1
    inside = area[home] >= 0
    helped = inside & (problem.people[home] > 0) & problem.allowed[site]
    can = np.isin(np.arange(areas), area[home[helped]])
    everybody = np.bincount(area[area >= 0], problem.people[area >= 0], minlength=areas)
    total = float(problem.people.sum())

    def gain(chosen: Positions) -> Floats:
        left = problem.people.astype(float).copy()
        left[problem.reached] = 0
        if len(chosen):
            left[problem.serves[:, chosen].sum(axis=1) > 0] = 0
        served = problem.people - left
        now = np.bincount(area[area >= 0], served[area >= 0], minlength=areas)
        cell = site[inside] * areas + area[home[inside]]
        adds = np.bincount(cell, left[home[inside]], minlength=problem.candidates * areas)
        share = (now + adds.reshape(problem.candidates, areas))[:, can] / everybody[can]
        people = np.bincount(site, left[home], minlength=problem.candidates)
        worst = share.min(axis=1) if can.any() else np.zeros(problem.candidates)
        return np.where(people > A_HAIR, worst * total * 10 + people, 0.0)

    return gain


def walking_gain(problem: SitingProblem, today_m: Floats) -> Gain:
    """Person-metres each candidate saves, beside the chosen; `today_m`: each home's walk today."""
    pairs = problem.pairs

    def gain(chosen: Positions) -> Floats:
        now = walk_with(problem, today_m, chosen)
        saved = problem.people[pairs.home] * np.maximum(now[pairs.home] - pairs.distance_m, 0)
        return np.bincount(pairs.place, saved, minlength=problem.candidates).astype(float)

    return gain


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
