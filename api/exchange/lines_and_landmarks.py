"""Reading what people walk on and steer by (道路・目印): lines, and shapes of any kind."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import shapely
from geopandas import GeoSeries
from pandas import DataFrame, Series

from api.exchange.landmark_kinds import kinds_of
from api.exchange.layers import DEGREES
from api.exchange.reading import Desk, Reading
from api.exchange.road_grades import are_steps, closed_to_walkers, slopes
from api.exchange.shapes import FACES, LINES, framed, note_faults, points_of, shapes_of
from api.exchange.source import Source


def read_lines_and_landmarks(
    source: Source,
    kind: Literal["roads", "landmarks"],
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `kind`, `name`, `geometry`: lines for roads, with `steps` and `slope` (rise over
    run); any shape for landmarks, with `kana`.

    Raises
    ------
    Unreadable : roads without lines; landmarks with neither shapes nor coordinates.
    """
    desk = Desk.open(source, constants, mapping)
    if kind == "roads":
        _leave_out_closed(desk)
    shapes = _lines(desk) if kind == "roads" else _any_shapes(desk)
    frame = DataFrame({"kind": desk.text("kind"), "name": desk.text("name")})
    codes = Series(None, index=desk.rows.index, dtype="str")
    if kind == "roads":
        frame = frame.assign(steps=are_steps(frame["kind"]), slope=slopes(desk, shapes))
    else:
        frame["kind"] = kinds_of(frame["kind"], frame["name"], desk.cells())
        frame["kana"] = desk.text("kana")
    return desk.close(framed(frame, shapes), codes)


def read_roads(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Roads (道路): columns `kind`, `name`, `geometry` (lines)."""
    return read_lines_and_landmarks(source, "roads", constants=constants, mapping=mapping)


def read_landmarks(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Landmarks (目印): columns `kind`, `name`, `kana`, `geometry` of any sort."""
    return read_lines_and_landmarks(source, "landmarks", constants=constants, mapping=mapping)


def _leave_out_closed(desk: Desk) -> None:
    """Pass over what nobody may walk on, where the file's columns tell."""
    closed = closed_to_walkers(desk)
    if not closed.any():
        return
    desk.drop(closed)
    left_out = (
        "自動車専用の道や私有地の通路など、"
        f"歩く道ではない {int(closed.sum()):,} 本は入れていません。"
    )
    desk.source = replace(desk.source, notes=(*desk.source.notes, left_out))


def _lines(desk: Desk) -> GeoSeries:
    shapes = shapes_of(desk)
    if desk.source.geometry is None or not shapes.geom_type.isin(LINES).any():
        raise desk.refuse("道路には、線（ライン）のある地図のファイルが要ります。")
    note_faults(desk, shapes)
    desk.tell(
        shapes.notna() & ~shapes.geom_type.isin(LINES), None, "形が線ではありません。線が要ります。"
    )
    return shapes


def _any_shapes(desk: Desk) -> GeoSeries:
    shapes = shapes_of(desk)
    if desk.source.geometry is not None:
        note_faults(desk, shapes.where(shapes.geom_type.isin(FACES)), needed=False)
        desk.tell(shapes.isna() | shapes.is_empty, None, "形がありません。")
        return shapes
    if not any(desk.has(c) for c in ("lat", "latlon", "lonlat")):
        raise desk.refuse("位置がありません。緯度・経度の列か、地図のファイルが要ります。")
    points = points_of(desk)
    failed = {p.row for p in desk.problems if p.severity == "error"}
    blank = points["lon"].isna() & ~points.index.isin(list(failed))
    desk.tell(blank, "lat", "緯度・経度を入れてください。", read=Series("", index=points.index))
    drawn = GeoSeries(shapely.points(points["lon"], points["lat"]), index=points.index, crs=DEGREES)
    return drawn.where(points["lon"].notna())
