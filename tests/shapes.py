"""Made-up towns for tests of geo: small, in metres, and easy to see before the inner eye."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import settings
from hypothesis import strategies as st
from pandas import Index
from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

settings.register_profile("patient", deadline=None, max_examples=60)
settings.load_profile("patient")  # a busy machine is slow, and that is no failure

PLANE = "EPSG:6677"  # JGD2011 平面直角座標系 第9系, metres
AREAS = Index(["west", "east"], name="area_id")


def frame_of(*geometries: BaseGeometry | None, **columns: Sequence[object]) -> GeoDataFrame:
    """Geometries in metres with columns."""
    return GeoDataFrame(columns, geometry=np.array(geometries, dtype=object), crs=PLANE)


def points(*xy: tuple[float, float], **columns: Sequence[object]) -> GeoDataFrame:
    """Points in metres with columns."""
    return frame_of(*(Point(p) for p in xy), **columns)


def xy_of(frame: GeoDataFrame) -> list[tuple[float, float]]:
    """Coordinates of a frame of points."""
    return [(x, y) for x, y in frame.geometry.get_coordinates().to_numpy().tolist()]


def people_at(
    *xy: tuple[float, float],
    people: Sequence[float],
    area_id: Sequence[str | None] | None = None,
    town_id: Sequence[str | None] | None = None,
) -> GeoDataFrame:
    """Population records; all in the area `west`, each in a town of its own, unless told."""
    return points(
        *xy,
        people=people,
        area_id=area_id or ["west"] * len(xy),
        town_id=town_id or [f"town {number}" for number in range(len(xy))],
    )


def land(*polygons: BaseGeometry | None, index: list[str] | list[int] | None = None) -> GeoSeries:
    """Polygons in metres."""
    return GeoSeries(np.array(polygons, dtype=object), index=index, crs=PLANE)


def square(x: float, y: float, side: float = 100) -> Polygon:
    """A square from its lower left corner."""
    return box(x, y, x + side, y + side)


class Home(NamedTuple):
    """One population record, for going from door to door."""

    x: float
    y: float
    people: float
    area_id: str | None
    town_id: str | None


class Town(NamedTuple):
    """Where people live, on which land, and where they can go: as frames and as plain lists."""

    homes: list[Home]
    spots: list[tuple[float, float]]
    population: GeoDataFrame
    shapes: GeoSeries
    places: GeoDataFrame


@st.composite
def made_towns(draw: st.DrawFn) -> Town:
    """Up to nine hundred-metre blocks in two areas and none, up to four places about them."""
    blocks = draw(st.lists(st.sampled_from(range(25)), min_size=1, max_size=9, unique=True))
    corners = [(block % 5 * 100.0, block // 5 * 100.0) for block in blocks]
    people = st.one_of(st.integers(0, 60).map(float), st.just(float("nan")))
    areas, towns = st.sampled_from(["west", "east", None]), st.sampled_from(["A", "B", "C", None])
    homes = [Home(x + 50, y + 50, draw(people), draw(areas), draw(towns)) for x, y in corners]
    metres = st.integers(-200, 700).map(float)
    spots = draw(st.lists(st.tuples(metres, metres), max_size=4))
    population = people_at(
        *((home.x, home.y) for home in homes),
        people=[home.people for home in homes],
        area_id=[home.area_id for home in homes],
        town_id=[home.town_id for home in homes],
    )
    shapes = land(*(square(*corner) for corner in corners))
    return Town(homes, spots, population, shapes, points(*spots))
