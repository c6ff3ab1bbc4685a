"""Cells of a register's table (台帳の表): what stands in them, and what they mean on the way back.

A cell says a value in the words of the form: a choice by its word, several in one cell, a schedule
as people say it. `alike` writes two cells the same way where Excel, a CSV or a map program only
wrote them differently: what nobody touched never looks like a change.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pandas import DataFrame, Series, to_numeric

from api.exchange.cells import written
from api.exchange.dates import read_date
from api.exchange.schedule_reading import read_schedule
from api.exchange.schedule_words import in_words
from api.exchange.schedules import ImpossibleSchedule, from_json, to_json

NUMBER, MARK = "拠り所番号", "拠り所控え"
"""Headers of what a table brings back of itself: which record a row is, and when it left."""
BETWEEN = "、"
SEPARATORS = "、,，;；\n"
WORDS_OF_YES_NO = {True: "あり", False: "なし"}
WORDS_OF_CHECK = {True: "はい", False: "いいえ"}
YES = frozenset({"あり", "有", "有り", "はい", "○", "〇", "◯", "true", "1", "yes"})
NO = frozenset({"なし", "無", "無し", "いいえ", "×", "✕", "false", "0", "no"})
CLOSEST_DEGREES = 1.5e-6
"""Positions no farther apart are the same (0.15 m): files round differently."""


class WrongCell(ValueError):
    """A cell does not say what its column asks for; the text says what it should."""


@dataclass(frozen=True)
class TableColumn:
    """One column of a register's table: a field of its form, or a fact beside it."""

    name: str
    title: str
    widget: str
    choices: Mapping[str, str] = field(default_factory=dict)
    """Code → word; no word twice."""
    hint: str = ""
    longest: int | None = None


def cell_of(column: TableColumn, value: Any) -> Any:
    """What stands in the cell: text, a number, a day, or nothing."""
    if value is None or value == "" or value == []:
        return None
    if column.widget == "check":
        return WORDS_OF_CHECK[bool(value)]
    if column.widget == "yes_no":
        return WORDS_OF_YES_NO[bool(value)]
    if column.widget == "schedule":
        return schedule_in_cell(value)
    if isinstance(value, list):
        return BETWEEN.join(column.choices.get(str(code), str(code)) for code in value)
    if column.choices:
        return column.choices.get(str(value), str(value))
    return value


def schedule_in_cell(text: str) -> str:
    """A stored schedule in words; one that cannot be said stays as it is stored."""
    try:
        return in_words(from_json(text))
    except ImpossibleSchedule:
        return text


def alike(cells: Series, column: TableColumn) -> Series:
    """Cells as texts that are equal where they say the same; nothing said is empty."""
    return cells.map(lambda cell: _alike(cell, column)).astype(object)


def _alike(cell: Any, column: TableColumn) -> str:
    text = written(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return ""
    if column.widget == "position":
        return _degrees(text)
    if column.widget == "date":
        day = read_date(text[:10]) or read_date(text)
        return day.isoformat() if day else text
    if column.widget in ("number", "yes_no", "check"):
        text = unicodedata.normalize("NFKC", text)
        return text.replace(",", "").removesuffix("人").removesuffix("名").strip()
    if column.widget == "many":
        return BETWEEN.join(part for part in _parts(text, column) if part)
    return text


def differ(one: DataFrame, other: DataFrame, columns: Iterable[TableColumn]) -> DataFrame:
    """Which cells, as `alike` writes them, say something else; both indexed alike."""
    different = one != other
    for column in columns:
        if column.widget == "position" and column.name in different:
            apart = _number(one[column.name]) - _number(other[column.name])
            near = apart.abs() <= CLOSEST_DEGREES
            different[column.name] &= ~near
    return different


def _number(cells: Series) -> Series:
    return to_numeric(cells, errors="coerce").astype(float)


def _degrees(text: str) -> str:
    try:
        return repr(float(unicodedata.normalize("NFKC", text)))
    except ValueError:
        return text


def value_of(column: TableColumn, text: str) -> Any:
    """What a cell, as `alike` writes it, means to the form. Raises `WrongCell`."""
    if column.widget in ("yes_no", "check"):
        return _yes_no(column, text)
    if not text:
        return [] if column.widget == "many" else None
    if column.widget == "schedule":
        return _schedule(text)
    if column.widget == "date":
        return _day(text)
    if column.widget == "many":
        return [_code(column, part) for part in _parts(text, column)]
    if column.choices:
        return _code(column, text)
    return text


def _yes_no(column: TableColumn, text: str) -> bool | None:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    if not word:
        return False if column.widget == "check" else None
    words = WORDS_OF_CHECK if column.widget == "check" else WORDS_OF_YES_NO
    raise WrongCell(f"{'・'.join(words.values())}のどちらかにしてください。")


def _schedule(text: str) -> str:
    if text.startswith("{"):
        try:
            return to_json(from_json(text))
        except ImpossibleSchedule as odd:
            raise WrongCell(str(odd)) from odd
    schedule = read_schedule(text)
    if schedule is None:
        raise WrongCell(
            "集まる日として読めません。「毎週火曜 10:00〜11:30」「第2・第4水曜 13:30〜15:00」の"
            "ように書くか、「日時の補足」に書いてください。"
        )
    return to_json(schedule)


def _day(text: str) -> str:
    day = read_date(text)
    if day is None:
        raise WrongCell("日付を 2026-04-01 か 令和8年4月1日 の形で入れてください。")
    return day.isoformat()


def _code(column: TableColumn, word: str) -> str:
    """The code of a word; ways of writing it count as one."""
    codes = {_folded(words): code for code, words in column.choices.items()}
    if _folded(word) in codes:
        return codes[_folded(word)]
    some = "、".join(list(column.choices.values())[:12])
    more = " など" if len(column.choices) > 12 else ""
    raise WrongCell(f"次から選んでください：{some}{more}")


def _parts(text: str, column: TableColumn) -> list[str]:
    """The words of a cell that holds several; a word may itself hold what stands between them."""
    known = sorted(column.choices.values(), key=len, reverse=True)
    parts, rest = [], text
    while rest := rest.lstrip(SEPARATORS + " "):
        word = next((word for word in known if _begins(rest, word)), None)
        if word is None:
            word = re.split(f"[{SEPARATORS}]", rest, maxsplit=1)[0]
        parts.append(word.strip())
        rest = rest[len(word) :]
    return list(dict.fromkeys(parts))


def _begins(text: str, word: str) -> bool:
    behind = text[len(word) : len(word) + 1]
    return text.startswith(word) and (not behind or behind in SEPARATORS + " ")


def _folded(word: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", word)).lower()


def each_once(words: Mapping[str, str]) -> dict[str, str]:
    """The same choices with a number behind a word that several share."""
    seen = [_folded(word) for word in words.values()]
    return {
        code: f"{word}（番号{code}）" if seen.count(_folded(word)) > 1 else word
        for code, word in words.items()
    }


def as_day(text: str) -> date | None:
    """The day a cell names, as `alike` writes it."""
    return date.fromisoformat(text) if text else None
