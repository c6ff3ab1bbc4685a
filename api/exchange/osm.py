"""Roads and landmarks of an OpenStreetMap extract (.osm.pbf), around one municipality."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, RangeIndex, Series
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from shapely.geometry.base import BaseGeometry

from api.exchange.cells import LONGEST_NAME
from api.exchange.drivers import read_frame
from api.exchange.osm_tags import (
    LANDMARK_KEYS,
    NAMES,
    READINGS,
    ROAD_KEYS,
    first_of,
    is_walked,
    landmark_kind,
)
from api.exchange.problems import refuse
from api.models.landmark_kinds import LANDMARK_KINDS

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
CONFIGURATION = Path(__file__).with_name("osm.ini")
DEGREES = "EPSG:4326"
MOST_FEATURES = 1_000_000
MOST_TEMPORARY_MB = 64
"""Nodes kept in memory; beyond this GDAL puts them into a file that it deletes itself."""
ONE_SIGN_WITHIN_M = 200.0
"""Two platforms of a bus stop, or a school's gate and its grounds, are one thing to steer by."""
FIRST_ROW = 2
BROKEN = (
    "OpenStreetMap のファイル（.osm.pbf）が壊れているか、途中で切れています。"
    "もう一度入手してください。"
)


def read_osm(
    path: Path, kind: str, around: Bounds | None, say: Callable[[str], None]
) -> tuple[DataFrame, GeoSeries, list[str]]:
    """Columns `kind`, `name`, `kana`; shapes in degrees; and what was left out, in counts.

    Raises
    ------
    Unreadable : broken, neither roads nor landmarks asked for, or nothing there to look around in.
    """
    if kind not in ("roads", "landmarks"):
        raise refuse(
            path.name,
            "OpenStreetMap のファイルから取り込めるのは、道路（roads）と目印（landmarks）です。",
        )
    if around is None:
        raise refuse(
            path.name,
            "OpenStreetMap のファイルは広い範囲を含むので、市町村の範囲だけを取り出します。"
            "先に、行政区域の境界（boundary）を取り込んでください。",
        )
    found, notes = _roads(path, around) if kind == "roads" else _landmarks(path, around, say)
    if found.empty:
        what = "歩ける道路" if kind == "roads" else "目印になるもの"
        raise refuse(path.name, f"市町村とそのまわりに、{what}が一つもありません。")
    found = found.set_axis(RangeIndex(FIRST_ROW, FIRST_ROW + len(found)))
    return DataFrame(found.drop(columns="geometry")).astype(object), found.geometry, notes


def _roads(path: Path, around: Bounds) -> tuple[GeoDataFrame, list[str]]:
    tags = _layer(path, "lines", ("highway",), (*NAMES, *ROAD_KEYS), around)
    walked = is_walked(tags)
    roads = _described(tags, tags["highway"]).assign(incline=tags.get("incline"))[walked.to_numpy()]
    left = int((~walked).sum())
    notes = [f"自動車専用の道や私有地の通路など、歩く道ではない {left:,} 本は入れていません。"]
    return _cut(roads, around), notes if left else []


def _landmarks(
    path: Path, around: Bounds, say: Callable[[str], None]
) -> tuple[GeoDataFrame, list[str]]:
    parts = []
    columns = (*NAMES, *READINGS, *LANDMARK_KEYS, "tunnel", "service")
    for layer, words in (("points", "点"), ("lines", "線"), ("multipolygons", "面")):
        say(f"{path.name} の{words}から目印を選んでいます")
        tags = _layer(path, layer, LANDMARK_KEYS, columns, around)
        found = _described(tags, landmark_kind(tags))
        parts.append(_in_form(found[found["kind"].notna()], layer))
    found = GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=DEGREES)
    nameless = _is_sign(found) & found["name"].isna()
    again = _said_again(found[~nameless])
    notes = []
    if nameless.any():
        notes.append(f"名前のない目印 {int(nameless.sum()):,} 件は入れていません。")
    if again.any():
        notes.append(f"すぐ近くに同じ名前のある目印 {int(again.sum()):,} 件は、一つにしました。")
    return _cut(found[~nameless][~again], around), notes


def _layer(
    path: Path, layer: str, wanted: tuple[str, ...], columns: tuple[str, ...], around: Bounds
) -> GeoDataFrame:
    """Features near by that have one of the wanted tags.

    Asked for by SQL: GDAL then knows that no other layer is wanted, and keeps none of them.
    """
    named = ", ".join(f'"{column}"' for column in dict.fromkeys(columns) if _is_in(layer, column))
    present = [f'"{key}" IS NOT NULL' for key in wanted if _is_in(layer, key)]
    options: dict[str, Any] = {
        "sql": f"SELECT {named} FROM {layer} WHERE {' OR '.join(present)}",
        "bbox": around,
        "max_features": MOST_FEATURES + 1,
        "CONFIG_FILE": str(CONFIGURATION),
        "MAX_TMPFILE_SIZE": MOST_TEMPORARY_MB,
    }
    try:
        frame = read_frame(path, **options)
    except (DataSourceError, DataLayerError, FeatureError, GeometryError) as error:
        raise refuse(path.name, BROKEN) from error
    if len(frame) > MOST_FEATURES:
        raise refuse(
            path.name,
            f"市町村のまわりだけで {MOST_FEATURES:,} 件を超えます。"
            "市町村の範囲に切り出した .osm.pbf を使ってください。",
        )
    return GeoDataFrame(frame, geometry="geometry", crs=DEGREES)


_ON_LINES_ONLY = ("access", "foot", "incline", "motorroad", "sidewalk")


def _is_in(layer: str, column: str) -> bool:
    return layer == "lines" or column not in _ON_LINES_ONLY


def _described(tags: GeoDataFrame, kinds: Series) -> GeoDataFrame:
    """Kind, name and reading of each feature."""
    columns = {"kind": kinds, "name": first_of(tags, NAMES), "kana": first_of(tags, READINGS)}
    texts = {
        column: values.where(values.str.len() <= LONGEST_NAME) for column, values in columns.items()
    }
    return GeoDataFrame(texts, geometry=tags.geometry, crs=DEGREES)


def _in_form(found: GeoDataFrame, layer: str) -> GeoDataFrame:
    """Each landmark drawn as its kind is: a school's grounds become its sign, a lake stays a face.

    A park that is only a point stays one; a line where a face is wanted tells nothing.
    """
    forms = found["kind"].map({label: kind.form for label, kind in LANDMARK_KINDS.items()})
    signs = (forms == "sign").to_numpy()
    shapes = shapely.make_valid(found.geometry.to_numpy(), method="structure")
    shapes[signs] = shapely.point_on_surface(shapes[signs])
    unfit = "face" if layer == "lines" else "line"
    drawn = found.set_geometry(GeoSeries(shapes, index=found.index, crs=DEGREES))
    return drawn[(forms != unfit).to_numpy()]


def _is_sign(found: GeoDataFrame) -> "pd.Series[bool]":
    return found.geom_type.isin(["Point"])


def _said_again(found: GeoDataFrame) -> "pd.Series[bool]":
    """Signs with the kind and name of another one close by, which comes first."""
    again: dict[int, bool] = {}
    signs = found[_is_sign(found)]
    degree_m = 111_320.0
    for _, alike in signs.groupby(["kind", "name"]):
        if len(alike) < 2:
            continue
        xy = shapely.get_coordinates(alike.geometry.to_numpy()) * degree_m
        xy[:, 0] *= math.cos(math.radians(float(alike.geometry.y.iloc[0])))
        again |= zip(alike.index, _close_to_a_former(xy), strict=True)
    return Series([again.get(row, False) for row in found.index], index=found.index, dtype=bool)


def _close_to_a_former(xy: NDArray[np.float64]) -> list[bool]:
    kept: list[NDArray[np.float64]] = []
    close = []
    for point in xy:
        near = any(np.hypot(*(point - other)) <= ONE_SIGN_WITHIN_M for other in kept)
        close.append(near)
        if not near:
            kept.append(point)
    return close


def _cut(found: GeoDataFrame, around: Bounds) -> GeoDataFrame:
    """What reaches far beyond the surroundings ends at their edge: a sea, a range of woods."""
    frame = shapely.box(*around)
    shapes = found.geometry.to_numpy()
    beyond = ~shapely.covered_by(shapes, frame)
    cut = shapes.copy()
    cut[beyond] = [_of_one_sort(shape, frame) for shape in shapes[beyond]]
    found = found.set_geometry(GeoSeries(cut, index=found.index, crs=DEGREES))
    return found[found.geometry.notna() & ~found.geometry.is_empty]


def _of_one_sort(shape: BaseGeometry, frame: BaseGeometry) -> BaseGeometry | None:
    """The part of a shape within a frame, without the points where they only touch."""
    inside = shapely.intersection(shape, frame)
    dimension = shapely.get_dimensions(shape)
    parts = [p for p in shapely.get_parts(inside) if shapely.get_dimensions(p) == dimension]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)
