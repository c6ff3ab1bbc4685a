"""Japanese as people read it on screen: dates in 和暦, weekdays, distances, ages."""

import re
import unicodedata
from datetime import date, datetime
from math import ceil

ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
)
AGES = {"65": "65歳以上", "75": "75歳以上", "all": "全年齢"}
WEEKDAYS = "月火水木金土日"
DISTANCES_M = (300, 500, 800, 1000)
TELEPHONE = re.compile(r"(?:\+81|0)(?:[-‐‑‒–—−ーｰ() .]*[0-9]){8,10}(?![0-9])")
WALKING_M_PER_MIN = 50
"""Pace of an older walker: 500 m are about ten minutes."""


def wareki(day: date | None) -> str:
    """令和8年2月1日; a missing date says so. Before 大正 the western year stands."""
    if day is None:
        return "日付不明"
    for start, era in ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def future_year(year: int) -> str:
    """2040年（令和22年）の推計."""
    era, first = next((era, start.year) for start, era in ERAS if date(year, 12, 31) >= start)
    return f"{year}年（{era}{year - first + 1}年）の推計"


def moment(at: datetime) -> str:
    """令和8年11月22日 14:05; a moment of the clock it is given in."""
    return f"{wareki(at.date())} {at.hour}:{at.minute:02}"


def month_day(day: date) -> str:
    """11月25日（水）"""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def metres(distance_m: float | None) -> str:
    """350 m, 1.2 km; nothing known: a dash."""
    if distance_m is None:
        return "—"
    return f"{distance_m:,.0f} m" if distance_m < 995 else f"{distance_m / 1000:.1f} km"


def kilometres(distance_m: float) -> str:
    """0.4 km, 17,087 km: beyond ten nobody asks for a tenth."""
    return f"{distance_m / 1000:,.{0 if distance_m >= 10_000 else 1}f} km"


def yes_no(known: bool | None) -> str:
    """あり, なし; nothing where nobody knows."""
    return "" if known is None else "あり" if known else "なし"


def walk_minutes(distance_m: float, pace: int = WALKING_M_PER_MIN) -> int:
    """Whole minutes at so many metres a minute, begun ones counted; at the door it is one."""
    return max(1, ceil(round(distance_m / pace, 6)))


def dialable(phone: str | None) -> str:
    """What a phone dials of a number as people write it: 087-839-2011（内線 5） is 0878392011.

    Empty where no number is found: 090 or nothing, "none" and the like.
    """
    found = TELEPHONE.search(unicodedata.normalize("NFKC", phone or ""))
    return "".join(c for c in found[0] if c.isdigit() or c == "+") if found else ""


def walk_choice(distance_m: float) -> str:
    """歩いて 500 m（約10分）"""
    return f"歩いて {distance_m:,.0f} m（約{round(distance_m / WALKING_M_PER_MIN)}分）"


def percent(ratio: float | None) -> str:
    """64%; nobody lives there: a dash, never 0. All and none are said only of all and none."""
    if ratio is None:
        return "—"
    if 0 < ratio < 0.005:
        return "1%未満"
    return f"{min(round(ratio * 100), 99) if ratio < 1 else 100}%"


def open_days(weekdays: str | None) -> str:
    """月・水・金, 毎日, 月〜金; not known says so."""
    if not weekdays:
        return "曜日はお問い合わせください"
    if weekdays == WEEKDAYS:
        return "毎日"
    if len(weekdays) > 2 and weekdays in WEEKDAYS:
        return f"{weekdays[0]}〜{weekdays[-1]}曜"
    return "・".join(weekdays) + "曜"


def gap_title(towns: list[str], most: int = 2) -> str:
    """朝日町１丁目・朝日町２丁目 ほか３町"""
    if not towns:
        return "町名なし"
    rest = len(towns) - most
    return "・".join(towns[:most]) + (f" ほか{rest}町" if rest > 0 else "")
