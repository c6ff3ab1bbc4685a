"""Made-up towns for tests of geo: small, in metres, and easy to see before the inner eye."""

from collections.abc import Sequence
from typing import NamedTuple

from geopandas import GeoDataFrame, GeoSeries
from hypothesis import strategies as st
from pandas import Index
from shapely import Point, Polygon, box

PLANE = "EPSG:6677"  # JGD2011 平面直角座標系 第9系, metres
AREAS = Index(["west", "east"], name="area_id")


def points(*xy: tuple[float, float], **columns: Sequence[object]) -> GeoDataFrame:
    """Points with columns."""
    return GeoDataFrame(columns, geometry=[Point(p) for p in xy], crs=PLANE)


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


def land(*polygons: Polygon, index: Sequence[object] | None = None) -> GeoSeries:
    """Polygons in metres."""
    return GeoSeries(list(polygons), index=index, crs=PLANE)


def square(x: float, y: float, side: float = 100) -> Polygon:
    """A square from its lower left corner."""
    return box(x, y, x + side, y + side)


class Town(NamedTuple):
    """Where people live, on which land, and where they can go."""

    population: GeoDataFrame
    shapes: GeoSeries
    places: GeoDataFrame


@st.composite
def made_towns(draw: st.DrawFn) -> Town:
    """Up to nine hundred-metre blocks in two areas and none, up to four places about them."""
    blocks = draw(st.lists(st.sampled_from(range(25)), min_size=1, max_size=9, unique=True))
    count = len(blocks)

    def each(values: st.SearchStrategy[object]) -> list[object]:
        return draw(st.lists(values, min_size=count, max_size=count))

    corners = [(block % 5 * 100.0, block // 5 * 100.0) for block in blocks]
    population = points(
        *((x + 50, y + 50) for x, y in corners),
        people=each(st.one_of(st.integers(0, 60).map(float), st.just(float("nan")))),
        area_id=each(st.sampled_from(["west", "east", None])),
        town_id=each(st.sampled_from(["A", "B", "C", None])),
    )
    spots = st.tuples(st.integers(-200, 700), st.integers(-200, 700))
    places = points(*draw(st.lists(spots, max_size=4)))
    return Town(population, land(*(square(*corner) for corner in corners)), places)
