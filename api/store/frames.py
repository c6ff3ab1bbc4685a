"""Rows as frames: one SELECT, one DataFrame, geometry decoded at once."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select
from sqlmodel import Session

DEGREES = "EPSG:4326"
BBOX = ("min_lon", "min_lat", "max_lon", "max_lat")


def read(session: Session, rows: Select[tuple[object, ...]]) -> DataFrame:
    """The rows as a frame of plain objects; NULL is None."""
    result = session.connection().execute(rows)
    # dtype=object, or pandas would make NaN of NULL in columns of text and numbers.
    return DataFrame([tuple(row) for row in result], columns=list(result.keys()), dtype=object)


def shaped(frame: DataFrame, epsg: int) -> GeoDataFrame:
    """The frame with its `wkb` decoded into geometry of the plane zone `epsg` (metres)."""
    degrees = GeoSeries(shapely.from_wkb(frame["wkb"].to_numpy()), index=frame.index, crs=DEGREES)
    rest = frame.drop(columns=["wkb", *BBOX], errors="ignore")
    return GeoDataFrame(rest, geometry=degrees.to_crs(epsg))


def point_in(epsg: int, lon: float, lat: float) -> shapely.Point:
    """A point (degrees) in the plane zone `epsg` (metres)."""
    moved = GeoSeries([shapely.Point(lon, lat)], crs=DEGREES).to_crs(epsg)
    return shapely.Point(shapely.get_coordinates(moved.to_numpy())[0])


def each(frame: DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Label and values of every row, for the few places where a row becomes one object."""
    names = [str(name) for name in frame.columns]
    for label, *values in frame.itertuples(name=None):
        yield label, dict(zip(names, values, strict=True))


def stored(geometry: Iterable[BaseGeometry | None]) -> DataFrame:
    """Geometry (EPSG:4326) as the columns of `models.columns.Shaped`; missing stays NULL."""
    shapes: NDArray[np.object_] = np.array(list(geometry), dtype=object)
    columns = DataFrame(shapely.bounds(shapes), columns=list(BBOX)).astype(object)
    columns.insert(0, "wkb", shapely.to_wkb(shapes))
    return columns.where(columns.notna(), None)


def stored_point(lon: float | None, lat: float | None) -> dict[str, Any]:
    """One point (degrees) as the columns of `models.columns.Shaped`; None: no point."""
    point = None if lon is None or lat is None else shapely.Point(lon, lat)
    return {str(name): value for name, value in stored([point]).iloc[0].items()}
