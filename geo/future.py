"""Years to come (将来): people of a year between two known ones, towns scaled to a total."""

from collections.abc import Sequence

import numpy as np
from pandas import DataFrame, Series

from geo.coverage import whole_people


class NoSuchYear(ValueError):
    """A year before the first or after the last that is known."""


class NobodyToScale(ValueError):
    """A total is to be shared out among nobody."""


def years_around(years: Sequence[int], year: int) -> tuple[int, int, float]:
    """The known years a year lies between, and how far along it is.

    Parameters
    ----------
    years : known years, in any order.
    year : the year asked for.

    Returns
    -------
    (before, after, share): `share` 0–1 of the way from `before` to `after`; a known year is both,
    with share 0.

    Raises
    ------
    NoSuchYear : before the first or after the last, or none is known.
    """
    known = np.unique(np.asarray(years, dtype=int))
    if not len(known) or not known[0] <= year <= known[-1]:
        raise NoSuchYear(f"{year} is not within {known[:1]}–{known[-1:]}")
    after = int(known[np.searchsorted(known, year)])
    if after == year:
        return year, year, 0.0
    before = int(known[np.searchsorted(known, year) - 1])
    return before, after, (year - before) / (after - before)


def in_year(known: DataFrame, year: int) -> Series:
    """People of each row in a year, by a straight line between the known years around it.

    Parameters
    ----------
    known : a column a year (its name), persons; NaN where nobody knows. Rows: cells, or totals.
    year : the year asked for.

    Returns
    -------
    float persons, indexed like `known`; NaN where one of the two years is. A known year is given
    back as it stands.

    Raises
    ------
    NoSuchYear
    """
    before, after, share = years_around([int(column) for column in known.columns], year)
    if before == after:
        return known[before].astype(float).rename("people")
    people: Series = known[before].astype(float) * (1 - share) + known[after].astype(float) * share
    return people.rename("people")


def scaled_to(people: Series, total: float) -> Series:
    """Whole persons of each row, all grown or shrunk alike so that they add up to a total.

    A row with more people than another never has fewer afterwards; where `total` is what the rows
    add up to already, whole numbers stay as they are.

    Parameters
    ----------
    people : persons of each row, 0 or more, none missing.
    total : persons all rows add up to afterwards, 0 or more.

    Returns
    -------
    int64, indexed like `people`, adding up to `total` rounded to a whole person.

    Raises
    ------
    NobodyToScale : `people` add up to 0 and `total` does not.
    ValueError : a number is negative or missing.
    """
    exact = people.to_numpy(dtype=float)
    if not (np.all(exact >= 0) and 0 <= total < np.inf):
        raise ValueError("people and their total must be 0 or more, none missing")
    everybody = float(exact.sum())
    if everybody == 0 and round(total) > 0:
        raise NobodyToScale(f"{total} people cannot be shared out among nobody")
    factor = total / everybody if everybody else 0.0
    return whole_people(people * factor, float(round(total)))
