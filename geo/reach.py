"""Who can reach which places (だれがどこへ行けるか): all pairs within a walk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions
from geo.crs import are_points, require_metres
from geo.roads import RoadNetwork, Snapped, graph_from, on_one_edge, snap
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


ROWS_AT_ONCE: Final = 4_000_000
"""How many distances from places to junctions are held at a time."""


def pairs_by_road(
    demand: GeoDataFrame,
    places: GeoDataFrame,
    network: RoadNetwork,
    distance_m: float,
    *,
    barriers: GeoSeries | None = None,
) -> Pairs:
    """All pairs at most `distance_m` apart along roads, what is off the road counted.

    Parameters and what is raised: as in `pairs_straight` and `geo.walking.by_road`.
    """
    require_metres(demand, places)
    if not 0 < distance_m < np.inf:
        raise NotADistance(f"distance_m must be positive and finite, got {distance_m}")
    there = np.flatnonzero(are_points(places))
    found: list[tuple[Positions, Positions, Floats]] = []
    if len(demand) and len(there):
        homes = snap(network, np.asarray(demand.geometry.array), barriers)
        spots = snap(network, np.asarray(places[are_points(places)].geometry.array), barriers)
        found = [*_along_junctions(network, homes, spots, distance_m)]
        found.append(on_one_edge(homes, spots))
    none = np.array([], dtype=np.intp)
    home = np.concatenate([none, *(part[0] for part in found)])
    spot = np.concatenate([none, *(part[1] for part in found)])
    metres = np.concatenate([np.array([]), *(part[2] for part in found)]).round(MICROMETRES)
    order = np.lexsort((metres, spot, home))
    home, spot, metres = home[order], spot[order], metres[order]
    first = np.ones(len(home), dtype=bool)
    first[1:] = (home[1:] != home[:-1]) | (spot[1:] != spot[:-1])
    return in_order(home[first], there[spot[first]], metres[first], distance_m)


def _along_junctions(
    network: RoadNetwork, homes: Snapped, spots: Snapped, distance_m: float
) -> Iterator[tuple[Positions, Positions, Floats]]:
    """Pairs whose way leads over a junction; some places at a time, to keep memory small."""
    graph, n = graph_from(network, spots), len(network.junctions)
    step = max(ROWS_AT_ONCE // max(n, len(homes.edge)), 1)
    for start in range(0, len(spots.edge), step):
        some = np.arange(start, min(start + step, len(spots.edge)))
        cost = dijkstra(graph, indices=n + some, limit=distance_m)
        walk = homes.cost_to(network, cost[:, :n])
        place, home = np.nonzero(walk <= distance_m + 10**-MICROMETRES)
        yield home, some[place], walk[place, home]


def in_order(home: Positions, place: Positions, metres: Floats, distance_m: float) -> Pairs:
    """The pairs that are within `distance_m`, by home and then by place."""
    kept = metres <= distance_m
    home, place, metres = home[kept], place[kept], metres[kept]
    order = np.lexsort((place, home))
    return Pairs(home[order], place[order], metres[order])
