"""A schedule as other calendars take it (RFC 5545)."""

from collections.abc import Iterable
from datetime import date, datetime, time

from api.exchange.schedule_dates import dates_between, recurrence, regular_dates
from api.exchange.schedules import Schedule, Sitting, hours


def rrules(schedule: Schedule, first: date, last: date) -> list[str]:
    """DTSTART, RRULE and EXDATE of each sitting, then DTSTART and RDATE of the days added.

    Together they name the days of `dates_between(schedule, first, last)`, in local time without a
    zone, at the opening time (00:00 where none is known). Each line ends in a bare newline and is
    not folded: that is for whoever writes the calendar file.
    """
    return [text for _, text in ruled(schedule, first, last)]


def ruled(schedule: Schedule, first: date, last: date) -> list[tuple[int | None, str]]:
    """The lines of `rrules`, each after the number of its sitting; None: the days added."""
    opened = dates_between(schedule, first, last)
    texts: list[tuple[int | None, str]] = []
    regular: set[date] = set()
    for number, sitting in enumerate(schedule.sittings):
        days = regular_dates(schedule, sitting, first, last)
        regular.update(days)
        if not set(opened).isdisjoint(days):
            texts.append((number, _rule(schedule, sitting, days, set(opened), last)))
    opens_at = (hours(schedule) or (None, None))[0]
    if added := [day for day in opened if day not in regular]:
        lines = f"DTSTART:{_moments(added[:1], opens_at)}\nRDATE:{_moments(added, opens_at)}"
        texts.append((None, lines))
    return texts


def _rule(
    schedule: Schedule, sitting: Sitting, days: list[date], opened: set[date], last: date
) -> str:
    months = [month for month in range(1, 13) if month not in schedule.months_off]
    rule = recurrence(
        sitting,
        datetime.combine(days[0], _time(sitting.opens_at)),
        datetime.combine(last, time(23, 59, 59)),
        months if schedule.months_off else None,
    )
    closed = [day for day in days if day not in opened]
    return f"{rule}\nEXDATE:{_moments(closed, sitting.opens_at)}" if closed else str(rule)


def _time(clock: str | None) -> time:
    return time.fromisoformat(clock or "00:00")


def _moments(days: Iterable[date], clock: str | None) -> str:
    return ",".join(f"{datetime.combine(day, _time(clock)):%Y%m%dT%H%M%S}" for day in days)
