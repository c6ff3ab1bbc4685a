"""Dates, times and opening hours as municipalities write them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from exchange_files import cells, plainly

from api.exchange.dates import date_in_name, dates, hours, times


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 2, 1), date(2026, 2, 1)),
        (datetime(2026, 2, 1), date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("2026/2/1", date(2026, 2, 1)),
        ("２０２６．２．１", date(2026, 2, 1)),
        ("2026年2月1日", date(2026, 2, 1)),
        ("2026年2月1日（日）現在", date(2026, 2, 1)),
        ("2026-02-01 00:00:00", date(2026, 2, 1)),
        ("20260201", date(2026, 2, 1)),
        (20260201.0, date(2026, 2, 1)),
        ("2026年2月", date(2026, 2, 1)),
        ("6/1/2020", date(2020, 6, 1)),  # Takamatsu: month/day/year
        ("3/1/2023", date(2023, 3, 1)),
        ("令和8年2月1日", date(2026, 2, 1)),
        ("令和８年２月１日", date(2026, 2, 1)),
        ("R8.2.1", date(2026, 2, 1)),
        ("r08/02/01", date(2026, 2, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("H30/4/1", date(2018, 4, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        (46054.0, date(2026, 2, 1)),  # Excel's number of a day
    ],
)
def test_dates(cell: Any, day: date) -> None:
    values, bad = dates(cells(cell))
    assert (values[0], bad[0]) == (day, False)


@pytest.mark.parametrize("cell", ["8月5日（水）～8月16日（日）", "2026", "2026/13/1", "近日"])
def test_what_is_no_date_is_told(cell: str) -> None:
    values, bad = dates(cells(cell))
    assert (values[0], bad[0]) == (None, True)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("population_202602", date(2026, 2, 1)),
        ("jinko-2026-02-15", date(2026, 2, 15)),
        ("pop20260201", date(2026, 2, 1)),
        ("人口R8.2.1", date(2026, 2, 1)),
        ("町別人口（令和８年２月）", date(2026, 2, 1)),
        ("population_37201", None),
        ("0066", None),
        ("000123202602", None),
    ],
)
def test_the_date_in_a_files_name(name: str, day: date | None) -> None:
    assert date_in_name(name) == day


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("9:00", "09:00"),
        ("09:00:00", "09:00"),
        ("９時", "09:00"),
        ("9時30分", "09:30"),
        ("13時半", "13:30"),
        ("午後1時30分", "13:30"),
        ("1:30pm", "13:30"),
        ("正午", "12:00"),
        ("0900", "09:00"),
        (900.0, "09:00"),
        (0.375, "09:00"),
        (time(9, 0), "09:00"),
        (timedelta(hours=21, minutes=30), "21:30"),
        ("24:00", "24:00"),
        ("22：00", "22:00"),
        ("-", None),
    ],
)
def test_times(cell: Any, clock: str | None) -> None:
    values, bad = times(cells(cell))
    assert (plainly(values), bad[0]) == ([clock], False)


@pytest.mark.parametrize("cell", ["25:00", "9:60", "終日", "24:30"])
def test_what_is_no_time_is_told(cell: str) -> None:
    assert times(cells(cell))[1][0]


def test_opening_hours_in_one_cell() -> None:
    opens, closes, bad = hours(
        cells("9:00～17:00", "９時から１７時まで", "午前9時－午後5時", "応相談")
    )
    assert plainly(opens) == ["09:00", "09:00", "09:00", None]
    assert plainly(closes) == ["17:00", "17:00", "17:00", None]
    assert bad.tolist() == [False, False, False, True]
