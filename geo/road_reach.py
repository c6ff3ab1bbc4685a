"""Which roads lie within a walk of a place (歩いて行ける道): what a map shows of coverage."""

from collections.abc import Iterator

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from geo.arrays import Floats, Geometries, Positions
from geo.crs import are_points, require_metres
from geo.roads import RoadNetwork, graph_from, snap
from geo.walking import NotADistance


def roads_within(
    network: RoadNetwork,
    places: GeoDataFrame,
    distance_m: float,
    *,
    barriers: GeoSeries | None = None,
) -> Geometries:
    """The roads, whole or in part, from which a place is at most `distance_m` away.

    A home on one of them, no farther off the road than what is left of the walk, is within reach.

    Parameters
    ----------
    network, places, barriers : as in `geo.walking.by_road`.
    distance_m : how far people walk, metres; the way off the road to the place counts.

    Returns
    -------
    LineStrings in the network's CRS, in no order.

    Raises
    ------
    NotInMetres, NotADistance
    """
    require_metres(places)
    if not 0 < distance_m < np.inf:
        raise NotADistance(f"distance_m must be positive and finite, got {distance_m}")
    there = places[are_points(places)]
    if there.empty:
        return np.array([], dtype=object)
    spots = snap(network, np.asarray(there.geometry.array), barriers)
    n = len(network.junctions)
    sources = n + np.arange(len(spots.edge))
    cost = dijkstra(graph_from(network, spots), indices=sources, min_only=True, limit=distance_m)
    left = distance_m - cost[:n][network.ends]
    share = np.clip(left / network.cost_m[:, None], 0, 1)
    share = np.where(np.isfinite(share), share, 0)
    whole = share.sum(axis=1) >= 1
    begun = [np.flatnonzero(~whole & (share[:, end] > 0)) for end in (0, 1)]
    pieces = [
        *zip(begun[0], np.zeros(len(begun[0])), share[begun[0], 0], strict=True),
        *zip(begun[1], 1 - share[begun[1], 1], np.ones(len(begun[1])), strict=True),
        *_around_places(network, spots.edge, spots.along_m, distance_m - spots.off_m),
    ]
    cut = [
        substring(network.lines[edge], begin, stop, normalized=True)
        for edge, begin, stop in pieces
        if not whole[edge]
    ]
    lines: Geometries = np.concatenate([network.lines[whole], np.array(cut, dtype=object)])
    return lines[shapely.length(lines) > 0]


def _around_places(
    network: RoadNetwork, edge: Positions, along_m: Floats, left_m: Floats
) -> Iterator[tuple[np.intp, np.float64, np.float64]]:
    """The stretch of a place's own road on both sides of it, as shares of the edge."""
    cost, near = network.cost_m[edge], left_m > 0
    begin, stop = np.maximum(along_m - left_m, 0) / cost, np.minimum(along_m + left_m, cost) / cost
    return zip(edge[near], begin[near], stop[near], strict=True)
