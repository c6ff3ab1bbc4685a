"""Who can reach which places (だれがどこへ行けるか): all pairs within a walk."""

from dataclasses import dataclass

import numpy as np
from geopandas import GeoDataFrame
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions
from geo.crs import are_points, require_metres
from geo.walking import MICROMETRES, NotADistance


@dataclass(frozen=True)
class Pairs:
    """Pairs of a home and a place within reach, as parallel arrays.

    `home`, `place` : row positions in the demand and in the places; `distance_m` : the walk.
    In order of home, then place; each pair at most once.
    """

    home: Positions
    place: Positions
    distance_m: Floats


def pairs_straight(
    demand: GeoDataFrame, places: GeoDataFrame, distance_m: float, *, detour: float = 1.0
) -> Pairs:
    """All pairs at most `distance_m` apart by straight line × `detour`; exactly that far counts.

    Parameters
    ----------
    demand, places : points, CRS in metres. Places without a point are in no pair.
    distance_m : the longest walk, metres.
    detour : factor on the straight line, 1 or more (1.3: 推計).

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    NotADistance : `distance_m` is not positive and finite.
    ValueError : `detour` is below 1, or not a finite number.
    """
    require_metres(demand, places)
    if not 0 < distance_m < np.inf:
        raise NotADistance(f"distance_m must be positive and finite, got {distance_m}")
    if not 1 <= detour < np.inf:
        raise ValueError(f"detour must be 1 or more, got {detour}")
    there = np.flatnonzero(are_points(places))
    homes = demand.geometry.get_coordinates().to_numpy()
    spots = places[are_points(places)].geometry.get_coordinates().to_numpy()
    if not len(homes) or not len(there):
        none = np.array([], dtype=np.intp)
        return Pairs(none, none, np.array([], dtype=float))
    # A hair wider than asked for, so that rounding decides what "exactly that far" is.
    near = cKDTree(homes).query_ball_point(spots, distance_m / detour + 1e-6, workers=-1)
    counts = np.fromiter(map(len, near), dtype=np.intp, count=len(near))
    home = np.concatenate(near).astype(np.intp) if counts.sum() else np.array([], dtype=np.intp)
    spot = np.repeat(np.arange(len(there)), counts)
    metres = (np.hypot(*(homes[home] - spots[spot]).T) * detour).round(MICROMETRES)
    return in_order(home, there[spot], metres, distance_m)


def in_order(home: Positions, place: Positions, metres: Floats, distance_m: float) -> Pairs:
    """The pairs that are within `distance_m`, by home and then by place."""
    kept = metres <= distance_m
    home, place, metres = home[kept], place[kept], metres[kept]
    order = np.lexsort((place, home))
    return Pairs(home[order], place[order], metres[order])
