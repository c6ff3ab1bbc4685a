"""Classes of the shading: round limits, a class for everybody, and steps that survive grey."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pandas import NA, Series

from web.maps.classes import COLOURS, class_of, round_limits


def lightness(colour: str) -> float:
    """L* of CIELAB, 0 black to 100 white: what a grey copy keeps of a colour."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def test_each_class_is_clearly_darker_than_the_one_before_on_a_grey_copy() -> None:
    steps = [lightness(a) - lightness(b) for a, b in pairwise(COLOURS)]
    assert len(COLOURS) == 5
    assert min(steps) > 6  # a step people see side by side is about 2.3
    assert lightness(COLOURS[-1]) > 40  # ink is still read upon it


def test_limits_are_quantiles_in_round_numbers() -> None:
    assert round_limits(Series(range(1, 101))) == [20, 40, 60, 80]
    assert round_limits(Series([3.0, 140.0, 155.0, 1234.0, 5678.0])) == [100, 150, 600, 2000]


def test_nobody_and_nothing_known_count_for_no_limit() -> None:
    assert round_limits(Series([0.0, None, float("nan")])) == []
    assert round_limits(Series([], dtype=float)) == []
    assert round_limits(Series([0.0, 0.0, *range(1, 101), None])) == [20, 40, 60, 80]


def test_limits_that_round_to_the_same_are_one() -> None:
    assert round_limits(Series([50.0] * 9)) == [50]


def test_a_value_on_the_limit_is_in_the_lighter_class() -> None:
    classes = class_of(Series([0.0, 20.0, 20.1, 40.0, 999.0]), [20, 40])
    assert classes.tolist() == [0, 0, 1, 1, 2]


def test_what_is_not_known_has_no_class() -> None:
    classes = class_of(Series([None, 5.0], index=["a", "b"]), [20])
    assert classes["a"] is NA
    assert classes["b"] == 0
    assert list(classes.index) == ["a", "b"]


@given(st.lists(st.floats(0, 1e7) | st.none(), max_size=60))
def test_every_known_value_has_a_colour_and_more_is_never_lighter(
    values: list[float | None],
) -> None:
    numbers = Series(values, dtype=float)
    limits = round_limits(numbers)
    classes = class_of(numbers, limits).dropna()
    assert limits == sorted(set(limits))
    assert len(classes) == numbers.notna().sum()
    assert classes.isin(range(len(COLOURS))).all()
    assert classes[numbers.dropna().sort_values(kind="stable").index].is_monotonic_increasing
