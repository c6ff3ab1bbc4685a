"""Import population (人口) by town or by mesh cell, one record a survey date."""

from typing import cast

from pandas import DataFrame, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import match_towns
from api.actions.mesh_cells import our_cells
from api.actions.positions import metres_outside, settle_zone
from api.exchange.problems import RowProblem
from api.models import Population
from geo.belonging import TOLERANCE_M
from web.words import kilometres

FIGURES = ["people", "people_65", "people_75", "households"]


def import_population(bench: Bench) -> Series:
    """Store people per town (or mesh cell) and survey date; the newest date counts later on."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    if rows["mesh_code"].notna().any():
        known = bench.known(Population, only=["mesh_code", "survey_date"])
        cells = our_cells(bench, rows, known, ["survey_date"])
        return _write(bench, cells.assign(town_id=None, lon=None, lat=None), "mesh_code")
    towns = match_towns(bench, rows["town_name"], "town_name")
    rows = rows.loc[towns.index].assign(town_id=towns, mesh_code=None)
    return _write(bench, _own_points_near(bench, rows), "town_name")


def _own_points_near(bench: Bench, rows: DataFrame) -> DataFrame:
    """A record's own point that lies far outside gives way to its town's, with a warning."""
    settle_zone(bench, rows["lon"], rows["lat"])
    outside = metres_outside(bench, rows)
    for row, metres in outside[outside > TOLERANCE_M].items():
        where = rows.loc[cast(int, row)]
        bench.tell(
            row,
            "lat",
            f"{where['lat']}, {where['lon']}",
            f"{where['town_name']}のこの位置は、{bench.tenant.name}の境界から "
            f"{kilometres(metres)} 離れています。代わりに町の代表点を使います。",
            severity="warning",
        )
    return rows.assign(
        lon=rows["lon"].where(outside <= TOLERANCE_M), lat=rows["lat"].where(outside <= TOLERANCE_M)
    )


def _write(bench: Bench, rows: DataFrame, named_by: str) -> Series:
    rows = rows.astype(object).where(rows.notna(), None)
    # An index of tuples: a town (or cell) at a date is one record.
    key = rows[["town_id", "mesh_code", "survey_date"]].apply(tuple, axis=1)
    stands = reject_duplicates(bench, key, rows[["survey_date", *FIGURES, named_by]], named_by)
    rows, key = rows.loc[stands.unique()], key.loc[stands.unique()]
    known = bench.known(Population)
    stored = {
        (town, mesh, day): record
        for record, town, mesh, day in zip(
            known["id"], known["town_id"], known["mesh_code"], known["survey_date"], strict=True
        )
    }
    columns = ["town_id", "mesh_code", "survey_date", *FIGURES, "lon", "lat"]
    incoming = rows[columns].assign(id=key.map(stored).astype(object))
    written = bench.write(Population, incoming.where(incoming.notna(), None), known)
    _warn_of_dates(bench, rows, known)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def _warn_of_dates(bench: Bench, rows: DataFrame, known: DataFrame) -> None:
    """Tell what the newest date will mean: coverage counts one survey, the newest."""
    dated = known["survey_date"].dropna()
    if rows["survey_date"].isna().any():
        _warn(
            bench,
            "調査日がわかりません。--set survey_date=2026-10-01 のように添えてください。"
            + (
                "日付のある人口がすでにあるので、このままでは数えられません。" if len(dated) else ""
            ),
        )
        return
    newest, before = rows["survey_date"].max(), dated[dated < rows["survey_date"].max()]
    if before.empty or (dated == newest).any():
        return
    then, now = int((dated == before.max()).sum()), int((rows["survey_date"] == newest).sum())
    if now * 2 < then:
        _warn(
            bench,
            f"新しい調査日（{newest}）の行は {now:,} 件で、前の調査（{before.max()}）の {then:,} 件"
            "よりずっと少ないです。これからは新しい調査日の行だけを数えます。",
        )


def _warn(bench: Bench, words: str) -> None:
    source = bench.reading.source
    bench.problems.append(
        RowProblem(source.file, source.sheet, None, None, "", words, severity="warning")
    )
