"""People in a year to come (将来の人口): towns scaled to a municipality's own projection."""

from collections.abc import Mapping

import numpy as np
from pandas import Series


class NoSuchYear(ValueError):
    """The projection does not reach that year."""


def in_year(figures: Mapping[int, float], year: int) -> float:
    """What a projection says of a year; between two of its years, on the straight line.

    Raises
    ------
    NoSuchYear : before the first or after the last.
    """
    years = sorted(figures)
    if not years or not years[0] <= year <= years[-1]:
        raise NoSuchYear(f"{year} is not within {years[:1]}–{years[-1:]}")
    return float(np.interp(year, years, [figures[known] for known in years]))


def scaled_to(people: Series, total: float) -> Series:
    """The same towns with that many people in all, each with its share as it is (按分).

    Nobody knows which towns will grow: everybody's share stays. Nobody anywhere stays nobody.

    Parameters
    ----------
    people : persons, 0 or more; NaN (not known) stays.
    total : what those known add up to afterwards.

    Returns
    -------
    Persons, float, indexed like `people`.

    Raises
    ------
    ValueError : `total` is negative or no number.
    """
    if not 0 <= total < np.inf:
        raise ValueError(f"total must be a number of people, got {total}")
    now = float(people.sum())
    return people * (total / now) if now else people
