"""Long chains of uncovered towns, parted so that each part is a walk wide."""

import numpy as np
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.parts import parted

PLANE = "EPSG:6677"


def towns(x_m: list[int], people: list[int], names: list[str | None] | None = None) -> GeoDataFrame:
    numbers = range(len(x_m))
    columns = {
        "people": people,
        "town_id": names or [f"T{i}" for i in numbers],
        "record_id": numbers,
    }
    return GeoDataFrame(columns, geometry=[Point(x, 0) for x in x_m], crs=PLANE)


def parts(rows: GeoDataFrame, reach_m: float, zone: list[int] | None = None) -> list[set[int]]:
    part = parted(rows, np.array(zone or [0] * len(rows)), reach_m=reach_m)
    return [set(np.flatnonzero(part == number)) for number in range(part.max() + 1)]


def test_the_largest_town_takes_in_those_near_it_first() -> None:
    chain = towns([0, 1000, 2000, 3000, 4000], [10, 1, 1, 1, 9])
    assert parts(chain, 1500) == [{0, 1}, {3, 4}, {2}]


def test_a_short_chain_stays_in_one_piece() -> None:
    assert parts(towns([0, 1000, 2000], [1, 5, 1]), 1000) == [{0, 1, 2}]


def test_zones_are_never_joined() -> None:
    assert parts(towns([0, 10], [1, 1]), 1000, zone=[0, 1]) == [{0}, {1}]


def test_the_rows_of_a_town_stay_together_and_count_at_their_middle() -> None:
    """A lies at 0 and 3000, so its middle is 1500, and B at 2000 is within 600 m of it."""
    assert parts(towns([0, 3000, 2000], [5, 5, 1], ["A", "A", "B"]), 600) == [{0, 1, 2}]


def test_people_in_no_town_are_not_one_town() -> None:
    assert parts(towns([0, 5000], [1, 1], [None, None]), 1000) == [{0}, {1}]


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 50)), min_size=1, max_size=30),
    st.integers(1, 5000),
)
def test_nobody_is_lost_and_every_part_has_a_town_within_reach_of_all(
    homes: list[tuple[int, int]], reach_m: int
) -> None:
    rows = towns([x for x, _ in homes], [people for _, people in homes])
    found = parts(rows, reach_m)
    assert sorted(row for part in found for row in part) == list(range(len(homes)))
    for part in found:
        spots = [homes[row][0] for row in part]
        assert any(max(abs(x - spot) for x in spots) <= reach_m for spot in spots)
