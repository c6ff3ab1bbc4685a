"""Import the boundary of the municipality (行政区域)."""

import shapely
from geopandas import GeoSeries
from pandas import Series
from sqlalchemy import Table, update

from api.actions.importing import Bench
from api.models import Municipality
from api.models.prefectures import prefecture_of
from api.store import frames
from api.store.changes import log_changes
from geo.crs import plane_epsg


def import_boundary(bench: Bench) -> Series:
    """Store the union of the file's polygons as the boundary, and settle the plane zone by it."""
    shapes = GeoSeries(bench.reading.frame["geometry"], crs=frames.DEGREES)
    if shapes.empty:
        return Series(dtype=object)
    union = shapely.normalize(shapes.union_all())
    _, values = next(frames.each(frames.stored([union])))
    _, before = next(frames.each(bench.known(Municipality, only=["wkb"])))
    if before["wkb"] == values["wkb"]:
        return Series("unchanged", index=shapes.index)
    middle = union.representative_point()
    values["plane_epsg"] = plane_epsg(middle.x, middle.y, bench.tenant.code[:2])
    values["intake_id"] = bench.hand.intake_id
    values["prefecture"] = bench.tenant.prefecture or prefecture_of(bench.tenant.code)
    table: Table = Municipality.__table__  # type: ignore[attr-defined]
    bench.session.connection().execute(
        update(table).where(table.c.code == bench.tenant.code).values(**values)
    )
    log_changes(bench.session, bench.hand, Municipality, [bench.tenant.code], [before], [values])
    return Series("inserted" if before["wkb"] is None else "updated", index=shapes.index)
