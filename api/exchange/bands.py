"""Age bands in headers (年齢階級): man14, ０－４歳, 男0-4, 85歳以上, 65歳の女性, single years."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Sex = Literal["male", "female", "both"]


@dataclass(frozen=True)
class Band:
    """One column of people: their sex and ages, `last` None where the band is open."""

    sex: Sex
    first: int
    last: int | None


SEX_WORDS: dict[Sex, str] = {
    "male": "男性 男子 男 male man men m",
    "female": "女性 女子 女 female woman women f w",
    "both": "総数 男女計 計 人口 合計 総 total both age all 年齢",
}
SEXES = {word: sex for sex, words in SEX_WORDS.items() for word in words.split()}
SEX = "|".join(sorted(SEXES, key=len, reverse=True))
NUMBERED = re.compile(r"(man|woman|male|female)(\d{1,2})")
AGES = re.compile(
    rf"(?P<before>{SEX})?(?:の)?(?P<extra>{SEX})?"
    r"(?P<first>\d{1,3})(?:歳|才)?"
    r"(?:(?P<to>[~\-]|から|至|to)(?P<last>\d{1,3})(?:歳|才)?(?P<below>未満)?|(?P<open>以上|~|\-|\+|plus|over)|(?P<under>未満))?"
    rf"(?:人口)?(?:の)?(?P<after>{SEX})?(?:の)?(?:人口|人数|人)?"
)
NOISE = re.compile(r"[\s_・()\[\]「」【】〔〕,、:;]|再掲|うち|内訳|人口(?=\d)|^t\d{9}(?=\D)")
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500\u301c]")
OLDEST = 130


@lru_cache(maxsize=4096)
def read_band(header: str) -> Band | None:
    """The band a header names, None where it names none (man1 … man18 are read by `bands_in`)."""
    text = unicodedata.normalize("NFKC", header).lower()
    text = re.sub(r"(?<=\d)_(?=\d)", "-", text)
    text = NOISE.sub("", DASHES.sub("-", text)).replace("age", "").replace("歳代", "代")
    found = AGES.fullmatch(text)
    if found is None or not (found["open"] or found["to"] or re.search("歳|才", text)):
        return None
    sexes = {SEXES[s] for s in (found["before"], found["extra"], found["after"]) if s} - {"both"}
    first = int(found["first"])
    last = None if found["open"] else first
    if found["under"]:
        first, last = 0, first - 1
    if found["to"]:
        last = int(found["last"]) - (1 if found["below"] else 0)
    if len(sexes) > 1 or first > OLDEST or (last is not None and not first <= last <= OLDEST):
        return None
    return Band(sexes.pop() if sexes else "both", first, last)


def bands_in(header: Sequence[str]) -> dict[str, Band]:
    """Headers that are age bands; of man1 … manN the last is open (85 and over for N = 18)."""
    numbered = {h: found for h in header if (found := NUMBERED.fullmatch(h.strip().lower()))}
    steps = {int(found[2]) for found in numbered.values()}
    if steps and steps == set(range(1, max(steps) + 1)) and max(steps) >= 4:
        return {h: _numbered(found, max(steps)) for h, found in numbered.items()}
    return {h: band for h in header if (band := read_band(h)) is not None}


def _numbered(found: re.Match[str], steps: int) -> Band:
    step = int(found[2])
    sex: Sex = "male" if found[1] in ("man", "male") else "female"
    return Band(sex, (step - 1) * 5, None if step == steps else step * 5 - 1)


def chain(bands: Sequence[Band], first: int) -> list[Band] | None:
    """Bands that together hold everybody from `first` on, once, the finest; None if none do."""
    from_age: dict[int, list[Band] | None] = {}
    for start in sorted({band.first for band in bands}, reverse=True):
        from_age[start] = None
        for band in sorted((b for b in bands if b.first == start), key=_width):
            rest = [] if band.last is None else from_age.get(band.last + 1)
            if rest is not None:
                from_age[start] = [band, *rest]
                break
    return from_age.get(first)


def _width(band: Band) -> int:
    return OLDEST if band.last is None else band.last - band.first
