"""Dates and times as people write them: 令和8年2月1日, R8.2.1, 6/1/2020, 午後1時半, 0.375."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from pandas import Series

from api.exchange.cells import each_distinct, is_unknown, plain

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
INITIALS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(15_000, 80_000)  # 1941 to 2119

TAIL = r"(?:\(.\)|[月火水木金土日]曜日?)?(?:現在|時点|付|付け)?"
ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?" + TAIL)
COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?")
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
JAPANESE = re.compile(
    r"(明治|大正|昭和|平成|令和|[mtshr])\.?(元|\d{1,2})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?"
    + TAIL
)
CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$|t\d{2}:\d{2}.*$")


def read_date(text: str) -> date | None:
    """One date from NFKC text; a month alone is its first day; None where it is no date."""
    text = re.sub(r"\s+", "", CLOCK.sub("", text.lower()))
    if found := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := AMERICAN.fullmatch(text):
        return _day(int(found[3]), int(found[1]), int(found[2]))
    if found := JAPANESE.fullmatch(text):
        era = INITIALS.get(found[1], found[1])
        year = ERAS[era] + (1 if found[2] == "元" else int(found[2]))
        return _day(year, int(found[3]), int(found[4] or 1))
    if text.isdecimal() and int(text) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dates(cells: Series) -> tuple[Series, Series]:
    """Dates (日付) as `datetime.date`, None where blank or unknown."""
    texts = plain(cells)
    read = each_distinct(texts, lambda t: pd.NA if is_unknown(t) else read_date(t))
    bad = texts.notna() & read.map(lambda v: v is None)
    return read.where(read.notna(), None), bad


DATED_NAME = re.compile(
    r"((?<!\d)(?:19|20)\d\d[-_.年]?(?:0?[1-9]|1[0-2])(?!\d)(?:[-_.月](?:[12]\d|3[01]|0?[1-9])(?!\d))?"
    r"|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?:令和|平成|(?<![a-z])[rh])(?:元|\d{1,2})[-_.年](?:1[0-2]|0?[1-9])(?!\d)"
    r"(?:[-_.月](?:[12]\d|3[01]|0?[1-9])(?!\d))?)"
)


def date_in_name(name: str) -> date | None:
    """A date in a file's name: population_202602.xlsx, 人口R8.2.1.csv, 令和8年2月.xlsx."""
    folded = plain(Series([name])).iloc[0]
    for found in DATED_NAME.finditer(str(folded).lower()):
        text = found[1].replace("_", "-")
        text = re.sub(r"^((?:19|20)\d\d)((?:1[0-2]|0?[1-9]))$", r"\1-\2", text)
        if day := read_date(text):
            return day
    return None


HOURS = re.compile(
    r"(?P<half>午前|午後|am|pm)?(?P<hour>\d{1,2})(?:[:時](?:(?P<minute>\d{1,2})分?|(?P<semi>半))?"
    r"(?::\d{2})?)?(?P<after>am|pm)?"
)
FRACTION = re.compile(r"0?\.\d+|[01]\.0*|0")


def read_time(text: str) -> str | None:
    """One time of day from NFKC text as "HH:MM" ("24:00" is midnight); None where it is none."""
    text = re.sub(r"\s|\.(?=m)|(?<=m)\.", "", text.lower()).replace("正午", "12:00")
    if FRACTION.fullmatch(text):
        minutes = round(float(text) * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = HOURS.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found["hour"]), 30 if found["semi"] else int(found["minute"] or 0)
    half = found["half"] or found["after"]
    if half in ("午後", "pm") and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour * 60 + minute <= 24 * 60 and minute < 60 else None


def _clock(cell: Any) -> Any:
    """Excel's own times as text; a fraction of a day stays one."""
    if isinstance(cell, datetime | time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return cell


def times(cells: Series) -> tuple[Series, Series]:
    """Times of day (時刻) as "HH:MM" text."""
    texts = plain(cells.map(_clock))
    read = each_distinct(texts, lambda t: pd.NA if is_unknown(t) else read_time(t))
    bad = texts.notna() & read.map(lambda v: v is None)
    return Series(read.where(read.notna(), None), dtype="str"), bad


SPAN = re.compile(r"(.+?)\s*(?:~|〜|-|–|—|から)\s*(.+?)(?:まで)?")
CLOCK_WITHIN = r"(?:午前|午後)?\d{1,2}(?::\d{2}|時(?:半|\d{1,2}分)?)"
SPAN_WITHIN = re.compile(rf"{CLOCK_WITHIN}\s*(?:~|〜|-|–|—|から)\s*{CLOCK_WITHIN}")
Span = tuple[str | None, str | None]


def _span(text: str) -> Span:
    found = SPAN.fullmatch(text)
    opens, closes = (read_time(found[1]), read_time(found[2])) if found else (None, None)
    return (opens, closes) if opens and closes else (None, None)


def _only_span(text: str) -> Span:
    spans = SPAN_WITHIN.findall(text)
    return _span(spans[0]) if len(spans) == 1 else (None, None)


def _two(read: Series) -> tuple[Series, Series]:
    opens = [span[0] if span else None for span in read]
    closes = [span[1] if span else None for span in read]
    return Series(opens, index=read.index, dtype="str"), Series(
        closes, index=read.index, dtype="str"
    )


def hours(cells: Series) -> tuple[Series, Series, Series]:
    """Opening and closing time from one cell (9:00～17:00), and a mask of what is neither."""
    texts = plain(cells)
    opens, closes = _two(each_distinct(texts, _span))
    return opens, closes, texts.notna() & opens.isna()


def hours_within(cells: Series) -> tuple[Series, Series]:
    """Opening and closing time from a longer text that holds just one span of time."""
    return _two(each_distinct(plain(cells), _only_span))
