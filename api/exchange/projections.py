"""Reading projections (将来推計人口): by mesh cell, or of the whole municipality, year by year.

国土数値情報 has a column a year and age group (PTN_2030 everybody, PTC_2030 65 and over, PTD_2030
75 and over); municipalities have a row a year, and often two ways things may go side by side.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from api.exchange.aliases import PROJECTIONS
from api.exchange.cells import each_distinct, numbers, plain, sure
from api.exchange.dates import read_date
from api.exchange.headers import header_key
from api.exchange.reading import Desk, Reading
from api.exchange.source import Source

FIGURES: Final = ("people", "people_65", "people_75")
OF_A_YEAR: Final = re.compile(r"PT([NCD])_?(\d{4})", re.IGNORECASE)
GROUPS: Final = dict(zip("NCD", FIGURES, strict=True))
YEAR: Final = re.compile(r"(\d{4})年?度?")
YEARS: Final = range(1920, 2201)
MESH_VARIANT: Final = "メッシュ推計"
AIMS: Final = {"takamatsu": "市の目標"}
"""What a column's ending means that is no Japanese word."""
HAIR: Final = 0.01
"""Published figures are rounded one by one, so that a part may exceed its whole by this."""
NOT_PEOPLE: Final = "推計人口は、0以上の数で入れてください。"
NO_YEAR: Final = "年の列（年、西暦、era など）も、年ごとの列（PTN_2030 など）も見つかりません。"
MOST_PEOPLE: Final = 10**9
NO_FIGURES: Final = "推計人口の列（総人口、65歳以上人口、PTN_2030 など）が見つかりません。"
BAD_YEAR: Final = "推計の年を、西暦か和暦の年で入れてください（例: 2040、令和22年）。"


@dataclass(frozen=True)
class Column:
    """One column of figures: which figure, of which year and variant where the header says so."""

    header: str
    figure: str
    year: int | None
    variant: str


def read_projections(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `year, variant, mesh_code, people, people_65, people_75, identity`; a row of the
    file is as many rows here as it has years and variants, all under its row number. `identity`
    tells the rows of the file apart; unknown figures are NaN, never 0.

    Raises
    ------
    Unreadable : neither years nor figures.
    """
    desk = Desk.open(source, constants, mapping)
    columns = _columns(desk)
    if not columns:
        raise desk.refuse(f"{NO_FIGURES}見出しは {desk.headers_found()} です。")
    if not desk.has("year") and any(column.year is None for column in columns):
        raise desk.refuse(f"{NO_YEAR}見出しは {desk.headers_found()} です。")
    codes, years = desk.codes(), _years(desk)
    mesh, said = plain(desk.raw("mesh_code")), desk.text("variant")
    if desk.has("mesh_code"):
        desk.tell(mesh.isna(), "mesh_code", "メッシュコードを入れてください。")
    figures = {column: _figures(desk, column.header) for column in columns}
    known = DataFrame({n: cells for n, cells in enumerate(figures.values())}).notna().any(axis=1)
    desk.tell(~known, columns[0].header, "この行には、推計人口がありません。")
    parts = [
        _part(desk, figures, year, variant).assign(
            year=years if year is None else year,
            variant=said.fillna(variant or (MESH_VARIANT if desk.has("mesh_code") else "")),
            mesh_code=mesh,
            identity=mesh.fillna("") + "|" + years.astype("string").fillna("") + said.fillna("|"),
        )
        for year, variant in dict.fromkeys((c.year, c.variant) for c in columns)
    ]
    frame = pd.concat(parts).dropna(subset=list(FIGURES), how="all").sort_index(kind="stable")
    frame = frame[["year", "variant", "mesh_code", *FIGURES, "identity"]]
    return desk.close(frame, codes)


def _columns(desk: Desk) -> list[Column]:
    """The columns of figures: by year in their header, by our name, or that with an ending."""
    header = desk.source.header
    by_year = [
        Column(name, GROUPS[found[1].upper()], int(found[2]), "")
        for name in header
        if (found := OF_A_YEAR.fullmatch(name.strip()))
    ]
    if by_year:
        return by_year
    plainly = [Column(desk.columns[f], f, None, "") for f in FIGURES if f in desk.columns]
    others = [name for name in header if name not in desk.columns.values()]
    ending = [Column(n, *known) for n in others if (known := _with_ending(n)) is not None]
    return [*plainly, *ending]


def _with_ending(header: str) -> tuple[str, None, str] | None:
    """oldPopulationTakamatsu, 総人口（市の展望）: the figure and which way things go."""
    key = header_key(header)
    fits = [
        (len(alias), figure)
        for figure in FIGURES
        for name in PROJECTIONS[figure].split()
        if key.startswith(alias := header_key(name)) and len(alias) > 1
    ]
    if not fits:
        return None
    length, figure = max(fits)
    ending = key[length:]
    return (figure, None, AIMS.get(ending, ending)) if len(ending) > 1 else None


def _years(desk: Desk) -> Series:
    """The year of each row as a float; NaN where it stands in the headers."""
    texts = plain(desk.raw("year"))
    years = each_distinct(texts, _year).astype(float)
    if desk.has("year"):
        desk.tell(years.isna(), "year", BAD_YEAR)
    return years


def _year(text: str) -> float:
    if found := YEAR.fullmatch(text.removesuffix(".0")):
        year = int(found[1])
    else:
        day = read_date(text) or read_date(f"{text.removesuffix('度').removesuffix('年')}年1月")
        year = day.year if day else 0
    return float(year) if year in YEARS else np.nan


def _figures(desk: Desk, header: str) -> Series:
    cells = desk.source.frame.loc[desk.rows.index, header]
    values, bad = numbers(cells)
    negative = sure((values < 0) | (values > MOST_PEOPLE))
    desk.tell(bad | negative, header, NOT_PEOPLE, read=cells)
    return values.mask(negative)


def _part(
    desk: Desk, figures: Mapping[Column, Series], year: int | None, variant: str
) -> DataFrame:
    """The three figures of all rows for one year and variant, held against each other."""
    mine = {c.figure: c for c in figures if (c.year, c.variant) == (year, variant)}
    nothing = Series(np.nan, index=desk.rows.index)
    part = DataFrame({f: figures[mine[f]] if f in mine else nothing for f in FIGURES})
    wholes = (("people", "people_65", "65歳以上"), ("people_65", "people_75", "75歳以上"))
    for whole, older, words in wholes:
        more = sure(part[older] > part[whole] + HAIR)
        if more.any():
            sentence = f"{words}の推計人口が、それを含む人口より多くなっています。"
            desk.tell(more, mine[older].header, sentence, read=part[older])
    return part
