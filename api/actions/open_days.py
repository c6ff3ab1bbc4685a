"""Which days a place is open (開く日), as far as anybody knows: schedule, pauses, begin and end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from api.exchange.schedule_dates import dates_between
from api.exchange.schedules import Schedule, Sitting, from_json
from api.models import Pause
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible

Span = tuple[date, date | None]
"""First and last day; None: nobody knows the last."""


@dataclass(frozen=True)
class OpenDays:
    """The days of one place (開く日)."""

    schedule: Schedule | None
    """None: nobody knows its days."""
    sure: bool
    """Whether dates may be promised: not where weekdays come with a remark nobody could read."""
    first: date = date.min
    last: date = date.max
    pauses: list[Span] = field(default_factory=list)
    """Those whose last day is known; one without an end ends the days."""

    def between(self, first: date, last: date) -> list[date]:
        """The days it opens from `first` to `last`, both counted; none where nobody knows."""
        first, last = max(first, self.first), min(last, self.last)
        if self.schedule is None or last < first:
            return []
        days = _dates(self.schedule, first, last)
        return [day for day in days if not any(_holds(pause, day) for pause in self.pauses)]

    def as_rule(self) -> Schedule | None:
        """The schedule with its pauses among the days off, where dates may be promised."""
        if self.schedule is None or not self.sure:
            return None
        paused = {day for pause in self.pauses for day in _days(pause)}
        return self.schedule.model_copy(
            update={
                "dates_off": tuple(sorted(paused.union(self.schedule.dates_off))),
                "extra_dates": tuple(d for d in self.schedule.extra_dates if d not in paused),
            }
        )


def open_days(row: Mapping[str, Any], pauses: Iterable[Span] = ()) -> OpenDays:
    """The days of a place's public record, with its pauses."""
    schedule, sure = _told(
        row["schedule"], row["weekdays"], row["opens_at"], row["closes_at"], row["schedule_note"]
    )
    endless = [first for first, last in pauses if last is None]
    ends = [day - timedelta(days=1) for day in (row["closed_on"], *endless) if day is not None]
    return OpenDays(
        schedule=schedule,
        sure=sure,
        first=row["opened_on"] or date.min,
        last=min(ends, default=date.max),
        pauses=[pause for pause in pauses if pause[1] is not None],
    )


def pauses_by_place(
    session: Session, viewer: Viewer, code: str, place_id: int | None = None
) -> dict[int, list[Span]]:
    """The pauses (休止) of every place, or of one, by its number."""
    where = [] if place_id is None else [table_of(Pause).c.place_id == place_id]
    columns = ["id", "place_id", "valid_from", "valid_to"]
    found: dict[int, list[Span]] = {}
    rows = frames.read(session, visible(Pause, viewer, code, *where, only=columns))
    for _, row in frames.each(rows):
        found.setdefault(row["place_id"], []).append((row["valid_from"], row["valid_to"]))
    return found


@lru_cache(maxsize=4096)
def _told(
    stored: str | None, weekdays: str | None, opens_at: str | None, closes_at: str | None,
    note: str | None,
) -> tuple[Schedule | None, bool]:  # fmt: skip
    """A schedule as it is stored, else the weekdays and hours that a list brought."""
    if stored:
        return from_json(stored), True
    if not weekdays:
        return None, False
    # Hours of a list are its own words and may run past midnight: such a sitting keeps none.
    fits = not (opens_at and closes_at) or opens_at < closes_at
    sitting = Sitting(
        weekdays=weekdays,
        opens_at=opens_at if fits else None,
        closes_at=closes_at if fits else None,
    )
    return Schedule(sittings=(sitting,)), not note


@lru_cache(maxsize=4096)
def _dates(schedule: Schedule, first: date, last: date) -> tuple[date, ...]:
    """Many places share a rule; its days are worked out once."""
    return tuple(dates_between(schedule, first, last))


def _holds(pause: Span, day: date) -> bool:
    return pause[0] <= day and (pause[1] is None or day <= pause[1])


def _days(pause: Span) -> Iterable[date]:
    first, last = pause
    count = 0 if last is None else (last - first).days + 1
    return (first + timedelta(days=number) for number in range(count))
