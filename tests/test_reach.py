"""Pairs of homes and places within a walk."""

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.crs import NotInMetres
from geo.reach import pairs_straight
from geo.walking import NotADistance, straight

ZONE = "EPSG:6672"
coordinates = st.integers(-2_000, 2_000)
spots = st.lists(st.tuples(coordinates, coordinates), max_size=30)


def frame(at: list[tuple[int, int]]) -> GeoDataFrame:
    return GeoDataFrame(geometry=[Point(*xy) for xy in at], crs=ZONE)


def test_exactly_as_far_counts_and_a_place_without_a_point_is_in_no_pair() -> None:
    places = GeoDataFrame(geometry=[Point(0, 0), Point(), Point(500, 0)], crs=ZONE)
    found = pairs_straight(frame([(300, 400), (0, 501)]), places, 500)
    assert found.home.tolist() == [0, 0]
    assert found.place.tolist() == [0, 2]
    assert found.distance_m.tolist() == pytest.approx([500, np.hypot(200, 400)])


def test_an_estimate_reaches_less_far() -> None:
    homes, places = frame([(0, 300), (0, 400)]), frame([(0, 0)])
    found = pairs_straight(homes, places, 500, detour=1.3)
    assert (found.home.tolist(), found.distance_m.tolist()) == ([0], [390.0])


@given(spots, spots, st.integers(1, 3_000))
def test_pairs_are_those_of_the_whole_matrix(
    homes: list[tuple[int, int]], places: list[tuple[int, int]], distance_m: int
) -> None:
    found = pairs_straight(frame(homes), frame(places), distance_m)
    expected = [
        (home, place)
        for home, (x, y) in enumerate(homes)
        for place, (u, v) in enumerate(places)
        if (x - u) ** 2 + (y - v) ** 2 <= distance_m**2
    ]
    assert list(zip(found.home.tolist(), found.place.tolist(), strict=True)) == expected


@given(spots, spots, st.integers(1, 3_000))
def test_whoever_is_in_a_pair_is_within_reach_of_the_nearest(
    homes: list[tuple[int, int]], places: list[tuple[int, int]], distance_m: int
) -> None:
    demand, there = frame(homes), frame(places)
    reached = straight(demand, there)["distance_m"] <= distance_m
    found = pairs_straight(demand, there, distance_m)
    assert set(found.home.tolist()) == set(np.flatnonzero(reached).tolist())


def test_what_cannot_be_is_refused() -> None:
    some = frame([(0, 0)])
    with pytest.raises(NotADistance):
        pairs_straight(some, some, 0)
    with pytest.raises(ValueError, match="detour"):
        pairs_straight(some, some, 500, detour=0.9)
    with pytest.raises(NotInMetres):
        pairs_straight(some.to_crs(4326), some, 500)
