"""Blocks of a hundred metres, so that it can be seen which ones touch."""

from math import hypot, inf, nan
from types import SimpleNamespace

import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pandas import concat
from shapely import MultiPolygon, Point, Polygon, box
from shapes import Home, Town, land, made_towns, people_at, points, square, xy_of

from geo.crs import NotInMetres
from geo.demand import at_points, spread_over
from geo.gaps import gap_zones
from geo.walking import NotADistance, straight


def gaps(
    demand: GeoDataFrame, places: GeoDataFrame, footprints: GeoSeries, distance_m: float = 50
) -> GeoDataFrame:
    """Gaps of any length: how long ones are parted is tested in test_parts.py."""
    walk = straight(demand, places)
    return gap_zones(
        demand, walk, footprints=footprints, distance_m=distance_m, zone_reach=float("inf")
    )


def only(zones: GeoDataFrame) -> SimpleNamespace:
    """The one zone there is."""
    assert zones.index.tolist() == [1]
    return SimpleNamespace(**{column: zones[column].iloc[0] for column in map(str, zones)})


def blocks(
    *corners: tuple[float, float], people: list[float], area_id: list[str | None] | None = None
) -> tuple[GeoDataFrame, GeoSeries]:
    """People in the middle of square blocks of 100 m, and the blocks."""
    middles = [(x + 50, y + 50) for x, y in corners]
    demand = at_points(people_at(*middles, people=people, area_id=area_id))
    return demand, land(*(square(*corner) for corner in corners))


def test_neighbours_beyond_reach_are_one_zone() -> None:
    demand, footprints = blocks((0, 0), (100, 0), (200, 0), people=[10, 20, 40])
    zones = gaps(demand, points((250, 50)), footprints)
    assert zones.index.tolist() == [1]
    zone = only(zones)
    assert (zone.people, zone.area_id, zone.town_ids) == (30, "west", ["town 1", "town 0"])
    assert zone.geometry.equals(box(0, 0, 200, 100))
    # The middle of the people is x = 116.7; the nearest of them live at 150, 100 m from the place.
    assert (zone.anchor, zone.place_id, zone.distance_m) == (Point(150, 50), 0, 100)
    assert zone.mean_distance_m == pytest.approx((10 * 200 + 20 * 100) / 30)
    assert zones.crs == demand.crs


def test_zones_are_ranked_by_people_and_equal_ones_by_their_order() -> None:
    demand, footprints = blocks((0, 0), (300, 0), (600, 0), people=[5, 9, 5])
    zones = gaps(demand, points(), footprints)
    assert zones.index.tolist() == [1, 2, 3]
    assert zones["people"].tolist() == [9, 5, 5]
    assert zones["anchor"].x.tolist() == [350, 50, 650]


def test_those_exactly_at_the_distance_are_in_no_gap() -> None:
    demand, footprints = blocks((0, 0), (300, 0), people=[5, 9])
    assert gaps(demand, points((50, 100)), footprints)["people"].tolist() == [9]
    assert gaps(demand, points((50, 100)), footprints, 49.9)["people"].tolist() == [9, 5]


def test_blocks_that_meet_at_a_corner_are_two_zones() -> None:
    demand, footprints = blocks((0, 0), (100, 100), people=[5, 9])
    assert len(gaps(demand, points(), footprints)) == 2


@pytest.mark.parametrize(("slit", "zones"), [(0.9, 1), (-3, 1), (1.1, 2)])
def test_borders_simplified_by_a_metre_still_touch(slit: float, zones: int) -> None:
    demand, footprints = blocks((0, 0), (100 + slit, 0), people=[5, 9])
    assert len(gaps(demand, points(), footprints)) == zones


def test_a_town_within_another_is_its_neighbour() -> None:
    demand = at_points(people_at((50, 50), (150, 150), people=[5, 9]))
    for outer, inner in ((0, 1), (1, 0)):
        footprints = land(box(0, 0, 300, 300), square(100, 100), index=[outer, inner])
        assert len(gaps(demand, points(), footprints)) == 1


def test_a_zone_lies_in_one_area_and_people_in_none_are_together() -> None:
    corners = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0)]
    demand, footprints = blocks(*corners, people=[1, 2, 4, 8], area_id=["west", "east", None, None])
    zones = gaps(demand, points(), footprints)
    assert zones["people"].tolist() == [12, 2, 1]
    assert zones["area_id"].isna().tolist() == [True, False, False]
    assert zones["area_id"].tolist()[1:] == ["east", "west"]


def test_without_any_place_everyone_is_in_a_gap_infinitely_far_from_none() -> None:
    demand, footprints = blocks((0, 0), people=[5])
    zone = only(gaps(demand, points(), footprints))
    assert (zone.people, zone.place_id) == (5, None)
    assert (zone.distance_m, zone.mean_distance_m) == (inf, inf)


@pytest.mark.parametrize("places", [points((50, 50)), points((50, 50), (9, 9))])
def test_where_all_are_within_reach_there_is_no_gap(places: GeoDataFrame) -> None:
    demand, footprints = blocks((0, 0), people=[5])
    zones = gaps(demand, places, footprints)
    assert zones.empty
    assert zones.columns.tolist() == [
        "area_id", "town_ids", "people", "place_id", "distance_m", "mean_distance_m", "anchor",
        "geometry",
    ]  # fmt: skip


def test_people_without_a_footprint_are_a_zone_of_their_own() -> None:
    demand = at_points(people_at((50, 50), (55, 50), (150, 50), people=[5, 9, 1]))
    zones = gaps(demand, points(), land(square(0, 0), Polygon(), index=[2, 1]))
    assert zones["people"].tolist() == [9, 5, 1]
    assert zones.geometry.iloc[0].contains(Point(55, 50))
    assert 0 < zones.geometry.iloc[0].area < 10_000


@pytest.mark.parametrize(("distance_m", "people"), [(50, [8, 3]), (70, [9, 2]), (100, [11])])
def test_a_long_row_is_parted_at_three_walking_distances(
    distance_m: float, people: list[float]
) -> None:
    """The largest block is at x = 50; 150 m, 210 m and 300 m take in one, two and three more."""
    demand, footprints = blocks((0, 0), (100, 0), (200, 0), (300, 0), people=[5, 3, 1, 2])
    walk = straight(demand, points())
    zones = gap_zones(demand, walk, footprints=footprints, distance_m=distance_m)
    assert zones["people"].tolist() == people


def test_a_row_without_people_makes_no_gap() -> None:
    demand, footprints = blocks((0, 0), (100, 0), (200, 0), people=[1, 1, 1])
    demand["people"] = [1.0, 0.0, 1.0]
    assert len(gaps(demand, points(), footprints)) == 2


def test_towns_are_listed_once_and_those_without_a_name_not_at_all() -> None:
    demand, footprints = blocks((0, 0), (100, 0), (200, 0), (300, 0), people=[3, 2, 2, 9])
    demand["town_id"] = ["A", "B", "B", None]
    zone = only(gaps(demand, points(), footprints))
    assert zone.town_ids == ["B", "A"]
    demand["town_id"] = None
    zone = only(gaps(demand, points(), footprints))
    assert zone.town_ids == []


@pytest.mark.parametrize(("distance_m", "left", "right"), [(6, 150, 160), (31, 120, 190)])
def test_spread_people_make_zones_of_squares(distance_m: float, left: int, right: int) -> None:
    """A place at x = 155 in a long town: one column of squares is within 6 m, seven are in 31."""
    shapes = land(box(0, 0, 300, 20))
    demand = spread_over(people_at((0, 0), people=[300]), shapes, spacing_m=10)
    zones = gaps(demand, points((155, 10)), shapes, distance_m)
    assert zones["people"].tolist() == pytest.approx([left, 300 - right])
    assert zones.geometry.iloc[0].equals(box(0, 0, left, 20))
    assert zones.geometry.iloc[1].equals(box(right, 0, 300, 20))


def test_squares_of_neighbouring_towns_and_of_different_size_touch() -> None:
    """The wide squares end at x = 100, the fine ones begin at x = 137.5: the border is x = 140."""
    shapes = land(box(0, 0, 140, 400), box(140, 0, 200, 400))
    wide = spread_over(people_at((0, 0), people=[9]), shapes, spacing_m=100)
    fine = spread_over(people_at((0, 0), people=[1]).set_axis([1]), shapes, spacing_m=12.5)
    demand = GeoDataFrame(concat([wide, fine], ignore_index=True))
    zone = only(gaps(demand, points(), shapes))
    assert zone.people == pytest.approx(10)
    assert zone.geometry.geom_type == "Polygon"


def test_squares_that_meet_at_a_corner_are_two_zones() -> None:
    shapes = land(MultiPolygon([square(0, 0), square(100, 100)]))
    demand = spread_over(people_at((0, 0), people=[8]), shapes, spacing_m=50)
    assert gaps(demand, points(), shapes)["people"].tolist() == [4, 4]


def test_an_outline_stays_within_its_towns_and_near_its_squares() -> None:
    crooked = land(Polygon([(3, 7), (512, 61), (430, 333), (250, 180), (41, 390)]))
    demand = spread_over(people_at((0, 0), people=[1000]), crooked, spacing_m=20)
    zones = gaps(demand, points((200, 100)), crooked, 90)
    beyond = demand[straight(demand, points((200, 100)))["distance_m"] > 90]
    squares = shapely.union_all([square(x - 10, y - 10, 20) for x, y in xy_of(beyond)])
    outline = zones.union_all()
    assert outline.is_valid
    assert outline.difference(crooked[0]).area == pytest.approx(0, abs=1e-6)
    assert outline.difference(squares.buffer(20)).area == pytest.approx(0, abs=1e-6)
    assert beyond.distance(outline).max() < 10


def test_an_outline_of_squares_without_a_known_shape_is_not_cut() -> None:
    shapes = land(square(0, 0))
    demand = spread_over(people_at((0, 0), people=[8]), shapes, spacing_m=50)
    zone = only(gaps(demand, points(), land()))
    assert zone.geometry.equals(square(0, 0))


def zones_by_hand(town: Town, distance_m: float) -> list[tuple[float, list[Home]]]:
    """People and homes of each zone, by going from door to door."""
    left = [
        home for home in town.homes if home.people > 0
        and all(hypot(home.x - x, home.y - y) > distance_m for x, y in town.spots)
    ]  # fmt: skip
    zones = []
    while left:
        found = [left[0]]
        for home in found:  # grows on the way
            found += [
                other for other in left if other not in found and other.area_id == home.area_id
                and abs(other.x - home.x) + abs(other.y - home.y) == 100
            ]  # fmt: skip
        left = [home for home in left if home not in found]
        zones.append((sum(home.people for home in found), found))
    return sorted(zones, key=lambda zone: -zone[0])


@given(made_towns(), st.integers(1, 400))
def test_zones_are_those_of_going_from_door_to_door(town: Town, distance_m: int) -> None:
    zones = gaps(at_points(town.population), town.places, town.shapes, distance_m)
    expected = zones_by_hand(town, distance_m)
    assert zones["people"].tolist() == [people for people, _ in expected]
    for (_, homes), outline in zip(expected, zones.geometry, strict=True):
        assert outline.area == pytest.approx(len(homes) * 10_000)
        assert all(outline.contains(Point(home.x, home.y)) for home in homes)


@given(made_towns(), st.integers(1, 400), st.sampled_from([None, 20.0]))
def test_everyone_beyond_reach_is_in_exactly_one_zone(
    town: Town, distance_m: int, spacing_m: float | None
) -> None:
    demand = (
        spread_over(town.population, town.shapes, spacing_m=spacing_m)
        if spacing_m
        else at_points(town.population)
    )
    walk = straight(demand, town.places)
    zones = gap_zones(demand, walk, footprints=town.shapes, distance_m=distance_m)
    beyond = demand["people"][walk["distance_m"] > distance_m].sum()
    assert zones["people"].sum() == pytest.approx(beyond)
    assert zones["people"].is_monotonic_decreasing or spacing_m
    assert zones.is_valid.all() and not zones.is_empty.any()
    assert all(anchor.distance(zone) < 1e-6 for anchor, zone in
               zip(zones["anchor"], zones.geometry, strict=True))  # fmt: skip


@pytest.mark.parametrize("distance_m", [0, -1, nan, inf])
def test_a_distance_nobody_could_walk_is_refused(distance_m: float) -> None:
    demand, footprints = blocks((0, 0), people=[5])
    with pytest.raises(NotADistance):
        gaps(demand, points(), footprints, distance_m)


def test_distances_of_other_people_are_refused() -> None:
    demand, footprints = blocks((0, 0), (100, 0), people=[5, 9])
    walk = straight(demand, points())
    with pytest.raises(ValueError, match="in another order"):
        gap_zones(demand, walk[::-1], footprints=footprints, distance_m=50)


def test_degrees_are_refused() -> None:
    demand, footprints = blocks((0, 0), people=[5])
    with pytest.raises(NotInMetres):
        gaps(demand, points(), footprints.to_crs("EPSG:4326"))
