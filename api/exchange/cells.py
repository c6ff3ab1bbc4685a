"""Cells as people fill them in: text, numbers, yes and no, codes, phone numbers.

Every parser takes a Series of raw cells and gives `(values, bad)`: values with NA where a cell is
blank or says "unknown", and a mask of the cells that hold something else than was asked for.
Looking happens once per distinct text, never once per cell, where cells repeat.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
from pandas import Series

UNKNOWN_WORDS = (
    "- -- ‐ ‑ ‒ – — ― − ー … ... ・ ・・・ x × * ** *** / // n/a na #n/a null none nan ? "
    "秘匿 不明 不詳 未定 未調査 未回答 該当なし 記載なし 情報なし"
)
UNKNOWN = frozenset(UNKNOWN_WORDS.split())
"""Ways of saying that a figure is withheld or not known (NFKC, lower case): NA, never 0."""

HIDDEN = (
    "\x00-\x08\x0e-\x1e\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
SEPARATOR = "\x1f"
"""Stands between the cells of a column that is looked at in one go."""
CONTROL = re.compile(f"[{HIDDEN}{SEPARATOR}]")
BREAK = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
UNTIDY = re.compile(f"[{HIDDEN}\t\n\v\f\r\x85\u2028\u2029\u3099\u309a]")
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d\uff70\u2500\ufe63]")
LARGEST_COUNT = 10**12
LONGEST_PARSED = 300
LONGEST_NAME = 200
TOO_LONG = f"名前が長すぎます（{LONGEST_NAME}文字まで）。"


def written(cell: Any) -> str:
    """One cell as text: Excel's 37201.0 is 37201, its dates are ISO dates."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell)


def shown(cell: Any) -> str:
    """One cell as it stands in a message."""
    return written(cell).strip()


def _tidied(text: str) -> str:
    text = BREAK.sub(" ", CONTROL.sub("", text))
    # Only loose voicing marks (か + ゛, as a Mac saves them) are joined: full NFC would also
    # replace characters of people's names by their modern forms.
    if "\u3099" in text or "\u309a" in text:
        text = re.sub(
            "[\u3041-\u30ff][\u3099\u309a]", lambda m: unicodedata.normalize("NFC", m[0]), text
        )
    return text.strip()


def blank(cells: Series, dtype: str) -> Series:
    """Nothing but NA: what an absent column reads as, at no cost."""
    return Series([None] * len(cells), index=cells.index, dtype=dtype)


def tidy(cells: Series) -> Series:
    """Text as written, on one line, without control characters; NA where nothing is left."""
    if cells.isna().all():
        return blank(cells, "str")
    texts = [c if type(c) is str else written(c) for c in cells.tolist()]
    column = SEPARATOR.join(texts)
    if UNTIDY.search(column) or column.count(SEPARATOR) >= len(texts):
        texts = [_tidied(t) for t in texts]
    return Series([t.strip() or None for t in texts], index=cells.index, dtype="str")


def plain(cells: Series) -> Series:
    """Text folded for reading: NFKC (full width = half width), NA where blank."""
    texts = tidy(cells)
    filled = texts.dropna()
    if filled.empty:
        return texts
    # Nothing composes across the separator, so the whole column is normalised in one call.
    column = unicodedata.normalize("NFKC", SEPARATOR.join(filled.tolist()))
    parts = [p.strip() or None for p in column.split(SEPARATOR)]
    return Series(parts, index=filled.index, dtype="str").reindex(texts.index)


def each_distinct(texts: Series, parse: Callable[[str], Any]) -> Series:
    """`parse` of every distinct text, spread over the rows; None where the text is NA.

    A text too long to be what is looked for is not tried: patterns are slow on a novel in a cell.
    """
    if texts.isna().all():
        return blank(texts, "object")
    found = {t: parse(t) for t in texts.dropna().unique() if len(t) <= LONGEST_PARSED}
    values = [found.get(text) for text in texts.tolist()]
    return Series(values, index=texts.index, dtype=object)


def sure(mask: Series) -> Series:
    """A mask in which NA counts as no."""
    return mask.astype("boolean").fillna(False).astype(bool)


def too_long(names: Series) -> Series:
    """Which names are longer than any name of a place or town: a mask."""
    return sure(names.str.len() > LONGEST_NAME)


def is_unknown(text: str) -> bool:
    """Whether an NFKC text says that nothing is known."""
    return text.lower() in UNKNOWN


ODD = (bool, date, datetime, time)
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
THOUSANDS = re.compile(r"(?<=\d)[,、](?=\d{3}(?!\d))")
COUNTER = re.compile(
    r"(?:人|名|世帯|戸|件|か所|箇所|ヶ所|円|席|m2|平方メートル|平米)(?:程度|以内|まで)?$"
)


def _number(text: str) -> float | None:
    """A number with its dress taken off; NaN for "unknown", None where it is no number."""
    if is_unknown(text):
        return np.nan
    text = re.sub(r"\s", "", text)
    text = COUNTER.sub("", re.sub("^(?:約|およそ)", "", text))
    text = re.sub("^[△▲−‐―–]", "-", text)
    text = THOUSANDS.sub("", text)
    return float(text) if NUMBER.fullmatch(text) else None


def numbers(cells: Series) -> tuple[Series, Series]:
    """Numbers (数): full width, thousands' commas, 人 and 名, ▲ for minus; float."""
    if cells.isna().all():
        return blank(cells, "float64"), Series(False, index=cells.index)
    odd = Series([type(c) in ODD for c in cells.tolist()], index=cells.index)
    values = pd.to_numeric(cells.where(~odd), errors="coerce").astype(float)
    values = values.where(np.isfinite(values))
    rest = cells[values.isna()]
    if rest.empty:
        return values, Series(False, index=cells.index)
    texts = plain(rest)
    read = each_distinct(texts, _number)
    bad = texts.notna() & read.map(lambda v: v is None)
    values.loc[rest.index] = read.astype(float)
    return values, bad.reindex(cells.index, fill_value=False)


def whole_numbers(cells: Series) -> tuple[Series, Series]:
    """Counts (件数・人数) as Int64; a fraction or something beyond all measure is bad."""
    values, bad = numbers(cells)
    broken = values.notna() & ((values % 1 != 0) | (values.abs() > LARGEST_COUNT))
    return values.mask(broken).astype("Int64"), bad | broken


YES_WORDS = "有 有り あり 有リ ○ 〇 ◯ ◎ ● 可 可能 対応 はい 1 true yes y 送迎あり 送迎有 送迎有り"
NO_WORDS = "無 無し なし × x ✕ ✖ 不可 非対応 いいえ 0 false no n 送迎なし 送迎無 送迎無し"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())


def yes_no(cells: Series) -> tuple[Series, Series]:
    """Yes and no (有・無, ○・×, 1・0) as boolean."""
    texts = plain(cells).str.lower()

    def answer(text: str) -> object:
        if text in YES:
            return True
        return False if text in NO else (pd.NA if is_unknown(text) else "?")

    read = each_distinct(texts, answer)
    bad = read.map(lambda v: isinstance(v, str))
    return read.where(~bad, None).astype("boolean"), bad.astype(bool)


def check_digit(five: str) -> str:
    """The check digit (検査数字) of a five-digit municipality code."""
    total = sum(int(d) * w for d, w in zip(five, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def _code(text: str) -> str | None:
    """Five digits; "" for a prefecture's code, None where it is no code."""
    if not re.fullmatch(r"\d{1,6}", text):
        return None
    if len(text) <= 2 or (len(text) == 6 and text[2:5] == "000"):
        return ""
    with_check = text.zfill(6)
    checked = with_check[5] == check_digit(with_check[:5])
    if len(text) == 6:
        return text[:5] if checked else None
    # Five digits are the code itself, unless they make no sense but do with a zero put before.
    senseless = len(text) == 5 and (int(text[:2]) > 47 or int(text[2:]) < 100)
    exists = 100 <= int(with_check[2:5]) < 800
    return with_check[:5] if senseless and checked and exists else text.zfill(5)


def municipality_codes(cells: Series) -> tuple[Series, Series]:
    """Municipality codes (全国地方公共団体コード) as five digits, without check digit.

    Lost leading zeros come back (92011 → 09201); a prefecture's own code is NA.
    """
    texts = plain(cells)
    read = each_distinct(texts, lambda text: "" if is_unknown(text) else _code(text))
    bad = texts.notna() & read.map(lambda v: v is None)
    return Series([v or None for v in read], index=cells.index, dtype="str"), bad


def phones(cells: Series) -> Series:
    """Phone numbers (電話番号) as written, in half width."""
    texts = plain(cells)
    return texts.mask(texts.isin(list(UNKNOWN))).str.replace(
        f"(?<=[0-9)]){DASHES.pattern}(?=[0-9(])", "-", regex=True
    )
