"""How often places open (開く回数): a monthly place offers less than a weekly one."""

from datetime import date, timedelta

from pandas import DataFrame, Series

from api.exchange.schedule_dates import next_dates
from api.exchange.schedules import from_json

WEEKS = 12
UNKNOWN_A_WEEK = 1.0
"""Openings a week of a place whose days nobody knows."""


def openings_a_week(places: DataFrame, on: date) -> Series:
    """Openings a week of every place; NaN where neither a schedule nor weekdays are known."""
    end = on + timedelta(weeks=WEEKS)
    told = [
        _of_schedule(schedule, on, end) if schedule else (float(len(days)) if days else None)
        for schedule, days in zip(places["schedule"], places["weekdays"], strict=True)
    ]
    return Series(told, index=places.index, dtype=float)


def _of_schedule(schedule: str, on: date, end: date) -> float | None:
    dates = next_dates(from_json(schedule), on, 7 * WEEKS)
    within = sum(day < end for day in dates)
    return within / WEEKS if dates else None
