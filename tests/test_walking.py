"""How far it is to the nearest place, counted out on a line and against trying every pair."""

from itertools import permutations
from math import hypot, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from shapes import Town, frame_of, made_towns, points

from geo.crs import NotInMetres
from geo.walking import NotADistance, straight, within_reach

SPOTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


def test_the_nearest_place_is_named_with_its_distance() -> None:
    homes = points((0, 0), (90, 0)).set_axis([7, 8])
    walk = straight(homes, points((30, 40), (100, 0)).set_axis(["hall", "temple"]))
    assert walk.index.tolist() == [7, 8]
    assert walk["place_id"].tolist() == ["hall", "temple"]
    assert walk["distance_m"].tolist() == [50, 10]


@pytest.mark.parametrize("origin", [(0.0, 0.0), (0.1, 1 / 3), (-42_975.906, 127.302)])
@pytest.mark.parametrize("order", [*permutations([(0, 50), (30, 40), (-40, 30), (50, 0)])])
def test_of_equally_near_places_the_first_counts_wherever_the_origin_is(
    order: list[tuple[float, float]], origin: tuple[float, float]
) -> None:
    x, y = origin
    places = points(*((x + right, y + up) for right, up in order))
    assert straight(points(origin), places)["place_id"].tolist() == [0]


def test_two_places_in_one_house_count_as_the_first() -> None:
    walk = straight(points((0, 0)), points((9, 0), (5, 0), (5, 0)))
    assert walk["place_id"].tolist() == [1]


@given(SPOTS, SPOTS)
def test_the_answer_is_that_of_trying_every_pair(
    homes: list[tuple[int, int]], places: list[tuple[int, int]]
) -> None:
    walk = straight(points(*homes), points(*places))
    for (x, y), place, metres in zip(homes, walk["place_id"], walk["distance_m"], strict=True):
        away = [hypot(x - a, y - b) for a, b in places]
        assert (place, metres) == (away.index(min(away)), pytest.approx(min(away), abs=1e-6))


def test_without_any_place_everyone_is_infinitely_far() -> None:
    walk = straight(points((0, 0), (1, 0)), points())
    assert walk["place_id"].tolist() == [None, None]
    assert walk["distance_m"].tolist() == [inf, inf]


def test_a_place_without_a_point_is_nobodys_nearest() -> None:
    places = frame_of(None, Point(), Point(inf, inf), Point(8, 0))
    assert straight(points((0, 0)), places)["place_id"].tolist() == [3]


def test_nobody_walks_nowhere() -> None:
    walk = straight(points(), points((0, 0)))
    assert walk.columns.tolist() == ["place_id", "distance_m"]
    assert walk.empty


def test_a_detour_lengthens_every_way_and_changes_no_nearest_place() -> None:
    homes, places = points((0, 0), (60, 0)), points((10, 0), (100, 0))
    walk = straight(homes, places, detour=1.3)
    assert walk["distance_m"].tolist() == [13, 52]
    assert walk["place_id"].tolist() == [0, 1]


@pytest.mark.parametrize("detour", [0.99, 0, -1.3, float("nan"), inf])
def test_a_detour_shorter_than_the_straight_line_is_refused(detour: float) -> None:
    with pytest.raises(ValueError, match="detour must be 1 or more"):
        straight(points((0, 0)), points((1, 0)), detour=detour)


@pytest.mark.parametrize(("metres", "reached"), [(499.999, False), (500, True), (500.001, True)])
def test_exactly_at_the_distance_is_within_reach(metres: float, reached: bool) -> None:
    walk = straight(points((0, 0)), points((300, 400)))
    assert within_reach(walk, metres).tolist() == [reached]


@pytest.mark.parametrize("away", [1.0, 0.1, 1 / 3, 12_345.678])
def test_exactly_at_the_distance_survives_a_shifted_origin(away: float) -> None:
    walk = straight(points((away, away)), points((300 + away, 400 + away)))
    assert within_reach(walk, 500).all()


@pytest.mark.parametrize("distance_m", [0, -1, float("nan"), inf])
def test_a_distance_nobody_could_walk_is_refused(distance_m: float) -> None:
    with pytest.raises(NotADistance, match="positive and finite"):
        within_reach(straight(points((0, 0)), points()), distance_m)


@given(made_towns(), st.integers(-200, 700), st.integers(-200, 700))
def test_one_more_place_never_makes_a_way_longer(town: Town, x: int, y: int) -> None:
    before = straight(town.population, town.places)["distance_m"]
    after = straight(town.population, points(*town.spots, (x, y)))["distance_m"]
    assert np.all(after <= before)


def test_degrees_are_refused() -> None:
    with pytest.raises(NotInMetres, match="EPSG:4326"):
        straight(points((0, 0)), points((0, 0)).to_crs("EPSG:4326"))
