"""The network people walk on (道路網): lines joined where they share a vertex."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array
from shapely import STRtree

from geo.arrays import Floats, Geometries, Positions
from geo.crs import require_metres

SAME_VERTEX_M: Final = 0.01
"""Vertices that fall into one square of a centimetre are one junction."""
NO_LENGTH_M: Final = 1e-9
"""Stands for 0 in the graph, where 0 would be no way; less than distances are rounded to."""


class NoRoads(LookupError):
    """There are no roads to walk on."""


@dataclass(frozen=True)
class RoadNetwork:
    """Roads as edges between junctions, to be walked both ways.

    `junctions` : n points (x, y), metres. `ends` : (m, 2) positions in `junctions`.
    `line_m` : length of each edge. `cost_m` : what walking it costs, in metres on the flat; not
    less than `line_m`. `lines` : the edges as LineStrings, from first to second end.
    """

    junctions: Floats
    ends: Positions
    line_m: Floats
    cost_m: Floats
    lines: Geometries
    crs: Any

    @cached_property
    def graph(self) -> csr_array:
        """The symmetric matrix of costs between junctions; of parallel edges the shortest."""
        there = self.ends[:, 0] != self.ends[:, 1]
        first, second = self.ends[there].min(axis=1), self.ends[there].max(axis=1)
        cost = np.maximum(self.cost_m[there], NO_LENGTH_M)
        order = np.lexsort((cost, second, first))
        first, second, cost = first[order], second[order], cost[order]
        shortest = np.ones(len(first), dtype=bool)
        shortest[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
        u, v, w = first[shortest], second[shortest], cost[shortest]
        both = (np.concatenate([w, w]), (np.concatenate([u, v]), np.concatenate([v, u])))
        n = len(self.junctions)
        return csr_array(both, shape=(n, n))

    @cached_property
    def tree(self) -> STRtree:
        """The edges by where they lie."""
        return STRtree(self.lines)

    @classmethod
    def from_edges(
        cls, junctions: Floats, ends: Positions, length_m: Floats, crs: Any
    ) -> "RoadNetwork":
        """A network of which junctions and lengths are known, with straight lines between them."""
        lines: Geometries = np.asarray(shapely.linestrings(junctions[ends]))
        return cls(junctions, ends, length_m, length_m, lines, crs)


def road_network(roads: GeoDataFrame, *, slopes: bool = False) -> RoadNetwork:
    """Join lines into a network where they share a vertex.

    Two lines that cross without a common vertex are not connected: one passes over the other.
    Vertices are the same within a centimetre.

    Parameters
    ----------
    roads : LineStrings or MultiLineStrings, CRS in metres; what is empty is left out. Column
        `slope` (rise over run, either way; NaN: not known, taken as flat) with `slopes`.
    slopes : whether going up and down counts, by `slope_cost`.

    Raises
    ------
    NotInMetres : the frame is in degrees.
    NoRoads : nothing is left.
    """
    require_metres(roads)
    parts, of_road = shapely.get_parts(roads.geometry.to_numpy(), return_index=True)
    vertices, line = shapely.get_coordinates(parts, return_index=True)
    vertices, line = _without_repeats(vertices, line)
    if not len(vertices):
        raise NoRoads("no road has two different vertices")
    keys = _keys(vertices)
    _, vertex, times = np.unique(keys, return_inverse=True, return_counts=True)
    at_end = np.ones(len(line), dtype=bool)
    at_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    joins = np.flatnonzero(at_end | (times[vertex] > 1))
    begins = joins[:-1][line[joins[:-1]] == line[joins[1:]]]
    stops = joins[1:][line[joins[:-1]] == line[joins[1:]]]
    used, number = np.unique(vertex[np.concatenate([begins, stops])], return_inverse=True)
    ends = number.reshape(2, -1).T
    first_of = np.full(vertex.max() + 1, -1)
    first_of[vertex[::-1]] = np.arange(len(vertex))[::-1]
    lines = _lines_between(vertices, begins, stops)
    line_m = shapely.length(lines)
    cost_m = line_m
    if slopes:
        rise = roads["slope"].to_numpy(dtype=float)[of_road[line[begins]]]
        cost_m = line_m * slope_cost(rise)
    return RoadNetwork(vertices[first_of[used]], ends, line_m, cost_m, lines, roads.crs)


def slope_cost(slope: Floats) -> Floats:
    """Metres on the flat that a metre of slope costs, up and down taken together, at least 1.

    Speeds by Tobler's hiking function, 6 exp(-3.5 |slope + 0.05|) km/h (W. Tobler, Three
    Presentations on Geographical Analysis and Modeling, NCGIA 93-1, 1993); the mean of both ways
    against the flat, since whoever goes there comes back. NaN: not known, as on the flat.
    """
    steep = np.nan_to_num(np.abs(slope), nan=0.0)
    there_and_back = np.exp(3.5 * np.abs(steep + 0.05)) + np.exp(3.5 * np.abs(steep - 0.05))
    cost: Floats = np.maximum(there_and_back / (2 * np.exp(3.5 * 0.05)), 1.0)
    return cost


def _keys(vertices: Floats) -> Positions:
    """One whole number for every square of a centimetre."""
    squares = np.floor(vertices / SAME_VERTEX_M + 0.5).astype(np.int64)
    squares -= squares.min(axis=0)
    return np.asarray(squares[:, 0] * (squares[:, 1].max() + 1) + squares[:, 1], dtype=np.intp)


def _without_repeats(vertices: Floats, line: Positions) -> tuple[Floats, Positions]:
    """Vertices that repeat the one before are one; a line needs two different ones."""
    if not len(vertices):
        return vertices, line
    moved = np.ones(len(line), dtype=bool)
    keys = _keys(vertices)
    moved[1:] = (keys[1:] != keys[:-1]) | (line[1:] != line[:-1])
    vertices, line = vertices[moved], line[moved]
    several = np.bincount(line)[line] > 1
    return vertices[several], line[several]


def _lines_between(vertices: Floats, begins: Positions, stops: Positions) -> Geometries:
    """The pieces of lines from one junction to the next."""
    counts = stops - begins + 1
    edge = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    lines: Geometries = shapely.linestrings(vertices[begins[edge] + within], indices=edge)
    return lines


@dataclass(frozen=True)
class Snapped:
    """Where points meet the roads: edge, cost along it from its first end, and the way to it.

    `off_m` : straight way between the point and the road, metres, counted as walked.
    """

    edge: Positions
    along_m: Floats
    off_m: Floats

    def cost_to(self, network: RoadNetwork, from_junctions: Floats) -> Floats:
        """The walk to each point, where that to every junction (last axis) is known."""
        first, second = network.ends[self.edge].T
        by_first = from_junctions[..., first] + self.along_m
        by_second = from_junctions[..., second] + (network.cost_m[self.edge] - self.along_m)
        cost: Floats = np.minimum(by_first, by_second) + self.off_m
        return cost


def graph_from(network: RoadNetwork, places: Snapped) -> csr_array:
    """The graph with one more node per place, after the junctions, from which ways lead out."""
    graph, n, m = network.graph, len(network.junctions), len(places.edge)
    along = np.column_stack([places.along_m, network.cost_m[places.edge] - places.along_m])
    out = np.maximum(along + places.off_m[:, None], NO_LENGTH_M)
    to = network.ends[places.edge]
    # A place at an end of a loop, or of an edge that begins where it ends, is one way twice.
    indptr = np.concatenate([graph.indptr, graph.indptr[-1] + 2 * np.arange(1, m + 1)])
    data = np.concatenate([graph.data, out.ravel()])
    indices = np.concatenate([graph.indices, to.ravel()])
    return csr_array((data, indices, indptr), shape=(n + m, n + m))


def on_one_edge(homes: Snapped, places: Snapped) -> tuple[Positions, Positions, Floats]:
    """Homes and places that meet the same edge, and the walk along it between them."""
    order = np.argsort(places.edge, kind="stable")
    edges = places.edge[order]
    begin, stop = np.searchsorted(edges, homes.edge), np.searchsorted(edges, homes.edge, "right")
    counts = stop - begin
    home = np.repeat(np.arange(len(homes.edge)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    place = order[begin[home] + within]
    along = np.abs(homes.along_m[home] - places.along_m[place])
    return home, place, along + homes.off_m[home] + places.off_m[place]


def snap(network: RoadNetwork, points: Geometries, barriers: GeoSeries | None = None) -> Snapped:
    """The nearest road of each point; the way to it crosses no river and no railway.

    Where every road near by lies across a barrier, the nearest one counts all the same: somebody
    lives there, and gets out.

    Parameters
    ----------
    points : Points, none missing, in the network's CRS.
    barriers : lines and faces that nobody crosses off the roads, in the network's CRS.
    """
    edge = np.asarray(network.tree.nearest(points), dtype=np.intp)
    if barriers is not None and len(barriers) and len(points):
        _go_around(network, points, edge, STRtree(barriers.to_numpy()))
    lines = network.lines[edge]
    metres = shapely.line_locate_point(lines, points)
    flat = network.cost_m[edge] / network.line_m[edge]
    return Snapped(edge, metres * flat, shapely.distance(lines, points))


def _go_around(
    network: RoadNetwork, points: Geometries, edge: Positions, barriers: STRtree
) -> None:
    """For those whose way would cross a barrier, the nearest edge whose way does not."""
    cut = np.unique(_crossing(network, points, edge, barriers))
    if not len(cut):
        return
    off_m = shapely.distance(network.lines[edge[cut]], points[cut])
    around = np.maximum(3 * off_m, 500.0)
    which, near = network.tree.query(points[cut], predicate="dwithin", distance=around)
    home, near = cut[which], np.asarray(near, dtype=np.intp)
    free = np.ones(len(home), dtype=bool)
    free[np.unique(_crossing(network, points[home], near, barriers))] = False
    home, near = home[free], near[free]
    order = np.lexsort((shapely.distance(network.lines[near], points[home]), home))
    home, near = home[order], near[order]
    first = np.unique(home, return_index=True)[1]
    edge[home[first]] = near[first]


def _crossing(
    network: RoadNetwork, points: Geometries, edge: Positions, barriers: STRtree
) -> Positions:
    """Which ways between point and edge cross a barrier; touching it is not crossing it."""
    ways = shapely.shortest_line(points, network.lines[edge])
    return np.asarray(barriers.query(ways, predicate="crosses")[0], dtype=np.intp)
