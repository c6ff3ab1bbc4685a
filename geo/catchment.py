"""Access (使いやすさ): how many places (定員) there are for each person, by floating catchments."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike
from pandas import DataFrame, Index, Series

from geo.arrays import Floats, Mask, Positions
from geo.coverage import row_of
from geo.reach import Pairs

BANDS_M: Final = (300.0, 500.0, 800.0, 1000.0)
AT_THE_END: Final = 0.01


class NotASupply(ValueError):
    """A number of places that is not finite, or below nothing."""


@dataclass(frozen=True)
class Bands:
    """Distance bands (距離帯) and what a place counts in each; exactly at a limit is within it.

    `limits_m` : outer limits, metres, rising. `weights` : one for each band, 0 to 1.

    Raises
    ------
    ValueError : the two differ in length, limits do not rise from above 0, or a weight is not
        between 0 and 1.
    """

    limits_m: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse bands nobody could walk through."""
        edges = np.array([0.0, *self.limits_m])
        if len(self.limits_m) != len(self.weights) or not self.limits_m:
            raise ValueError(f"{len(self.limits_m)} limits, {len(self.weights)} weights")
        if not (np.isfinite(edges).all() and (np.diff(edges) > 0).all()):
            raise ValueError(f"limits must rise from above 0, got {self.limits_m}")
        if not all(0 <= weight <= 1 for weight in self.weights):
            raise ValueError(f"weights must lie between 0 and 1, got {self.weights}")

    @property
    def farthest_m(self) -> float:
        """The longest walk that counts, metres."""
        return self.limits_m[-1]

    def weight_of(self, distance_m: Floats) -> Floats:
        """What a place so far away counts; 0 beyond the last limit."""
        band = np.searchsorted(self.limits_m, distance_m, side="left")
        return np.array([*self.weights, 0.0])[band]


def gaussian_bands(limits_m: tuple[float, ...] = BANDS_M) -> Bands:
    """Bands whose weights fall along a Gaussian: 1, 0.66, 0.32 and 0.05 for ours.

    A band counts exp(-d² / β) with d its *inner* limit, so that the nearest counts whole, as
    Luo & Qi (2009) do (their 1, 0.68, 0.22 for 10, 20, 30 minutes are β ≈ 262). β is chosen so that
    the curve falls to 0.01 at the outermost limit, which is where it is cut off.
    """
    inner = np.array([0.0, *limits_m[:-1]])
    weights = np.exp(np.log(AT_THE_END) * (inner / limits_m[-1]) ** 2)
    return Bands(tuple(map(float, limits_m)), tuple(map(float, weights)))


@dataclass(frozen=True)
class Access:
    """What a floating catchment tells.

    `per_person` : places for each person, one for each row of the demand; 0 where nothing is near.
    `sought_by` : people who share a place's supply, weighted, one for each place; 0: nobody.
    """

    per_person: Floats
    sought_by: Floats

    @property
    def reached(self) -> Mask:
        """Which places anybody reaches: only their supply is shared out."""
        return self.sought_by > 0


def catchment(
    demand: GeoDataFrame,
    pairs: Pairs,
    supply: ArrayLike,
    bands: Bands,
    *,
    drives_to: ArrayLike | None = None,
) -> Access:
    """Places per person by the enhanced two-step floating catchment area method (E2SFCA).

    Each place shares its supply out over everybody near it, the nearer the more; each person adds
    up what falls to them. Nothing is lost: people × access adds up to the supply of the places
    that anybody reaches.

    A place with 送迎 picks people up at their doors: for everybody of the area it drives to,
    whatever the distance, it counts as if it stood next door (weight 1). Others walk to it.

    Parameters
    ----------
    demand : n rows with `people` (persons) and, where some place drives, `area_id`.
    pairs : who can walk to which place, at least as far as the bands reach, from `geo.reach`.
    supply : m numbers, one for each place in the order of `pairs`; 0 or more.
    bands : what a place counts at which distance.
    drives_to : m area ids; missing where a place does not drive. None: none does.

    Returns
    -------
    `Access`, in the unit of `supply` per person.

    Raises
    ------
    NotASupply : a supply is negative or not finite: not knowing is for the caller to settle.
    ValueError : a pair names a row or a place that is not there, or lengths differ.

    Source: Luo & Qi, Health & Place 15 (2009), pp. 1100–1107; as `enhanced_two_stage_fca` of PySAL.
    """
    people = demand["people"].to_numpy(dtype=float)
    offered = _checked_supply(supply)
    _require_inside(pairs, len(people), len(offered))
    home_area, drives, areas = _areas(demand, drives_to, len(offered))
    walked = _walked(pairs, home_area, drives)
    home, place = pairs.home[walked], pairs.place[walked]
    weight = bands.weight_of(pairs.distance_m[walked])
    at_home, driving = home_area >= 0, drives >= 0
    of_area = _sums(home_area[at_home], people[at_home], areas)
    sought_by = _sums(place, weight * people[home], len(offered))
    sought_by[driving] += of_area[drives[driving]]
    share = np.divide(offered, sought_by, out=np.zeros(len(offered)), where=sought_by > 0)
    per_person = _sums(home, weight * share[place], len(people))
    per_person[at_home] += _sums(drives[driving], share[driving], areas)[home_area[at_home]]
    return Access(per_person, sought_by)


def access_by(
    demand: GeoDataFrame, access: Access, *, by: Literal["area_id", "town_id"], labels: Index
) -> DataFrame:
    """Access per area (圏域別) or town; people belong to the area of their record.

    Parameters
    ----------
    demand, access : as given to and by `catchment`.
    by : the column to report by.
    labels : all areas or towns to report, unique and none missing.

    Returns
    -------
    Indexed by `labels` (dtype object), then None for people in none (圏域なし): `population`
    (persons), `supply` (what falls to them; adds up to what anybody reaches), `per_person`
    (mean over all people; NaN where nobody lives).

    Raises
    ------
    UnknownLabels : a row's label is not among `labels`.
    ValueError : `labels` repeat or are missing, or the two differ in rows.
    """
    people = demand["people"].to_numpy(dtype=float)
    if len(people) != len(access.per_person):
        raise ValueError(f"{len(people)} rows of demand, {len(access.per_person)} of access")
    row = row_of(demand[by], labels)
    rows = len(labels) + 1
    population = _sums(row, people, rows)
    supply = _sums(row, people * access.per_person, rows)
    with np.errstate(invalid="ignore"):  # nobody: 0 / 0
        columns = {
            "population": population, "supply": supply, "per_person": supply / population,
        }  # fmt: skip
    return DataFrame(columns, index=Index([*labels, None], dtype=object, name=by))


def _sums(row: Positions, values: Floats, rows: int) -> Floats:
    """Sum of the values of each row; of nothing, `bincount` would make whole numbers."""
    return np.bincount(row, values, minlength=rows).astype(float)


def _checked_supply(supply: ArrayLike) -> Floats:
    offered = np.asarray(supply, dtype=float)
    if not np.isfinite(offered).all() or (offered < 0).any():
        raise NotASupply("a supply must be a finite number, 0 or more")
    return offered


def _require_inside(pairs: Pairs, homes: int, places: int) -> None:
    if pairs.home.max(initial=-1) >= homes or pairs.place.max(initial=-1) >= places:
        raise ValueError(f"pairs beyond {homes} rows of demand and {places} of supply")


def _areas(
    demand: GeoDataFrame, drives_to: ArrayLike | None, places: int
) -> tuple[Positions, Positions, int]:
    """Number of each home's area, and of that which each place drives to (-1: none); how many."""
    if drives_to is None:
        return np.full(len(demand), -1), np.full(places, -1), 0
    there = Series(np.asarray(drives_to, dtype=object), dtype=object)
    if len(there) != places:
        raise ValueError(f"{len(there)} areas driven to, {places} places")
    known = Index(there.dropna().unique(), dtype=object)
    lived_in = Index(demand["area_id"].astype(object))
    return _numbers(known, lived_in), _numbers(known, Index(there)), len(known)


def _numbers(known: Index, asked: Index) -> Positions:
    return np.where(pd.isna(asked), -1, known.get_indexer(asked))


def _walked(pairs: Pairs, home_area: Positions, drives: Positions) -> Mask:
    """Which pairs are walked: whoever is picked up does not count a second time."""
    to = drives[pairs.place]
    return np.asarray((to < 0) | (to != home_area[pairs.home]))
