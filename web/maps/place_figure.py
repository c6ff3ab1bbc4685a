"""A small map of where a place stands (場所の図), drawn without scripts on our own ground."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import shapely
import shapely.affinity
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

from web.maps.ground import FACES, MAIN_ROADS, RAIL
from web.words import WALKING_M_PER_MIN

WIDTH, HEIGHT = 400.0, 300.0
"""Units of the drawing, about the pixels of a phone: words keep their size there."""
REACH_M: Final = 450.0
"""How far it shows to the left and to the right."""
SCALE = WIDTH / 2 / REACH_M
RING_MIN = 5
WORD, NARROW = 15.0, 8.5
"""Size of a landmark's name, and the width of a Latin letter in it."""
GAP = 9.0
"""Between a landmark's dot and its name."""
ASIDE = 40.0
"""How far up or down the name of a town gives way."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """A name on the figure: where it stands, and whether a dot stands before it."""

    x: float
    y: float
    name: str
    anchor: str
    dot: tuple[float, float] | None


@dataclass(frozen=True)
class PlaceFigure:
    """The figure, for `pages/place_figure.html`: SVG paths by what they show, and names."""

    width: float
    height: float
    paths: dict[str, str]
    """Key (land, water, woods, park, town, small, main, rail) → path; from the lowest up."""
    marks: list[Mark]
    ring: float
    minutes: int


def window(x: float, y: float) -> Box:
    """The ground a figure shows around a point (metres)."""
    up = REACH_M * HEIGHT / WIDTH
    return x - REACH_M, y - up, x + REACH_M, y + up


def place_figure(
    here: shapely.Point,
    land: BaseGeometry | None,
    towns: GeoDataFrame,
    roads: GeoDataFrame,
    landmarks: GeoDataFrame,
    *,
    walk_m_per_min: int = WALKING_M_PER_MIN,
) -> PlaceFigure:
    """Draw what lies around `here`; frames in metres with `name`, and `kind` but for towns.

    North is up. Without a boundary everything is land.
    """
    box = window(here.x, here.y)
    shapes = _shapes(box, land, towns, roads, landmarks)
    return PlaceFigure(
        width=WIDTH,
        height=HEIGHT,
        paths={key: "".join(_path(each, box) for each in found) for key, found in shapes.items()},
        marks=_marks(box, towns, landmarks),
        ring=round(RING_MIN * walk_m_per_min * SCALE, 1),
        minutes=RING_MIN,
    )


def _shapes(
    box: Box,
    land: BaseGeometry | None,
    towns: GeoDataFrame,
    roads: GeoDataFrame,
    landmarks: GeoDataFrame,
) -> dict[str, Iterable[BaseGeometry]]:
    main = roads["kind"].isin(MAIN_ROADS)
    faces = {
        key: landmarks[_areal(landmarks) & (landmarks["kind"] == kind)].geometry
        for kind, key in FACES.items()
    }
    outlines = towns.geometry[towns.geometry.notna()]
    return {
        "land": [shapely.box(*box) if land is None else land],
        **{key: faces[key] for key in ("woods", "park", "water")},
        "town": outlines.boundary,
        "small": roads[~main].geometry,
        "main": roads[main].geometry,
        "rail": landmarks[~_areal(landmarks) & (landmarks["kind"] == RAIL)].geometry,
    }


def _areal(frame: GeoDataFrame) -> Any:
    return frame.geom_type.isin(["Polygon", "MultiPolygon"])


def _path(shape: BaseGeometry | None, box: Box) -> str:
    if shape is None or shape.is_empty:
        return ""
    cut = shapely.clip_by_rect(shape, *box).simplify(1.0, preserve_topology=False)
    flat = shapely.affinity.affine_transform(cut, _onto(box))
    return "".join(_lines(flat))


def _onto(box: Box) -> list[float]:
    return [SCALE, 0, 0, -SCALE, -box[0] * SCALE, box[3] * SCALE]


def _lines(shape: BaseGeometry) -> Iterator[str]:
    parts = shapely.get_parts(shape)
    areal = shapely.get_dimensions(parts) == 2
    for ring in shapely.get_rings(parts[areal]):
        yield _drawn(ring) + "Z"
    for line in parts[shapely.get_dimensions(parts) == 1]:
        yield _drawn(line)


def _drawn(line: BaseGeometry) -> str:
    points = shapely.get_coordinates(line).round(1)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _marks(box: Box, towns: GeoDataFrame, landmarks: GeoDataFrame) -> list[Mark]:
    """Names that do not touch each other: landmarks from the middle outwards, then towns."""
    taken: list[Box] = [_around(WIDTH / 2, HEIGHT / 2, 34, 34)]
    found: list[Mark] = []
    points = landmarks[(landmarks.geom_type == "Point") & landmarks["name"].notna()]
    for name, (x, y) in _inside(points["name"], points.geometry, box):
        room = _width(name)
        to_the_left = x + GAP + room > WIDTH
        left = x - GAP - room if to_the_left else x + GAP
        anchor, at = ("end", x - GAP) if to_the_left else ("start", x + GAP)
        mark = Mark(at, y + 5, name, anchor, (x, y))
        _put(found, taken, mark, (left, y - 9, left + room, y + 9))
    drawn = towns[towns.geometry.notna()]
    cut = GeoSeries(drawn.geometry.intersection(shapely.box(*box)))
    middles = GeoSeries(cut[~cut.is_empty]).representative_point()
    for name, (x, y) in _inside(drawn.loc[middles.index, "name"], middles, box):
        for up in (0, -ASIDE, ASIDE):
            mark = Mark(x, round(y + up + 5, 1), name, "middle", None)
            if _put(found, taken, mark, _around(x, y + up, _width(name), 18)):
                break
    return found


def _inside(
    names: Iterable[str], points: GeoSeries, box: Box
) -> list[tuple[str, tuple[float, float]]]:
    """Name and place in the drawing, the nearest to its middle first."""
    flat = points.affine_transform(_onto(box))
    spots = [(round(float(x), 1), round(float(y), 1)) for x, y in zip(flat.x, flat.y, strict=True)]
    there = [
        (name, spot)
        for name, spot in zip(names, spots, strict=True)
        if 0 <= spot[0] <= WIDTH and 0 <= spot[1] <= HEIGHT
    ]
    return sorted(
        there, key=lambda each: (each[1][0] - WIDTH / 2) ** 2 + (each[1][1] - HEIGHT / 2) ** 2
    )


def _put(found: list[Mark], taken: list[Box], mark: Mark, room: Box) -> bool:
    """Whether there was room for it."""
    inside = room[0] >= 2 and room[1] >= 2 and room[2] <= WIDTH - 2 and room[3] <= HEIGHT - 2
    free = inside and not any(_touch(room, other) for other in taken)
    if free:
        taken.append(room)
        found.append(mark)
    return free


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _width(name: str) -> float:
    return sum(NARROW if ord(letter) < 0x2E80 else WORD for letter in name) + 4
