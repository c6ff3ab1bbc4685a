"""Which areas have nobody for a service, or nobody with room left (提供と空き): frames in, out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

import pandas as pd
from pandas import DataFrame, MultiIndex, Series


class Supply(StrEnum):
    """How an area is served (提供の状況)."""

    NONE = "none"
    FULL = "full"
    UNKNOWN = "unknown"
    ROOM = "room"

    @property
    def label(self) -> str:
        """The word on screen."""
        return LABELS[self]


LABELS: dict[Supply, str] = {
    Supply.NONE: "提供なし",
    Supply.FULL: "空きなし",
    Supply.UNKNOWN: "空き不明",
    Supply.ROOM: "空きあり",
}
"""From the worst to the best."""


def offered_on(services: DataFrame, on: date) -> Series:
    """Which services are there on a day: begun and not closed; unknown dates never exclude."""
    begun = services["opened_on"].map(lambda day: day is None or day <= on)
    gone = services["closed_on"].map(lambda day: day is not None and day <= on)
    return (begun & ~gone).astype(bool)


def supply(
    services: DataFrame, areas: Sequence[str], columns: Mapping[str, Collection[str]]
) -> DataFrame:
    """How each area is served, for each column of a table.

    Parameters
    ----------
    services : `kind`; `areas`, the codes it serves (None: all of them); `has_room`, None where
        nobody knows.
    areas : codes of the areas, in the order of the rows.
    columns : key of a column → the kinds that count in it.

    Returns
    -------
    Index (area, column); `services`, `with_room`, `unknown` (how many), `state` (`Supply`): one
    with room is room, else one that may have room is unknown; full only where all are known to be.
    """
    index = MultiIndex.from_product([areas, list(columns)], names=["area", "column"])
    counts = DataFrame(
        [
            _counts(services[_serves(services, area) & services["kind"].isin(columns[column])])
            for area, column in index
        ],
        index=index,
        columns=["services", "with_room", "unknown"],
        dtype=int,
    )
    states = [_state(*row) for row in counts.itertuples(index=False, name=None)]
    return counts.assign(state=Series(states, index=index, dtype=object))


def _serves(services: DataFrame, area: str) -> Series:
    served = services["areas"].map(lambda codes: codes is None or area in codes)
    return served.astype(bool)


def _counts(services: DataFrame) -> tuple[int, int, int]:
    known = services["has_room"].notna()
    return len(services), int((services["has_room"] == True).sum()), int((~known).sum())  # noqa: E712


def _state(services: int, with_room: int, unknown: int) -> Supply:
    if not services:
        return Supply.NONE
    if with_room:
        return Supply.ROOM
    return Supply.UNKNOWN if unknown else Supply.FULL


def worst(states: Iterable[Supply]) -> Supply:
    """The worst of several: nobody, then nobody with room, then not known."""
    order = list(LABELS)
    found = [order.index(state) for state in states if not pd.isna(state)]
    return order[min(found)] if found else Supply.NONE
