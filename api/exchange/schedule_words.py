"""A schedule as people say it: 毎週火曜・毎月第1・第3金曜 10:00〜11:30（祝日休み・8月休み）."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from api.exchange.schedules import LAST, Hours, Schedule, Sitting
from api.exchange.weekdays import WEEK
from web.words import wareki

MOST_DATES_TOLD = 2
MORNING = "06:00"


def in_words(schedule: Schedule) -> str:
    """One line of Japanese; `read_schedule` reads it back unless days were decided by hand."""
    groups = [(span, list(sittings)) for span, sittings in groupby(schedule.sittings, key=_span)]
    mixed = len(groups) > 1
    regular = "、".join(_group(sittings, span, mixed) for span, sittings in groups)
    rest = "・".join(_rests(schedule))
    return f"{regular}（{rest}）" if regular and rest else regular or rest


def sitting_in_words(sitting: Sitting) -> str:
    """What stands under its day in a week's calendar: 10:00〜11:30 第2・第4, 毎月15日."""
    hours = "" if _span(sitting) == (None, None) else _hours(_span(sitting))
    if sitting.month_days or sitting.starts_on is not None:
        days = _days(sitting, "")
    else:
        days = _weeks(sitting)
    return " ".join(filter(None, (hours, days))) or "時間はお問い合わせください"


def rests_in_words(schedule: Schedule) -> str:
    """When it rests or meets besides: 祝日休み・8月休み; empty: never."""
    return "・".join(_rests(schedule))


def _span(sitting: Sitting) -> Hours:
    return sitting.opens_at, sitting.closes_at


def _group(sittings: list[Sitting], span: Hours, mixed: bool) -> str:
    """Sittings of the same hours: the hours are said once."""
    # Alone, 第2水曜 is clear; after another sitting 毎月 shows that a new one begins.
    monthly = "毎月" if len(sittings) > 1 else ""
    days = "・".join(_days(sitting, monthly) for sitting in sittings)
    return f"{days} {_hours(span)}" if span != (None, None) or mixed else days


def _days(sitting: Sitting, monthly: str) -> str:
    if sitting.month_days:
        return "毎月" + "・".join(f"{day}日" for day in sitting.month_days)
    letters = "・".join(sitting.weekdays)
    if sitting.weeks:
        # 第2水・金曜 could be every Friday: の binds them.
        return f"{monthly}{_weeks(sitting)}{'の' if len(sitting.weekdays) > 1 else ''}{letters}曜"
    if sitting.starts_on is not None:
        cycle = "隔週" if sitting.every_weeks == 2 else f"{sitting.every_weeks}週ごとの"
        return f"{wareki(sitting.starts_on)}から{cycle}{letters}曜"
    if sitting.weekdays == WEEK:
        return "毎日"
    if len(sitting.weekdays) > 2 and sitting.weekdays in WEEK:
        letters = f"{sitting.weekdays[0]}〜{sitting.weekdays[-1]}"
    return f"毎週{letters}曜"


def _weeks(sitting: Sitting) -> str:
    return "・".join("最終" if week == LAST else f"第{week}" for week in sitting.weeks)


def _hours(span: Hours) -> str:
    if span == (None, None):
        return "時間未定"
    return "〜".join(_clock(time) for time in span)


def _clock(time: str | None) -> str:
    """9:00; before six it says 午前, since 3:00 is often meant for the afternoon."""
    if time is None:
        return ""
    return f"{'午前' if time < MORNING else ''}{int(time[:2])}{time[2:]}"


def _rests(schedule: Schedule) -> list[str]:
    told = ["祝日休み"] if schedule.holidays_off else []
    if schedule.months_off:
        told.append("・".join(f"{month}月" for month in schedule.months_off) + "休み")
    if schedule.dates_off:
        told.append(f"{_some(schedule.dates_off)}は休み")
    if schedule.extra_dates:
        told.append(f"{_some(schedule.extra_dates)}に{'も' if schedule.sittings else ''}開催")
    return told


def _some(days: Sequence[date]) -> str:
    """The first days by name, and how many more there are."""
    more = len(days) - MOST_DATES_TOLD
    told = "・".join(wareki(day) for day in days[:MOST_DATES_TOLD])
    return f"{told}ほか{more}日" if more > 0 else told
