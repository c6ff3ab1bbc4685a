"""Which version of a scheme of areas (区域区分) holds on a day: redrawn areas leave old ones."""

from datetime import date

from pandas import DataFrame, Series


def holds_on(rows: DataFrame, on: date) -> Series:
    """Which rows with `valid_from` and `valid_to` (the last day) hold on a day."""
    begun = rows["valid_from"].map(lambda day: day is None or day <= on)
    lasting = rows["valid_to"].map(lambda day: day is None or on <= day)
    return (begun & lasting).astype(bool)


def scheme_on(schemes: DataFrame, on: date, asked: str | None = None) -> int | None:
    """The id of the scheme asked for, or of the first, in the version that holds on a day.

    Versions share their `series`. Before the first of them and after the last, the nearest stands
    in. A version may also be asked for by its own name. None: there is no such scheme.
    """
    if schemes.empty:
        return None
    series = schemes["series"].where(schemes["series"].notna(), schemes["name"])
    same = schemes[series == (series.iloc[0] if asked is None else asked)]
    if same.empty:
        same = schemes[schemes["name"] == asked]
    if same.empty:
        return None
    holding = same[holds_on(same, on)]
    if len(holding):
        return int(holding["id"].iloc[-1])
    first = same["valid_from"].map(lambda day: day or date.min)
    before = same[first <= on]
    return int((before if len(before) else same.loc[[first.idxmin()]])["id"].iloc[-1])
