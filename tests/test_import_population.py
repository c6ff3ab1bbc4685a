"""Importing people: by town or by mesh cell, one record a date, nobody twice."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from exchange_files import csv_file
from small_town import (
    CODE,
    PEOPLE,
    SURVEYED,
    boundary_file,
    bring,
    by_name,
    cell_around,
    everything,
    lat_lon,
    population_file,
    rows_of,
)
from sqlmodel import Session

from api.actions.coverage_answer import area_figures
from api.actions.importing import Outcome
from api.actions.init_municipality import init_municipality
from api.actions.load_community import NoPopulation
from api.actions.report_coverage import CoverageReport, Question, report_coverage
from api.exchange.problems import Unreadable
from api.models import Population, Town
from api.store.visible import OFFICE_PUBLISHED
from geo.mesh import mesh_cells

ON = date(2026, 10, 1)
HEADER = "町名,調査年月日,総人口,65歳以上人口,75歳以上人口,緯度,経度"


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def people(session: Session) -> dict[str, tuple[Any, ...]]:
    towns = {town["id"]: town["name"] for town in rows_of(session, Town)}
    return {
        towns[row["town_id"]]: (row["people"], row["people_65"], row["people_75"])
        for row in rows_of(session, Population)
    }


def report(session: Session, **question: Any) -> CoverageReport:
    return report_coverage(session, CODE, OFFICE_PUBLISHED, Question(on=ON, **question))


def total(session: Session, **question: Any) -> int:
    return int(report(session, **question).total["population"])


def rows_file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    return csv_file(folder / "people.csv", header, *rows)


def test_every_town_gets_its_people(four_towns: Session, tmp_path: Path) -> None:
    assert tally(bring(four_towns, "population", population_file(tmp_path))) == (4, 0, 0, 0)
    assert people(four_towns) == PEOPLE


def test_the_same_file_again_changes_nothing(a_small_town: Session, tmp_path: Path) -> None:
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "population", population_file(tmp_path))) == (0, 0, 4, 0)
    assert everything(a_small_town) == before


def test_a_town_written_differently_is_the_same_town(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "四角市大字北西町,2026-01-01,100,10,4,,")
    assert tally(bring(four_towns, "population", file)) == (1, 0, 0, 0)


def test_an_unknown_town_is_rejected_with_names_like_it(
    four_towns: Session, tmp_path: Path
) -> None:
    file = rows_file(tmp_path, "北西町,2026-01-01,100,10,4,,", "北南町,2026-01-01,9,9,9,,")
    outcome = bring(four_towns, "population", file)
    assert tally(outcome) == (1, 0, 0, 1)
    (problem,) = outcome.problems
    assert "people.csv 3行目 「町名」: 「北南町」" in str(problem)
    assert "近い町名: " in str(problem)
    assert rows_of(four_towns, Population) == []


def test_without_any_town_the_file_is_refused(session: Session, tmp_path: Path) -> None:
    init_municipality(session, CODE, "四角市")
    with pytest.raises(Unreadable, match="先に町丁・字を取り込んで"):
        bring(session, "population", population_file(tmp_path))


# --- survey dates --------------------------------------------------------------------------------


def test_every_survey_is_kept(a_small_town: Session, tmp_path: Path) -> None:
    newer = population_file(tmp_path, date(2026, 7, 1), times=2)
    assert tally(bring(a_small_town, "population", newer)) == (4, 0, 0, 0)
    assert len(rows_of(a_small_town, Population)) == 8


def test_the_newest_survey_counts(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "population", population_file(tmp_path, date(2026, 7, 1), times=2))
    assert total(a_small_town) == 200


def test_an_old_survey_imported_last_does_not_count(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "population", population_file(tmp_path, date(2020, 1, 1), times=3))
    assert total(a_small_town) == 100


def test_a_day_in_the_past_is_answered_with_the_survey_of_then(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "population", population_file(tmp_path, date(2026, 7, 1), times=2))
    past = Question(on=date(2026, 6, 30))
    found = report_coverage(a_small_town, CODE, OFFICE_PUBLISHED, past)
    assert (found.community.survey_date, found.total["population"]) == (SURVEYED, 100)


def test_before_the_first_survey_the_first_one_stands_in(a_small_town: Session) -> None:
    early = Question(on=date(2000, 1, 1))
    assert report_coverage(a_small_town, CODE, OFFICE_PUBLISHED, early).total["population"] == 100


def test_the_date_may_be_said_beside_the_file(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "北西町,100", header="町名,総人口")
    outcome = bring(four_towns, "population", file, constants={"survey_date": "令和8年4月1日"})
    assert rows_of(four_towns, Population)[0]["survey_date"] == date(2026, 4, 1)
    assert outcome.problems == []


def test_a_file_without_any_date_is_taken_with_a_warning(
    four_towns: Session, tmp_path: Path
) -> None:
    file = rows_file(tmp_path, "北西町,100", header="町名,総人口")
    outcome = bring(four_towns, "population", file)
    assert tally(outcome) == (1, 0, 0, 0)
    assert [p.severity for p in outcome.problems] == ["warning"]
    assert "調査日がわかりません" in str(outcome.problems[0])


def test_a_dated_survey_goes_before_one_without_a_date(
    a_small_town: Session, tmp_path: Path
) -> None:
    file = rows_file(tmp_path, "北西町,999,999", header="町名,総人口,65歳以上人口")
    bring(a_small_town, "population", file)
    assert total(a_small_town) == 100


# --- one record a town and date ------------------------------------------------------------------


def test_a_row_met_again_in_one_file_counts_once(four_towns: Session, tmp_path: Path) -> None:
    row = "北西町,2026-01-01,100,10,4,,"
    assert tally(bring(four_towns, "population", rows_file(tmp_path, row, row))) == (1, 0, 1, 0)


def test_two_different_counts_of_one_town_are_both_rejected(
    four_towns: Session, tmp_path: Path
) -> None:
    file = rows_file(tmp_path, "北西町,2026-01-01,100,10,4,,", "北西町,2026-01-01,90,9,4,,")
    outcome = bring(four_towns, "population", file)
    assert tally(outcome) == (0, 0, 0, 2)
    assert ["2行目" in str(outcome.problems[0]), "3行目" in str(outcome.problems[1])] == [True] * 2


def test_a_corrected_count_updates_the_record(a_small_town: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "北西町,2026-01-01,100,11,4,,")
    assert tally(bring(a_small_town, "population", file)) == (0, 1, 0, 0)
    assert total(a_small_town) == 101


def test_a_blank_count_never_erases(a_small_town: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "北西町,2026-01-01,100,,,,")
    assert tally(bring(a_small_town, "population", file)) == (0, 0, 1, 0)
    assert people(a_small_town)["北西町"] == PEOPLE["北西町"]


def test_unknown_is_never_nobody(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "北西町,2026-01-01,100,X,X,,", "北東町,2026-01-01,200,20,8,,")
    bring(four_towns, "population", file)
    assert people(four_towns)["北西町"] == (100, None, None)
    found = report(four_towns)
    assert (found.total["population"], found.community.unknown_people) == (20, 1)


def test_only_unknown_ages_are_refused_in_words(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "population", rows_file(tmp_path, "北西町,2026-01-01,100,,,,"))
    assert total(four_towns, age="all") == 100
    with pytest.raises(NoPopulation, match="65歳以上では答えられません"):
        report(four_towns)


# --- the record's own point ----------------------------------------------------------------------


def test_a_record_stands_at_its_own_point(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, f"北西町,2026-01-01,100,10,4,{lat_lon(900, 1500)}")
    bring(four_towns, "population", file)
    (point,) = report(four_towns).community.people.geometry
    assert shapely.distance(point, shapely.Point(900, 1500)) < 1


def test_a_record_belongs_to_its_town_wherever_its_point_lies(
    a_small_town: Session, tmp_path: Path
) -> None:
    file = rows_file(tmp_path, f"北西町,2026-01-01,100,10,4,{lat_lon(1500, 500)}")
    bring(a_small_town, "population", file)
    areas = report(a_small_town).areas
    assert areas["population"].tolist() == [40, 20, 40]


@pytest.mark.parametrize(("metres", "warned"), [(299, False), (301, True)])
def test_a_point_far_outside_gives_way_to_the_towns_with_a_warning(
    four_towns: Session, tmp_path: Path, metres: int, warned: bool
) -> None:
    file = rows_file(tmp_path, f"北東町,2026-01-01,100,10,4,{lat_lon(2000 + metres, 1500)}")
    outcome = bring(four_towns, "population", file)
    assert tally(outcome) == (1, 0, 0, 0)
    assert [p.severity for p in outcome.problems] == ["warning"] * warned
    (point,) = report(four_towns).community.people.geometry
    assert shapely.distance(point, shapely.Point(1500 if warned else 2000 + metres, 1500)) < 1


def test_the_warning_says_which_row_and_how_far(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, f"北東町,2026-01-01,100,10,4,{lat_lon(6700, 1500)}")
    (problem,) = bring(four_towns, "population", file).problems
    assert "people.csv 2行目 「緯度」" in str(problem)
    assert "境界から 4.7 km 離れています" in str(problem)


# --- mesh cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [8, 9, 10])
def test_a_cell_follows_from_its_code(four_towns: Session, tmp_path: Path, digits: int) -> None:
    code = cell_around(1000, 1000, digits)
    file = rows_file(tmp_path, f"{code},70", header="メッシュコード,総人口")
    outcome = bring(four_towns, "population", file, constants={"survey_date": "2020-10-01"})
    assert tally(outcome) == (1, 0, 0, 0)
    found = report(four_towns, age="all")
    assert found.community.by_mesh
    assert found.total["population"] == 70
    (cell,) = mesh_cells(found.community.people["town_id"].map(lambda _: code)).to_crs(6672)
    assert found.community.people.geometry.iloc[0].distance(cell.centroid) < 0.01


def test_a_wrong_mesh_code_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, "123,70", header="メッシュコード,総人口")
    outcome = bring(four_towns, "population", file)
    assert tally(outcome) == (0, 0, 0, 1)
    assert "people.csv 2行目 「メッシュコード」: 「123」" in str(outcome.problems[0])


def test_cells_of_other_municipalities_are_passed_over(four_towns: Session, tmp_path: Path) -> None:
    codes = cell_around(1000, 1000), cell_around(9000, 9000)
    file = rows_file(tmp_path, *(f"{c},70" for c in codes), header="メッシュコード,総人口")
    outcome = bring(four_towns, "population", file, constants={"survey_date": "2020-10-01"})
    assert (tally(outcome), outcome.problems) == ((1, 0, 0, 0), [])
    assert any("1 行は読みとばしました" in note for note in outcome.notes)


def test_people_of_a_cell_belong_where_its_middle_lies(
    a_small_town: Session, tmp_path: Path
) -> None:
    codes = cell_around(400, 400), cell_around(1600, 1600)
    file = rows_file(
        tmp_path, *(f"{c},50,{n}" for c, n in zip(codes, (5, 7), strict=True)),
        header="メッシュコード,総人口,65歳以上人口",
    )  # fmt: skip
    bring(a_small_town, "population", file, constants={"survey_date": "2026-05-01"})
    assert report(a_small_town).areas["population"].tolist() == [5, 7, 0]


def test_towns_go_before_cells_of_the_same_date(a_small_town: Session, tmp_path: Path) -> None:
    file = rows_file(
        tmp_path, f"{cell_around(400, 400)},50,5", header="メッシュコード,総人口,65歳以上人口"
    )
    bring(a_small_town, "population", file, constants={"survey_date": str(SURVEYED)})
    assert total(a_small_town) == 100


def test_the_same_cells_again_change_nothing(four_towns: Session, tmp_path: Path) -> None:
    file = rows_file(tmp_path, f"{cell_around(400, 400)},50", header="メッシュコード,総人口")
    bring(four_towns, "population", file, constants={"survey_date": "2020-10-01"})
    again = bring(four_towns, "population", file, constants={"survey_date": "2020-10-01"})
    assert tally(again) == (0, 0, 1, 0)


def test_towns_without_people_are_no_zero(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "population", rows_file(tmp_path, "北西町,2026-01-01,100,10,4,,"))
    named = by_name(four_towns, Town)
    counted = report(four_towns).community.people["town_id"].tolist()
    assert counted == [named["北西町"]["id"]]


def test_cells_need_no_town(session: Session, tmp_path: Path) -> None:
    init_municipality(session, CODE, "四角市")
    bring(session, "boundary", boundary_file(tmp_path))
    file = rows_file(tmp_path, f"{cell_around(400, 400)},50", header="メッシュコード,総人口")
    bring(session, "population", file, constants={"survey_date": "2020-10-01"})
    found = report(session, age="all")
    assert [row.name for row in area_figures(found)] == ["圏域なし"]
    assert found.total["population"] == 50


def test_cells_inside_a_larger_cell_would_count_people_twice(
    four_towns: Session, tmp_path: Path
) -> None:
    small = cell_around(500, 500, 9)
    header = "メッシュコード,調査年月日,総人口"
    path = rows_file(tmp_path, f"{small[:8]},2026-10-01,9", f"{small},2026-10-01,4", header=header)
    outcome = bring(four_towns, "population", path)
    assert tally(outcome) == (0, 0, 0, 2)
    assert "二度数えて" in str(outcome.refused[0])


def test_a_survey_of_a_few_towns_is_told_to_replace_the_last(
    a_small_town: Session, tmp_path: Path
) -> None:
    path = rows_file(tmp_path, "北西町,2026-11-01,9,3,1,,")
    outcome = bring(a_small_town, "population", path)
    assert outcome.written
    assert ["ずっと少ない" in str(warning) for warning in outcome.warnings] == [True]
