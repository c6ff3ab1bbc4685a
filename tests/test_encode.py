"""Shapes on their way to the browser: what `yori-shapes.js` reads back is what was sent."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box, is_valid, union_all
from shapely.geometry.base import BaseGeometry
from shapes import land, square

from web.maps.encode import encode_points, encode_shapes, simplified

DEGREES = "EPSG:4326"


def degrees(*shapes: BaseGeometry | None) -> GeoSeries:
    """Shapes in degrees."""
    return GeoSeries(np.array(shapes, dtype=object), crs=DEGREES)


def decoded(part: list[int]) -> list[tuple[int, int]]:
    """What `Yori.decode` makes of a part, in hundred-thousandths of a degree."""
    return list(zip(accumulate(part[::2]), accumulate(part[1::2]), strict=True))


def test_a_part_is_its_first_point_and_then_steps() -> None:
    line = LineString([(135.5, 34.7), (135.50001, 34.70002), (135.5, 34.70002)])
    assert encode_shapes(degrees(line)) == [[[13550000, 3470000, 1, 2, -1, 0]]]


def test_a_square_comes_back_closed() -> None:
    ((part,),) = encode_shapes(degrees(box(0, 0, 0.00002, 0.00001)))
    assert sorted(set(decoded(part))) == [(0, 0), (0, 1), (2, 0), (2, 1)]
    assert decoded(part)[0] == decoded(part)[-1]


def test_holes_and_islands_are_parts_of_their_own_shape() -> None:
    holed = Polygon(
        [(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(5, 5), (6, 5), (6, 6)]]
    )
    islands = MultiPolygon([box(0, 0, 1, 1), box(3, 3, 4, 4)])
    line = LineString([(0, 0), (1, 1)])
    counts = [len(parts) for parts in encode_shapes(degrees(line, holed, islands))]
    assert counts == [1, 3, 2]


def test_a_missing_or_empty_shape_has_no_parts_and_keeps_its_place() -> None:
    encoded = encode_shapes(degrees(None, box(0, 0, 1, 1), Polygon()))
    assert [len(parts) for parts in encoded] == [0, 1, 0]
    assert encode_shapes(degrees(None)) == [[]]
    assert encode_shapes(degrees()) == []


def test_steps_of_nothing_are_left_out_but_never_the_first_point() -> None:
    line = LineString([(1, 1), (1.000001, 1), (1.00002, 1)])
    assert encode_shapes(degrees(line)) == [[[100000, 100000, 2, 0]]]
    speck = LineString([(1, 1), (1.000001, 1)])
    assert encode_shapes(degrees(speck)) == [[[100000, 100000]]]


def test_shapes_in_metres_are_sent_in_degrees() -> None:
    ((part,),) = encode_shapes(land(square(0, 0)))
    lon, lat = decoded(part)[0]
    assert (lon, lat) == pytest.approx((139_83333, 36_00000), abs=120)  # the origin of zone 9


def test_points_are_steps_from_the_one_before() -> None:
    assert encode_points(degrees(Point(135, 34), Point(135.00002, 33.99999))) == (
        [13500000, 2],
        [3400000, -1],
    )
    assert encode_points(degrees()) == ([], [])


coordinates = st.tuples(st.floats(122, 154), st.floats(20, 46))


@given(st.lists(st.lists(coordinates, min_size=2, max_size=30), min_size=1, max_size=4))
def test_no_point_moves_more_than_half_a_unit_however_long_the_line(
    lines: list[list[tuple[float, float]]],
) -> None:
    for line, (part,) in zip(lines, encode_shapes(degrees(*map(LineString, lines))), strict=True):
        back = decoded(part)
        rounded = [(round(x * 100_000), round(y * 100_000)) for x, y in line]
        kept = [p for n, p in enumerate(rounded) if n == 0 or p != rounded[n - 1]]
        assert all(
            abs(a - c) <= 1 and abs(b - d) <= 1 for (a, b), (c, d) in zip(back, kept, strict=True)
        )


def test_simplified_neighbours_still_fit() -> None:
    wavy = [(100.0, float(y) / 4) for y in range(400)]
    wavy = [(x + (0.5 if n % 2 else 0), y) for n, (x, y) in enumerate(wavy)]
    west = Polygon([(0, 0), *wavy, (100, 100), (0, 100)])
    east = Polygon([(200, 0), *wavy, (100, 100), (200, 100)])
    slim = simplified(land(west, None, east, index=["a", "b", "c"]), 4.0)
    assert list(slim.index) == ["a", "b", "c"]
    assert slim["b"] is None
    assert len(slim["a"].exterior.coords) < 10
    assert slim["a"].intersection(slim["c"]).area < 1e-6
    assert is_valid(union_all([slim["a"], slim["c"]]))
    assert slim["a"].union(slim["c"]).area == pytest.approx(20_000, rel=0.01)
