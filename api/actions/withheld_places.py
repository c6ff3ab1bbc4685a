"""Places whose position is withheld (位置を公開しない場): a file must not bring it back.

Their point, town and address lie in the office's columns. A list that was published before knows
them still, so an import uses it only to find out which place a row is.
"""

from pandas import DataFrame, Series

from api.actions.importing import Bench
from api.actions.match_towns import own_towns
from api.actions.positions import towns_around
from api.exchange.names import name_keys
from api.store import frames

POSITION = ("wkb", *frames.BBOX, "town_id", "approximate", "address", "building")
"""Public columns that tell where a place is."""


def is_withheld(known: DataFrame) -> Series:
    """Which stored places tell the public their area or a contact only: a mask."""
    return known["location_kind"].ne("point").astype(bool)


def as_the_office_knows(bench: Bench, known: DataFrame) -> DataFrame:
    """The stored places, withheld ones at the point, in the town, by the address they really have.

    For finding out which row is which place; never to be written.
    """
    hidden = is_withheld(known)
    if not hidden.any():
        return known
    known = known.copy()
    known.loc[hidden, "min_lon"] = known.loc[hidden, "office_lon"]
    known.loc[hidden, "min_lat"] = known.loc[hidden, "office_lat"]
    known.loc[hidden, "address"] = known.loc[hidden, "office_address"]
    known.loc[hidden, "town_id"] = _towns(bench, known[hidden]).astype(object)
    return known


def _towns(bench: Bench, hidden: DataFrame) -> Series:
    around = hidden.assign(
        lon=hidden["min_lon"].astype(float),
        lat=hidden["min_lat"].astype(float),
        address_town=None,
    )
    found = towns_around(bench, around)
    return found.fillna(own_towns(bench).match_address(hidden["address"].astype("str")))


def without_positions(rows: DataFrame, known: DataFrame) -> DataFrame:
    """The rows; those of withheld places (by ID) without what the file says of their position."""
    numbers = known.loc[is_withheld(known), "external_id"].dropna()
    theirs = rows["external_id"].isin(numbers)
    if not theirs.any():
        return rows
    rows = rows.copy()
    rows.loc[theirs, ["lon", "lat", "address", "building"]] = None
    return rows


def tell_withheld(bench: Bench, rows: DataFrame, ids: Series, known: DataFrame) -> Series:
    """Say for which rows the position is not used, and which new ones bear a withheld name."""
    hidden = known[is_withheld(known)]
    theirs = ids.isin(hidden["id"])
    if theirs.any():
        bench.notes.append(
            f"位置を公開していない {int(theirs.sum()):,} か所は、ファイルの位置と住所を使わず、"
            "ほかの項目だけを見ました。"
        )
    names = name_keys(hidden["name"].astype("str"))
    doubtful = rows.loc[ids.isna() & name_keys(rows["name"]).isin(names), "name"]
    bench.say(
        doubtful,
        "name",
        "位置を公開していない場と同じ名前です。別の町なので、別の場として公開します。"
        "同じ場なら、取り込んだあとで取り消してください。",
        severity="warning",
    )
    return theirs
