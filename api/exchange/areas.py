"""Reading areas (日常生活圏域・区域): a list of towns per area, or faces."""

import csv
from collections.abc import Mapping

from pandas import DataFrame, Series

from api.exchange.cells import plain, sure
from api.exchange.encodings import decoded
from api.exchange.headers import header_key, recognise
from api.exchange.reading import Desk, Reading
from api.exchange.shapes import framed, must_be_faces, shapes_of
from api.exchange.source import Source

DISPLAY_NAMES = "attributes.csv"


def read_areas(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `code, area_code, area_name, town_name, geometry`: list form or face form.

    Raises
    ------
    Unreadable : no column of area names, or (for a table) none of town names; lines for faces.
    """
    desk = Desk.open(source, constants, mapping)
    shapes = shapes_of(desk)
    drawn = source.geometry is not None
    if drawn:
        must_be_faces(desk, shapes)
        _find_name_column(desk)
    desk.require("area_name", "圏域名の列（圏域名、地区名、中学校区 など）が見つかりません。")
    if not drawn:
        desk.require("town_name", "町名の列（町名、町丁名 など）が見つかりません。")
    names, towns = desk.text("area_name"), desk.text("town_name")
    desk.tell(names.isna(), "area_name", "圏域名を入れてください。")
    if not drawn:
        desk.tell(towns.isna(), "town_name", "町名を入れてください。")
    codes = desk.codes()
    frame = DataFrame(
        {
            "code": codes,
            "area_code": plain(desk.raw("area_code")),
            "area_name": names,
            "town_name": towns,
        }
    )
    return desk.close(framed(frame, shapes), codes)


def _find_name_column(desk: Desk) -> None:
    """Name the areas by a display name beside the file, else by a column of distinct words."""
    if not desk.has("area_name"):
        shown = _display_names(desk.source)
        found = recognise([shown.get(h, "") for h in desk.source.header], "areas")
        theirs = {shown.get(h): h for h in reversed(desk.source.header) if h in shown}
        if "area_name" in found:
            desk.columns["area_name"] = theirs[found["area_name"]]
    if not desk.has("area_name"):
        likely = [h for h in desk.source.header if _names_each_row(desk.source.frame[h])]
        if likely:
            desk.columns["area_name"] = likely[0]


def _names_each_row(cells: Series) -> bool:
    texts = plain(cells)
    words = sure(texts.str.contains(r"[^\d\s:./-]", regex=True))
    return bool(len(texts)) and bool(words.all()) and texts.is_unique


def _display_names(source: Source) -> dict[str, str]:
    """Headers → what people call them, from an attributes.csv beside the file (焼津市)."""
    path = source.folder / DISPLAY_NAMES
    if not path.is_file():
        return {}
    rows = list(csv.reader(decoded(path, path.read_bytes()).splitlines()))
    if not rows or [header_key(c) for c in rows[0][:2]] != ["originalname", "displayname"]:
        return {}
    return {row[0].strip(): row[1].strip() for row in rows[1:] if len(row) > 1 and row[0].strip()}
