"""Land shared out among points, on squares whose borders can be told beforehand."""

from math import inf

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pandas import Series
from shapely import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry
from shapes import PLANE, frame_of, land, points, square

from geo.crs import NotInMetres
from geo.towns import areas_from_towns, towns_from_points

COAST = shapely.union_all([box(0, 0, 1000, 600), box(400, 500, 700, 900), box(1200, 0, 1300, 90)])
SPOTS = st.lists(st.tuples(st.integers(-100, 1300), st.integers(-100, 1000)), max_size=12)


def named(*towns: tuple[str, float, float]) -> GeoDataFrame:
    return points(*((x, y) for _, x, y in towns), town_id=[name for name, _, _ in towns])


def assert_tiles(towns: GeoSeries, ground: BaseGeometry) -> None:
    """Everywhere in `ground` is one town, and none is outside it."""
    assert towns.is_valid.all()
    assert set(towns.geom_type) <= {"Polygon", "MultiPolygon"}
    assert towns.union_all().symmetric_difference(ground).area == pytest.approx(0, abs=1e-3)
    assert towns.area.sum() == pytest.approx(ground.area)


def test_each_town_gets_the_land_that_lies_nearest_to_it() -> None:
    towns = towns_from_points(named(("A", 20, 50), ("B", 60, 50)), square(0, 0))
    assert towns["A"].equals(box(0, 0, 40, 100))
    assert towns["B"].equals(box(40, 0, 100, 100))
    assert towns.index.name == "town_id"
    assert towns.crs == PLANE


def test_a_town_alone_gets_all_the_land() -> None:
    assert towns_from_points(named(("A", 20, 50)), square(0, 0))["A"].equals(square(0, 0))


def test_towns_in_a_row_share_in_strips() -> None:
    row = named(*((name, 10 + 20 * at, 50) for at, name in enumerate("ABCDE")))
    assert towns_from_points(row, square(0, 0)).area.tolist() == pytest.approx([2000] * 5)


def test_several_points_of_one_town_make_one_town() -> None:
    towns = towns_from_points(named(("A", 10, 50), ("B", 50, 50), ("A", 90, 50)), square(0, 0))
    assert towns.index.tolist() == ["A", "B"]
    assert towns["A"].equals(MultiPolygon([box(0, 0, 30, 100), box(70, 0, 100, 100)]))


def test_the_same_point_twice_changes_nothing() -> None:
    twice = named(("A", 20, 50), ("A", 20, 50), ("B", 60, 50))
    assert towns_from_points(twice, square(0, 0)).area.to_dict() == {"A": 4000, "B": 6000}
    crowded = named(("A", 50, 50), ("A", 50, 50), ("B", 50, 50))
    assert towns_from_points(crowded, square(0, 0)).area.round(6).tolist() == [5000, 5000]


def test_towns_on_one_point_share_its_surroundings() -> None:
    together = named(("A", 50, 50), ("B", 50, 50))
    towns = towns_from_points(together, square(0, 0))
    assert towns.area.to_dict() == pytest.approx({"A": 5000, "B": 5000})
    assert_tiles(towns, square(0, 0))


@pytest.mark.parametrize("names", ["AB", "ABC", "ABCD", "ABCDEFG"])
def test_towns_on_one_spot_part_its_land_and_leave_their_neighbours_theirs(names: str) -> None:
    towns = towns_from_points(named(*((n, 50, 50) for n in names), ("Z", 90, 50)), square(0, 0))
    assert towns["Z"].equals(box(70, 0, 100, 100))
    assert_tiles(towns, square(0, 0))
    assert towns.area.min() > 200


def test_points_less_than_a_metre_apart_are_one_spot() -> None:
    near = named(("A", 50.2, 50), ("B", 49.8, 50), ("Z", 90, 50))
    assert towns_from_points(near, square(0, 0))["Z"].equals(box(70, 0, 100, 100))


@pytest.mark.parametrize("side", [1000.0, 997.7])
def test_towns_on_a_lattice_off_the_origin_tile(side: float) -> None:
    lattice = [(51_234.57 + x * side, -8_765.43 + y * side) for x in range(9) for y in range(9)]
    ground = square(51_000, -9_000, 9 * side)
    towns = towns_from_points(points(*lattice, town_id=range(81)), ground)
    assert_tiles(towns, ground)


def test_a_harbour_off_the_coast_counts_for_the_coast() -> None:
    towns = towns_from_points(named(("A", 50, 50), ("harbour", 350, 50)), box(0, 0, 210, 100))
    assert towns["harbour"].equals(box(200, 0, 210, 100))


def test_a_town_whose_surroundings_are_all_sea_has_no_land() -> None:
    towns = towns_from_points(named(("A", 50, 50), ("far", 390, 50)), square(0, 0))
    assert towns["A"].equals(square(0, 0))
    assert towns["far"].is_empty
    assert towns["far"].geom_type == "Polygon"


def test_the_shore_across_the_strait_belongs_to_its_own_side() -> None:
    strait = MultiPolygon([box(0, 0, 100, 100), box(110, 0, 150, 40)])
    towns = towns_from_points(named(("mainland", 20, 50), ("island", 112, 20)), strait)
    assert towns["mainland"].equals(box(0, 0, 100, 100))
    assert towns["island"].equals(box(110, 0, 150, 40))


def test_an_island_without_a_point_goes_to_the_nearest_points_anywhere() -> None:
    islet = MultiPolygon([box(0, 0, 100, 100), box(110, 0, 120, 100)])
    towns = towns_from_points(named(("south", 50, 20), ("north", 50, 60)), islet)
    assert towns["south"].equals(MultiPolygon([box(0, 0, 100, 40), box(110, 0, 120, 40)]))
    assert_tiles(towns, islet)


def test_known_towns_keep_their_land_and_their_points_count_no_more() -> None:
    known = land(box(0, 0, 50, 100), index=["K"])
    given_points = named(("K", 90, 50), ("A", 60, 50))
    towns = towns_from_points(given_points, square(0, 0), known=known)
    assert towns.index.tolist() == ["A"]
    assert towns["A"].equals(box(50, 0, 100, 100))


def test_a_point_of_no_town_takes_no_land() -> None:
    spots = points((20, 50), (60, 50), (95, 50), town_id=["A", "B", None]).set_axis([7, 7, 8])
    towns = towns_from_points(spots, square(0, 0))
    assert towns.area.round(6).to_dict() == {"A": 4000, "B": 6000}


def test_without_a_point_no_town_has_land() -> None:
    missing = frame_of(None, Point(inf, inf), town_id=["A", "B"])
    assert towns_from_points(missing, square(0, 0)).empty
    assert towns_from_points(named(), square(0, 0)).empty


@given(SPOTS.filter(bool), st.booleans())
def test_towns_cover_the_land_and_do_not_overlap(
    spots: list[tuple[int, int]], some_known: bool
) -> None:
    names = [str(number % 5) for number in range(len(spots))]
    known = land(box(300, 200, 650, 800), index=["known"]) if some_known else None
    towns = towns_from_points(points(*spots, town_id=names), COAST, known=known)
    assert_tiles(towns, COAST.difference(known["known"]) if known is not None else COAST)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8,
                unique=True))  # fmt: skip
def test_every_spot_belongs_to_the_town_of_its_nearest_point(spots: list[tuple[int, int]]) -> None:
    names = [str(number) for number in range(len(spots))]
    towns = towns_from_points(points(*spots, town_id=names), square(0, 0, 60))
    for x, y in np.random.default_rng(6).uniform(0, 60, (20, 2)):
        away = [np.hypot(x - a, y - b) for a, b in spots]
        holding = towns.index[towns.distance(Point(x, y)) < 1e-6]
        assert any(away[int(name)] == pytest.approx(min(away), abs=1e-6) for name in holding)


def test_moving_everything_by_a_metre_moves_the_towns_and_no_more() -> None:
    spots = named(("A", 100, 100), ("B", 800, 300), ("C", 500, 850), ("D", 1250, 10))
    still = towns_from_points(spots, COAST)
    after = towns_from_points(
        spots.set_geometry(spots.translate(1, 1)), shapely.transform(COAST, lambda xy: xy + 1)
    )
    assert after.area.to_dict() == pytest.approx(still.area.to_dict())


def test_an_area_is_its_towns_in_one_piece() -> None:
    towns = land(square(0, 0), square(100, 0), square(200, 0), index=["A", "B", "C"])
    areas = areas_from_towns(towns, Series({"B": "east", "A": "west", "C": "east"}))
    assert areas.index.tolist() == ["west", "east"]
    assert areas.index.name == "area_id"
    assert areas["east"].equals(box(100, 0, 300, 100))
    assert areas.crs == PLANE


def test_towns_in_no_area_and_towns_without_land_add_nothing() -> None:
    towns = land(square(0, 0), square(100, 0), box(0, 0, 0, 0).buffer(0), index=["A", "B", "C"])
    areas = areas_from_towns(towns, Series({"A": None, "C": "west", "D": "west"}, dtype=object))
    assert areas.empty


def test_slivers_between_simplified_towns_close_and_outer_borders_stay() -> None:
    """Four blocks of one area round a hole 8 m wide."""
    blocks = [box(0, 0, 108, 100), box(108, 0, 200, 108), box(100, 108, 200, 200),
              box(0, 100, 100, 200)]  # fmt: skip
    areas = areas_from_towns(land(*blocks, index=list("ABCD")), Series(dict.fromkeys("ABCD", 1)))
    assert areas[1].equals(square(0, 0, 200))


def test_a_lake_among_the_towns_stays_open() -> None:
    blocks = [box(0, 0, 130, 100), box(130, 0, 200, 130), box(100, 130, 200, 200),
              box(0, 100, 100, 200)]  # fmt: skip
    areas = areas_from_towns(land(*blocks, index=list("ABCD")), Series(dict.fromkeys("ABCD", 1)))
    assert areas[1].area == pytest.approx(200**2 - 30**2)


def test_areas_of_overlapping_towns_meet_in_one_line() -> None:
    towns = land(box(0, 0, 103, 100), box(100, 0, 200, 100), index=["A", "B"])
    areas = areas_from_towns(towns, Series({"A": "west", "B": "east"}))
    assert areas["west"].intersection(areas["east"]).area == 0
    assert areas.union_all().equals(box(0, 0, 200, 100))


def test_degrees_are_refused() -> None:
    degrees = named(("A", 0, 0)).to_crs("EPSG:4326")
    with pytest.raises(NotInMetres):
        towns_from_points(degrees, square(0, 0))
    with pytest.raises(NotInMetres):
        towns_from_points(named(("A", 0, 0)), square(0, 0), known=degrees.geometry)
    with pytest.raises(NotInMetres):
        areas_from_towns(land(square(0, 0)).to_crs("EPSG:4326"), Series({0: "west"}))
