"""When a place opens or meets (日程): 第2・第4水曜 10:00〜11:30（祝日休み・8月休み）.

`schedule_dates` tells the days of a schedule, `schedule_words` says it, `schedule_reading` reads
it, `schedule_rules` exports it.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)

from api.exchange.dates import read_time
from api.exchange.problems import quoted
from api.exchange.weekdays import WEEK

LAST = -1
"""Among `weeks`: the last of the month (最終)."""
LONGEST_CYCLE_WEEKS = 12
MOST_SITTINGS = 20
MOST_DATES = 400
MIDNIGHT = "24:00"
Hours = tuple[str | None, str | None]


class ImpossibleSchedule(ValueError):
    """A schedule nobody could keep (成り立たない日程); its text says what to change."""


def _in_order(weekdays: str) -> str:
    if not set(weekdays) <= set(WEEK):
        raise ImpossibleSchedule(f"曜日は{'・'.join(WEEK)}から選んでください。")
    return "".join(day for day in WEEK if day in weekdays)


def _weeks(weeks: tuple[int, ...]) -> tuple[int, ...]:
    for week in weeks:
        if week not in (1, 2, 3, 4, 5, LAST):
            raise ImpossibleSchedule(
                f"第{week}はありません。第1から第5、または「最終」を選んでください。"
            )
    return tuple(sorted(set(weeks), key=lambda week: (week == LAST, week)))


def _month_days(days: tuple[int, ...]) -> tuple[int, ...]:
    for day in days:
        if not 1 <= day <= 31:
            raise ImpossibleSchedule(f"毎月{day}日はありません。1日から31日で選んでください。")
    return tuple(sorted(set(days)))


def _months(months: tuple[int, ...]) -> tuple[int, ...]:
    for month in months:
        if not 1 <= month <= 12:
            raise ImpossibleSchedule(f"{month}月はありません。1月から12月で選んでください。")
    return tuple(sorted(set(months)))


def _by_date(days: tuple[date, ...]) -> tuple[date, ...]:
    if len(days) > MOST_DATES:
        raise ImpossibleSchedule(f"手で決める日は{MOST_DATES}日までです。")
    return tuple(sorted(set(days)))


def _cycle(weeks: int) -> int:
    if not 1 <= weeks <= LONGEST_CYCLE_WEEKS:
        raise ImpossibleSchedule(f"何週ごとかは、1から{LONGEST_CYCLE_WEEKS}で選んでください。")
    return weeks


def _clock(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if not text.strip():
        return None
    read = read_time(unicodedata.normalize("NFKC", text).strip())
    if read is None:
        raise ImpossibleSchedule(
            f"時刻「{quoted(text)}」を読めません。「10:00」のように書いてください。"
        )
    return read


Clock = Annotated[str | None, BeforeValidator(_clock)]
Dates = Annotated[tuple[date, ...], AfterValidator(_by_date)]


class Sitting(BaseModel):
    """One regular opening (定例の開所): weekdays, or days of the month, with its hours.

    `weeks` empty is every week; `starts_on` lies in a week of a cycle (隔週), weeks from Monday.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: Annotated[str, AfterValidator(_in_order)] = ""
    weeks: Annotated[tuple[int, ...], AfterValidator(_weeks)] = ()
    month_days: Annotated[tuple[int, ...], AfterValidator(_month_days)] = ()
    every_weeks: Annotated[int, AfterValidator(_cycle)] = 1
    starts_on: date | None = None
    opens_at: Clock = None
    closes_at: Clock = None

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        for wrong, sentence in self._faults():
            if wrong:
                raise ImpossibleSchedule(sentence)
        return self

    def _faults(self) -> Iterator[tuple[bool, str]]:
        cycle = self.every_weeks > 1
        yield not (self.weekdays or self.month_days), "曜日か、毎月の何日かを選んでください。"
        yield (
            bool(self.month_days and (self.weekdays or self.weeks)),
            "曜日と「毎月何日」は一緒に選べません。行を分けてください。",
        )
        yield (
            bool(cycle and (self.weeks or self.month_days)),
            "隔週と「第何」「毎月何日」は一緒に選べません。行を分けてください。",
        )
        yield cycle and self.starts_on is None, "隔週のときは、始まりの日を入れてください。"
        yield (
            self.starts_on is not None and not cycle,
            "始まりの日は、隔週のときだけ入れてください。",
        )
        yield self.opens_at == MIDNIGHT, "始まりの時刻は23:59までです。"
        yield (
            bool(self.opens_at and self.closes_at and self.closes_at <= self.opens_at),
            f"終わりの時刻（{self.closes_at}）は、始まり（{self.opens_at}）より後にしてください。",
        )


def _sittings(sittings: tuple[Sitting, ...]) -> tuple[Sitting, ...]:
    if len(sittings) > MOST_SITTINGS:
        raise ImpossibleSchedule(f"定例の開所は{MOST_SITTINGS}行までです。")
    return tuple(dict.fromkeys(sittings))


class Schedule(BaseModel):
    """All a place says of its days (日程): what is regular, and single days decided by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sittings: Annotated[tuple[Sitting, ...], AfterValidator(_sittings)] = ()
    holidays_off: bool = False
    months_off: Annotated[tuple[int, ...], AfterValidator(_months)] = ()
    dates_off: Dates = ()
    extra_dates: Dates = ()

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if not (self.sittings or self.extra_dates):
            raise ImpossibleSchedule("いつ開くかを、一つは決めてください。")
        for day in self.dates_off:
            if day in self.extra_dates:
                raise ImpossibleSchedule(
                    f"{day.month}月{day.day}日が、休む日と開く日の両方に入っています。"
                    "どちらか一つにしてください。"
                )
        return self


FIELDS = {
    "sittings": "定例の開所",
    "weekdays": "曜日",
    "weeks": "第何",
    "month_days": "毎月何日",
    "every_weeks": "何週ごと",
    "starts_on": "始まりの日",
    "opens_at": "始まりの時刻",
    "closes_at": "終わりの時刻",
    "holidays_off": "祝日休み",
    "months_off": "休む月",
    "dates_off": "休む日",
    "extra_dates": "開く日",
}


def complaints(error: ValidationError) -> list[str]:
    """What a person is told of a schedule that pydantic refused: Japanese sentences, each once."""
    told: dict[str, None] = {}
    for one in error.errors():
        reason = one.get("ctx", {}).get("error")
        named = [FIELDS[part] for part in one["loc"] if part in FIELDS]
        where = f"「{named[-1]}」" if named else "日程"
        told[str(reason) if reason else f"{where}を読めません。入れ直してください。"] = None
    return list(told)


def schedule_of(values: object) -> Schedule:
    """A schedule from plain values, as a form brings them.

    Raises
    ------
    ImpossibleSchedule : with all that is wrong, in Japanese.
    """
    try:
        return Schedule.model_validate(values)
    except ValidationError as error:
        raise ImpossibleSchedule("".join(complaints(error))) from error


def to_json(schedule: Schedule) -> str:
    """A schedule as it is stored; equal schedules give equal text."""
    return schedule.model_dump_json(exclude_defaults=True)


def from_json(text: str) -> Schedule:
    """A schedule from what `to_json` stored.

    Raises
    ------
    ImpossibleSchedule : it is no such text.
    """
    try:
        return Schedule.model_validate_json(text)
    except ValidationError as error:
        raise ImpossibleSchedule("".join(complaints(error))) from error


def weekday_letters(schedule: Schedule) -> str | None:
    """The weekdays it regularly opens ("月水金"); None where only days of the month are named."""
    return _in_order("".join(sitting.weekdays for sitting in schedule.sittings)) or None


def hours(schedule: Schedule) -> Hours | None:
    """Opening and closing time where all sittings have the same; either may be None, not both."""
    spans = {(sitting.opens_at, sitting.closes_at) for sitting in schedule.sittings}
    return spans.pop() if len(spans) == 1 and spans != {(None, None)} else None
