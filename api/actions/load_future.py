"""People in a year to come (将来の人口), from what has been imported of projections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from geo.future import NoSuchYear, in_year, scaled_to

COLUMNS = {"65": "people_65", "75": "people_75", "all": "people"}


class NoProjection(LookupError):
    """Nobody has projected that year: not imported, or beyond its years (将来推計がない)."""


@dataclass(frozen=True)
class Future:
    """What is known of the years to come.

    `years` : those that projections name. `variants` : projections beside each other, by the name
    of their columns. `year`, `variant` : what was asked for; None: today. `note` : how it was
    worked out, for people.
    """

    years: tuple[int, ...] = ()
    variants: tuple[str, ...] = ()
    year: int | None = None
    variant: str = ""
    note: str = ""
    intake_id: int | None = None


def known_future(projections: DataFrame) -> Future:
    """The years and variants that have been imported."""
    years = tuple(sorted({int(year) for year in projections["year"]}))
    return Future(years, tuple(sorted(set(projections["variant"]))))


def in_future(
    projections: DataFrame,
    records: DataFrame,
    age: str,
    year: int,
    variant: str | None,
    name: str,
) -> tuple[DataFrame, Future]:
    """The records of people as they will be: mesh cells of their own, or the towns scaled.

    Parameters
    ----------
    projections : rows of `Projection`.
    records : the survey, `people` of the age asked for, `people_65`.
    name : the municipality's, for the note.

    Raises
    ------
    NoProjection
    """
    known = known_future(projections)
    chosen = (known.variants[0] if known.variants else "") if variant is None else variant
    mine = projections[projections["variant"] == chosen]
    if mine.empty:
        raise NoProjection(f"{name}の将来推計人口は、まだ取り込まれていません。")
    cells = mine[mine["mesh_code"].notna()]
    try:
        if len(cells):
            people, note = _of_cells(cells, age, year)
        else:
            people, note = _of_towns(mine, records, age, year)
    except NoSuchYear as beyond:
        first, last = known.years[0], known.years[-1]
        words = f"{year}年の推計はありません。{first}年から{last}年までで選んでください。"
        raise NoProjection(words) from beyond
    exact = (
        "" if year in known.years else "推計のない年なので、前後の年のあいだを直線で結びました。"
    )
    intake = mine["intake_id"].dropna()
    source = int(intake.iloc[0]) if len(intake) else None
    future = Future(known.years, known.variants, year, chosen, note + exact, source)
    return people, future


def _of_cells(cells: DataFrame, age: str, year: int) -> tuple[DataFrame, str]:
    column = COLUMNS[age]
    if cells[column].isna().all():
        raise NoProjection("メッシュの将来推計に、この年齢の人数がありません。")
    known = cells[cells[column].notna()]
    table = known.pivot_table(index="mesh_code", columns="year", values=column, aggfunc="first")
    table = table.astype(float)
    years = sorted(int(known_year) for known_year in table.columns)
    if year not in years:
        if not years[0] <= year <= years[-1]:
            raise NoSuchYear(str(year))
        wider = table.reindex(columns=sorted({*years, year}))
        table = wider.interpolate(axis=1, method="index", limit_area="inside")
    people = table[year].dropna()
    number = known.drop_duplicates("mesh_code").set_index("mesh_code")["id"]
    found = DataFrame({"mesh_code": people.index, "people": people.to_numpy()})
    found.index = pd.Index(-number.reindex(people.index).astype(int).to_numpy(), name="id")
    empty: dict[str, Any] = dict.fromkeys(("town_id", "lon", "lat", "survey_date"))
    found = found.assign(**empty, intake_id=known["intake_id"].iloc[0]).astype(object)
    found["people"] = found["people"].astype(float)
    return found, f"{year}年の人口は、将来推計人口メッシュの人数です。"


def _of_towns(totals: DataFrame, records: DataFrame, age: str, year: int) -> tuple[DataFrame, str]:
    column, note = COLUMNS[age], ""
    figures = _figures(totals, column)
    if figures:
        total = in_year(figures, year)
    elif age == "75" and records["people_65"].notna().any():
        older = float(records["people_65"].astype(float).sum())
        factor = in_year(_figures(totals, "people_65"), year) / older
        total = float(records["people"].sum()) * factor
        note = "75歳以上の推計がないので、65歳以上と同じ割合で増減するものとしました。"
    else:
        raise NoProjection("将来推計に、この年齢の人数がありません。")
    people = scaled_to(records["people"].astype(float), total)
    words = (
        f"{year}年の町ごとの人口は、いまの町の人口を、市町村の将来推計の合計"
        f"（{total:,.0f}人）に合わせて同じ割合で増減させたものです。"
    )
    return records.assign(people=people), words + note


def _figures(totals: DataFrame, column: str) -> dict[int, float]:
    known: Series = totals[column].notna()
    pairs: Sequence[tuple[Any, Any]] = list(
        zip(totals.loc[known, "year"], totals.loc[known, column], strict=True)
    )
    return {int(year): float(people) for year, people in pairs}
