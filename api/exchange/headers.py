"""Recognising headers (見出し): which of their columns is which of ours."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from api.exchange.aliases import PATTERNS, TABLES
from api.exchange.bands import bands_in

KINDS = tuple(TABLES)
MARKS = re.compile(
    r"\((?:必須|任意|必須項目|必須※|10進法?|10進数|度|世界測地系|半角|全角|○×|人|名|世帯|円|m2)\)|[*※★◎●■□]|^\d+[.:)](?=\D)"
)
ESTAT_ITEM = re.compile(r"^t\d{9}(?=\D)")
DROPPED = re.compile(r"[\s_・()\[\]{}<>「」『』【】〔〕《》'\"`,、.:;/-]")
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500-]")
RUNNING_NUMBER = re.compile("#property|no|#|index|番号|連番|通番|項番|通し番号|行番号|順番")
JUNK = re.compile("^[←→⇐⇒↓↑]|データの項目名を入力|行目以降にデータ")
SHORTEST_PREFIX = 2


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header folded so that its ways of writing meet: コ―ド = コード, （基本） = (基本)."""
    key = unicodedata.normalize("NFKC", text).lower()
    key = MARKS.sub("", re.sub(r"\s", "", key))
    # A dash for the long-vowel mark (コ―ド) and the mark itself both go.
    return ESTAT_ITEM.sub("", DROPPED.sub("", DASHES.sub("-", key)))


def is_running_number(header: str) -> bool:
    """Whether a column only numbers the rows (#property, NO, №): never an identity."""
    folded = unicodedata.normalize("NFKC", header).lower().strip().rstrip(".")
    return RUNNING_NUMBER.fullmatch(folded) is not None


def is_junk(header: str) -> bool:
    """Whether a column is blank or tells how to fill in the form (←データの項目名を入力)."""
    return not header.strip() or JUNK.search(header) is not None


@cache
def _aliases(kind: str) -> dict[str, tuple[str, int]]:
    """Folded alias → our column and its rank among that column's aliases."""
    known: dict[str, tuple[str, int]] = {}
    for ours, names in TABLES[kind].items():
        for rank, name in enumerate([*names.split(), ours]):
            known.setdefault(header_key(name), (ours, rank))
    return known


class WrongMapping(ValueError):
    """The --mapping names a column the file or the program does not have (対応表の誤り)."""


def recognise(
    header: Sequence[str], kind: str, mapping: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Our columns → their headers; the mapping wins, then the best known alias.

    Five-year age bands of a population are not columns of ours: see `bands.bands_in`.

    Raises
    ------
    WrongMapping : a mapping's header is not in the file, or its column is none of ours.
    """
    given = _given(header, kind, mapping or {})
    left = [h for h in header if h not in given.values()]
    found = max((_by_alias(left, names, kind) for names in _spellings(left)), key=len, default={})
    found = {ours: theirs for ours, theirs in found.items() if ours not in given}
    return {**found, **given}


def _given(header: Sequence[str], kind: str, mapping: Mapping[str, str]) -> dict[str, str]:
    by_key = {header_key(h): h for h in reversed(header)}
    given = {}
    for ours, theirs in mapping.items():
        if ours not in TABLES[kind]:
            raise WrongMapping(
                f"対応表の「{ours}」は、ここで使う列の名前ではありません。"
                f"使えるのは {'、'.join(TABLES[kind])} です。"
            )
        if theirs in header:
            given[ours] = theirs
        elif header_key(theirs) in by_key:
            given[ours] = by_key[header_key(theirs)]
        else:
            raise WrongMapping(f"対応表にある見出し「{theirs}」が、ファイルにありません。")
    return given


def _spellings(header: Sequence[str]) -> list[list[str]]:
    """The headers as they are, and without what stands before all or most of them."""
    plain = [h for h in header if h.strip() and not is_running_number(h) and not is_junk(h)]
    ways = [list(header)]
    if len(plain) < 3:
        return ways
    prefixes = {_common_front(plain)}
    starts = [re.match(r".+?[_＿:：.．・/／\s　]", h) for h in plain]
    before = [found[0] for found in starts if found]
    prefixes |= {p for p in before if before.count(p) >= 0.6 * len(plain)}
    for prefix in sorted(prefixes):
        if len(prefix) >= SHORTEST_PREFIX:
            ways.append([h.removeprefix(prefix) for h in header])
    return ways


def _common_front(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    same = (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(same, min(len(first), len(last)))]


def _by_alias(header: Sequence[str], spelled: Sequence[str], kind: str) -> dict[str, str]:
    known = _aliases(kind)
    best: dict[str, tuple[int, str]] = {}
    for theirs, name in zip(header, spelled, strict=True):
        if is_running_number(theirs) or is_junk(theirs):
            continue
        ours, rank = known.get(header_key(name), (None, 0))
        if ours is not None and (ours not in best or rank < best[ours][0]):
            best[ours] = (rank, theirs)
    found = {ours: theirs for ours, (_, theirs) in best.items()}
    for ours, pattern in PATTERNS.get(kind, {}).items():
        fits = [
            h for h, n in zip(header, spelled, strict=True) if re.fullmatch(pattern, header_key(n))
        ]
        if ours not in found and fits:
            found[ours] = fits[0]
    return found


def score(header: Sequence[str], kind: str, mapping: Mapping[str, str] | None = None) -> int:
    """How many wanted headers a row holds; age bands count as well."""
    try:
        known = len(recognise(header, kind, mapping))
    except WrongMapping:
        known = len(recognise(header, kind))
    return known + (len(bands_in(header)) if kind == "population" else 0)
