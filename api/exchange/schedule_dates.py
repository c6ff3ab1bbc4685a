"""The days a schedule names (開所日): rules, holidays, and what was decided by hand."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

from api.exchange.schedules import Schedule, Sitting
from api.exchange.weekdays import WEEK

CHUNK_DAYS = 366
CHUNKS = 10
"""How far ahead the next days are looked for: about ten years, then there are none."""


@lru_cache(maxsize=128)
def national_holidays(year: int) -> frozenset[date]:
    """National holidays (祝日) with substitutes (振替休日); none are known after 2099."""
    return frozenset(holidays.country_holidays("JP", years=year))


def recurrence(
    sitting: Sitting, first: datetime, last: datetime, months: Sequence[int] | None = None
) -> rrule:
    """A sitting as a rule from `first` to `last`, both counted.

    Give `months` only where some day is known to fall into them: dateutil looks for a day that
    never comes (31 February) until the year 9999.
    """
    if sitting.month_days:
        return rrule(
            MONTHLY, dtstart=first, until=last, bymonthday=sitting.month_days, bymonth=months
        )
    days = [weekday(WEEK.index(letter)) for letter in sitting.weekdays]
    if sitting.weeks:
        nth = [day(week) for week in sitting.weeks for day in days]
        return rrule(MONTHLY, dtstart=first, until=last, byweekday=nth, bymonth=months)
    return rrule(
        WEEKLY,
        dtstart=_in_step(sitting, first),
        until=last,
        interval=sitting.every_weeks,
        byweekday=days,
        bymonth=months,
        wkst=MO,
    )


def _in_step(sitting: Sitting, first: datetime) -> datetime:
    """The first moment from `first` on that lies in one of the weeks of a cycle (隔週)."""
    if sitting.starts_on is None:
        return first
    start = datetime.combine(sitting.starts_on, first.time())
    if start >= first:
        return start
    monday = first - timedelta(days=first.weekday())
    weeks = (monday - (start - timedelta(days=start.weekday()))).days // 7
    skipped = -weeks % sitting.every_weeks
    return first if skipped == 0 else monday + timedelta(weeks=skipped)


def regular_dates(schedule: Schedule, sitting: Sitting, first: date, last: date) -> list[date]:
    """The days of one sitting outside the months off, holidays or not, in order."""
    found = recurrence(sitting, datetime.combine(first, time()), datetime.combine(last, time()))
    return [day.date() for day in found if day.month not in schedule.months_off]


def dates_between(schedule: Schedule, first: date, last: date) -> list[date]:
    """The days it opens from `first` to `last`, both counted, each once, in order.

    A day added by hand stays, even on a holiday or in a month off.
    """
    days = {
        day
        for sitting in schedule.sittings
        for day in regular_dates(schedule, sitting, first, last)
    }
    if schedule.holidays_off:
        days = {day for day in days if day not in national_holidays(day.year)}
    added = {day for day in schedule.extra_dates if first <= day <= last}
    return sorted(days - set(schedule.dates_off) | added)


def next_dates(schedule: Schedule, today: date, count: int = 6) -> list[date]:
    """The next days it opens, today among them; fewer where ten years do not hold as many."""
    found: list[date] = []
    for chunk in range(CHUNKS):
        first = today + timedelta(days=CHUNK_DAYS * chunk)
        found += dates_between(schedule, first, first + timedelta(days=CHUNK_DAYS - 1))
        if len(found) >= count:
            break
    return found[:count]
