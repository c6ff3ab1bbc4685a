"""An even lattice of squares over the plane, and which of their middles lie inside polygons.

The middles of squares of side s lie at ((i + ½)s, (j + ½)s) from the origin of the CRS, the same
for all polygons. They are found by scan lines (走査線), for all polygons at once.
"""

import numpy as np
import shapely

from geo.arrays import Floats, Geometries, Positions


def centres_inside(polygons: Geometries, side_m: Floats) -> tuple[Positions, Floats]:
    """Middles of lattice squares inside each polygon, by the even–odd rule.

    A middle exactly on a border belongs to the polygon to its right, or above it: polygons that
    tile share no middle and miss none.

    Parameters
    ----------
    polygons : n polygons or multipolygons.
    side_m : n sides of squares, metres; a polygon whose side is NaN is skipped.

    Returns
    -------
    Position in `polygons` of each middle, ascending, and the middles, shape (k, 2).
    """
    owner, row, x = _crossings(polygons, side_m)
    order = np.lexsort((x, row, owner))
    owner, row, x = owner[order][::2], row[order][::2], x[order]  # rings close: two by two
    side = side_m[owner]
    start, end = _first_middle(x[::2], side), _first_middle(x[1::2], side)
    run, column = _counted(start, end)
    xy = np.column_stack([column, row[run]]) + 0.5
    return owner[run], xy * side[run, None]


def _crossings(polygons: Geometries, side_m: Floats) -> tuple[Positions, Positions, Floats]:
    """Where the polygons' edges cross the rows of middles: polygon, row, x."""
    owner, low, high = _edges(polygons)
    kept = ~np.isnan(side_m[owner])
    owner, low, high = owner[kept], low[kept], high[kept]
    side = side_m[owner]
    edge, row = _counted(_first_middle(low[:, 1], side), _first_middle(high[:, 1], side))
    owner, low, high = owner[edge], low[edge], high[edge]
    along = ((row + 0.5) * side[edge] - low[:, 1]) / (high[:, 1] - low[:, 1])
    return owner, row, low[:, 0] + along * (high[:, 0] - low[:, 0])


def _edges(polygons: Geometries) -> tuple[Positions, Floats, Floats]:
    """Edges of all rings, each from its lower to its upper end: polygon, low xy, high xy.

    Neighbours run along a shared edge in opposite directions; turned upward it is the same edge,
    and the crossings computed from it are equal to the last bit.
    """
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    xy, at = shapely.get_coordinates(rings, return_index=True)
    joined = at[1:] == at[:-1]
    a, b = xy[:-1][joined], xy[1:][joined]
    upward = (a[:, 1] <= b[:, 1])[:, None]
    return part_of[ring_of[at[1:][joined]]], np.where(upward, a, b), np.where(upward, b, a)


def _first_middle(coordinate: Floats, side: Floats) -> Positions:
    """Number of the first middle at or beyond a coordinate."""
    return np.ceil(coordinate / side - 0.5).astype(np.intp)


def _counted(start: Positions, end: Positions) -> tuple[Positions, Positions]:
    """All whole numbers of the half-open ranges: which range, which number."""
    counts = np.maximum(end - start, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which, start[which] + within
