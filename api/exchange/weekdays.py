"""Days of the week as people write them: 月火水木金, 毎週火曜, 月～金, 第2・第4水曜日, 平日."""

import re

from pandas import Series

from api.exchange.cells import each_distinct, is_unknown, plain, tidy

WEEK = "月火水木金土日"
SETS = {
    "平日": "月火水木金",
    **dict.fromkeys(("毎日", "全日", "無休", "年中無休", "全曜日"), WEEK),
    **dict.fromkeys(("土日", "土日祝", "土日祝日", "週末"), "土日"),
}
ENGLISH = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), WEEK, strict=True))
ENGLISH_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?")

NOT_OPEN = re.compile("休|除|以外|ない|不可|閉|振替|変更|未定|相談")
# 第2・第4水曜日, 第1.3月, 2・4水曜: but neither 15日 nor 1月.
ORDINAL = re.compile(
    r"(?<!\d)(?:第[1-5一二三四五](?:週?(?:[・,、.と&/]|及び|または)*第?[1-5一二三四五])*週?目?の?(?=[月火水木金土日])"
    r"|[1-5](?:[・,、.][1-5])*(?=[月火水木金土日]曜|[火水木金土]))"
)
OFTEN = re.compile("(?:月|週|年)に?[0-9一二三四五]+回(?:程度|以上)?")
EVERY = re.compile("毎週|隔週|毎月|各週|各月|月の")
RANGE = re.compile(f"([{WEEK}])(?:曜日?)?(?:[~〜ー―–—-]|から)([{WEEK}])(?:曜日?)?(?:まで)?")
DAYS = re.compile(f"[{WEEK}]+曜日?|[{WEEK}](?:曜日?)?|[{WEEK}]+(?:祝日?)?")
HOLIDAY = re.compile("祝日?|国民の祝日")
CLOCK = re.compile("[0-9:時分半~〜午前後頃まで-]+|から")
SEPARATOR = re.compile(r"[・,、/&;\s]|及び|と|または")


def read_weekdays(text: str) -> tuple[str | None, bool]:
    """Days in the order 月火水木金土日, and whether that says all the text says.

    None where the text cannot be trusted to name the days it is open.
    """
    folded = text.lower()
    bare = re.sub(r"\(.*?\)", " ", folded)
    whole = bare == folded
    if NOT_OPEN.search(bare) and bare.strip() not in SETS:
        return None, False
    bare = ENGLISH_DAY.sub(lambda m: f" {ENGLISH[m[1]]}曜 ", bare)
    bare = re.sub(r"\s*([~〜–—-])\s*", r"\1", bare)
    simple = EVERY.sub("", ORDINAL.sub("", bare))
    whole = whole and not ORDINAL.search(bare) and not re.search("隔週|毎月|各月|月の", bare)
    days: set[str] = set()
    for part in filter(None, SEPARATOR.split(simple)):
        found = _days(part)
        if found is None:
            return None, False
        whole = whole and bool(found) and "祝" not in part
        days |= set(found)
    return "".join(d for d in WEEK if d in days) or None, whole and bool(days)


def _days(part: str) -> str | None:
    """The days one piece names: "" for a time or a holiday, None where it is something else."""
    if part in SETS:
        return SETS[part]
    if found := RANGE.fullmatch(part):
        first, last = WEEK.index(found[1]), WEEK.index(found[2])
        return WEEK[first : last + 1] if first <= last else WEEK[first:] + WEEK[: last + 1]
    if DAYS.fullmatch(part):
        return "".join(d for d in WEEK if d in part.replace("曜日", "曜").replace("祝日", ""))
    return "" if HOLIDAY.fullmatch(part) or CLOCK.fullmatch(part) or OFTEN.fullmatch(part) else None


def weekdays(cells: Series) -> tuple[Series, Series]:
    """Days of the week (曜日) as 月水金, and the text where that does not say it all, else NA."""
    texts = plain(cells)
    read = each_distinct(texts, lambda t: (None, True) if is_unknown(t) else read_weekdays(t))
    days = [found[0] if found else None for found in read]
    partial = Series([found is not None and not found[1] for found in read], index=cells.index)
    return Series(days, index=cells.index, dtype="str"), tidy(cells).where(partial)
