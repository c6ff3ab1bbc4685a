"""Importing projections: a row of the file may be many years and two ways things may go."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from desk_client import signed_in
from exchange_files import csv_file
from pandas import Series
from small_town import bring, degrees, everything, geojson, rows_of, square
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.importing import Outcome
from api.exchange.problems import Unreadable
from api.models import Intake, Projection
from geo.mesh import mesh_cells

TOTALS = "年,総人口,65歳以上人口,75歳以上人口"


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def stored(session: Session) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {
        (row["year"], row["variant"], row["mesh_code"]): (
            row["people"],
            row["people_65"],
            row["people_75"],
        )
        for row in rows_of(session, Projection)
    }


def totals_file(folder: Path, *rows: str, header: str = TOTALS, name: str = "future.csv") -> Path:
    return csv_file(folder / name, header, *rows)


def cell_at(x: float, y: float) -> str:
    """The 1 km cell that holds a point of 四角市, found by asking which outline does."""
    lon, lat = degrees(x, y)
    row, column = int(lat * 120), int((lon - 100) * 80)
    code = f"{row // 80}{column // 80:02}{row % 80 // 10}{column % 80 // 10}{row % 10}{column % 10}"
    west, south, east, north = mesh_cells(Series([code])).total_bounds
    assert west <= lon < east and south <= lat < north
    return code


def mesh_file(folder: Path, cells: Mapping[str, Mapping[str, Any]], name: str = "mesh") -> Path:
    """国土数値情報 as it is published: a face a cell, a column a year and age group."""
    return geojson(
        folder / f"{name}.geojson",
        *(
            (square(500 * n, 0, 500), {"MESH_ID": code, "SHICODE": "39999", **figures})
            for n, (code, figures) in enumerate(cells.items())
        ),
    )


def test_a_row_of_totals_is_a_year_of_the_municipality(four_towns: Session, tmp_path: Path) -> None:
    file = totals_file(tmp_path, "2030,900,110,50", "令和22年,800,120,60", "2050年,700,130,")
    assert tally(bring(four_towns, "projections", file)) == (3, 0, 0, 0)
    assert stored(four_towns) == {
        (2030, "", None): (900, 110, 50),
        (2040, "", None): (800, 120, 60),
        (2050, "", None): (700, 130, None),
    }


def test_columns_with_an_ending_are_a_second_way_things_may_go(
    four_towns: Session, tmp_path: Path
) -> None:
    header = "era,headCount,oldPopulation,headCountTakamatsu,oldPopulationTakamatsu"
    file = totals_file(tmp_path, "2030,900,110,950,115", header=header)
    assert tally(bring(four_towns, "projections", file)) == (1, 0, 0, 0)
    assert stored(four_towns) == {
        (2030, "", None): (900, 110, None),
        (2030, "市の目標", None): (950, 115, None),
    }


def test_a_japanese_ending_names_the_variant_itself(four_towns: Session, tmp_path: Path) -> None:
    file = totals_file(tmp_path, "2030,900,950", header="年,総人口,総人口（市の展望）")
    bring(four_towns, "projections", file)
    assert {key[1] for key in stored(four_towns)} == {"", "市の展望"}


def test_a_row_of_cells_is_as_many_years_as_it_has_columns(
    four_towns: Session, tmp_path: Path
) -> None:
    cell = cell_at(500, 500)
    figures = {
        "PTN_2020": 300.5,
        "PTN_2040": 200.25,
        "PTA_2040": 9,
        "PTC_2040": 90.5,
        "PTD_2040": 60,
    }
    outcome = bring(four_towns, "projections", mesh_file(tmp_path, {cell: figures}))
    assert tally(outcome) == (1, 0, 0, 0)
    assert stored(four_towns) == {
        (2020, "メッシュ推計", cell): (300.5, None, None),
        (2040, "メッシュ推計", cell): (200.25, 90.5, 60),
    }
    (intake,) = [row for row in rows_of(four_towns, Intake) if row["kind"] == "projections"]
    assert intake["credit"] == "国土数値情報（将来推計人口メッシュ）"


def test_cells_of_elsewhere_are_passed_over_once(four_towns: Session, tmp_path: Path) -> None:
    figures = {"PTN_2030": 3.0, "PTN_2040": 2.0}
    cells = {cell_at(500, 500): figures, cell_at(30_500, 500): figures}
    outcome = bring(four_towns, "projections", mesh_file(tmp_path, cells))
    assert tally(outcome) == (1, 0, 0, 0)
    assert any("外にあるメッシュ 1 行" in note for note in outcome.notes)


def test_a_cell_inside_a_larger_one_would_count_people_twice(
    four_towns: Session, tmp_path: Path
) -> None:
    cell = cell_at(500, 500)
    cells = {cell: {"PTN_2030": 3.0}, cell + "1": {"PTN_2030": 1.0}}
    outcome = bring(four_towns, "projections", mesh_file(tmp_path, cells))
    assert tally(outcome) == (0, 0, 0, 2)
    assert not stored(four_towns)


def test_the_same_file_again_changes_nothing(four_towns: Session, tmp_path: Path) -> None:
    file = totals_file(tmp_path, "2030,900,110,50", "2040,800,120,60")
    bring(four_towns, "projections", file)
    before = everything(four_towns)
    assert tally(bring(four_towns, "projections", file)) == (0, 0, 2, 0)
    assert everything(four_towns) == before


def test_a_corrected_year_is_updated_alone(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "projections", totals_file(tmp_path, "2030,900,110,50", "2040,800,120,60"))
    again = totals_file(tmp_path, "2030,900,110,50", "2040,801,120,60")
    assert tally(bring(four_towns, "projections", again)) == (0, 1, 1, 0)


def test_a_row_of_which_one_figure_is_corrected_is_one_updated_row(
    four_towns: Session, tmp_path: Path
) -> None:
    header = "年,総人口,総人口（目標）"
    bring(four_towns, "projections", totals_file(tmp_path, "2030,900,950", header=header))
    again = totals_file(tmp_path, "2030,900,951", "2040,800,", header=header)
    assert tally(bring(four_towns, "projections", again)) == (1, 1, 0, 0)


def test_every_bad_row_is_told_and_nothing_is_written(four_towns: Session, tmp_path: Path) -> None:
    rows = ("2030,900,110,50", "いつか,800,120,60", "2040,たくさん,120,60", "2045,-1,,",
            "2050,100,120,60", "2055,,,", "2060,500,100,60")  # fmt: skip
    outcome = bring(four_towns, "projections", totals_file(tmp_path, *rows))
    assert Counter(p.row for p in outcome.refused).keys() == {3, 4, 5, 6, 7}
    assert tally(outcome) == (2, 0, 0, 5)
    assert not outcome.written and not stored(four_towns)


def test_with_rejects_the_good_rows_go_in(four_towns: Session, tmp_path: Path) -> None:
    file = totals_file(tmp_path, "2030,900,110,50", "いつか,800,120,60")
    outcome = bring(four_towns, "projections", file, keep_good=True)
    assert tally(outcome) == (1, 0, 0, 1)
    assert outcome.written and list(stored(four_towns)) == [(2030, "", None)]


def test_two_rows_of_one_year_that_differ_are_both_refused(
    four_towns: Session, tmp_path: Path
) -> None:
    file = totals_file(tmp_path, "2030,900,110,50", "2030,901,110,50", "2040,800,120,60")
    assert tally(bring(four_towns, "projections", file)) == (1, 0, 0, 2)


def test_a_rehearsal_writes_nothing(four_towns: Session, tmp_path: Path) -> None:
    before = everything(four_towns)
    file = totals_file(tmp_path, "2030,900,110,50")
    assert tally(bring(four_towns, "projections", file, dry_run=True)) == (1, 0, 0, 0)
    assert everything(four_towns) == before


def test_two_files_side_by_side_keep_their_credits(four_towns: Session, tmp_path: Path) -> None:
    for variant, credit in (("社人研準拠", "社人研"), ("市の目標", "四角市総合計画")):
        file = totals_file(tmp_path, "2030,900,110,50", name=f"{credit}.csv")
        constants = {"variant": variant, "source": credit}
        bring(four_towns, "projections", file, constants=constants)
    credits = {row["id"]: row["credit"] for row in rows_of(four_towns, Intake)}
    found = {row["variant"]: credits[row["intake_id"]] for row in rows_of(four_towns, Projection)}
    assert found == {"社人研準拠": "社人研", "市の目標": "四角市総合計画"}


def test_an_import_is_taken_back_whole(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "projections", totals_file(tmp_path, "2030,900,110,50", "2040,800,120,60"))
    engine = four_towns.get_bind()
    assert isinstance(engine, Engine)
    admin = signed_in(engine, Role.ADMINISTRATOR)
    page = admin.get("imports/").text
    assert "将来推計人口" in page
    deed = page.split("/log/")[1].split("/undo")[0]
    admin.post(f"log/{deed}/undo", {"back": "imports/"})
    assert not stored(four_towns)


def test_a_file_without_years_or_figures_is_refused(four_towns: Session, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="年の列"):
        bring(
            four_towns, "projections", totals_file(tmp_path, "900,1", header="総人口,65歳以上人口")
        )
    with pytest.raises(Unreadable, match="推計人口の列"):
        bring(
            four_towns, "projections", totals_file(tmp_path, "2030,900", header="年,行政区域コード")
        )
