"""Where imported rows lie: the plane zone, and the rule of 300 m outside the municipality."""

from typing import Any, cast

import geopandas
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from sqlalchemy import update

from api.actions.find_municipality import find_municipality
from api.actions.importing import Bench
from api.models import Municipality, Town
from api.models.columns import table_of
from api.store import frames
from geo.belonging import TOLERANCE_M, belongs_to, distance_outside_m
from geo.crs import plane_epsg
from web.words import kilometres


def settle_zone(bench: Bench, lon: Series, lat: Series) -> None:
    """Choose the plane zone by the first data that has a position; the boundary may change it."""
    if bench.tenant.epsg is not None or lon.notna().sum() == 0:
        return
    epsg = plane_epsg(float(lon.median()), float(lat.median()), bench.tenant.code[:2])
    table = table_of(Municipality)
    bench.session.connection().execute(
        update(table).where(table.c.code == bench.tenant.code).values(plane_epsg=epsg)
    )
    bench.tenant = find_municipality(bench.session, bench.tenant.code)


def in_metres(bench: Bench, rows: DataFrame) -> GeoDataFrame:
    """The rows as points of the plane zone, from their `lon` and `lat`; all must have them."""
    points: Any = geopandas.points_from_xy(rows["lon"], rows["lat"], crs=frames.DEGREES)
    return GeoDataFrame(rows, geometry=points).to_crs(bench.tenant.zone)


def towns_around(bench: Bench, rows: DataFrame) -> Series:
    """The town each row lies in; one put at its address's town (`address_town`) is there."""
    towns = bench.known(Town, only=["id", "wkb"])
    towns = towns[towns["wkb"].notna()].set_index("id")
    placed = rows[rows["lon"].notna()]
    if towns.empty or placed.empty:
        return rows["address_town"]
    polygons = frames.shaped(towns, bench.tenant.zone)
    around = belongs_to(in_metres(bench, placed), polygons)
    return rows["address_town"].fillna(around.reindex(rows.index))


def metres_outside(bench: Bench, rows: DataFrame) -> Series:
    """How far each row lies outside the municipality, metres; 0 inside, and where none is known."""
    land = bench.tenant.land()
    placed = rows[rows["lon"].notna()]
    if land is None or placed.empty:
        return Series(0.0, index=rows.index)
    return distance_outside_m(in_metres(bench, placed), land).reindex(rows.index, fill_value=0.0)


def reject_far_rows(bench: Bench, rows: DataFrame) -> DataFrame:
    """The rows inside the municipality or within 300 m of it; the others are told and left out."""
    if bench.tenant.boundary is None and rows["lon"].notna().any():
        bench.notes.append("境界がまだないので、位置が市町村の中かどうかは確かめていません。")
    outside = metres_outside(bench, rows)
    far = outside[outside > TOLERANCE_M]
    for row, metres in far.items():
        where = rows.loc[cast(int, row)]
        bench.tell(
            row,
            "lat",
            f"{where['lat']}, {where['lon']}",
            f"{bench.tenant.name}の境界から {kilometres(metres)} 離れています。"
            "緯度・経度を確かめてください。",
        )
    return rows.drop(index=far.index)
