"""Shapes of layers: points, lines and faces, and what is wrong with them."""

import re
from typing import Literal

import geopandas
import numpy as np
import shapely
from geopandas import GeoSeries
from pandas import DataFrame, Index, Series

from api.exchange.coordinates import LATITUDES, LONGITUDES, angles, faults, pairs
from api.exchange.layers import DEGREES
from api.exchange.reading import Desk

FACES = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString", "LinearRing")
POINTS = ("Point", "MultiPoint")
WORDS = {**dict.fromkeys(LINES, "線"), **dict.fromkeys(POINTS, "点")}
PAIRED: dict[str, Literal["latlon", "lonlat"]] = {"latlon": "latlon", "lonlat": "lonlat"}
WHERE = re.compile(r"\[(\S+) (\S+)\]")
BAD_NUMBER = (
    "緯度・経度として読めません。度の小数（34.34）か度分秒（34度20分35秒）で入れてください。"
)


def shapes_of(desk: Desk) -> GeoSeries:
    """The shapes of the rows that count, flat and in degrees; None where the file is a table."""
    if desk.source.geometry is None:
        return no_shapes(desk.rows.index)
    geometry = desk.source.geometry
    shapes = geometry[geometry.index.isin(desk.rows.index)]
    return GeoSeries(shapely.force_2d(np.asarray(shapes)), index=shapes.index, crs=DEGREES)


def no_shapes(index: Index) -> GeoSeries:
    """A column of shapes with none in it."""
    return GeoSeries(np.full(len(index), None), index=index, crs=DEGREES)


def must_be_faces(desk: Desk, shapes: GeoSeries) -> None:
    """Note rows without a face (面); lines throughout refuse the file.

    Raises
    ------
    Unreadable : the file holds no face at all.
    """
    kinds = shapes.geom_type
    if desk.source.geometry is None:
        raise desk.refuse(
            "形のない表です。境界には、面（ポリゴン）のある地図のファイルが要ります。"
        )
    if len(kinds) and not kinds.isin(FACES).any():
        what = WORDS.get(str(kinds.dropna().iloc[0]) if kinds.notna().any() else "", "形なし")
        raise desk.refuse(
            f"このファイルの形は{what}です。面（ポリゴン）が要ります。"
            "境界を面にして保存し直してください。"
        )
    note_faults(desk, shapes)
    desk.tell(
        kinds.notna() & ~kinds.isin(FACES), None, "形が面ではありません。面（ポリゴン）が要ります。"
    )


def note_faults(desk: Desk, shapes: GeoSeries, *, needed: bool = True) -> None:
    """Note empty shapes and faces whose outline crosses itself, saying where."""
    nothing = shapes.isna() | shapes.is_empty
    if needed:
        desk.tell(nothing, None, "形がありません。")
    broken = ~nothing & ~shapes.is_valid
    west, south, east, north = shapes.bounds.to_numpy().T
    foreign = (east < LONGITUDES[0]) | (west > LONGITUDES[1])
    foreign |= (north < LATITUDES[0]) | (south > LATITUDES[1])
    desk.tell(
        Series(foreign, index=shapes.index),
        None,
        "日本の外の位置です。座標系（.prj）が合っているか確かめてください。",
    )
    for row, shape in shapes[broken].items():
        reason = shapely.is_valid_reason(shape)
        found = WHERE.search(reason)
        place = (
            f"（経度 {float(found[1]):.5f}、緯度 {float(found[2]):.5f} のあたり）" if found else ""
        )
        what = "線が自分自身と交わっています" if "elf-inter" in reason else "形が正しくありません"
        desk.problems.append(
            desk.problem(row, None, "", f"面の{what}{place}。地図のソフトウェアで直してください。")
        )


def points_of(desk: Desk) -> DataFrame:
    """Columns lon and lat of every row: from the file's shapes, else from its columns.

    Swapped, zero, foreign and half-filled coordinates are problems of their rows.
    """
    if desk.source.geometry is not None:
        middle = shapes_of(desk)
        middle = middle.where(middle.is_valid).representative_point()
        points = DataFrame({"lon": middle.x, "lat": middle.y}, index=desk.rows.index)
    else:
        points = _written_points(desk)
    said = faults(points["lon"], points["lat"])
    for sentence in said.dropna().unique():
        desk.tell(said == sentence, _point_column(desk), sentence, read=_as_written(desk))
    return points.mask(said.notna())


def _written_points(desk: Desk) -> DataFrame:
    points = DataFrame({"lon": None, "lat": None}, index=desk.rows.index, dtype=float)
    for column in ("lon", "lat"):
        if desk.has(column):
            points[column], bad = angles(desk.raw(column))
            desk.tell(bad, column, BAD_NUMBER)
    for column, order in PAIRED.items():
        if desk.has(column) and points.isna().all(axis=None):
            both, bad = pairs(desk.raw(column), order)
            desk.tell(bad, column, "「緯度,経度」の形で入れてください。")
            points = both[["lon", "lat"]]
    return points


def _point_column(desk: Desk) -> str | None:
    return next((c for c in ("lat", "latlon", "lonlat", "lon") if desk.has(c)), None)


def _as_written(desk: Desk) -> Series | None:
    """What stands in the file, both coordinates where they are two columns."""
    if not (desk.has("lat") and desk.has("lon")):
        column = _point_column(desk)
        return desk.text(column) if column else None
    return desk.text("lat").fillna("（空欄）") + ", " + desk.text("lon").fillna("（空欄）")


def framed(frame: DataFrame, shapes: GeoSeries) -> geopandas.GeoDataFrame:
    """Columns and shapes together, in degrees."""
    return geopandas.GeoDataFrame(frame, geometry=shapes.set_axis(frame.index), crs=DEGREES)
