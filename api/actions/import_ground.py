"""Import what people walk on and steer by: roads and landmarks (道路・目印)."""

from typing import Any

import shapely
from geopandas import GeoSeries
from pandas import DataFrame, Series
from shapely.geometry.base import BaseGeometry
from sqlmodel import SQLModel

from api.actions.find_municipality import Tenant
from api.actions.importing import Bench
from api.exchange.problems import refuse
from api.models import Landmark, Road
from api.models.landmark_kinds import OTHER_LANDMARK
from api.store import frames

SURROUNDINGS_M = 2_000
"""So far from the municipality the ground is drawn: people walk across its border."""


def surroundings(tenant: Tenant) -> tuple[float, float, float, float] | None:
    """West, south, east, north (degrees) of the municipality and what lies around it."""
    around = _around(tenant)
    if around is None:
        return None
    west, south, east, north = (
        GeoSeries([around], crs=tenant.zone).to_crs(frames.DEGREES).total_bounds.tolist()
    )
    return west, south, east, north


def import_roads(bench: Bench) -> Series:
    """Store roads (道路); one and the same line twice is one road."""
    return _import_shapes(bench, Road, ["kind", "name", "steps", "slope"])


def import_landmarks(bench: Bench) -> Series:
    """Store landmarks (目印): points, lines and faces."""
    return _import_shapes(bench, Landmark, ["kind", "name", "kana"])


def _around(tenant: Tenant) -> BaseGeometry | None:
    land = tenant.land()
    return None if land is None else land.buffer(SURROUNDINGS_M, quad_segs=4)


def _import_shapes(bench: Bench, model: type[SQLModel], told: list[str]) -> Series:
    """A shape with its kind and name is what it is: there is no other identity."""
    _leave_out_what_is_far(bench)
    rows = bench.reading.frame
    drawn = frames.stored(shapely.normalize(rows["geometry"].to_numpy())).set_axis(rows.index)
    columns = rows[told].join(drawn).astype(object)
    columns = columns.where(columns.notna(), None)
    if model is Landmark:
        columns["kind"] = columns["kind"].fillna(OTHER_LANDMARK)
    known = bench.known(model)
    stored = dict(
        zip(zip(known["wkb"], known["kind"], known["name"], strict=True), known["id"], strict=True)
    )
    key = columns[["wkb", "kind", "name"]].apply(tuple, axis=1)
    first = columns[~key.duplicated()]
    incoming = first.assign(id=key[first.index].map(stored).astype(object))
    written = bench.write(model, incoming.where(incoming.notna(), None), known)
    return written["status"].reindex(rows.index, fill_value="unchanged")


def _leave_out_what_is_far(bench: Bench) -> None:
    """Pass over what lies beyond the surroundings, good or bad: maps of a prefecture hold it all.

    Raises
    ------
    Unreadable : nothing of the file lies near.
    """
    around, reading = _around(bench.tenant), bench.reading
    bench.notes += reading.source.notes
    if around is None or reading.frame.empty:
        return
    shapely.prepare(around)
    shapes: Any = GeoSeries(reading.frame["geometry"]).to_crs(bench.tenant.zone)
    near = shapely.intersects(around, shapes.to_numpy())
    if not near.any():
        raise refuse(
            reading.source.file,
            f"{bench.tenant.name}とそのまわり（境から{SURROUNDINGS_M // 1000}km）に、"
            "一つもありません。ファイルを確かめてください。",
            sheet=reading.source.sheet,
        )
    far = int((~near).sum())
    if far:
        reading.frame = DataFrame(reading.frame[near])
        reading.rows_read -= far
        bench.notes.append(
            f"市町村の境から{SURROUNDINGS_M // 1000}kmより遠い {far:,} 件は読みとばしました。"
        )
