"""Places for the browser, column by column: the few bytes of the first look, then the details."""

from typing import Any

from geopandas import GeoDataFrame
from pandas import Series

from web.maps.encode import encode_points
from web.words import WEEKDAYS, open_days, wareki

DETAILS = (
    "address", "building", "phone", "organization", "schedule_note", "capacity_people", "fee",
    "accessibility", "url", "note",
)  # fmt: skip


def place_columns(places: GeoDataFrame) -> dict[str, Any]:
    """What drawing and filtering need (index: place id): where, which kind, which days, the name.

    `days` is a number of seven bits, Monday the first; 0 says that nobody knows. `functions` has
    a bit for each of `functionCodes`. `informal`, `badge`, `stale` (unconfirmed lately): 1 is yes.
    """
    lon, lat = encode_points(places.geometry)
    kinds = places["kind"].unique().tolist()
    codes = sorted({code for has in places["functions"] for code in has})
    return {
        "kinds": kinds,
        "id": [int(number) for number in places.index],
        "lon": lon,
        "lat": lat,
        "kind": places["kind"].map({kind: n for n, kind in enumerate(kinds)}).tolist(),
        "days": places["weekdays"].map(_bits).tolist(),
        "functionCodes": codes,
        "functions": [sum(1 << codes.index(code) for code in has) for has in places["functions"]],
        "informal": places["informal"].astype(int).tolist(),
        "badge": places["badge"].astype(int).tolist(),
        "stale": places["stale"].astype(int).tolist(),
        "name": places["name"].tolist(),
    }


def place_details(
    places: GeoDataFrame, photos: list[list[list[Any]]] | None = None
) -> dict[str, Any]:
    """What a popup and the list say besides, in the order of `place_columns`; None: not known.

    `photos`: number and caption of each photo of each place.
    """
    columns: dict[str, Any] = {name: _plain(places[name]) for name in DETAILS}
    columns["when"] = [
        words or _when(days, start, end)
        for words, days, start, end in zip(
            _plain(places["schedule_words"]),
            places["weekdays"],
            places["opens_at"],
            places["closes_at"],
            strict=True,
        )
    ]
    columns["transport"] = _plain(places["transport"])
    columns["approximate"] = places["approximate"].astype(bool).tolist()
    columns["confirmed"] = [
        wareki(day) if day is not None else None for day in _plain(places["confirmed_on"])
    ]
    columns["photos"] = photos or [[] for _ in range(len(places))]
    return columns


def _bits(weekdays: str | None) -> int:
    return sum(1 << WEEKDAYS.index(day) for day in weekdays or "")


def _when(weekdays: str | None, opens_at: str | None, closes_at: str | None) -> str:
    hours = f" {opens_at or ''}〜{closes_at or ''}" if opens_at or closes_at else ""
    return open_days(weekdays) + hours


def _plain(column: Series) -> list[Any]:
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values
