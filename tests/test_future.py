"""People in years to come: files as they are published, towns scaled, cells as they are."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import shapely
from command_line import CommandLine
from desk_client import engine_of
from exchange_files import csv_file
from hypothesis import given
from hypothesis import strategies as st
from pandas import Series
from shapely.geometry import mapping
from small_town import CODE, TODAY, bring, on_earth, rows_of, square
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.load_future import NoProjection
from api.actions.report_coverage import Question, report_coverage
from api.main import create_app
from api.models import Projection
from api.store.visible import RESIDENT
from geo.future import NoSuchYear, in_year, scaled_to
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
    with pytest.raises(NoProjection, match="2030年から2040年まで"):
        ask(a_small_town, year=2041)


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
    codes = cells_of_the_town()
    facts = {"SHICODE": CODE, "PTN_2030": 10.0, "PTC_2030": 4.0, "PTC_2050": 8.0}
    features = [
        {"type": "Feature", "geometry": mapping(shape), "properties": facts | {"MESH_ID": code}}
        for code, shape in zip(codes, mesh_cells(Series(codes)), strict=True)
    ]
    file = tmp_path / "mesh.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert bring(a_small_town, "projections", file).inserted == len(codes)
    found = ask(a_small_town, year=2030)
    assert found.total.population == 4 * len(codes)
    assert ask(a_small_town, year=2040).total.population == 6 * len(codes)
    assert "メッシュの人数" in found.notes[0]
    assert sum(area.population for area in found.areas) == found.total.population


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


# --- whatever the numbers ------------------------------------------------------------------------


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=20), st.floats(0, 1e6))
def test_scaled_towns_add_up_and_keep_their_order(people: list[int], total: float) -> None:
    scaled = scaled_to(Series(people, dtype=float), total)
    assert scaled.sum() == pytest.approx(total if sum(people) else 0)
    assert (scaled[scaled.argsort()].diff().dropna() >= -1e-9).all()
    assert ((scaled == 0) == (Series(people) == 0)).all() or total == 0


@given(st.integers(2020, 2060))
def test_years_lie_on_the_line_between_those_projected(year: int) -> None:
    figures = {2030: 100.0, 2040: 200.0}
    if 2030 <= year <= 2040:
        assert in_year(figures, year) == pytest.approx(100 + 10 * (year - 2030))
    else:
        with pytest.raises(NoSuchYear):
            in_year(figures, year)
