"""Who lives where: five-year bands and sex for every town, adding up exactly."""

from functools import cache

import numpy as np

from sample_city.gazetteer import Town, towns
from sample_city.terrain import CITY, CODE, Floats, generator
from sample_city.towns import middles

SURVEYED = "2026-10-01"
BANDS = [f"{age}-{age + 4}歳" for age in range(0, 85, 5)] + ["85歳以上"]
FIRST_OLDER = BANDS.index("65-69歳")
COUNTS = [f"{band}の{sex}" for band in BANDS for sex in ("男性", "女性")]

# Persons per thousand in a middling Japanese city, by band from 0-4 up.
_COUNTRY = [30, 36, 41, 44, 45, 45, 46, 51, 58, 65, 77, 72, 63, 60, 65, 71, 58, 73]
# Share of women by band: more boys are born, more women grow old.
_WOMEN = [.487, .487, .487, .487, .485, .480, .482, .487, .491, .493, .495, .498, .503, .512,
          .523, .540, .570, .665]  # fmt: skip
# What is unlike the country: the flats by the station, the estate that all moved into at once …
_UNLIKE: dict[str, dict[int, float]] = {
    "flats": {20: 1.5, 25: 1.9, 30: 1.7, 35: 1.4, 40: 1.2, 10: 0.8, 15: 0.8},
    "suburb": {0: 1.2, 5: 1.4, 10: 1.5, 15: 1.3, 35: 1.3, 40: 1.5, 45: 1.4, 20: 0.8, 65: 1.1},
    "newtown": {45: 1.3, 50: 1.5, 55: 1.1, 75: 1.6, 80: 1.5, 65: 0.7, 25: 0.7, 30: 0.6, 0: 0.7},
    "harbour": {25: 0.8, 30: 0.8, 60: 1.3, 65: 1.1, 70: 1.2},
    "village": {20: 0.6, 25: 0.6, 30: 0.7, 60: 1.4, 70: 1.2, 85: 1.3},
    "town": {},
}
_PER_HOUSEHOLD = {"flats": 1.72, "suburb": 2.52, "newtown": 2.02, "harbour": 2.06,
                  "village": 2.28, "town": 2.12}  # fmt: skip


def ages(town: Town, rng: np.random.Generator) -> list[int]:
    """Return persons by band and sex (in the order of ``COUNTS``); their sum is the town's people.

    The share of 65 and over is the town's own to within a person.
    """
    pull = np.ones(len(BANDS))
    for age, factor in _UNLIKE[town.life].items():
        pull[age // 5] = factor
    weight = np.array(_COUNTRY) * pull * rng.normal(1, 0.09, len(BANDS)).clip(0.7, 1.3)
    older = round(town.people * town.older_share)
    by_band = [
        *whole(weight[:FIRST_OLDER], town.people - older),
        *whole(weight[FIRST_OLDER:], older),
    ]
    counts: list[int] = []
    for persons, women in zip(by_band, _WOMEN, strict=True):
        female = int(rng.binomial(persons, women))
        counts += [persons - female, female]
    return counts


def whole(weight: Floats, total: int) -> list[int]:
    """Split a total by weight into whole persons (largest remainder)."""
    exact = weight / weight.sum() * total
    counts = np.floor(exact).astype(int)
    short = total - int(counts.sum())
    counts[np.argsort(-(exact - counts), kind="stable")[:short]] += 1
    return [int(n) for n in counts]


@cache
def population() -> tuple[dict[str, object], ...]:
    """Return the rows of population.csv, without the coordinates' last step to degrees."""
    rng = generator("people")
    rows = []
    for town in towns():
        people = round(town.people * rng.uniform(0.94, 1.0))
        counts = ages(Town(**{**vars(town), "people": people}), rng)
        middle = middles()[town.name]
        rows.append({
            "全国地方公共団体コード": CODE, "地域コード": town.key, "地方公共団体名": CITY,
            "調査年月日": SURVEYED, "地域名": town.name, "総人口": people,
            "男性": sum(counts[0::2]), "女性": sum(counts[1::2]),
            **dict(zip(COUNTS, counts, strict=True)),
            "世帯数": round(people / (_PER_HOUSEHOLD[town.life] * rng.uniform(0.94, 1.06))),
            "備考": "", "x": middle.x, "y": middle.y,
        })  # fmt: skip
    return tuple(rows)
