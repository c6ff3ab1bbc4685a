"""What tags of OpenStreetMap mean here (タグの読み方): landmarks, and roads people walk on."""

from collections.abc import Iterable

import pandas as pd
from pandas import DataFrame, Series

# Label, key, values; the first that fits counts.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("駅", "railway", "station halt tram_stop"),
    ("バス停", "highway", "bus_stop"),
    ("学校", "amenity", "school college university"),
    ("保育園・幼稚園", "amenity", "kindergarten childcare"),
    ("郵便局", "amenity", "post_office"),
    ("病院", "amenity", "hospital"),
    ("診療所", "amenity", "clinic doctors"),
    ("銀行", "amenity", "bank"),
    ("交番・警察", "amenity", "police"),
    ("消防", "amenity", "fire_station"),
    ("役所", "amenity", "townhall"),
    ("図書館", "amenity", "library"),
    ("公共施設", "amenity", "community_centre arts_centre public_building social_centre"),
    ("公共施設", "leisure", "sports_centre stadium"),
    ("公共施設", "tourism", "museum"),
    ("温泉", "amenity", "public_bath"),
    ("港", "amenity", "ferry_terminal"),
    ("スーパー", "shop", "supermarket"),
    ("コンビニ", "shop", "convenience"),
    (
        "店",
        "shop",
        "department_store mall general variety_store chemist doityourself hardware farm",
    ),
    ("店", "amenity", "marketplace"),
    ("神社", "religion", "shinto"),
    ("寺", "religion", "buddhist"),
    ("教会", "religion", "christian"),
    ("公園", "leisure", "park"),
    ("水面", "natural", "water bay"),
    ("水面", "waterway", "riverbank"),
    ("水面", "landuse", "reservoir basin"),
    ("川", "waterway", "river canal stream"),
    ("山林", "natural", "wood"),
    ("山林", "landuse", "forest"),
    ("海岸線", "natural", "coastline"),
    ("山", "natural", "peak"),
    ("鉄道", "railway", "rail light_rail subway tram monorail narrow_gauge"),
    ("航路", "route", "ferry"),
    ("灯台", "man_made", "lighthouse"),
    ("橋", "man_made", "bridge"),
)
KINDS_BY_TAG: dict[str, dict[str, str]] = {}
for _label, _key, _values in _RULES:
    KINDS_BY_TAG.setdefault(_key, {}).update(dict.fromkeys(_values.split(), _label))
LANDMARK_KEYS = tuple(KINDS_BY_TAG)
KINDS_BY_VALUE: dict[str, str] = {
    value: label for values in KINDS_BY_TAG.values() for value, label in values.items()
}
"""A value says it all where a file has one column of kinds (Geofabrik's `fclass`)."""
NAMES = ("name:ja", "name")
READINGS = ("name:ja-Hira", "name:ja_kana", "name:ja-Hrkt", "name:ja-Kana")

WALKED_VALUES = (
    "trunk primary primary_link secondary secondary_link tertiary tertiary_link unclassified "
    "residential living_street pedestrian service track footway path steps cycleway bridleway road"
)
WALKED = frozenset(WALKED_VALUES.split())
"""Values of `highway` that people walk on, unless something else forbids it."""
MOTORWAYS = frozenset({"motorway", "motorway_link"})
CLOSED, OPEN = ("no", "private"), ("yes", "designated", "permissive", "destination")
SIDEWALKS = ("both", "left", "right", "yes", "separate")
DRIVES = ("driveway", "parking_aisle", "drive-through")
ROAD_KEYS = ("highway", "access", "foot", "motorroad", "service", "sidewalk", "incline")


def landmark_kind(tags: DataFrame) -> Series:
    """The kind of landmark each row's tags tell of (columns: keys); NA where none does."""
    kinds = Series(None, index=tags.index, dtype="str")
    for key, values in KINDS_BY_TAG.items():
        if key in tags:
            kinds = kinds.fillna(tags[key].map(values).astype("str"))
    return kinds.mask(_out_of_sight(tags))


def _out_of_sight(tags: DataFrame) -> Series:
    """Rails under the ground and in yards, water in pipes: nobody steers by them."""
    line = _is(tags, "railway", KINDS_BY_TAG["railway"]) & ~_is(
        tags, "railway", ("station", "halt", "tram_stop")
    )
    hidden = _is(tags, "tunnel", ("yes", "culvert", "building_passage"))
    yard = _is(tags, "service", ("yard", "siding", "spur", "crossover"))
    water = _is(tags, "waterway", KINDS_BY_TAG["waterway"])
    return (line & (hidden | yard)) | (water & hidden)


def is_walked(tags: DataFrame) -> Series:
    """Whether people walk there: no motorway, nothing private, no drive of a car park."""
    on_foot = _is(tags, "foot", OPEN)
    known = _is(tags, "highway", WALKED)
    known |= _is(tags, "highway", ("trunk_link",)) & (on_foot | _is(tags, "sidewalk", SIDEWALKS))
    return known & ~is_barred(tags) & ~(_is(tags, "service", DRIVES) & ~on_foot)


def is_barred(tags: DataFrame) -> "pd.Series[bool]":
    """Whether tags say that nobody walks there: private, closed to feet, for motors only."""
    private = _is(tags, "access", CLOSED) & ~_is(tags, "foot", OPEN)
    return private | _is(tags, "foot", CLOSED) | _is(tags, "motorroad", ("yes",))


def first_of(tags: DataFrame, keys: Iterable[str]) -> Series:
    """The first of several tags that a row has."""
    found = Series(None, index=tags.index, dtype="str")
    for key in keys:
        if key in tags:
            found = found.fillna(tags[key].astype("str"))
    return found


def _is(tags: DataFrame, key: str, values: Iterable[str]) -> "pd.Series[bool]":
    if key not in tags:
        return Series(False, index=tags.index)
    return tags[key].isin(list(values))
