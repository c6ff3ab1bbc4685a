"""Reading projections (将来推計人口): of mesh cells by year, or of a whole municipality."""

import re
from collections.abc import Mapping

from pandas import DataFrame, Series

from api.exchange.cells import numbers, plain, sure
from api.exchange.reading import Desk, Reading
from api.exchange.source import Source

FIRST_YEAR, LAST_YEAR = 1990, 2150
OF_MESH = {"PTN": "people", "PT0": "people", "PTC": "people_65", "PTD": "people_75"}
"""国土数値情報 将来推計人口メッシュ: 総数, 65歳以上, 75歳以上, each followed by _ and the year."""
_MESH_COLUMN = re.compile(r"(PTN|PT0|PTC|PTD)_?((?:19|20|21)\d\d)", re.IGNORECASE)
OF_TOTALS: dict[str, str] = {
    "headCount": "people",
    "総人口": "people",
    "人口総数": "people",
    "people": "people",
    "oldPopulation": "people_65",
    "老年人口": "people_65",
    "65歳以上人口": "people_65",
    "65歳以上": "people_65",
    "people_65": "people_65",
    "75歳以上人口": "people_75",
    "75歳以上": "people_75",
    "people_75": "people_75",
}
"""How columns of a municipality's own projection begin; what follows names the projection."""
MISSING = "メッシュコードの列と年ごとの人口（PTN_2040 など）か、年の列と人口の列が要ります。"

Figures = list[tuple[int, str, dict[str, float]]]
"""Year, which projection, and people by our column."""


def read_projections(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """One row as in the file: `mesh_code` (None: the whole municipality) and `figures`.

    Raises
    ------
    Unreadable : neither mesh cells with years, nor years with people.
    """
    desk = Desk.open(source, constants, mapping)
    by_mesh = {
        header: (int(found[2]), "", OF_MESH[found[1].upper()])
        for header in source.header
        if (found := _MESH_COLUMN.fullmatch(header.strip()))
    }
    if desk.has("mesh_code") and by_mesh:
        codes = desk.codes()
        mesh = plain(desk.raw("mesh_code"))
        desk.tell(mesh.isna(), "mesh_code", "メッシュコードを入れてください。")
        frame = DataFrame({"mesh_code": mesh, "figures": _of_cells(desk, by_mesh)})
        return desk.close(frame, codes)
    totals = _columns_of_totals(source.header)
    if not desk.has("year") or not totals:
        raise desk.refuse(f"{MISSING}見出しは {desk.headers_found()} です。")
    years = _years(desk)
    frame = DataFrame({"mesh_code": None, "figures": _of_years(desk, years, totals)})
    return desk.close(frame, desk.codes())


def _columns_of_totals(header: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Header → which projection, and our column."""
    found = {}
    for name in header:
        for begin, column in sorted(OF_TOTALS.items(), key=lambda pair: -len(pair[0])):
            if name.strip().lower().startswith(begin.lower()):
                found[name] = (name.strip()[len(begin) :].strip(" _（）()　"), column)
                break
    return found


def _years(desk: Desk) -> Series:
    texts = plain(desk.raw("year")).str.extract(r"^((?:19|20|21)\d\d)", expand=False)
    desk.tell(texts.isna(), "year", "西暦の年を入れてください（例：2040）。")
    return texts


def _people(desk: Desk, header: str) -> Series:
    cells = desk.source.frame.loc[desk.rows.index, header]
    values, bad = numbers(cells)
    desk.tell(bad | sure(values < 0), header, "人数は、0以上の数で入れてください。", read=cells)
    return values


def _of_cells(desk: Desk, columns: Mapping[str, tuple[int, str, str]]) -> Series:
    values = {header: _people(desk, header) for header in columns}
    told: list[Figures] = []
    for row in desk.rows.index:
        by_year: dict[int, dict[str, float]] = {}
        for header, (year, _, column) in columns.items():
            if values[header][row] == values[header][row]:
                by_year.setdefault(year, {})[column] = float(values[header][row])
        told.append([(year, "", people) for year, people in sorted(by_year.items())])
    return Series(told, index=desk.rows.index, dtype=object)


def _of_years(desk: Desk, years: Series, columns: Mapping[str, tuple[str, str]]) -> Series:
    values = {header: _people(desk, header) for header in columns}
    told: list[Figures] = []
    for row in desk.rows.index:
        by_variant: dict[str, dict[str, float]] = {}
        for header, (variant, column) in columns.items():
            if values[header][row] == values[header][row]:
                by_variant.setdefault(variant, {})[column] = float(values[header][row])
        year = years[row]
        known = isinstance(year, str)
        told.append(
            [(int(year), name, people) for name, people in by_variant.items()] if known else []
        )
    return Series(told, index=desk.rows.index, dtype=object)
