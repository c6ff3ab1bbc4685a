"""Coverage (カバー率): how many people can walk to a place, per area or town, nobody left out."""

from typing import Literal

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, Index, Series

from geo.arrays import Floats, Positions
from geo.crs import require_metres
from geo.walking import require_same_rows, within_reach


class UnknownLabels(ValueError):
    """Someone lives in an area or town that nobody asked for: reporting would lose them."""


def coverage_by(
    demand: GeoDataFrame,
    walk: DataFrame,
    *,
    by: Literal["area_id", "town_id"],
    labels: Index,
    distance_m: float,
) -> DataFrame:
    """People within walking distance of a place, per area (圏域別) or per town (町丁・字別).

    People belong to the area of their record, wherever its point lies; places count across
    borders. Exactly at the distance is within it.

    Parameters
    ----------
    demand : rows with `people` (persons) and `area_id`, `town_id` (missing: in none), CRS in
        metres, from `geo.demand`.
    walk : `distance_m` of the same rows, from `geo.walking`.
    by : the column to report by.
    labels : all areas or towns to report, unique and none missing.
    distance_m : how far people walk, metres.

    Returns
    -------
    Indexed by `labels` (dtype object), then None for people in none (圏域なし), so that rows add
    up to everyone: `population`, `covered`, `uncovered` (persons, float), `ratio` (0–1; NaN where
    nobody lives), `mean_distance_m` (to the nearest place, mean over all people who can get to
    one, within the distance or not; NaN where there are none).

    Raises
    ------
    NotInMetres : `demand` is not in metres.
    NotADistance : `distance_m` is not positive and finite.
    UnknownLabels : a row's label is not among `labels`.
    ValueError : `walk` and `demand` differ in rows, or `labels` repeat or are missing.
    """
    require_metres(demand)
    require_same_rows(demand, walk)
    row = _row_of(demand[by], labels)
    people = demand["people"].to_numpy(dtype=float)
    metres = walk["distance_m"].to_numpy(dtype=float)
    reached = within_reach(walk, distance_m)

    def total(weights: Floats) -> Floats:
        return np.asarray(np.bincount(row, weights, minlength=len(labels) + 1), dtype=float)

    population, covered = total(people), total(people * reached)
    gets_there = np.isfinite(metres)
    walked = np.where(gets_there, metres, 0) * people
    with np.errstate(invalid="ignore"):  # nobody: 0 / 0
        columns = {
            "population": population,
            "covered": covered,
            "uncovered": total(people * ~reached),
            "ratio": covered / population,
            "mean_distance_m": total(walked) / total(people * gets_there),
        }
    return DataFrame(columns, index=Index([*labels, None], dtype=object, name=by))


def mean_distance_m(demand: GeoDataFrame, walk: DataFrame) -> float:
    """Metres to the nearest place, mean over all people who can get to one; NaN: nobody can."""
    metres = walk["distance_m"].to_numpy(dtype=float)
    people = np.where(np.isfinite(metres), demand["people"].to_numpy(dtype=float), 0)
    if not people.sum():
        return np.nan
    return float((np.where(people > 0, metres, 0) * people).sum() / people.sum())


def in_whole_people(coverage: DataFrame) -> DataFrame:
    """A coverage table in whole persons, for tables that people add up by hand.

    Spread people are fractions. Rounding each row by itself would lose or invent some; here
    every column adds up to its rounded total, and `covered` + `uncovered` = `population` in every
    row. Whole numbers stay as they are, and `ratio` and `mean_distance_m` are untouched.

    Parameters
    ----------
    coverage : from `coverage_by`.

    Returns
    -------
    The same table with `population`, `covered`, `uncovered` as int64.
    """
    population = whole_people(coverage["population"], coverage["population"].sum())
    covered = whole_people(coverage["covered"], coverage["covered"].sum(), at_most=population)
    return coverage.assign(population=population, covered=covered, uncovered=population - covered)


MOST_PEOPLE = 10**12
"""Beyond it floats do not count single persons any more."""


def whole_people(people: Series, total: float, *, at_most: Series | None = None) -> Series:
    """Whole persons that add up to the rounded total (最大剰余法, largest remainder).

    Every number is rounded down, and the persons still missing go to the largest remainders, the
    first of equal ones. Where limits leave no other choice, a row may get more than one.

    Parameters
    ----------
    people : persons, 0 or more.
    total : what they add up to, before rounding.
    at_most : whole limits, indexed like `people`, none below `people` rounded down.

    Returns
    -------
    int64, indexed like `people`.

    Raises
    ------
    ValueError : the total cannot be shared out so.
    """
    if not abs(total) <= MOST_PEOPLE:
        raise ValueError(f"{total} persons are more than there can be")
    exact = people.to_numpy(dtype=float).round(6)  # sums of shares miss whole numbers by a hair
    whole = np.floor(exact).astype(np.int64)
    missing = round(round(float(total), 6)) - int(whole.sum())
    room = np.full(len(whole), max(missing, 0)) if at_most is None else at_most.to_numpy() - whole
    if not 0 <= missing <= room.clip(0).sum():
        raise ValueError(f"{total} persons cannot be shared out over {len(people)} rows")
    while missing:
        order = np.argsort(whole - exact, kind="stable")
        takes = order[room[order] > 0][:missing]
        whole[takes] += 1
        room[takes] -= 1
        missing -= len(takes)
    return Series(whole, index=people.index, name=people.name)


def _row_of(belongs: Series, labels: Index) -> Positions:
    """Row of the table for each demand row; the last for people in none."""
    if not labels.is_unique or labels.hasnans:
        raise ValueError("labels must be unique, and none missing")
    row = labels.get_indexer(Index(belongs))
    nowhere = belongs.isna().to_numpy()
    unknown = belongs[(row < 0) & ~nowhere].unique()
    if len(unknown):
        raise UnknownLabels(f"people in unknown {belongs.name}: {sorted(map(str, unknown))}")
    return np.where(nowhere, len(labels), row)
