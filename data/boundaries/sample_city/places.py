"""The gathering places: where each stands, and the line it has in the list."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from shapely.geometry import Point

from sample_city.gazetteer import Town, towns
from sample_city.ground import ground
from sample_city.terrain import CITY, CODE, PREFECTURE, generator
from sample_city.towns import middles, shapes
from sample_city.venues import HABITS, KINDS, names

UNPLACED = 6
_HOUSES = "CKIF"


@dataclass(frozen=True)
class Site:
    """A building somebody meets in: its point and its banchi."""

    at: Point
    banchi: str
    building: str = ""


def called(town: Town, letter: str) -> tuple[str, str]:
    """Return the town's name and katakana as they stand in the name of a place.

    A community centre serves all 丁目 together and bears the name without the number.
    """
    name, kana = town.name.removeprefix("大字"), town.kana.removeprefix("おおあざ")
    if letter == "C" and name.endswith("丁目"):
        name, kana = name[:-3], re.sub("(いっ|に|さん|よん|ご)ちょうめ$", "", kana)
    return name, katakana(kana)


def katakana(hiragana: str) -> str:
    """Return hiragana as katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in hiragana)


def spot(town: Town, rng: np.random.Generator, reach_m: tuple[float, float]) -> Point:
    """Return a dry point of the town at about that distance from the middle of its homes."""
    middle = middles()[town.name]
    room = shapes()[town.name].buffer(-15).difference(ground().waters.buffer(15))
    for _ in range(200):
        away, angle = rng.uniform(*reach_m), rng.uniform(0, 2 * np.pi)
        point = Point(middle.x + away * np.cos(angle), middle.y + away * np.sin(angle))
        if room.covers(point):
            return point
    return middle


@cache
def places() -> tuple[dict[str, object], ...]:
    """Return the rows of places.csv in metres; rows without a point have None."""
    rng = generator("places")
    used = dict.fromkeys(KINDS, 0)
    rows: list[dict[str, object]] = []
    for town in towns():
        house: Site | None = None
        for letter in town.places:
            site = _site(town, letter, house, rng)
            name, kana = _name(town, letter, used)
            if letter in _HOUSES:
                house = Site(site.at, site.banchi, name)
            rows.append(_row(len(rows) + 1, town, letter, (name, kana), site, rng))
    guests = [i for i, row in enumerate(rows) if row["建物名等(方書)"]]
    for i in rng.choice(guests, UNPLACED, replace=False):
        rows[i] |= {"x": None, "y": None, "備考": "位置は未確認（所在地のみ）"}
    return tuple(rows)


def _site(town: Town, letter: str, house: Site | None, rng: np.random.Generator) -> Site:
    """A club often meets in the hall of its own town."""
    if house and letter in "TSOH" and rng.random() < 0.5:
        return Site(house.at, house.banchi, house.building)
    reach = (30, 140) if town.in_core or letter in _HOUSES else (90, 300)
    number = f"{rng.integers(1, 29)}-{rng.integers(1, 24)}"
    if not town.name.endswith("丁目") and not town.in_core:
        number = f"{rng.integers(21, 2400)}-{rng.integers(1, 6)}"
    return Site(spot(town, rng, reach), number)


def _name(town: Town, letter: str, used: dict[str, int]) -> tuple[str, str]:
    pool = names()[letter]
    name, kana = pool[used[letter] % len(pool)]
    used[letter] += 1
    short, reading = called(town, letter)
    return name.format(short), kana.format(reading)


def _row(
    number: int, town: Town, letter: str, name: tuple[str, str], site: Site,
    rng: np.random.Generator,
) -> dict[str, object]:  # fmt: skip
    habit = HABITS[letter]
    days = str(rng.choice(habit.days))
    start, _, end = str(rng.choice(habit.hours)).partition("-") if days else ("", "", "")
    note = str(rng.choice(habit.notes)).format(days[:1]) if days else "利用の日時は要問合せ"
    seats = int(rng.integers(*habit.capacity)) // 5 * 5 or 5
    host = habit.host.format(called(town, letter)[0])
    return {
        "全国地方公共団体コード": CODE, "ID": f"{number:04d}", "地方公共団体名": CITY,
        "名称": name[0], "名称_カナ": name[1], "種類": KINDS[letter],
        "所在地_連結表記": f"{PREFECTURE}{CITY}{town.name}{site.banchi}",
        "建物名等(方書)": site.building,
        "x": site.at.x, "y": site.at.y, "電話番号": _phone(letter, rng), "団体名": host,
        "利用可能曜日": days, "開始時間": start, "終了時間": end, "利用可能日時特記事項": note,
        "定員": seats if rng.random() < 0.85 else "", "参加費": str(rng.choice(habit.fees)),
        "送迎": str(rng.choice(["有", "無", "無", ""] if letter in "SOF" else ["無", "無", ""])),
        "説明": habit.about, "バリアフリー情報": _access(letter, rng), "URL": "", "備考": "",
        "最終確認日": _confirmed(rng),
    }  # fmt: skip


def _phone(letter: str, rng: np.random.Generator) -> str:
    # No exchange in Japan begins with 0, so nobody is rung by mistake.
    number = f"0999-00-{rng.integers(1000, 9999)}"
    return number if letter in _HOUSES or rng.random() < 0.85 else ""


def _access(letter: str, rng: np.random.Generator) -> str:
    full = "スロープ・多目的トイレ・車いす用駐車場あり"
    some = ["玄関に段差あり", "スロープあり", "いす席あり", "手すりあり・和式トイレ", ""]
    return full if letter in "CF" else str(rng.choice(some))


def _confirmed(rng: np.random.Generator) -> str:
    if rng.random() < 0.04:
        return ""
    # Most were asked this summer, some have not been for a year and more.
    days = int(rng.integers(1, 90) if rng.random() < 0.75 else rng.integers(90, 560))
    return (date(2026, 9, 30) - timedelta(days=days)).isoformat()
