"""Words on screen: dates in 和暦, weekdays, distances, shares, titles of gaps."""

from __future__ import annotations

from datetime import date

import pytest

from web.words import (
    dialable,
    gap_title,
    metres,
    open_days,
    percent,
    walk_choice,
    walk_minutes,
    wareki,
)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 10, 1), "令和8年10月1日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "1912年7月29日"),
        (None, "日付不明"),
    ],
)
def test_dates_are_said_in_eras(day: date | None, said: str) -> None:
    assert wareki(day) == said


@pytest.mark.parametrize(
    ("distance_m", "said"),
    [
        (0, "0 m"),
        (349.6, "350 m"),
        (994.9, "995 m"),
        (995, "1.0 km"),
        (1250, "1.2 km"),
        (12_345, "12.3 km"),
        (None, "—"),
    ],
)
def test_distances_are_said_in_metres_then_kilometres(distance_m: float | None, said: str) -> None:
    assert metres(distance_m) == said


def test_a_walk_is_said_with_its_minutes() -> None:
    assert walk_choice(500) == "歩いて 500 m（約10分）"
    assert walk_choice(1000) == "歩いて 1,000 m（約20分）"


def test_a_share_of_nobody_is_a_dash_and_never_nought() -> None:
    assert percent(None) == "—"
    assert percent(0) == "0%"
    assert percent(0.674) == "67%"
    assert percent(1) == "100%"


def test_a_share_says_all_or_none_only_where_it_is_all_or_none() -> None:
    assert percent(0.999) != "100%"
    assert percent(0.001) != "0%"


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [
        ("月", "月曜"),
        ("月火", "月・火曜"),
        ("月水金", "月・水・金曜"),
        ("月火水木金", "月〜金曜"),
        ("土日", "土・日曜"),
        ("月火水木金土日", "毎日"),
        (None, "曜日はお問い合わせください"),
        ("", "曜日はお問い合わせください"),
    ],
)
def test_days_are_said_as_people_say_them(weekdays: str | None, said: str) -> None:
    assert open_days(weekdays) == said


def test_a_gap_is_named_by_its_two_largest_towns() -> None:
    assert gap_title(["朝日町"]) == "朝日町"
    assert gap_title(["朝日町", "西町"]) == "朝日町・西町"
    assert gap_title(["朝日町", "西町", "東町", "北町"]) == "朝日町・西町 ほか2町"
    assert gap_title([]) == "町名なし"


@pytest.mark.parametrize(
    ("distance_m", "minutes"),
    [(0, 1), (49.9, 1), (50, 1), (50.0000001, 1), (51, 2), (500, 10), (501, 11)],
)
def test_minutes_of_an_older_walker_are_begun_ones(distance_m: float, minutes: int) -> None:
    assert walk_minutes(distance_m) == minutes


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("087-839-2011", "0878392011"),
        ("０８７（８３９）２０１１", "0878392011"),
        ("電話 090 1234 5678（夜）", "09012345678"),
        ("+81-87-839-2011", "+81878392011"),
        ("0120-00-0000 内線5", "0120000000"),
        ("087-839-2011・087-839-2012", "0878392011"),
        ("110", ""),
        ("役場へ", ""),
        ("javascript:alert(1)", ""),
        ("2026-11-20", ""),
        (None, ""),
    ],
)
def test_what_a_phone_dials(written: str | None, dialled: str) -> None:
    assert dialable(written) == dialled
