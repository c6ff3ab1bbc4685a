"""Classes of a choropleth that people can read: few, round limits, an order that survives grey."""

import numpy as np
from pandas import Series

COLOURS = ("#fbf3dc", "#f6dfa8", "#eec274", "#dd9f47", "#b8742a")
"""Light to dark, in even steps of lightness: a black-and-white copy keeps them apart."""


def round_limits(values: Series, classes: int = len(COLOURS)) -> list[int]:
    """Upper limits of all classes but the last: quantiles, rounded to 1, 2 or 5 × 10ⁿ steps.

    Missing values and zeros count for nothing; fewer limits come back where rounding joins them.
    """
    known = values[values > 0].dropna().to_numpy(dtype=float)
    if known.size == 0:
        return []
    quantiles = np.quantile(known, np.arange(1, classes) / classes)
    return sorted({_rounded(float(q)) for q in quantiles})


def class_of(values: Series, limits: list[int]) -> Series:
    """The class of each value, 0 the lightest; missing stays missing (dtype Int64)."""
    numbers = Series(np.searchsorted(limits, values.fillna(0), side="left"), index=values.index)
    return numbers.astype("Int64").where(values.notna())


def _rounded(value: float) -> int:
    if value < 1:
        return 1
    step: float = 10.0 ** int(np.floor(np.log10(value)))
    nearest = min((1, 1.5, 2, 3, 4, 5, 6, 8, 10), key=lambda m: abs(m * step - value))
    return max(1, round(nearest * step))
