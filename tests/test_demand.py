"""People put on a point, or spread evenly over land whose squares can be counted."""

from math import e, isnan, nan, pi

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import concat
from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapes import AREAS, Town, frame_of, land, made_towns, people_at, points, square, xy_of

from geo.coverage import coverage_by
from geo.crs import NotInMetres
from geo.demand import NobodyKnowsWhere, at_points, spread_over
from geo.walking import straight


def test_everyone_stands_at_the_point_of_their_record() -> None:
    records = people_at((10, 20), (30, 40), people=[5, 7], area_id=["west", None])
    demand = at_points(records.set_axis(["a", "b"]))
    assert demand.index.tolist() == [0, 1]
    assert xy_of(demand) == [(10, 20), (30, 40)]
    assert demand["record_id"].tolist() == ["a", "b"]
    assert demand["people"].tolist() == [5, 7]
    assert demand["town_id"].tolist() == ["town 0", "town 1"]
    assert demand["area_id"].isna().tolist() == [False, True]
    assert demand["cell_m"].isna().all()


def test_unknown_and_no_people_are_left_out_of_both() -> None:
    records = people_at((0, 0), (1, 0), (2, 0), people=[nan, 0, 3])
    assert at_points(records)["record_id"].tolist() == [2]
    assert spread_over(records, land())["record_id"].tolist() == [2]


def test_people_are_shared_equally_over_the_middles_of_squares() -> None:
    demand = spread_over(people_at((9, 9), people=[8]), land(box(0, 0, 40, 20)), spacing_m=10)
    assert sorted(xy_of(demand)) == [(x, y) for x in (5, 15, 25, 35) for y in (5, 15)]
    assert set(demand["people"]) == {1}
    assert set(demand["cell_m"]) == {10}


def test_holes_and_separate_islands_are_kept() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    shape = ring.union(box(100, 0, 110, 10))
    demand = spread_over(people_at((0, 0), people=[9]), land(shape), spacing_m=10)
    corners = [(x, y) for x in (5, 15, 25) for y in (5, 15, 25) if (x, y) != (15, 15)]
    assert sorted(xy_of(demand)) == [*corners, (105, 5)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=3))
def test_the_middles_are_those_of_trying_every_square(corners: list[tuple[int, int]]) -> None:
    # Off the lattice by two transcendental numbers, so that no middle lies on a border.
    triangle = Polygon([(x + 1 / pi, y + 1 / e) for x, y in corners])
    tried = [
        (x + 0.5, y + 0.5) for x in range(10) for y in range(10)
        if triangle.contains(Point(x + 0.5, y + 0.5))
    ]  # fmt: skip
    if tried:
        demand = spread_over(people_at((0, 0), people=[1]), land(triangle), spacing_m=1)
        assert sorted(xy_of(demand)) == tried


def test_a_middle_on_a_shared_border_belongs_to_the_upper_right_alone() -> None:
    bounds = [box(0, 0, 15, 15), box(15, 0, 30, 15), box(0, 15, 15, 30), box(15, 15, 30, 30)]
    demand = spread_over(people_at(*[(0, 0)] * 4, people=[1] * 4), land(*bounds), spacing_m=10)
    record_at = dict(zip(xy_of(demand), demand["record_id"], strict=True))
    assert record_at == {
        (5, 25): 2, (15, 25): 3, (25, 25): 3,
        (5, 15): 2, (15, 15): 3, (25, 15): 3,
        (5, 5): 0, (15, 5): 1, (25, 5): 1,
    }  # fmt: skip
    assert len(demand) == 9


@given(st.lists(st.tuples(st.integers(1, 59), st.integers(1, 59)), min_size=1, max_size=6))
def test_neighbouring_towns_tile_whatever_their_borders(cuts: list[tuple[int, int]]) -> None:
    """A block of 60 m cut along straight lines: every square's middle is in one piece."""
    pieces: list[BaseGeometry] = [box(0, 0, 60, 60)]
    for left, right in cuts:
        below = Polygon([(-1, -1), (61, -1), (61, right), (-1, left)])
        halves = [half for p in pieces for half in (p & below, p - below)]
        pieces = [half for half in halves if half.area > 0]
    count = len(pieces)
    demand = spread_over(people_at(*[(0, 0)] * count, people=[1] * count), land(*pieces),
                         spacing_m=4)  # fmt: skip
    on_lattice = [(x, y) for x, y in xy_of(demand) if (x % 4, y % 4) == (2, 2)]
    assert len(on_lattice) == len(set(on_lattice)) == 15 * 15


def test_a_town_too_small_for_a_square_still_has_a_point_of_its_own() -> None:
    sliver = box(1, 1, 3, 3)
    demand = spread_over(people_at((50, 50), people=[4]), land(sliver), spacing_m=100)
    assert demand["people"].tolist() == [4]
    assert sliver.contains(demand.geometry.iloc[0])


@pytest.mark.parametrize(
    "shapes", [land(), land(Polygon()), land(None), land(Polygon([(0, 0)] * 3))]
)
def test_without_a_shape_everyone_stays_at_the_point(shapes: GeoSeries) -> None:
    demand = spread_over(people_at((50, 60), people=[4]), shapes)
    assert xy_of(demand) == [(50, 60)]
    assert isnan(demand["cell_m"].iloc[0])


@settings(max_examples=25)
@given(made_towns(), st.sampled_from([None, 10.0, 37.0, 500.0]))
def test_spreading_keeps_the_people_of_every_record(town: Town, spacing_m: float | None) -> None:
    demand = spread_over(town.population, town.shapes, spacing_m=spacing_m)
    kept = demand.groupby("record_id")["people"].sum()
    expected = town.population["people"][town.population["people"] > 0]
    assert kept.to_dict() == pytest.approx(expected.to_dict())


def test_by_default_squares_are_finer_where_more_people_of_an_area_live() -> None:
    shapes = land(square(0, 0, 1000), square(1000, 0, 1000), square(2000, 0, 1000))
    records = people_at((0, 0), (0, 0), (0, 0), people=[99, 1, 1], area_id=["west", "west", "east"])
    side = spread_over(records, shapes).groupby("record_id")["cell_m"].first()
    # 15,840 squares wanted of a million m²: 7.9 m; 160 squares: 79 m; 16,000 squares: 7.9 m
    assert side.tolist() == [6.25, 50, 6.25]


def test_the_largest_town_gets_no_squares_wider_than_100_metres() -> None:
    demand = spread_over(people_at((0, 0), people=[1]), land(square(0, 0, 40_000)))
    assert set(demand["cell_m"]) == {100}


def test_no_square_holds_more_than_a_sixteen_thousandth_of_its_area() -> None:
    shapes = land(square(0, 0, 900), square(900, 0, 300), square(1200, 0, 60))
    demand = spread_over(people_at((0, 0), (0, 0), (0, 0), people=[10, 200, 90]), shapes)
    assert demand["people"].max() <= 300 / 16_000
    assert demand.groupby("record_id").size().min() >= 100


@pytest.mark.parametrize("distance_m", [200, 300, 500, 800])
def test_halving_the_squares_moves_no_area_by_half_a_point(distance_m: float) -> None:
    """A made town of crooked quarters in two areas, one of a single quarter."""
    rng = np.random.default_rng(20)
    quarters = [
        Polygon([(x, y), (x + 700, y + 80), (x + 640, y + 590), (x - 50, y + 530)])
        for x in (0, 690, 1380) for y in (0, 510, 1020)
    ]  # fmt: skip
    areas = ["east", *["west"] * 8]
    records = people_at(*[(0, 0)] * 9, people=rng.integers(1, 400, 9).tolist(), area_id=areas)
    shapes, places = land(*quarters), points((130, 210), (1500, 900))

    def ratios(demand: GeoDataFrame) -> list[float]:
        walk = straight(demand, places)
        table = coverage_by(demand, walk, by="area_id", labels=AREAS, distance_m=distance_m)
        return table["ratio"].tolist()[:2]

    demand = spread_over(records, shapes)
    sides = demand.groupby("record_id")["cell_m"].first()
    halved = [spread_over(records[i : i + 1], shapes, spacing_m=sides[i] / 2) for i in range(9)]
    finer = GeoDataFrame(concat(halved, ignore_index=True))
    assert len(finer) > 3.9 * len(demand)
    assert ratios(demand) == pytest.approx(ratios(finer), abs=0.005)


@pytest.mark.parametrize("spread", [True, False])
def test_people_of_whom_nothing_is_known_are_an_error_not_a_loss(spread: bool) -> None:
    lost = frame_of(None, people=[5.0], town_id=["A"], area_id=["west"])
    with pytest.raises(NobodyKnowsWhere, match=r"in records \[0\]"):
        spread_over(lost, land()) if spread else at_points(lost)
    assert len(spread_over(lost, land(square(0, 0)))) > 1  # a shape is enough


def test_fewer_than_no_people_are_refused() -> None:
    with pytest.raises(ValueError, match=r"in records \[1\]"):
        at_points(people_at((0, 0), (1, 1), people=[5, -1]))


@pytest.mark.parametrize("spacing_m", [0, -5, nan, float("inf")])
def test_squares_without_a_size_are_refused(spacing_m: float) -> None:
    with pytest.raises(ValueError, match="spacing_m must be positive"):
        spread_over(people_at((0, 0), people=[1]), land(square(0, 0)), spacing_m=spacing_m)


def test_degrees_are_refused() -> None:
    degrees = people_at((0, 0), people=[1]).to_crs("EPSG:4326")
    with pytest.raises(NotInMetres):
        at_points(degrees)
    with pytest.raises(NotInMetres):
        spread_over(people_at((0, 0), people=[1]), land(square(0, 0)).to_crs("EPSG:4326"))
