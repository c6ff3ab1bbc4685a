"""Numbers pulled apart: never over each other, never out of the frame, at home if they can."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from web.sheets.spread import GAP_PT, NoRoom, Spread, spread

SIZE = (36.0, 17.0)
FRAME = (500.0, 400.0)


def pulled(points: list[tuple[float, float]], frame: tuple[float, float] = FRAME) -> Spread:
    at = np.array(points, dtype=float).reshape(-1, 2)
    homes = at + np.array([12.0, 0.0])
    return spread(at, homes, np.tile(SIZE, (len(at), 1)), frame)


def boxes(found: Spread) -> Any:
    low, high = found.middles - np.array(SIZE) / 2, found.middles + np.array(SIZE) / 2
    return shapely.box(*low.T, *high.T)


@given(st.lists(st.tuples(st.floats(0, FRAME[0]), st.floats(0, FRAME[1])), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_label_covers_another_or_leaves_the_frame(points: list[tuple[float, float]]) -> None:
    made = boxes(pulled(points))
    assert len(shapely.STRtree(made).query(made, predicate="intersects")[0]) == len(points)
    assert shapely.within(made, shapely.box(0, 0, *FRAME).buffer(1e-6)).all()


def test_a_lonely_label_stays_at_home_and_has_no_line() -> None:
    found = pulled([(100, 100), (300, 300)])
    assert found.middles.tolist() == [[112, 100], [312, 300]]
    assert not found.moved.any()


def test_of_two_on_one_spot_one_moves_and_no_farther_than_it_must() -> None:
    found = pulled([(250, 200), (250, 200)])
    assert sorted(found.moved.tolist()) == [False, True]
    away = float(np.hypot(*(found.middles[0] - found.middles[1])))
    assert away < SIZE[1] * 2 + GAP_PT


def test_a_label_at_the_edge_moves_inside() -> None:
    (middle,) = pulled([(FRAME[0] - 1, 200)]).middles
    assert middle[0] <= FRAME[0] - SIZE[0] / 2


def test_no_line_of_a_full_frame_crosses_another() -> None:
    """Where nothing but cells is left, all lines together are as short as can be."""
    random = np.random.default_rng(3)
    points = random.uniform(20, 80, (24, 2))
    frame = (4 * (SIZE[0] + GAP_PT) + 0.1, 6 * (SIZE[1] + GAP_PT) + 0.1)
    at = points * np.array(frame) / 100
    found = spread(at, at, np.tile(SIZE, (24, 1)), frame)
    lines: Any = shapely.linestrings(np.stack([at, found.middles], axis=1))
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert not len(one[one != other])


def test_more_labels_than_the_frame_holds_are_refused() -> None:
    with pytest.raises(NoRoom, match="大きい紙"):
        pulled([(50, 50)] * 10, frame=(80, 60))


def test_nothing_to_place_is_nothing_placed() -> None:
    assert len(pulled([]).middles) == 0
