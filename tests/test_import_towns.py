"""Importing towns: polygons and points, parts that are one town, people that come with them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import (
    CODE,
    MIDDLES,
    NAME,
    Feature,
    boundary_file,
    bring,
    by_name,
    everything,
    geojson,
    lat_lon,
    on_paper,
    rows_of,
    square,
    towns_file,
)
from sqlmodel import Session

from api.actions.importing import Outcome
from api.actions.init_municipality import init_municipality
from api.actions.load_community import NoPopulation
from api.actions.report_coverage import Question, report_coverage
from api.models import Area, AreaTown, Population, Town
from api.store.visible import OFFICE_PUBLISHED

HEADER = "市区町村コード,大字町丁目名,小字,緯度,経度"
ON = date(2026, 10, 1)


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def square_metres(town: dict[str, Any]) -> int:
    return round(on_paper(town["wkb"]).area)


def points_file(folder: Path, *rows: str) -> Path:
    return csv_file(folder / "points.csv", HEADER, *rows)


def estat(folder: Path, *towns: tuple[str, str, int, int], name: str = "small.geojson") -> Path:
    """Squares of 1 km in e-Stat's columns: KEY_CODE, name, JINKO, and the number of the square."""
    corners = [(0, 1000), (1000, 1000), (0, 0), (1000, 0)]
    features: list[Feature] = [
        (
            square(*corners[number]),
            {"KEY_CODE": key, "S_NAME": name, "JINKO": people, "SETAI": people // 2},
        )
        for key, name, people, number in towns
    ]
    return geojson(folder / name, *features)


def people_of(session: Session) -> dict[str, tuple[int, date | None]]:
    towns = {town["id"]: town["name"] for town in rows_of(session, Town)}
    return {
        towns[row["town_id"]]: (row["people"], row["survey_date"])
        for row in rows_of(session, Population)
    }


def test_polygons_are_towns_as_they_are(four_towns: Session) -> None:
    towns = by_name(four_towns, Town)
    assert list(towns) == list(MIDDLES)
    assert not any(town["approximate"] for town in towns.values())
    assert {square_metres(town) for town in towns.values()} == {1_000_000}


def test_the_same_polygons_again_change_nothing(four_towns: Session, tmp_path: Path) -> None:
    before = everything(four_towns)
    assert tally(bring(four_towns, "towns", towns_file(tmp_path))) == (0, 0, 4, 0)
    assert everything(four_towns) == before


@pytest.fixture
def bare(session: Session, tmp_path: Path) -> Session:
    """四角市 with its boundary only."""
    init_municipality(session, CODE, NAME)
    bring(session, "boundary", boundary_file(tmp_path))
    return session


def test_points_share_the_land_and_say_approximate(bare: Session, tmp_path: Path) -> None:
    file = points_file(
        tmp_path, f"{CODE},西町,,{lat_lon(500, 1000)}", f"{CODE},東町,,{lat_lon(1500, 1000)}"
    )
    assert tally(bring(bare, "towns", file)) == (2, 0, 0, 0)
    towns = by_name(bare, Town)
    assert all(town["approximate"] for town in towns.values())
    assert [square_metres(town) for town in towns.values()] == pytest.approx([2e6, 2e6], abs=100)


def test_koaza_rows_of_one_town_are_one_town(bare: Session, tmp_path: Path) -> None:
    file = points_file(
        tmp_path,
        f"{CODE},西町,東原,{lat_lon(900, 1000)}",
        f"{CODE},西町,,{lat_lon(500, 1000)}",
        f"{CODE},東町,,{lat_lon(1900, 1000)}",
    )
    outcome = bring(bare, "towns", file)
    assert outcome.rows_read == 3
    towns = by_name(bare, Town)
    assert list(towns) == ["西町", "東町"]
    west = towns["西町"]
    assert (west["lat"], west["lon"]) == tuple(map(float, lat_lon(500, 1000).split(",")))
    assert square_metres(west) == pytest.approx(1400 * 2000, abs=100)


def test_a_polygon_takes_the_place_of_a_drawn_shape(bare: Session, tmp_path: Path) -> None:
    bring(bare, "towns", points_file(tmp_path, f"{CODE},北西町,,{lat_lon(500, 1500)}"))
    assert by_name(bare, Town)["北西町"]["approximate"] is True
    assert tally(bring(bare, "towns", towns_file(tmp_path))) == (3, 1, 0, 0)
    town = by_name(bare, Town)["北西町"]
    assert (town["approximate"], square_metres(town)) == (False, 1_000_000)


def test_a_point_does_not_take_a_polygon_away(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "towns", points_file(tmp_path, f"{CODE},北西町,,{lat_lon(400, 1400)}"))
    town = by_name(four_towns, Town)["北西町"]
    assert (town["approximate"], square_metres(town)) == (False, 1_000_000)


def test_one_name_written_differently_is_one_town(four_towns: Session, tmp_path: Path) -> None:
    first = points_file(tmp_path, f"{CODE},本町一丁目,,{lat_lon(500, 1500)}")
    bring(four_towns, "towns", first)
    again = points_file(tmp_path, f"{CODE},本町１丁目,,{lat_lon(500, 1500)}")
    assert tally(bring(four_towns, "towns", again)) == (0, 1, 0, 0)
    assert len(rows_of(four_towns, Town)) == 5


def test_parts_under_one_key_code_are_dissolved(bare: Session, tmp_path: Path) -> None:
    file = estat(
        tmp_path,
        ("39999001000", "島町", 70, 0),
        ("39999001000", "島町（離れ）", 0, 3),
        ("39999002000", "浜町", 30, 1),
    )
    bring(bare, "towns", file)
    towns = by_name(bare, Town)
    assert list(towns) == ["島町", "浜町"]
    assert square_metres(towns["島町"]) == 2_000_000
    assert people_of(bare)["島町"][0] == 70


def test_a_point_far_outside_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = points_file(
        tmp_path,
        f"{CODE},岸町,,{lat_lon(2299, 1000)}",
        f"{CODE},沖町,,{lat_lon(2301, 1000)}",
    )
    outcome = bring(four_towns, "towns", file)
    assert tally(outcome) == (1, 0, 0, 1)
    assert "points.csv 3行目 「緯度」" in str(outcome.problems[0])


def test_a_town_without_any_place_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "towns", points_file(tmp_path, f"{CODE},幻町,,,"))
    assert tally(outcome) == (0, 0, 0, 1)
    assert "2行目 「大字町丁目名」" in str(outcome.problems[0])


def test_rows_of_other_municipalities_are_passed_over(four_towns: Session, tmp_path: Path) -> None:
    file = points_file(
        tmp_path, f"{CODE},新町,,{lat_lon(600, 600)}", f"37201,塩屋町,,{lat_lon(999_999, 0)}"
    )
    outcome = bring(four_towns, "towns", file)
    assert (tally(outcome), outcome.problems) == ((1, 0, 0, 0), [])
    assert any("1 行は読みとばしました" in note for note in outcome.notes)


# --- e-Stat's people -----------------------------------------------------------------------------


@pytest.fixture
def by_estat(bare: Session, tmp_path: Path) -> Session:
    """Two towns with everybody counted and no ages."""
    file = estat(tmp_path, ("39999001000", "北西町", 70, 0), ("39999002000", "北東町", 30, 1))
    bring(bare, "towns", file, constants={"survey_date": "2020-10-01"})
    return bare


def test_people_come_with_their_towns(by_estat: Session) -> None:
    day = date(2020, 10, 1)
    assert people_of(by_estat) == {"北西町": (70, day), "北東町": (30, day)}


def test_data_without_ages_answers_all(by_estat: Session) -> None:
    report = report_coverage(by_estat, CODE, OFFICE_PUBLISHED, Question(on=ON, age="all"))
    assert report.total["population"] == 100


@pytest.mark.parametrize("age", ["65", "75"])
def test_data_without_ages_refuses_ages_in_words(by_estat: Session, age: Any) -> None:
    with pytest.raises(NoPopulation, match=r"年齢別の数がない.*--age all"):
        report_coverage(by_estat, CODE, OFFICE_PUBLISHED, Question(on=ON, age=age))


def test_where_no_age_is_asked_everybody_stands_in(by_estat: Session) -> None:
    report = report_coverage(by_estat, CODE, OFFICE_PUBLISHED, Question(on=ON, age=None))
    assert report.community.age == "all"


def test_a_newer_count_of_the_same_towns_is_kept(by_estat: Session, tmp_path: Path) -> None:
    file = estat(tmp_path, ("39999001000", "北西町", 60, 0), ("39999002000", "北東町", 20, 1))
    outcome = bring(by_estat, "towns", file, constants={"survey_date": "2025-10-01"})
    assert (tally(outcome), outcome.written) == ((0, 2, 0, 0), True)
    counts = sorted(row["people"] for row in rows_of(by_estat, Population))
    assert counts == [20, 30, 60, 70]


def test_the_same_count_again_changes_nothing(by_estat: Session, tmp_path: Path) -> None:
    before = everything(by_estat)
    file = estat(tmp_path, ("39999001000", "北西町", 70, 0), ("39999002000", "北東町", 30, 1))
    outcome = bring(by_estat, "towns", file, constants={"survey_date": "2020-10-01"})
    assert tally(outcome) == (0, 0, 2, 0)
    assert everything(by_estat) == before


# --- towns that come after the areas -------------------------------------------------------------


def districts_file(folder: Path) -> Path:
    """Two school districts: the western and the eastern half."""
    west: Feature = (square(0, 0, 1000).union(square(0, 1000)), {"中学校区名": "西中"})
    east: Feature = (square(1000, 0, 1000).union(square(1000, 1000)), {"中学校区名": "東中"})
    return geojson(folder / "districts.geojson", west, east)


def test_towns_that_come_after_the_areas_find_theirs(bare: Session, tmp_path: Path) -> None:
    bring(bare, "areas", districts_file(tmp_path))
    assert rows_of(bare, AreaTown) == []
    bring(bare, "towns", towns_file(tmp_path))
    areas = {area["id"]: area["name"] for area in rows_of(bare, Area)}
    towns = {town["id"]: town["name"] for town in rows_of(bare, Town)}
    belongs = {towns[r["town_id"]]: areas[r["area_id"]] for r in rows_of(bare, AreaTown)}
    assert belongs == {"北西町": "西中", "南西町": "西中", "北東町": "東中", "南東町": "東中"}
