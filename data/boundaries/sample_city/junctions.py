"""Junctions: roads that cross share a point, and no street stands alone."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

TOUCHING_M = 0.5


def joined(lines: Sequence[LineString]) -> list[LineString]:
    """Put a vertex of each line wherever it meets another, so that a walk can turn there."""
    tree = STRtree(lines)
    out = []
    for i, line in enumerate(lines):
        meets: list[Point] = []
        for j in sorted(tree.query(line)):
            if i != j:
                # Always in the same order, so that both lines are given the very same point.
                meets += points_of(lines[min(i, j)].intersection(lines[max(i, j)]))
        out.append(with_vertices(line, meets))
    return out


def points_of(shape: BaseGeometry) -> list[Point]:
    """Return the points, and the ends of the lines, of an intersection."""
    if isinstance(shape, Point):
        return [shape] if not shape.is_empty else []
    if isinstance(shape, LineString):
        return [Point(shape.coords[0]), Point(shape.coords[-1])] if shape.length else []
    return [p for part in getattr(shape, "geoms", []) for p in points_of(part)]


def with_vertices(line: LineString, points: list[Point]) -> LineString:
    """Return the line with the points among its vertices, in order along it."""
    # Counted along the line, not projected: the ends of a ring stand at the same place.
    steps = np.hypot(*np.diff(np.asarray(line.coords), axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)]).round(3)
    placed = {float(at): xy for at, xy in zip(along, line.coords, strict=True)}
    for point in points:
        at = round(line.project(point), 3)
        # A crossing at the very end takes the place of the end.
        if at < TOUCHING_M:
            at = 0.0
        elif at > line.length - TOUCHING_M:
            at = float(along[-1])
        placed[at] = (point.x, point.y)
    return LineString([xy for _, xy in sorted(placed.items())])


def connected_m(lines: Sequence[LineString]) -> list[float]:
    """Return, for each line, how many metres of road can be reached from it."""
    numbers: dict[tuple[float, ...], int] = {}
    ends = [[numbers.setdefault(xy, len(numbers)) for xy in line.coords] for line in lines]
    start = np.array([a for line in ends for a in line[:-1]])
    stop = np.array([b for line in ends for b in line[1:]])
    links = coo_array((np.ones(start.size), (start, stop)), shape=(len(numbers),) * 2)
    _, labels = connected_components(links, directed=False)
    lengths = np.array([line.length for line in lines])
    own = np.array([labels[line[0]] for line in ends])
    return [float(lengths[own == label].sum()) for label in own]
