"""How far it is on foot (徒歩距離) to the nearest place."""

from typing import Final

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.arrays import Floats, Mask, Positions
from geo.crs import are_points, require_metres
from geo.roads import RoadNetwork, Snapped, graph_from, on_one_edge, snap

MICROMETRES: Final = 6  # decimals kept: "exactly 500 m" and "equally far" outlive a shifted origin


class NotADistance(ValueError):
    """A walking distance that is not a positive, finite number of metres."""


def straight(demand: GeoDataFrame, places: GeoDataFrame, *, detour: float = 1.0) -> DataFrame:
    """Straight-line distance to the nearest place (最寄りの通いの場までの直線距離).

    A way on foot is never shorter, so coverage built on it is an upper bound. With a `detour` it
    is an estimate (推計) of the way: 1.3 is usual, and 600 m of road for 380 m of straight line
    have been seen (ttri r01/01, pp. 22–24).

    Parameters
    ----------
    demand : n points, CRS in metres.
    places : m points with unique labels as index, same CRS; m may be 0. Places without a point
        (known by area or contact only) are nobody's nearest.
    detour : factor on the straight line, 1 or more.

    Returns
    -------
    Indexed like `demand`: `place_id` (label of the nearest place, the first of equally near ones;
    dtype object, missing (None) where there is none) and `distance_m` (to a micrometre; inf where
    there is none).

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    ValueError : `detour` is below 1, or not a finite number.
    """
    require_metres(demand, places)
    if not 1 <= detour < np.inf:
        raise ValueError(f"detour must be 1 or more, got {detour}")
    there = places[are_points(places)]
    nearest = np.full(len(demand), None, dtype=object)
    metres = np.full(len(demand), np.inf)
    if len(there) and len(demand):
        at, metres = _nearest(
            demand.geometry.get_coordinates().to_numpy(),
            there.geometry.get_coordinates().to_numpy(),
        )
        nearest = there.index.to_numpy(dtype=object)[at]
    found = {
        "place_id": Series(nearest, dtype=object, index=demand.index),
        "distance_m": Series((metres * detour).round(MICROMETRES), index=demand.index),
    }
    return DataFrame(found)


def by_road(
    demand: GeoDataFrame,
    places: GeoDataFrame,
    network: RoadNetwork,
    *,
    barriers: GeoSeries | None = None,
) -> DataFrame:
    """Distance along roads to the nearest place (最寄りの通いの場までの道のり).

    From the home straight to the nearest road, along roads, and straight to the place; what is off
    the road counts. Never shorter than `straight`. With slopes in the network it is metres on the
    flat that cost as much.

    Parameters
    ----------
    demand, places : as in `straight`.
    network : from `geo.roads.road_network`, same CRS.
    barriers : see `geo.roads.snap`.

    Returns
    -------
    As from `straight`, with `off_road_m` (how far a home is from its road, metres). A home whose
    roads lead to no place has inf and None. Of equally near places, one.

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    """
    require_metres(demand, places)
    there = places[are_points(places)]
    nearest = np.full(len(demand), None, dtype=object)
    metres, off_m = np.full(len(demand), np.inf), np.full(len(demand), np.inf)
    if len(demand):
        homes = snap(network, np.asarray(demand.geometry.array), barriers)
        off_m = homes.off_m
        if len(there):
            spots = snap(network, np.asarray(there.geometry.array), barriers)
            at, metres = _nearest_by_road(network, homes, spots)
            nearest[at >= 0] = there.index.to_numpy(dtype=object)[at[at >= 0]]
    found = {
        "place_id": Series(nearest, dtype=object, index=demand.index),
        "distance_m": Series(metres.round(MICROMETRES), index=demand.index),
        "off_road_m": Series(off_m, index=demand.index),
    }
    return DataFrame(found)


def nearest_corner_by_road(network: RoadNetwork, places: Positions) -> tuple[Positions, Floats]:
    """For every junction the nearest of the junctions where places are, and the way to it.

    Returns
    -------
    Position in `places` (-1: no way leads to any), and metres (inf).
    """
    cost, _, source = dijkstra(
        network.graph, indices=places, min_only=True, return_predecessors=True
    )
    number = np.full(len(network.junctions) + 1, -1)
    number[places[::-1]] = np.arange(len(places))[::-1]
    return number[np.maximum(source, -1)], cost


def within_reach(walk: DataFrame, distance_m: float) -> Mask:
    """Which rows of `walk` are at most `distance_m` from a place; exactly that far counts.

    Raises
    ------
    NotADistance : `distance_m` is not positive and finite.
    """
    if not 0 < distance_m < np.inf:
        raise NotADistance(f"distance_m must be positive and finite, got {distance_m}")
    return walk["distance_m"].to_numpy() <= distance_m


def require_same_rows(demand: GeoDataFrame, walk: DataFrame) -> None:
    """Refuse distances that belong to other people.

    Raises
    ------
    ValueError : the two are not indexed alike.
    """
    if not demand.index.equals(walk.index):
        raise ValueError(f"{len(demand)} rows of demand, {len(walk)} of walk, or in another order")


def _nearest_by_road(
    network: RoadNetwork, homes: Snapped, spots: Snapped
) -> tuple[Positions, Floats]:
    """Position of the nearest place (-1: none) and the way to it, for every home."""
    n = len(network.junctions)
    cost, _, source = dijkstra(
        graph_from(network, spots),
        indices=n + np.arange(len(spots.edge)),
        min_only=True,
        return_predecessors=True,
    )
    ends = network.ends[homes.edge]
    along = np.column_stack([homes.along_m, network.cost_m[homes.edge] - homes.along_m])
    ways = cost[ends] + along
    better = ways.argmin(axis=1)
    rows = np.arange(len(ends))
    metres, at = ways[rows, better] + homes.off_m, source[ends[rows, better]] - n
    home, spot, direct = on_one_edge(homes, spots)
    order = np.lexsort((direct, home))
    first = np.unique(home[order], return_index=True)[1]
    home, spot, direct = home[order][first], spot[order][first], direct[order][first]
    closer = direct < metres[home]
    metres[home[closer]], at[home[closer]] = direct[closer], spot[closer]
    return np.where(np.isfinite(metres), at, -1), metres


def _nearest(homes: Floats, places: Floats) -> tuple[Positions, Floats]:
    """Position of the first of the nearest places, and the distance to it."""
    kept = np.sort(np.unique(places, axis=0, return_index=True)[1])
    found = cKDTree(places[kept]).query(homes, k=[1, 2], workers=-1)
    metres, at = np.round(found[0], MICROMETRES), np.asarray(found[1])
    tied = np.flatnonzero(metres[:, 0] == metres[:, 1])
    between = np.hypot(*(homes[tied, None] - places[kept]).transpose(2, 0, 1)).round(MICROMETRES)
    at[tied, 0] = between.argmin(axis=1)
    return kept[at[:, 0]], metres[:, 0]
