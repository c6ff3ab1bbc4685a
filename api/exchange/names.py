"""Town names (町名) and addresses, matched with the municipality's own towns: no geocoder."""

import difflib
import re
from collections.abc import Hashable, Iterable
from functools import lru_cache

from pandas import Series

from api.exchange.cells import each_distinct
from api.exchange.characters import find_key, folded

__all__ = ["TownNames", "find_key", "find_keys", "find_ways", "name_key", "name_keys"]

KANJI = "〇一二三四五六七八九"
NUMERALS = "〇一二三四五六七八九十百千"
LETTER = "\u3041-\u3096\u30a1-\u30fa\u3005\u4e00-\u9fff\U00020000-\U0003ffff"
DIGITS = re.compile(r"\d+")
POSITIONAL = re.compile(r"[〇一二三四五六七八九]{2,}(?=丁目|号|番|区|地割)")
OLD_NUMERALS = re.compile("[壱弐参拾]+(?=丁目)")
DASHES = re.compile("[\u2010-\u2015\u2212\u2500]")
# ケ, ヶ, が, ガ between two names (三ケ名, 三ヶ名, 霞が関), so with ツ and ノ.
LITTLE = (
    (re.compile(f"(?<=[{LETTER}])[ヶケがガヵ](?=[{LETTER}])"), "ケ"),
    (re.compile(f"(?<=[{LETTER}])[ッつっ](?=[{LETTER}])"), "ツ"),
    (re.compile(f"(?<=[{LETTER}])[の之乃](?=[{LETTER}])"), "ノ"),
)
PREFECTURE = re.compile("^(?:北海道|東京都|(?:京都|大阪)府|[^市区町村0-9]{2,3}県)")
COUNTY = re.compile("^[^市区町村0-9]{1,5}郡(?=.+[町村])")
CLOSEST = 0.6
AMBIGUOUS = "この名前に当たる町が複数あります。"
MISSING = "町の一覧にない町名です。"


def _kanji(number: str) -> str:
    """Digits as people write them in a town's name: 12 → 十二; too long ones digit by digit."""
    value = int(number)
    if value == 0 or value > 9999 or number[0] == "0":
        return "".join(KANJI[int(d)] for d in number)
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, value = divmod(value, unit)
        if count:
            text += (KANJI[count] if count > 1 or unit == 1 else "") + name
    return text


def _once(text: str) -> str:
    text = re.sub(r"(?<=\d)ー(?=\d)", "-", DASHES.sub("-", folded(text)))
    text = OLD_NUMERALS.sub(lambda m: m[0].translate(str.maketrans("壱弐参拾", "一二三十")), text)
    text = POSITIONAL.sub(lambda m: "".join(str(KANJI.index(c)) for c in m[0]), text)
    text = DIGITS.sub(lambda m: _kanji(m[0]), text)
    text = re.sub("大字|小字", "", text)
    text = re.sub("^字(?=.)|(?<=[町村])字(?=.)", "", text)
    for pattern, letter in LITTLE:
        text = pattern.sub(letter, text)
    return text


BLOCKS = {_kanji(str(number)): str(number) for number in range(1, 100)}
BLOCK_KANJI = re.compile(f"(?:{'|'.join(sorted(BLOCKS, key=len, reverse=True))})(?=丁目)")
BLOCK_DIGITS = re.compile(r"(?<!\d)\d{1,2}(?=丁目)")
"""The number of a 丁目, in either writing."""


@lru_cache(maxsize=65_536)
def _key(text: str) -> str:
    key = _once(text)
    return key if key == text else _key(key)


def name_key(text: str, municipality: str | None = None, prefecture: str | None = None) -> str:
    """A town's name folded so that 塩上町一丁目, 塩上町１丁目 and 大字塩上町1丁目 meet.

    The prefecture's and municipality's names are taken off the front where they are given.
    """
    return _without(_key(text), municipality, prefecture)


def _without(key: str, municipality: str | None, prefecture: str | None) -> str:
    rest = key.removeprefix(_key(prefecture)) if prefecture else key
    if municipality:
        front = re.escape(_key(municipality))
        rest = re.sub(f"^(?:.{{1,5}}郡)?{front}(?=.)", "", rest)
    return rest or key


def name_keys(
    names: Series, municipality: str | None = None, prefecture: str | None = None
) -> Series:
    """`name_key` of every name; NA stays NA."""
    return Series(
        each_distinct(names, lambda n: name_key(str(n), municipality, prefecture)), dtype="str"
    )


def find_ways(word: str) -> list[str]:
    """A word somebody searches for, as keys: 本町2丁目 stands in records as 本町二丁目, too."""
    key = find_key(word)
    kanji = BLOCK_DIGITS.sub(lambda m: _kanji(str(int(m[0]))), key)
    digits = BLOCK_KANJI.sub(lambda m: BLOCKS[m[0]], kanji)
    return list(dict.fromkeys(way for way in (key, kanji, digits) if way))


def find_keys(texts: Series) -> Series:
    """`find_key` of every text; NA stays NA."""
    return texts.map(lambda text: find_key(str(text)), na_action="ignore").astype("str")


class TownNames:
    """The towns of one municipality, found by any way of writing them (町名の突き合わせ)."""

    def __init__(
        self,
        ids: Iterable[Hashable],
        names: Iterable[str],
        municipality: str | None = None,
        prefecture: str | None = None,
    ) -> None:
        self.municipality, self.prefecture = municipality, prefecture
        self._names: dict[str, str] = {}
        self._exact: dict[str, set[Hashable]] = {}
        self._by_key: dict[str, set[Hashable]] = {}
        self._blocks: dict[str, set[str]] = {}
        for town, name in zip(ids, names, strict=True):
            key = name_key(name, municipality, prefecture)
            self._names.setdefault(key, name)
            self._exact.setdefault(name.strip(), set()).add(town)
            self._by_key.setdefault(key, set()).add(town)
            if found := re.fullmatch(f"(.+?)([{NUMERALS}]+)丁目", key):
                self._blocks.setdefault(found[1], set()).add(found[2])
        self._longest = max(map(len, self._by_key), default=0)

    def __len__(self) -> int:
        """How many names are known."""
        return len(self._by_key)

    def match(self, names: Series) -> Series:
        """The id of each named town, NA where no town or more than one answers to the name."""
        return each_distinct(names, lambda name: self._town(str(name)))

    def match_address(self, addresses: Series) -> Series:
        """The id of the town each address begins with, NA where none does."""
        return each_distinct(addresses, lambda text: self._town_of_address(str(text)))

    def why_not(self, name: str) -> str | None:
        """Why `match` gives no town for this name; None where it gives one."""
        if self._town(name) is not None:
            return None
        ambiguous = len(self._by_key.get(self._short(name), ())) > 1
        return AMBIGUOUS if ambiguous else MISSING

    def nearest(self, name: str) -> list[str]:
        """Up to three towns with a similar name, as they are written."""
        key = self._short(name)
        # Comparing whole names is slow: only those that share letters are compared.
        likely = [k for k in self._names if 2 * len(set(k) & set(key)) >= min(len(k), len(key))]
        keys = difflib.get_close_matches(key, likely, 3, CLOSEST)
        return [self._names[key] for key in keys]

    def _short(self, name: str) -> str:
        return name_key(name, self.municipality, self.prefecture)

    def _town(self, name: str) -> Hashable | None:
        # Two towns may share a key and still differ in writing: then only the writing decides.
        for known, key in ((self._exact, name.strip()), (self._by_key, self._short(name))):
            if (town := _only(known.get(key, set()))) is not None:
                return town
        return None

    def _town_of_address(self, address: str) -> Hashable | None:
        for rest in self._behind_the_municipality(_key(address)):
            town = self._longest_front(rest)
            if town is not None:
                return _only(self._by_key[town])
        return None

    def _behind_the_municipality(self, key: str) -> list[str]:
        """What may begin with a town: all of it, where nobody said which municipality this is."""
        rest = _without(key, self.municipality, self.prefecture)
        if self.prefecture is None:
            rest = _without(PREFECTURE.sub("", rest), self.municipality, None)
        if self.municipality is not None:
            return [rest]
        return [rest, re.sub("^.+?[市区町村]", "", COUNTY.sub("", rest), count=1)]

    def _longest_front(self, rest: str) -> str | None:
        """The key of the longest town that starts an address; 本町2-16-32 is in 本町二丁目."""
        for length in range(min(len(rest), self._longest), 0, -1):
            front, after = rest[:length], rest[length:]
            block = self._block(front, after)
            if block is not None:
                return block
            if front in self._by_key and _may_end(front, after):
                return front
        return None

    def _block(self, front: str, after: str) -> str | None:
        """The 丁目 an address without the word means, where the town has that 丁目."""
        found = re.match(rf"([{NUMERALS}]+)([-ノの])([{NUMERALS}]+)([-ノの])?", after)
        if found is None or found[1] not in self._blocks.get(front, ()):
            return None
        # Two numbers only (本町2-16) are house numbers where the town also exists without 丁目.
        return None if front in self._by_key and not found[4] else f"{front}{found[1]}丁目"


def _only(towns: set[Hashable]) -> Hashable | None:
    return next(iter(towns)) if len(towns) == 1 else None


def _may_end(front: str, after: str) -> bool:
    """Whether a town's name may stop here: 中 is not the town of 中央町."""
    return (
        front.endswith(("町", "丁目", "村", "丁", "通", "条"))
        or re.match(rf"$|[-{NUMERALS}(甲乙丙丁戊己イロハニホヘ字番無]", after) is not None
        or len(front) > 2
    )
