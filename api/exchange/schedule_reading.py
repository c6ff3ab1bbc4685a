"""Schedules as people write them: 毎週火・第1第3金 10:00–11:30, 月・水・金 9時～12時（祝日休み）.

A text is cut into tokens; what is left over, or could mean two things, is not guessed at.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from api.exchange.cells import DASHES, LONGEST_PARSED
from api.exchange.dates import read_date, read_time
from api.exchange.schedules import LAST, Hours, ImpossibleSchedule, Schedule, schedule_of
from api.exchange.weekdays import WEEK

BETWEEN = r"[・,、。./&と\s]"
WEEKDAY = f"[{WEEK}](?:曜日?)?"
SOME_DAYS = rf"{WEEKDAY}(?:~{WEEKDAY}(?:まで)?)?"
NTH = "[1-5一二三四五]"
NUMERALS = dict(zip("一二三四五", "12345", strict=True))
CLOCK = r"(?:(?:午前|午後)\s?)?\d{1,2}(?::\d{2}|時(?:半|\d{1,2}分?)?)|正午"
MONTHS = r"\d{1,2}月?~\d{1,2}月|\d{1,2}月"
OFF_DAY = rf"(?:国民の)?祝(?:祭?日)?|{MONTHS}"
REST = (
    rf"(?:{OFF_DAY})(?:{BETWEEN}*(?:{OFF_DAY}))*"
    r"(?:は|を|の場合は?)?(?:休[業止館所]|お?休み?|除く|のぞく)"
)
DATE = r"(?:(?:平成|令和)(?:元|\d{1,2})|\d{4})年\d{1,2}月\d{1,2}日"

TOKENS = {
    "between": rf"{BETWEEN}|及び",
    "cycle": rf"(?:(?P<start>{DATE})~)?(?:隔週|(?P<every>\d{{1,2}})週ごと)の?",
    "weekly": "毎週の?",
    "daily": "毎日|年中無休",
    "month_days": rf"毎月(?P<numbers>\d{{1,2}}(?:日?{BETWEEN}+\d{{1,2}})*)日(?!曜)",
    "nth": rf"(?:毎月の?\s?)?(?P<weeks>(?:第{NTH}|最終)"
    rf"(?:{BETWEEN}*(?:第{NTH}|最終)|{BETWEEN}+{NTH})*)(?P<bound>の)?",
    "hours": rf"(?P<opens>{CLOCK}|(?:(?:午前|午後)\s?)?\d{{1,2}}(?=~(?:午前|午後)?\d{{1,2}}時))"
    rf"~(?:(?P<closes>{CLOCK})(?:まで)?)?|(?:~(?P<until>{CLOCK})|(?P<ends>{CLOCK})まで)",
    "no_hours": "時間未定",
    "aside": r"\((?P<aside>[^()]*)\)",
    "rest": REST,
    "days": rf"{SOME_DAYS}(?:{BETWEEN}*{SOME_DAYS})*",
    "filler": r"の(?=[\d午正])|のみ|に?(?:開催|開所|開館|実施)",
}
PATTERNS = {kind: re.compile(pattern) for kind, pattern in TOKENS.items()}
RESTS = re.compile(rf"(?:{BETWEEN}*{REST})+{BETWEEN}*")
MORNING = "06:00"
Rule = dict[str, Any]


class _Unsure(Exception):
    """The text is not understood, or could mean something else."""


@dataclass
class _Reader:
    """What has been read so far."""

    qualifier: Rule | None = None
    """毎週, 第2 or 隔週 that still waits for its days."""
    group: list[Rule] = field(default_factory=list)
    """Rules that still wait for their hours."""
    timed: list[Rule] = field(default_factory=list)
    """The last rules that got hours."""
    done: list[Rule] = field(default_factory=list)
    heading: Hours | None = None
    """Hours said before any day."""
    rests: Rule = field(default_factory=dict)
    previous: str = ""


def read_schedule(text: str) -> Schedule | None:
    """The schedule a text tells; None unless all of it is understood and means one thing only."""
    if len(text) > LONGEST_PARSED:
        return None
    try:
        return schedule_of(_read(_folded(text)))
    except (_Unsure, ImpossibleSchedule):
        return None


def _folded(text: str) -> str:
    """NFKC, every way of writing "from … to" as ~."""
    text = DASHES.sub("~", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"\s*(?:[~〜-]|から)\s*", "~", text)


def _read(text: str) -> Rule:
    reader, at = _Reader(), 0
    while at < len(text):
        kind, found = _token(text, at)
        STEPS[kind](reader, found)
        reader.previous = kind if kind not in ("between", "filler") else reader.previous
        at = found.end()
    return _whole(reader)


def _token(text: str, at: int) -> tuple[str, re.Match[str]]:
    for kind, pattern in PATTERNS.items():
        if found := pattern.match(text, at):
            return kind, found
    raise _Unsure


def _whole(reader: _Reader) -> Rule:
    _sure(reader.qualifier is None)
    if reader.heading is not None:
        _sure(not reader.done)
        _give_hours(reader, reader.heading)
    # Hours that follow only some of the days leave the others open.
    _sure(not (reader.group and reader.done))
    return {"sittings": reader.done + reader.group, **reader.rests}


def _sure(certain: bool) -> None:
    if not certain:
        raise _Unsure


def _skip(_reader: _Reader, _found: re.Match[str]) -> None:
    """Nothing is said by what stands between."""


def _qualify(reader: _Reader, rule: Rule) -> None:
    _sure(reader.qualifier is None and not reader.rests)
    reader.qualifier = rule


def _weekly(reader: _Reader, _found: re.Match[str]) -> None:
    _qualify(reader, {})


def _cycle(reader: _Reader, found: re.Match[str]) -> None:
    start = read_date(found["start"] or "")
    _sure(start is not None)
    _qualify(reader, {"every_weeks": int(found["every"] or 2), "starts_on": start})


def _nth(reader: _Reader, found: re.Match[str]) -> None:
    named = re.findall(f"{NTH}|最終", found["weeks"])
    weeks = [LAST if week == "最終" else int(NUMERALS.get(week, week)) for week in named]
    _qualify(reader, {"weeks": weeks, "bound": bool(found["bound"])})


def _days(reader: _Reader, found: re.Match[str]) -> None:
    letters = "".join(_letters(part[0]) for part in re.finditer(SOME_DAYS, found[0]))
    qualifier, reader.qualifier = reader.qualifier, None
    if qualifier is None:
        _sure(_may_stand_bare(reader))
    rule = dict(qualifier or {})
    # 第2水・金 may mean every Friday, 第1土日 a weekend: only 第2の水・金 is clear.
    _sure(rule.pop("bound", True) or len(letters) == 1)
    reader.group.append({**rule, "weekdays": letters})


def _may_stand_bare(reader: _Reader) -> bool:
    """Whether days without 毎週 can only mean every week: nothing but such days before them."""
    return not reader.group and all(rule.keys() <= {"weekdays", *TIMES} for rule in reader.done)


def _letters(part: str) -> str:
    ends = [WEEK.index(letter) for letter in re.findall(rf"([{WEEK}])(?:曜日?)?", part)]
    first, last = ends[0], ends[-1]
    return WEEK[first : last + 1] if first <= last else WEEK[first:] + WEEK[: last + 1]


def _daily(reader: _Reader, _found: re.Match[str]) -> None:
    _qualify(reader, {})
    reader.qualifier = None
    reader.group.append({"weekdays": WEEK})


def _month_days(reader: _Reader, found: re.Match[str]) -> None:
    _sure(reader.qualifier is None and not reader.rests)
    days = [int(number) for number in re.findall(r"\d+", found["numbers"])]
    reader.group.append({"month_days": days})


TIMES = ("opens_at", "closes_at")


def _hours(reader: _Reader, found: re.Match[str]) -> None:
    opens, closes = found["opens"], found["closes"] or found["until"] or found["ends"]
    if opens and closes and opens.startswith("午後") and closes[0].isdecimal():
        closes = f"午後{closes}"
    span = _time(opens), _time(closes)
    if not (reader.previous or reader.heading):
        reader.heading = span
    else:
        _give_hours(reader, span)


def _time(text: str | None) -> str | None:
    if text is None:
        return None
    read = read_time(text)
    # 1時半〜3時 is meant for the afternoon.
    _sure(read is not None and (read >= MORNING or text.startswith("午前")))
    return read


def _no_hours(reader: _Reader, _found: re.Match[str]) -> None:
    _give_hours(reader, (None, None))


def _give_hours(reader: _Reader, span: Hours) -> None:
    """Hours for the days that wait for them; a second span is for the same days again."""
    _sure(reader.qualifier is None and not (reader.rests and reader.done))
    rules = reader.group or reader.timed
    _sure(bool(rules))
    reader.timed = [{**rule, **dict(zip(TIMES, span, strict=True))} for rule in rules]
    reader.done += reader.timed
    reader.group = []


def _aside(reader: _Reader, found: re.Match[str]) -> None:
    _sure(RESTS.fullmatch(found["aside"]) is not None and bool(reader.group or reader.done))
    _add_rests(reader, found["aside"])


def _rest(reader: _Reader, found: re.Match[str]) -> None:
    # 水曜、祝日休み may say that it is closed on Wednesdays too.
    _sure(reader.previous in ("hours", "rest", "aside"))
    _add_rests(reader, found[0])


def _add_rests(reader: _Reader, text: str) -> None:
    _sure(reader.qualifier is None)
    read, before = rest_of(text), reader.rests
    reader.rests = {
        "months_off": [*before.get("months_off", []), *read["months_off"]],
        "holidays_off": before.get("holidays_off", False) or read["holidays_off"],
    }


def rest_of(text: str) -> Rule:
    """Months off and holidays off of a text that `RESTS` matches (祝日・8月休み)."""
    months = [month for part in re.findall(MONTHS, text) for month in _months(part)]
    return {"months_off": months, "holidays_off": "祝" in text}


def _months(part: str) -> list[int]:
    ends = [int(number) for number in re.findall(r"\d+", part)]
    first, last = ends[0], ends[-1]
    if first <= last:
        return list(range(first, last + 1))
    return [*range(first, 13), *range(1, last + 1)]


STEPS = {
    "between": _skip,
    "filler": _skip,
    "cycle": _cycle,
    "weekly": _weekly,
    "daily": _daily,
    "month_days": _month_days,
    "nth": _nth,
    "hours": _hours,
    "no_hours": _no_hours,
    "aside": _aside,
    "rest": _rest,
    "days": _days,
}
