"""People in years to come: files as they are published, towns scaled, cells as they are."""

import io
import json
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from command_line import CommandLine
from desk_client import engine_of
from exchange_files import csv_file
from pandas import Series
from shapely.geometry import mapping
from small_town import CODE, MIDDLES, TODAY, bring, on_earth, rows_of, square
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.load_future import NoProjection
from api.actions.report_coverage import Question, report_coverage
from api.main import create_app
from api.models import Projection
from api.store.visible import RESIDENT
from geo.mesh import mesh_cells

OWN = "年,総人口,65歳以上人口,総人口（目標）,65歳以上人口（目標）"
ROWS = ("2030,1000,200,1100,220", "2040,800,300,1000,260")
"""四角市 has 100 people of 65 and over today, 50 of them within reach."""
TENS = list(product(range(10), repeat=2))


def bring_totals(session: Session, folder: Path) -> None:
    assert bring(session, "projections", csv_file(folder / "p.csv", OWN, *ROWS)).inserted == 2


def ask(session: Session, **question: Any) -> CoverageAnswer:
    return answer(report_coverage(session, CODE, RESIDENT, Question(on=TODAY, **question)))


def test_towns_grow_so_that_the_total_is_the_projections(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    found = ask(a_small_town, year=2040, variant="")
    assert (found.total.population, found.total.covered, found.total.ratio) == (300, 150, 0.5)
    assert [area.population for area in found.areas] == [120, 60, 120]
    assert "同じ割合で増減" in found.notes[0]
    assert ask(a_small_town, year=2040, variant="目標").total.population == 260
    assert ask(a_small_town, year=2040, variant="", age="all").total.population == 800
    assert ask(a_small_town).total.population == 100


def test_between_two_years_a_straight_line_and_beyond_them_nothing(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    found = ask(a_small_town, year=2035, variant="")
    assert found.total.population == 250
    assert "直線で結びました" in found.notes[0]
    with pytest.raises(NoProjection, match="2026年から2040年まで"):
        ask(a_small_town, year=2041)


def test_the_year_of_the_survey_is_the_survey_and_none_lies_before_it(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "projections", csv_file(tmp_path / "p.csv", OWN, "2020,9,9,,", *ROWS))
    found = ask(a_small_town, year=2026)
    assert (found.total.population, found.year) == (100, None)
    assert found.notes == ask(a_small_town).notes
    with pytest.raises(NoProjection, match="2026年から2040年まで"):
        ask(a_small_town, year=2025)


def test_from_the_survey_to_the_first_projected_year_leads_a_straight_line(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    found = ask(a_small_town, year=2028)  # 100 in 2026, 200 in 2030
    assert found.total.population == 150
    assert "令和8年1月1日の人口と2030年の推計のあいだを直線" in found.notes[0]


def test_towns_of_a_year_to_come_have_whole_people(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "projections", csv_file(tmp_path / "p.csv", OWN, "2040,990,99,,"))
    question = Question(on=TODAY, year=2040)
    people = report_coverage(a_small_town, CODE, RESIDENT, question).community.people["people"]
    # 9.9, 19.8, 29.7 and 39.6: the three persons left over go to the largest remainders.
    assert sorted(people) == [10, 20, 30, 39]


def test_a_variant_nobody_imported_is_refused_with_those_there_are(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    with pytest.raises(NoProjection, match="目標"):
        ask(a_small_town, year=2040, variant="希望")


def test_only_years_somebody_can_answer_are_offered_and_that_by_default(
    a_small_town: Session, tmp_path: Path
) -> None:
    totals = csv_file(tmp_path / "t.csv", "年,総人口（速報）", "2029,900", "2034,700")
    assert bring(a_small_town, "projections", totals).inserted == 2
    bring_totals(a_small_town, tmp_path)
    future = report_coverage(a_small_town, CODE, RESIDENT, Question(on=TODAY)).community.future
    assert future.years == (2030, 2040) and "速報" not in future.variants[0]
    assert ask(a_small_town, year=2040).total.population == 300
    everybody = Question(on=TODAY, age="all", variant="速報")
    known = report_coverage(a_small_town, CODE, RESIDENT, everybody).community.future
    assert known.years == (2029, 2030, 2034, 2040)


def test_people_beyond_all_counting_are_refused(a_small_town: Session, tmp_path: Path) -> None:
    for figure in ("1e300", "1e17", "-1"):
        huge = csv_file(tmp_path / "h.csv", "年,65歳以上人口", f"2031,{figure}")
        assert not bring(a_small_town, "projections", huge).written


def test_every_way_out_says_of_when_the_people_are(
    a_small_town: Session, tmp_path: Path, yoridokoro: CommandLine
) -> None:
    bring_totals(a_small_town, tmp_path)
    run, words = yoridokoro.on(a_small_town), "2040年（令和22年）の推計（目標）"
    asked = ("--year", "2040", "--variant", "目標")
    assert f"人口：{words}" in run("coverage", *asked).out
    assert run("map", tmp_path / "map.html", *asked).code == 0
    saved = (tmp_path / "map.html").read_text("utf-8")
    assert f"人口：{words}" in saved and "同じ割合で増減" in saved
    assert "2040年（令和22年）の推計では、歩いて通える人は 50%" in saved
    client = TestClient(create_app(engine_of(a_small_town)))
    query = {"year": "2040", "variant": "目標"}
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/{CODE}/coverage.xlsx", params=query).content)
    )
    about = [str(row[0]) for row in book.worksheets[1].iter_rows(values_only=True)]
    assert f"人口：{words}" in about and any("同じ割合で増減" in line for line in about)
    areas = client.get(f"/api/v1/municipalities/{CODE}/areas", params=query).json()
    assert sum(each["properties"]["population"] for each in areas["features"]) == 156  # of 260


def test_of_75_and_over_the_way_of_65_is_said_to_stand_in(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    found = ask(a_small_town, year=2040, variant="", age="75")
    assert found.total.population == 40 * 3
    assert "65歳以上と同じ割合" in found.notes[0]


def test_the_same_file_again_changes_nothing_and_a_corrected_one_updates(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    again = bring(a_small_town, "projections", csv_file(tmp_path / "q.csv", OWN, *ROWS))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
    better = csv_file(tmp_path / "r.csv", OWN, "2040,900,310,1000,260")
    assert bring(a_small_town, "projections", better).updated == 1
    assert len(rows_of(a_small_town, Projection)) == 4


def test_wrong_rows_are_told_and_nothing_is_written(a_small_town: Session, tmp_path: Path) -> None:
    wrong = csv_file(
        tmp_path / "w.csv",
        OWN,
        "いつか,1000,200,,",
        "2040,たくさん,-3,,",
        "2050,1,1,,",
        "2050,2,2,,",
    )
    outcome = bring(a_small_town, "projections", wrong)
    told = " ".join(problem.expected for problem in outcome.problems)
    assert "西暦か和暦" in told and "0以上の数" in told and "もう一つあり" in told
    assert rows_of(a_small_town, Projection) == []


def test_mesh_cells_of_the_national_projection_are_counted_as_they_are(
    a_small_town: Session, tmp_path: Path
) -> None:
    codes = bring_cells(a_small_town, tmp_path)
    found = ask(a_small_town, year=2030)
    assert found.total.population == 4 * len(codes)
    assert ask(a_small_town, year=2040).total.population == 6 * len(codes)
    assert "メッシュの人数" in found.notes[0]
    assert sum(area.population for area in found.areas) == found.total.population


def bring_cells(session: Session, folder: Path) -> list[str]:
    codes = cells_of_the_town()
    facts = {"SHICODE": CODE, "PTN_2020": 9.5, "PTN_2030": 10.0, "PTC_2030": 4.0, "PTC_2050": 8.0}
    features = [
        {"type": "Feature", "geometry": mapping(shape), "properties": facts | {"MESH_ID": code}}
        for code, shape in zip(codes, mesh_cells(Series(codes)), strict=True)
    ]
    file = folder / "mesh.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert bring(session, "projections", file).inserted == len(codes)
    return codes


def test_cells_count_before_totals_and_each_names_its_own_source(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_totals(a_small_town, tmp_path)
    codes = bring_cells(a_small_town, tmp_path)
    found = ask(a_small_town, year=2030)
    assert (found.variant, found.total.population) == ("メッシュ推計", 4 * len(codes))
    assert found.sources["projections"].credit == "国土数値情報（将来推計人口メッシュ）"
    totals = ask(a_small_town, year=2030, variant="")
    assert (totals.total.population, totals.sources["projections"].credit) == (200, "四角市")


def test_a_gap_of_cells_is_named_for_the_town_it_lies_in(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring_cells(a_small_town, tmp_path)
    gaps = ask(a_small_town, year=2030, distance_m=10).gaps
    names = {name for gap in gaps for name in gap.towns}
    assert names and names <= {f"{town}のあたり" for town in MIDDLES}


def test_every_unit_an_answer_shades_is_on_the_ground(
    a_small_town: Session, tmp_path: Path
) -> None:
    codes = bring_cells(a_small_town, tmp_path)
    client = TestClient(create_app(engine_of(a_small_town)))
    ground = client.get(f"/{CODE}/map/ground.json").json()
    assert ground["cells"]["id"] == sorted(map(int, codes))
    for year, kind in (("", "towns"), ("2030", "cells"), ("2040", "cells"), ("2050", "cells")):
        panel = client.get(f"/{CODE}/panel", params={"year": year}).text
        units = json.loads(panel.split("data-answer>")[1].split("</script>")[0])["units"]
        assert units["of"] == kind
        assert units["id"] and set(units["id"]) <= set(ground[kind]["id"])


def cells_of_the_town() -> list[str]:
    """Codes of the 1 km cells whose middle lies in 四角市."""
    town = on_earth(square(0, 0, 2000))
    first = f"{int(town.centroid.y * 1.5):02d}{int(town.centroid.x) - 100:02d}"
    codes = [f"{first}{a}{b}{c}{d}" for a, b in product(range(8), repeat=2) for c, d in TENS]
    middles = shapely.centroid(mesh_cells(Series(codes)).to_numpy())
    return [code for code, middle in zip(codes, middles, strict=True) if town.contains(middle)]


def test_the_page_offers_the_years_and_says_what_they_are(
    a_small_town: Session, tmp_path: Path
) -> None:
    client = TestClient(create_app(engine_of(a_small_town)))
    assert 'name="year"' not in client.get(f"/{CODE}/").text
    bring_totals(a_small_town, tmp_path)
    page = client.get(f"/{CODE}/?year=2040")
    assert '<option value="2040" selected>2040年（令和22年）の推計' in page.text
    assert "人口：2040年（令和22年）の推計" in page.text
    assert "同じ割合で増減" in page.text
    assert "year=2040" in page.text.split("coverage.xlsx")[1][:80]
    refused = client.get(f"/api/v1/municipalities/{CODE}/coverage?year=2100")
    assert (refused.status_code, refused.json()["type"].split("/")[-1]) == (409, "no-projection")


def test_the_command_line_asks_for_a_year_too(
    a_small_town: Session, tmp_path: Path, yoridokoro: CommandLine
) -> None:
    bring_totals(a_small_town, tmp_path)
    run = yoridokoro.on(a_small_town)
    found = json.loads(run("coverage", "--year", "2040", "--variant", "", "--format", "json").out)
    assert (found["year"], found["total"]["population"]) == (2040, 300)
    assert run("coverage", "--year", "2100").code == 1
