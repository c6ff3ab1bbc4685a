"""Reading towns (町丁・字): points or faces, with e-Stat's people where they stand in the file."""

from collections.abc import Mapping

from pandas import Series

from api.exchange.cells import TOO_LONG, plain, sure, too_long, whole_numbers
from api.exchange.figure_date import survey_date_of
from api.exchange.reading import Desk, Reading
from api.exchange.shapes import FACES, framed, note_faults, points_of, shapes_of
from api.exchange.source import Source

WATER = "8154"
"""e-Stat's HCODE of water (水面調査区): no town."""
NOT_A_COUNT = "0以上の整数（人数や世帯数）ではありません。"


def read_towns(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `code, key_code, name, koaza, city, lon, lat, people, households, geometry`.

    `geometry` is a face or None; a town may have neither point nor face.

    Raises
    ------
    Unreadable : no column of names.
    """
    desk = Desk.open(source, constants, mapping)
    desk.require("name", "町名の列（大字町丁目名、町名、S_NAME など）が見つかりません。")
    desk.drop(plain(desk.raw("hcode")) == WATER)
    shapes = shapes_of(desk)
    faces = shapes.where(shapes.geom_type.isin(FACES))
    note_faults(desk, faces, needed=False)
    codes = town_codes(desk)
    names = desk.text("name")
    desk.tell(names.isna(), "name", "町名を入れてください。")
    desk.tell(too_long(names), "name", TOO_LONG)
    frame = points_of(desk).assign(
        code=codes,
        key_code=plain(desk.raw("key_code")),
        name=names,
        koaza=desk.text("koaza"),
        city=city_names(desk),
        people=counts(desk, "people"),
        households=counts(desk, "households"),
    )
    columns = ["code", "key_code", "name", "koaza", "city", "lon", "lat", "people", "households"]
    return desk.close(framed(frame[columns], faces), codes, survey_date=survey_date_of(desk))


def town_codes(desk: Desk) -> Series:
    """The municipality of each town: its code, e-Stat's PREF and CITY, or KEY_CODE's front."""
    if desk.has("code"):
        return desk.codes()
    city, key = plain(desk.raw("city_code")), plain(desk.raw("key_code"))
    prefecture = plain(desk.raw("prefecture_code"))
    numbered = prefecture.str.fullmatch(r"\d{1,2}") & city.str.fullmatch(r"\d{3}")
    joined = (prefecture.str.zfill(2) + city).where(sure(numbered))
    front = key.where(sure(key.str.fullmatch(r"\d{9,11}"))).str[:5]
    return joined.fillna(front)


def city_names(desk: Desk) -> Series:
    """The municipality's name: Geolonia's `city` holds one where e-Stat's CITY holds a number."""
    if desk.has("city"):
        return desk.text("city")
    names = desk.text("city_code")
    return names.mask(sure(names.str.fullmatch(r"\d+")))


def counts(desk: Desk, column: str) -> Series:
    """A column of counts as Int64; anything else is a problem of its row."""
    values, bad = whole_numbers(desk.raw(column))
    desk.tell(bad | sure(values < 0), column, NOT_A_COUNT)
    return values
