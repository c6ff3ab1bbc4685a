"""One schedule from the columns of a list (曜日・時刻) and its remarks (第3金曜, 祝日休み).

Remarks are taken only where all of them is understood and nothing in them contradicts the columns.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.exchange.schedule_reading import PATTERNS, RESTS, WEEKDAY, read_schedule, rest_of
from api.exchange.schedules import (
    ImpossibleSchedule,
    Schedule,
    Sitting,
    hours,
    schedule_of,
    weekday_letters,
)
from api.exchange.weekdays import WEEK

SENTENCES = re.compile(r"[、。;\u3000\n]+")
ALONE = re.compile(f"(?:{PATTERNS['weekly'].pattern})|(?:{PATTERNS['nth'].pattern})")
CLOSED_DAY = re.compile(rf"(?<![{WEEK}]){WEEKDAY}")
MARKS = " ()・,、。./&と"


@dataclass
class _Understood:
    rules: list[Schedule] = field(default_factory=list)
    rests: list[dict[str, Any]] = field(default_factory=list)


def combined(
    days: str | None,
    opens_at: str | None,
    closes_at: str | None,
    remarks: Sequence[str],
    closed: str | None = None,
) -> Schedule | None:
    """The schedule that columns and remarks tell together; None unless all of it is understood.

    Parameters
    ----------
    days, opens_at, closes_at : what was read from the columns, "金", "10:00".
    remarks : what else the row says of its days.
    closed : its closed days (定休日), "日・祝".
    """
    if not remarks and not closed:
        return None
    said = _Understood()
    try:
        understood = all(_take(said, remark, days) for remark in remarks)
        if not understood or (closed and not _take_closed(said, closed, days)):
            return None
        return _together(said, days, (opens_at, closes_at))
    except ImpossibleSchedule:
        return None


def _take(said: _Understood, remark: str, days: str | None) -> bool:
    """A remark as a whole, else sentence by sentence."""
    if _take_one(said, remark, days):
        return True
    parts = [part for part in SENTENCES.split(remark) if part.strip()]
    return len(parts) > 1 and all(_take_one(said, part, days) for part in parts)


def _take_one(said: _Understood, text: str, days: str | None) -> bool:
    folded = unicodedata.normalize("NFKC", text).strip(MARKS)
    if RESTS.fullmatch(folded):
        said.rests.append(rest_of(folded))
        return True
    if days and ALONE.fullmatch(folded):
        text = f"{folded.removesuffix('の')}の{'・'.join(days)}曜"
    rule = read_schedule(text)
    if rule is not None:
        said.rules.append(rule)
    return rule is not None


def _take_closed(said: _Understood, closed: str, days: str | None) -> bool:
    """定休日: weekdays it does not open anyway say nothing new; the others are not guessed at."""
    folded = unicodedata.normalize("NFKC", closed)
    never = {found[0][0] for found in CLOSED_DAY.finditer(folded)}
    if never & set(days or WEEK):
        return False
    rest = CLOSED_DAY.sub("", folded).strip(MARKS)
    return not rest or _take_one(said, rest, days) or _take_one(said, f"{rest}休み", days)


def _together(said: _Understood, days: str | None, span: tuple[str | None, str | None]) -> Schedule:
    """One schedule of all that was understood.

    Raises
    ------
    ImpossibleSchedule : the remarks contradict the columns, or each other.
    """
    ways = {_timed(rule, days, span) for rule in said.rules} or {_every_week(days, span)}
    if len(ways) > 1:
        raise ImpossibleSchedule
    rests = [*said.rests, *(rule.model_dump() for rule in said.rules)]
    return schedule_of(
        {
            "sittings": [sitting.model_dump() for sitting in ways.pop()],
            "months_off": [month for rest in rests for month in rest["months_off"]],
            "holidays_off": any(rest["holidays_off"] for rest in rests),
        }
    )


def _every_week(days: str | None, span: tuple[str | None, str | None]) -> tuple[Sitting, ...]:
    rule = {"weekdays": days or "", "opens_at": span[0], "closes_at": span[1]}
    return schedule_of({"sittings": [rule]}).sittings


def _timed(
    rule: Schedule, days: str | None, span: tuple[str | None, str | None]
) -> tuple[Sitting, ...]:
    """The sittings of a remark at the hours of the columns, which name the same days and hours."""
    said = {(each.opens_at, each.closes_at) for each in rule.sittings}
    silent = said == {(None, None)}
    same_days = days in (None, weekday_letters(rule))
    if not (same_days and (silent or span in ((None, None), hours(rule)))):
        raise ImpossibleSchedule
    if not silent:
        return rule.sittings
    return _retimed(rule.sittings, span)


def _retimed(
    sittings: Iterable[Sitting], span: tuple[str | None, str | None]
) -> tuple[Sitting, ...]:
    rules = [
        {**sitting.model_dump(), "opens_at": span[0], "closes_at": span[1]} for sitting in sittings
    ]
    return schedule_of({"sittings": rules}).sittings
