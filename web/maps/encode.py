"""Shapes for the browser: whole hundred-thousandths of a degree, each the step from the last.

About a metre fine and a third of GeoJSON's size. `yori-shapes.js` reads it back. A shape is a list
of parts (polygons' rings, lines); a part is [lon, lat, dlon, dlat, …]; a missing shape is [].
"""

from typing import Any

import geopandas
import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

UNITS_PER_DEGREE = 100_000
DEGREES = "EPSG:4326"


def encode_shapes(shapes: GeoSeries) -> list[list[list[int]]]:
    """Polygons or lines of any CRS as lists of parts, in the order of `shapes`."""
    degrees = shapes.to_crs(DEGREES).to_numpy()
    encoded: list[list[list[int]]] = [[] for _ in range(len(degrees))]
    parts, owner = _rings_and_lines(degrees)
    if not len(parts):
        return encoded
    coordinates, part_of = shapely.get_coordinates(parts, return_index=True)
    whole = np.round(coordinates * UNITS_PER_DEGREE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=0)
    starts = np.flatnonzero(np.diff(part_of, prepend=-1))
    steps[starts] = whole[starts]
    moved: NDArray[np.bool_] = (steps != 0).any(axis=1)
    moved[starts] = True
    kept, kept_part = steps[moved], part_of[moved]
    ends = np.flatnonzero(np.diff(kept_part)) + 1
    for number, piece in zip(owner, np.split(kept, ends), strict=True):
        encoded[number].append(piece.ravel().tolist())
    return encoded


def encode_points(points: GeoSeries) -> tuple[list[int], list[int]]:
    """Longitudes and latitudes, each the step from the one before."""
    degrees = points.to_crs(DEGREES)
    xy = np.column_stack([degrees.x, degrees.y]) * UNITS_PER_DEGREE
    steps = np.diff(np.round(xy).astype(np.int64), axis=0, prepend=0)
    return steps[:, 0].tolist(), steps[:, 1].tolist()


def thinned(shapes: GeoSeries, tolerance_m: float) -> GeoSeries:
    """Shapes with fewer points, each by itself; CRS in metres.

    AsItIs does not mind a ring that crosses itself by less than a pixel, and keeping it from that
    would cost ten times as long.
    """
    return GeoSeries(shapes.simplify(tolerance_m, preserve_topology=False), crs=shapes.crs)


def simplified(shapes: GeoSeries, tolerance_m: float) -> GeoSeries:
    """Polygons of a tiling with fewer points, neighbours still fitting; CRS in metres."""
    there = shapes.notna() & ~shapes.is_empty
    slim: Any = shapely.coverage_simplify(np.asarray(shapes[there].array), tolerance_m)
    drawn = geopandas.GeoSeries(slim, index=shapes.index[there], crs=shapes.crs)
    return GeoSeries(drawn.reindex(shapes.index), crs=shapes.crs)


def _rings_and_lines(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Every ring and line, and the number of the shape it is of, in the shapes' order."""
    singles, of = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(singles) == shapely.GeometryType.POLYGON
    linear = shapely.get_dimensions(singles) == 1
    rings, of_polygon = shapely.get_rings(singles[areal], return_index=True)
    parts = np.concatenate([rings, singles[linear]])
    owner = np.concatenate([of[areal][of_polygon], of[linear]])
    order = np.argsort(owner, kind="stable")
    return parts[order], owner[order]
