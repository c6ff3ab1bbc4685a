"""Two squares, west and east, that share the border x = 100."""

from math import inf

import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point
from shapes import PLANE, frame_of, points, square

from geo.belonging import belongs_to, distance_outside_m
from geo.crs import NotInMetres


@pytest.fixture(scope="module")
def halves() -> GeoDataFrame:
    return GeoDataFrame(geometry=[square(0, 0), square(100, 0)], index=["west", "east"], crs=PLANE)


def test_a_point_belongs_to_the_polygon_that_holds_it(halves: GeoDataFrame) -> None:
    homes = points((150, 50), (50, 50)).set_axis([7, 8])
    assert belongs_to(homes, halves).to_dict() == {7: "east", 8: "west"}


def test_a_home_on_the_shared_border_belongs_to_the_first_alone(halves: GeoDataFrame) -> None:
    on_border = points((100, 50))
    assert belongs_to(on_border, halves).tolist() == ["west"]
    assert belongs_to(on_border, halves[::-1]).tolist() == ["east"]


def test_a_harbour_goes_to_the_nearest_within_300_metres(halves: GeoDataFrame) -> None:
    afloat = points((-300, 50), (-300.1, 50), (220, 50))
    assert belongs_to(afloat, halves).tolist() == ["west", None, "east"]


def test_a_point_equally_near_to_two_goes_to_the_first(halves: GeoDataFrame) -> None:
    assert belongs_to(points((100, 120)), halves[::-1]).tolist() == ["east"]


def test_how_near_is_near_enough_can_be_said(halves: GeoDataFrame) -> None:
    outside = points((-20, 50))
    assert belongs_to(outside, halves, within_m=19).isna().all()
    assert belongs_to(outside, halves, within_m=20).tolist() == ["west"]
    assert belongs_to(outside, halves, within_m=0).isna().all()


def test_without_tolerance_the_inside_and_its_border_still_belong(halves: GeoDataFrame) -> None:
    homes = points((50, 50), (100, 50), (200, 100))
    assert belongs_to(homes, halves, within_m=0).tolist() == ["west", "west", "east"]


def test_nothing_belongs_to_no_polygons(halves: GeoDataFrame) -> None:
    belongs = belongs_to(points((50, 50)), halves[:0])
    assert belongs.tolist() == [None]
    assert belongs.dtype == object


def test_a_missing_point_belongs_nowhere(halves: GeoDataFrame) -> None:
    homes = frame_of(None, Point(), Point(inf, inf), Point(50, 50))
    assert belongs_to(homes, halves).tolist() == [None, None, None, "west"]


@given(st.lists(st.tuples(st.integers(-60, 260), st.integers(-60, 160)), min_size=1, max_size=30))
def test_the_answer_is_that_of_trying_every_pair(
    halves: GeoDataFrame, xy: list[tuple[int, int]]
) -> None:
    def tried(x: int, y: int) -> str | None:
        away = {name: area.distance(Point(x, y)) for name, area in halves.geometry.items()}
        name = min(away, key=lambda name: away[name])
        return str(name) if away[name] <= 40 else None

    assert belongs_to(points(*xy), halves, within_m=40).tolist() == [tried(*p) for p in xy]


def test_distance_outside_is_zero_inside_and_to_the_nearest_part_outside() -> None:
    islands = MultiPolygon([square(0, 0), square(1000, 0)])
    metres = distance_outside_m(points((50, 50), (100, 0), (130, 140), (900, 50)), islands)
    assert metres.tolist() == [0, 0, 50, 100]


@pytest.mark.parametrize("within_m", [-1, float("nan")])
def test_an_impossible_tolerance_is_refused(halves: GeoDataFrame, within_m: float) -> None:
    with pytest.raises(ValueError, match="within_m must be 0 or more"):
        belongs_to(points((0, 0)), halves, within_m=within_m)


def test_degrees_are_refused(halves: GeoDataFrame) -> None:
    degrees = points((50, 50)).to_crs("EPSG:4326")
    with pytest.raises(NotInMetres):
        belongs_to(degrees, halves)
    with pytest.raises(NotInMetres):
        distance_outside_m(degrees, square(0, 0))
