"""Latitude and longitude: ways of writing them, and ways they go wrong."""

from typing import Any

import pytest
from exchange_files import cells, plainly
from hypothesis import given
from hypothesis import strategies as st
from pandas import Series

from api.exchange.coordinates import angles, faults, pairs

TOWN_HALL = 34 + 20 / 60 + 35 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "34°20′35″",
        "34度20分35秒",
        "34.20.35",
        "北緯34度20分35秒",
        "34:20:35",
        "34° 20' 35\" N",
        "342035",
    ],
)
def test_degrees_minutes_and_seconds(text: str) -> None:
    values, bad = angles(cells(text))
    assert values[0] == pytest.approx(TOWN_HALL)
    assert not bad[0]


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [(34.34, 34.34), ("34.34", 34.34), ("３４．３４", 34.34), ("134", 134), ("", None)],
)
def test_decimal_degrees(cell: Any, degrees: float | None) -> None:
    values, bad = angles(cells(cell))
    assert (plainly(values), bad[0]) == ([degrees], False)


@given(st.floats(20, 46))
def test_a_number_of_excel_is_not_rounded(degrees: float) -> None:
    assert angles(cells(degrees))[0][0] == degrees


@pytest.mark.parametrize("text", ["高松市", "34.34N134.05E", "34度75分"])
def test_what_is_no_angle_is_told(text: str) -> None:
    assert angles(cells(text))[1][0]


def test_both_in_one_cell() -> None:
    points, bad = pairs(cells("34.342286,134.055021", ",", "（34.3、134.1）", "高松市"), "latlon")
    assert plainly(points["lat"]) == [34.342286, None, 34.3, None]
    assert plainly(points["lon"]) == [134.055021, None, 134.1, None]
    assert bad.tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("lon", "lat", "word"),
    [
        (34.34, 134.05, "入れ替わって"),
        (0, 0, "(0, 0)"),
        (134.05, 51.5, "日本の外"),
        (134.05, None, "緯度がありません"),
        (None, 34.34, "経度がありません"),
    ],
)
def test_each_fault_is_named(lon: float | None, lat: float | None, word: str) -> None:
    said = faults(Series([lon], dtype=float), Series([lat], dtype=float))
    assert word in said[0]


def test_a_point_in_japan_and_no_point_at_all_are_fine() -> None:
    assert faults(Series([134.05, None]), Series([34.34, None])).isna().all()
