"""Land of towns and areas: towns from points where no polygon is known, areas from towns."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Index, Series, factorize
from pyproj import CRS
from scipy.spatial import Voronoi
from shapely.geometry.base import BaseGeometry

from geo.arrays import Floats, Geometries
from geo.crs import are_points, require_metres
from geo.dissolving import polygons_in, union_by

FAR_M: Final = 1e7  # farther than Japan is long
SLIVER_M: Final = 20.0  # gaps narrower than this between neighbouring towns are nobody's intention


def towns_from_points(
    points: GeoDataFrame, land: BaseGeometry, *, known: GeoSeries | None = None
) -> GeoSeries:
    """Land of each town (町丁・字) as what lies nearest to its points: Voronoi polygons (おおよそ).

    All of it is approximate, and whoever shows it says so. An island or another separate part of
    `land` is shared among the points on it alone; a part without any goes to the nearest points
    anywhere. Points are taken to the metre, and towns on one spot share its land in sectors.

    Parameters
    ----------
    points : `town_id` (repeated where a town has several points, 小字) and points, CRS in metres.
        Outside `land` they count for its nearest part. Rows without a point or an id are left out.
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
    given = points[are_points(points) & points["town_id"].notna()]
    free = land
    if known is not None:
        given = given[~given["town_id"].isin(known.index)]
        free = shapely.difference(land, known.union_all())
    xy = given.geometry.get_coordinates().to_numpy().round()  # no two spots nearer than 1 m
    spots, spot = np.unique(xy, axis=0, return_inverse=True)
    towns = DataFrame({"town_id": given["town_id"].array, "spot": spot}).drop_duplicates()
    pieces = _parted(_shared_out(spots, land, free), towns, spots)
    return _dissolved(np.asarray(pieces["piece"]), pieces["town_id"], points.crs)


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


def _shared_out(spots: Floats, land: BaseGeometry, free: BaseGeometry) -> DataFrame:
    """Free land cut up by nearest spot, part by part: `piece` and its `spot`."""
    if not len(spots):
        return DataFrame({"piece": [], "spot": []})
    parts = shapely.get_parts(land)
    home = shapely.STRtree(parts).nearest(shapely.points(spots))
    elsewhere = shapely.multipolygons(np.delete(parts, home))
    shares = [(parts[part], np.flatnonzero(home == part)) for part in np.unique(home)]
    shares.append((elsewhere, np.arange(len(spots))))
    pieces = [
        shapely.intersection(_cells(spots[near], part), shapely.intersection(part, free))
        for part, near in shares
    ]
    near = np.concatenate([near for _, near in shares])
    return DataFrame({"piece": np.concatenate(pieces), "spot": near})


def _parted(pieces: DataFrame, towns: DataFrame, spots: Floats) -> DataFrame:
    """Pieces of land with their `town_id`; where several towns are on a spot, its sectors."""
    turn = towns.groupby("spot").cumcount()
    crowd = towns.groupby("spot")["spot"].transform("size")
    shared = towns.assign(turn=turn, crowd=crowd).merge(pieces, on="spot")
    cut = (shared["crowd"] > 1).to_numpy()
    if cut.any():
        rows = shared[cut]
        sectors = _sectors(spots[rows["spot"]], rows["turn"], rows["crowd"])
        shared.loc[cut, "piece"] = shapely.intersection(np.asarray(rows["piece"]), sectors)
    return shared


def _sectors(centre: Floats, turn: Series, crowd: Series) -> Geometries:
    """Sector number `turn` of as many as `crowd` about each centre."""
    angle = (turn.to_numpy()[:, None] + np.arange(4) / 3) / crowd.to_numpy()[:, None] * 2 * np.pi
    rim = centre[:, None] + FAR_M * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return np.asarray(shapely.polygons(np.concatenate([centre[:, None], rim], axis=1)))


def _cells(spots: Floats, part: BaseGeometry) -> Geometries:
    """Voronoi cell of each spot, complete wherever `part` reaches.

    Four points far off close the outermost cells: with them one spot, two, or spots in a line are
    no special cases, and no place in `part` is nearer to them than to a real one. Qhull computes
    the cells, since GEOS loses some where spots lie on a lattice or a circle.
    """
    reach = np.concatenate([spots, shapely.bounds(part).reshape(2, 2)])
    low, high = np.nanmin(reach, axis=0), np.nanmax(reach, axis=0)  # an empty part has no bounds
    middle, far = (low + high) / 2, 10 * (np.hypot(*(high - low)) + 1)
    frame = far * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    diagram = Voronoi(np.concatenate([spots - middle, frame]))
    regions = [diagram.regions[region] for region in diagram.point_region[: len(spots)]]
    cell = np.repeat(np.arange(len(spots)), [len(region) for region in regions])
    corners = shapely.points(diagram.vertices[np.concatenate(regions).astype(int)] + middle)
    return np.asarray(shapely.convex_hull(shapely.multipoints(corners, indices=cell)))


def _dissolved(pieces: Geometries, label: Series, crs: CRS | None) -> GeoSeries:
    """Polygons of one label in one, indexed by label in the order met."""
    code, labels = factorize(label)
    parts, of = polygons_in(pieces)
    merged = union_by(code[of], parts, len(labels))
    return GeoSeries(merged, index=Index(labels, name=label.name), crs=crs)
