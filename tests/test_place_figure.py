"""The small map of a place: what stands on it, and that its names do not touch."""

from __future__ import annotations

import re

from geopandas import GeoDataFrame
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from web.maps.place_figure import HEIGHT, WIDTH, PlaceFigure, _width, place_figure

ZONE = 6672
HERE = Point(1000, 1000)


def frame(*rows: tuple[str | None, str, BaseGeometry]) -> GeoDataFrame:
    columns = {"name": [r[0] for r in rows], "kind": [r[1] for r in rows]}
    return GeoDataFrame(columns, geometry=[r[2] for r in rows], crs=ZONE)


def draw(
    *landmarks: tuple[str | None, str, BaseGeometry],
    towns: GeoDataFrame | None = None,
    roads: GeoDataFrame | None = None,
    land: BaseGeometry | None = None,
) -> PlaceFigure:
    nothing = frame()
    return place_figure(HERE, land, nothing if towns is None else towns,
                        nothing if roads is None else roads, frame(*landmarks))  # fmt: skip


def numbers(path: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?[\d.]+", path)]


def test_without_anything_there_is_land() -> None:
    figure = draw()
    assert figure.paths["land"]
    assert figure.marks == []
    assert figure.minutes == 5
    assert round(figure.ring * 900 / WIDTH) == 250  # metres


def test_shapes_are_cut_at_the_frame_and_north_is_up() -> None:
    north = frame((None, "国道", LineString([(0, 1100), (9000, 1100)])))
    points = numbers(draw(roads=north).paths["main"])
    xs, ys = points[::2], points[1::2]
    assert (min(xs), max(xs)) == (0, WIDTH)
    assert set(ys) == {round(HEIGHT / 2 - 100 * WIDTH / 900, 1)}


def test_roads_water_and_rail_are_told_apart() -> None:
    figure = draw(
        (None, "水面", box(900, 900, 950, 950)),
        (None, "鉄道", LineString([(900, 900), (1100, 1100)])),
        roads=frame((None, "市道", LineString([(900, 1000), (1100, 1000)]))),
        land=box(0, 0, 1000, 2000),
    )
    assert {key for key, path in figure.paths.items() if path} == {"land", "water", "small", "rail"}
    assert figure.paths["water"].endswith("Z") and "Z" not in figure.paths["rail"]


def test_names_do_not_touch_and_stay_inside() -> None:
    many = [
        (f"目印{n}の長い名前", "学校", Point(600 + 37 * n % 800, 720 + 53 * n % 560))
        for n in range(60)
    ]
    towns = frame(("北町", "", box(500, 1000, 1500, 1500)), ("南町", "", box(500, 500, 1500, 1000)))
    marks = draw(*many, towns=towns).marks
    boxes = []
    for mark in marks:
        wide = _width(mark.name)
        left = {"start": mark.x, "end": mark.x - wide, "middle": mark.x - wide / 2}[mark.anchor]
        boxes.append(box(left, mark.y - 14, left + wide, mark.y + 4))
    assert len(boxes) > 5
    frame_box = box(0, 0, WIDTH, HEIGHT)
    for n, one in enumerate(boxes):
        assert frame_box.contains(one)
        assert not any(one.overlaps(other) for other in boxes[n + 1 :])


def test_the_nearest_landmark_is_named_first() -> None:
    marks = draw(("遠い駅", "駅", Point(1100, 1060)), ("近い駅", "駅", Point(1060, 1060))).marks
    assert [mark.name for mark in marks] == ["近い駅"]


def test_landmarks_without_a_name_and_lines_are_not_named() -> None:
    assert (
        draw(
            (None, "学校", Point(1100, 1100)), ("線", "鉄道", LineString([(900, 1), (9, 9)]))
        ).marks
        == []
    )
