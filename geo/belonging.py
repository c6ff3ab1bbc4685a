"""Who belongs where (どこに属するか): points against polygons that share borders."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import Series
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from geo.crs import require_metres

TOLERANCE_M: Final = 300.0  # coasts are simplified: a harbour's point may lie in the sea


def belongs_to(
    points: GeoDataFrame, polygons: GeoDataFrame, *, within_m: float = TOLERANCE_M
) -> Series:
    """Polygon (圏域, 町丁・字) to which each point belongs, one at most.

    A point on a shared border or in an overlap belongs to the first of its polygons in their
    order. A point outside all belongs to the nearest, the first of equally near ones, if that is
    no farther than `within_m`. A missing point belongs nowhere.

    Parameters
    ----------
    points : n points, CRS in metres.
    polygons : m polygons with unique labels as index, same CRS; m may be 0.
    within_m : metres; 0 or more.

    Returns
    -------
    n labels of `polygons`, dtype object, indexed like `points`; missing (None) where no polygon
    is near enough.

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    ValueError : `within_m` is negative or not a number.
    """
    require_metres(points, polygons)
    if not within_m >= 0:
        raise ValueError(f"within_m must be 0 or more, got {within_m}")
    at, tree = np.asarray(points.geometry.array), STRtree(np.asarray(polygons.geometry.array))
    first = np.full(len(points), len(polygons))  # one past the last: nowhere
    point, polygon = tree.query(at, predicate="intersects")
    np.minimum.at(first, point, polygon)
    if within_m > 0:
        astray = np.flatnonzero(first == len(polygons))
        point, polygon = tree.query_nearest(at[astray], max_distance=within_m)
        np.minimum.at(first, astray[point], polygon)
    labels = np.array([*polygons.index, None], dtype=object)
    return Series(labels[first], index=points.index, name="belongs_to", dtype=object)


def distance_outside_m(points: GeoDataFrame, land: BaseGeometry) -> Series:
    """How far each point lies outside the municipality (市町村の外), metres; 0 inside.

    Parameters
    ----------
    points : n points, CRS in metres.
    land : the municipality's polygons, in the CRS of `points`.

    Returns
    -------
    n floats, indexed like `points`; NaN for a missing point.

    Raises
    ------
    NotInMetres : `points` are not in metres.
    """
    require_metres(points)
    shapely.prepare(land)
    metres = shapely.distance(np.asarray(points.geometry.array), land)
    return Series(metres, index=points.index, name="outside_m")
