"""Import the boundary of the municipality (行政区域)."""

import shapely
from geopandas import GeoSeries
from pandas import Series
from shapely.geometry.base import BaseGeometry
from sqlalchemy import update

from api.actions.importing import Bench
from api.exchange.problems import refuse
from api.models import Municipality, Town
from api.models.columns import table_of
from api.models.prefectures import prefecture_of
from api.store import frames
from api.store.changes import log_changes
from geo.crs import plane_epsg


def import_boundary(bench: Bench) -> Series:
    """Store the union of the file's polygons as the boundary, and settle the plane zone by it.

    Raises
    ------
    Unreadable : most towns the municipality has lie outside it.
    """
    shapes = GeoSeries(bench.reading.frame["geometry"], crs=frames.DEGREES)
    if shapes.empty:
        return Series(dtype=object)
    union = shapely.normalize(shapes.union_all())
    if _is_elsewhere(bench, union):
        raise refuse(
            bench.reading.source.file,
            f"この境界の中に、取り込み済みの{bench.tenant.name}の町がほとんどありません。"
            "別の市町村の境界ではないか、確かめてください。",
        )
    _, values = next(frames.each(frames.stored([union])))
    _, before = next(frames.each(bench.known(Municipality)))
    if before["wkb"] == values["wkb"]:
        return Series("unchanged", index=shapes.index)
    middle = union.representative_point()
    values["plane_epsg"] = plane_epsg(middle.x, middle.y, bench.tenant.code[:2])
    values["intake_id"] = bench.hand.intake_id
    values["prefecture"] = bench.tenant.prefecture or prefecture_of(bench.tenant.code)
    table = table_of(Municipality)
    bench.session.connection().execute(
        update(table).where(table.c.code == bench.tenant.code).values(**values)
    )
    was = {name: before[name] for name in values}  # all of it, or nobody could take it back
    log_changes(bench.session, bench.hand, Municipality, [bench.tenant.code], [was], [values])
    return Series("inserted" if before["wkb"] is None else "updated", index=shapes.index)


def _is_elsewhere(bench: Bench, boundary: BaseGeometry) -> bool:
    """Whether fewer than half of the towns known already lie inside."""
    towns = bench.known(Town, only=["lon", "lat"])
    inside = shapely.contains_xy(boundary, towns["lon"].astype(float), towns["lat"].astype(float))
    return len(towns) > 0 and inside.mean() < 0.5
