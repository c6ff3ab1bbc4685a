"""Many polygons into one per key, and nothing but polygons."""

import numpy as np
import shapely
from shapely import Polygon

from geo.arrays import Geometries, Positions


def union_by(key: Positions, shapes: Geometries, count: int) -> Geometries:
    """Union of the shapes of each key 0 to `count` − 1; an empty polygon where there is none."""
    land = shapely.area(shapes) > 0
    key, shapes = key[land], shapes[land]
    order = np.argsort(key, kind="stable")
    groups = np.split(shapes[order], np.searchsorted(key[order], np.arange(1, count)))[:count]
    return np.array([shapely.union_all(g) if len(g) else Polygon() for g in groups], dtype=object)


def polygons_in(shapes: Geometries) -> tuple[Geometries, Positions]:
    """Single polygons of all shapes, and the position of the shape that each is from.

    What only touched a border has left lines and points behind; they are dropped.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    flat = shapely.get_dimensions(parts) == 2
    return parts[flat], of[flat]
