"""Access beyond yes or no (通いの場の足りぐあい): how much of a place there is for each person.

Enhanced two-step floating catchment areas (E2SFCA): W. Luo, Y. Qi, An enhanced two-step floating
catchment area (E2SFCA) method for measuring spatial accessibility to primary care physicians,
Health & Place 15, 2009.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.arrays import Floats, Mask, Positions
from geo.reach import Pairs

Bands = tuple[tuple[float, float], ...]
"""Farthest metres of each band of walking distance, in order, and the weight within it."""
BANDS: Final[Bands] = ((300.0, 1.0), (500.0, 0.77), (800.0, 0.46), (1_000.0, 0.22))
"""The product's own bands. Weights by a Gaussian at each band's middle, 1 in the first and, as in
Luo and Qi, 0.22 in the last."""


@dataclass(frozen=True)
class Access:
    """What each home has, and what each place has to serve.

    `seats_per_person` : openings a person could take a week, for each home; 0 where nothing is
    within reach. `people_per_place` : the weighted crowd at each place. `idle` : places that nobody
    can reach; their supply is nobody's.
    """

    seats_per_person: Floats
    people_per_place: Floats
    idle: Mask


def floating_catchment(
    people: Floats, supply: Floats, pairs: Pairs, *, bands: Bands = BANDS
) -> Access:
    """E2SFCA: a place's supply is shared among all who could come, the nearer weighing more.

    Summed over all people, what they have is the supply of all places that anybody can reach.

    Parameters
    ----------
    people : persons at each home.
    supply : what each place offers a week: seats × openings a week. A place that opens once a month
        counts a quarter of one that opens once a week.
    pairs : homes and places within the farthest band; a pair farther than that counts as in the
        last band (送迎: it is fetched, see `with_transport`).
    bands : farthest metres and weight, in order of distance.

    Raises
    ------
    ValueError : bands are not in order.
    """
    far = np.array([metres for metres, _ in bands])
    weights = np.array([weight for _, weight in bands])
    if (np.diff(far) <= 0).any() or (weights <= 0).any():
        raise ValueError(f"bands must go outwards, with weights above 0: {bands}")
    band = np.minimum(np.searchsorted(far, pairs.distance_m), len(far) - 1)
    weight = weights[band]
    crowd = np.bincount(pairs.place, people[pairs.home] * weight, minlength=len(supply))
    idle = crowd <= 0
    ratio = np.divide(supply, crowd, out=np.zeros(len(supply)), where=~idle)
    seats = np.bincount(pairs.home, ratio[pairs.place] * weight, minlength=len(people))
    return Access(seats.astype(float), crowd.astype(float), idle)


def with_transport(
    pairs: Pairs, home_area: Positions, place_area: Positions, fetches: Mask
) -> Pairs:
    """The pairs, and everybody in the area of a place that fetches people (送迎), however far.

    Parameters
    ----------
    home_area, place_area : number of each one's area; -1: in none, where nobody is fetched.
    fetches : which places do.

    Returns
    -------
    Pairs in order of home, then place; those added have an infinite distance.
    """
    areas = int(max(home_area.max(initial=-1), place_area.max(initial=-1))) + 1
    homes = np.argsort(home_area, kind="stable")
    begin = np.searchsorted(home_area[homes], np.arange(areas))
    stop = np.searchsorted(home_area[homes], np.arange(areas), "right")
    vans = np.flatnonzero(fetches & (place_area >= 0))
    counts = (stop - begin)[place_area[vans]]
    place = np.repeat(vans, counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    home = homes[np.repeat(begin[place_area[vans]], counts) + within]
    all_homes = np.concatenate([pairs.home, home])
    all_places = np.concatenate([pairs.place, place])
    metres = np.concatenate([pairs.distance_m, np.full(len(home), np.inf)])
    order = np.lexsort((metres, all_places, all_homes))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(all_homes[order]) != 0) | (np.diff(all_places[order]) != 0)
    kept = order[first]
    return Pairs(all_homes[kept], all_places[kept], metres[kept])
