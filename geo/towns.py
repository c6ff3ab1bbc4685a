"""Land of towns and areas: towns from points where no polygon is known, areas from towns."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import Index, Series, factorize
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.arrays import Floats, Geometries, Positions
from geo.crs import are_points, require_metres
from geo.dissolving import polygons_in, union_by

SLIVER_M: Final = 20.0  # gaps narrower than this between neighbouring towns are nobody's intention
CENTIMETRES: Final = 2  # decimals by which points are told apart
APART_M: Final = 1.0  # towns on one point are set this far from it, round it


def towns_from_points(
    points: GeoDataFrame, land: BaseGeometry, *, known: GeoSeries | None = None
) -> GeoSeries:
    """Land of each town (町丁・字) as what lies nearest to its points: Voronoi polygons (おおよそ).

    All of it is approximate, and whoever shows it says so. An island or another separate part of
    `land` is shared among the points on it alone; a part without any goes to the nearest points
    anywhere. Towns on the very same point share its surroundings in equal sectors.

    Parameters
    ----------
    points : `town_id` (repeated where a town has several points, 小字) and points, CRS in metres.
        Outside `land` they count for its nearest part. Rows without a point or an id are
        left out.
    land : the municipality, valid polygons in the CRS of `points`.
    known : polygons of towns whose land is known, indexed by town id, same CRS. It is taken off,
        and their rows in `points` are left out.

    Returns
    -------
    (Multi)polygons that cover `land` without `known` and do not overlap, indexed by `town_id` in
    the order met; an empty polygon where no land is nearest to a town.

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    """
    require_metres(points, *([] if known is None else [known]))
    given = points[are_points(points) & points["town_id"].notna()].reset_index(drop=True)
    free = land
    if known is not None:
        given = given[~given["town_id"].isin(known.index)]
        free = shapely.difference(land, known.union_all())
    town_of, xy = _apart(given)
    pieces, nearest_to = _shared_out(xy, land, free)
    return _dissolved(pieces, town_of.take(nearest_to), points.crs)


def areas_from_towns(towns: GeoSeries, area_of: Series) -> GeoSeries:
    """Land of each daily-living area (日常生活圏域): its towns in one piece.

    Towns simplified one by one overlap a little and leave slivers between them. Before they are
    dissolved, overlaps go to the neighbour with the longer border and enclosed gaps narrower than
    20 m are closed, so that areas meet in one line. Outer borders stay where they are.

    Parameters
    ----------
    towns : valid polygons, indexed by town id (unique), CRS in metres.
    area_of : area id of each town, indexed by town id. Towns that are missing here, or whose area
        is missing (圏域なし), are in no area; those without a polygon add nothing.

    Returns
    -------
    (Multi)polygons indexed by `area_id`, in the order met in `towns`; CRS of `towns`.

    Raises
    ------
    NotInMetres : `towns` are not in metres.
    """
    require_metres(towns)
    drawn = towns[~(towns.isna() | towns.is_empty)]
    polygons = np.asarray(drawn.array)
    cleaned = shapely.coverage_clean(polygons, gap_width=SLIVER_M)  # type: ignore[attr-defined]
    area_ids = area_of.reindex(drawn.index).rename("area_id")
    inside = area_ids.notna().to_numpy()
    return _dissolved(cleaned[inside], area_ids[inside], towns.crs)


def _apart(points: GeoDataFrame) -> tuple[Series, Floats]:
    """Points without repetition, towns on one point set round it: town of each, xy."""
    at = points.geometry.get_coordinates().round(CENTIMETRES)
    distinct = at.assign(town_id=points["town_id"]).drop_duplicates()
    crowd = distinct.groupby(["x", "y"])["town_id"]
    turn = 2 * np.pi * crowd.cumcount() / crowd.transform("size")
    aside = np.where(crowd.transform("size") > 1, APART_M, 0.0)[:, None]
    xy = distinct[["x", "y"]].to_numpy() + aside * np.column_stack([np.cos(turn), np.sin(turn)])
    return distinct["town_id"], xy


def _shared_out(xy: Floats, land: BaseGeometry, free: BaseGeometry) -> tuple[Geometries, Positions]:
    """Free land cut up by nearest point, part by part: pieces, and the position of their point."""
    if not len(xy):
        return np.array([], dtype=object), np.array([], dtype=np.intp)
    parts = shapely.get_parts(land)
    home = shapely.STRtree(parts).nearest(shapely.points(xy))
    elsewhere = shapely.multipolygons(np.delete(parts, home))
    shares = [(parts[part], np.flatnonzero(home == part)) for part in np.unique(home)]
    shares.append((elsewhere, np.arange(len(xy))))
    pieces = [
        shapely.intersection(_cells(xy[near], part), shapely.intersection(part, free))
        for part, near in shares
    ]
    return np.concatenate(pieces), np.concatenate([near for _, near in shares])


def _cells(xy: Floats, part: BaseGeometry) -> Geometries:
    """Voronoi cell of each point, complete wherever `part` reaches.

    Four points far off close the outermost cells: with them one point, two, or points in a line
    are no special cases, and no place in `part` is nearer to them than to a real one.
    """
    low, high = shapely.bounds(shapely.union(shapely.multipoints(xy), part)).reshape(2, 2)
    far = 10 * (np.hypot(*(high - low)) + 1)
    frame = (low + high) / 2 + far * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    diagram = shapely.voronoi_polygons(
        shapely.multipoints(np.concatenate([xy, frame])), ordered=True
    )
    return shapely.get_parts(diagram)[: len(xy)]


def _dissolved(pieces: Geometries, label: Series, crs: CRS | None) -> GeoSeries:
    """Polygons of one label in one, indexed by label in the order met."""
    code, labels = factorize(label)
    parts, of = polygons_in(pieces)
    merged = union_by(code[of], parts, len(labels))
    return GeoSeries(merged, index=Index(labels, name=label.name), crs=crs)
