"""Importing areas: lists of towns and polygons, several ways of dividing side by side."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import (
    AREAS,
    CODE,
    Feature,
    areas_file,
    bring,
    by_name,
    everything,
    geojson,
    on_paper,
    rows_of,
    square,
)
from sqlmodel import Session

from api.actions.coverage_answer import area_figures
from api.actions.importing import Outcome
from api.actions.report_coverage import CoverageReport, Question, report_coverage
from api.exchange.problems import Unreadable
from api.models import Area, AreaScheme, AreaTown, Town
from api.store.visible import OFFICE_PUBLISHED


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def towns_by_area(session: Session) -> dict[str, set[str]]:
    """Names of the towns of each area, of every scheme."""
    areas = {area["id"]: area["name"] for area in rows_of(session, Area)}
    towns = {town["id"]: town["name"] for town in rows_of(session, Town)}
    found: dict[str, set[str]] = {name: set() for name in areas.values()}
    for row in rows_of(session, AreaTown):
        found[areas[row["area_id"]]].add(towns[row["town_id"]])
    return found


def square_metres(area: dict[str, Any]) -> int:
    return round(on_paper(area["wkb"]).area)


def report(session: Session, scheme: str | None = None) -> CoverageReport:
    question = Question(on=date(2026, 10, 1), scheme=scheme)
    return report_coverage(session, CODE, OFFICE_PUBLISHED, question)


def list_file(folder: Path, *rows: str, header: str = "圏域コード,圏域名,町名") -> Path:
    return csv_file(folder / "list.csv", header, *rows)


def halves(folder: Path, *names: str, name: str = "halves.geojson") -> Path:
    """The western and the eastern half as polygons."""
    west, east = (square(x, 0).union(square(x, 1000)) for x in (0, 1000))
    features: list[Feature] = [
        (shape, {"中学校区名": name}) for shape, name in zip((west, east), names, strict=True)
    ]
    return geojson(folder / name, *features)


# --- lists ---------------------------------------------------------------------------------------


def test_a_list_makes_areas_of_its_towns(four_towns: Session, tmp_path: Path) -> None:
    assert tally(bring(four_towns, "areas", areas_file(tmp_path))) == (3, 0, 0, 0)
    assert towns_by_area(four_towns) == {"西圏域": {"北西町", "南西町"}, "東圏域": {"北東町"}}
    west = by_name(four_towns, Area)["西圏域"]
    assert (west["code"], west["approximate"]) == ("W", True)
    assert square_metres(west) == 2_000_000


def test_the_same_list_again_changes_nothing(a_small_town: Session, tmp_path: Path) -> None:
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "areas", areas_file(tmp_path))) == (0, 0, 3, 0)
    assert everything(a_small_town) == before


def test_without_codes_areas_are_numbered_in_file_order(
    four_towns: Session, tmp_path: Path
) -> None:
    file = list_file(tmp_path, "東,北東町", "西,北西町", "東,南東町", header="圏域名,町名")
    bring(four_towns, "areas", file)
    codes = {area["name"]: area["code"] for area in rows_of(four_towns, Area)}
    assert codes == {"東": f"{CODE}-1", "西": f"{CODE}-2"}


def test_a_town_that_moves_is_in_one_area_only(a_small_town: Session, tmp_path: Path) -> None:
    moved = areas_file(tmp_path, (*AREAS[:1], ("E", "東圏域", "南西町"), AREAS[2]))
    assert tally(bring(a_small_town, "areas", moved)) == (0, 1, 2, 0)
    assert towns_by_area(a_small_town) == {"西圏域": {"北西町"}, "東圏域": {"北東町", "南西町"}}
    assert square_metres(by_name(a_small_town, Area)["東圏域"]) == 2_000_000


def test_a_town_the_list_leaves_out_stays_where_it_was(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "areas", areas_file(tmp_path, AREAS[1:]))
    assert towns_by_area(a_small_town)["西圏域"] == {"北西町", "南西町"}


def test_a_code_met_again_renames_its_area(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "areas", list_file(tmp_path, "E,海の圏域,北東町"))
    assert set(by_name(a_small_town, Area)) == {"西圏域", "海の圏域"}


def test_a_name_met_again_under_a_new_code_is_the_same_area(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "areas", list_file(tmp_path, "39-2,東圏域,北東町"))
    areas = by_name(a_small_town, Area)
    assert {name: area["code"] for name, area in areas.items()} == {"西圏域": "W", "東圏域": "39-2"}


def test_one_code_for_two_names_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = list_file(tmp_path, "1,西,北西町", "1,東,北東町", "2,南,南東町")
    outcome = bring(four_towns, "areas", file)
    assert tally(outcome) == (1, 0, 0, 2)
    assert "list.csv 2行目 「圏域コード」: 「1」" in str(outcome.problems[0])
    assert rows_of(four_towns, AreaScheme) == []


def test_two_codes_for_one_name_are_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = list_file(tmp_path, "1,西,北西町", "2,西,南西町")
    assert tally(bring(four_towns, "areas", file)) == (0, 0, 0, 2)


def test_a_town_in_two_areas_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = list_file(tmp_path, "1,西,北西町", "2,東,北西町", "2,東,北東町")
    outcome = bring(four_towns, "areas", file)
    assert tally(outcome) == (1, 0, 0, 2)
    assert "「町名」: 「北西町」" in str(outcome.problems[0])


def test_a_town_named_twice_in_one_area_counts_once(four_towns: Session, tmp_path: Path) -> None:
    file = list_file(tmp_path, "1,西,北西町", "1,西,北西町")
    assert tally(bring(four_towns, "areas", file)) == (1, 0, 1, 0)


def test_an_unknown_town_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "areas", list_file(tmp_path, "1,西,北西町", "1,西,山奥村"))
    assert tally(outcome) == (1, 0, 0, 1)
    assert "3行目 「町名」: 「山奥村」" in str(outcome.problems[0])


# --- polygons ------------------------------------------------------------------------------------


def test_polygons_hold_the_towns_whose_middle_they_hold(
    four_towns: Session, tmp_path: Path
) -> None:
    assert tally(bring(four_towns, "areas", halves(tmp_path, "西中", "東中"))) == (2, 0, 0, 0)
    assert towns_by_area(four_towns) == {"西中": {"北西町", "南西町"}, "東中": {"北東町", "南東町"}}
    assert not any(area["approximate"] for area in rows_of(four_towns, Area))


def test_the_same_polygons_again_change_nothing(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "areas", halves(tmp_path, "西中", "東中"))
    before = everything(four_towns)
    assert tally(bring(four_towns, "areas", halves(tmp_path, "西中", "東中"))) == (0, 0, 2, 0)
    assert everything(four_towns) == before


def test_parts_of_one_area_are_one(four_towns: Session, tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "parts.geojson",
        (square(0, 0), {"中学校区名": "島中"}),
        (square(1000, 1000), {"中学校区名": "島中"}),
    )
    outcome = bring(four_towns, "areas", file)
    assert tally(outcome) == (1, 0, 1, 0)
    assert square_metres(by_name(four_towns, Area)["島中"]) == 2_000_000


def test_the_polygons_again_put_a_stray_town_back(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "areas", halves(tmp_path, "西中", "東中"))
    bring(four_towns, "areas", list_file(tmp_path, "東中,北西町", header="圏域名,町名"))
    assert towns_by_area(four_towns)["東中"] == {"北西町", "北東町", "南東町"}
    outcome = bring(four_towns, "areas", halves(tmp_path, "西中", "東中"))
    assert outcome.updated >= 1 and outcome.written
    assert towns_by_area(four_towns)["西中"] == {"北西町", "南西町"}


# --- several schemes -----------------------------------------------------------------------------


def test_a_second_scheme_stands_beside_the_first(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "areas", halves(tmp_path, "西村", "東村"), scheme="旧町")
    assert [scheme["name"] for scheme in rows_of(a_small_town, AreaScheme)] == ["圏域", "旧町"]
    first, second = report(a_small_town), report(a_small_town, "旧町")
    assert first.community.areas["name"].tolist() == ["西圏域", "東圏域"]
    assert second.community.areas["name"].tolist() == ["西村", "東村"]


def test_both_schemes_have_the_same_total(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "areas", halves(tmp_path, "西村", "東村"), scheme="旧町")
    first, second = report(a_small_town), report(a_small_town, "旧町")
    assert first.areas["population"].tolist() == [40, 20, 40]
    assert second.areas["population"].tolist() == [40, 60, 0]
    assert first.total["covered"] == second.total["covered"]


def test_one_code_may_stand_in_two_schemes(a_small_town: Session, tmp_path: Path) -> None:
    file = list_file(tmp_path, "W,西村,北東町")
    assert tally(bring(a_small_town, "areas", file, scheme="旧町")) == (1, 0, 0, 0)
    assert towns_by_area(a_small_town)["西圏域"] == {"北西町", "南西町"}


def test_redrawn_areas_leave_reports_of_earlier_days_as_they_were(
    a_small_town: Session, tmp_path: Path
) -> None:
    """四角市 moves 北西町 from west to east on 2027-04-01, in a list without codes."""

    def told(on: date, scheme: str | None = None) -> dict[str, int]:
        question = Question(on=on, scheme=scheme)
        report = report_coverage(a_small_town, CODE, OFFICE_PUBLISHED, question)
        return {row.name: row.population for row in area_figures(report)}

    old = told(date(2026, 12, 1))
    redrawn = csv_file(
        tmp_path / "new.csv", "圏域名,町名", "東圏域,北東町", "東圏域,北西町", "西圏域,南西町"
    )
    bring(a_small_town, "areas", redrawn, valid_from=date(2027, 4, 1))
    assert told(date(2026, 12, 1)) == old == {"西圏域": 40, "東圏域": 20, "圏域なし": 40}
    assert told(date(2027, 3, 31)) == old
    assert told(date(2027, 4, 1)) == {"東圏域": 30, "西圏域": 30, "圏域なし": 40}
    assert told(date(2027, 4, 1), "圏域（令和9年3月31日まで）") == old
    codes = {(row["name"], row["code"]) for row in rows_of(a_small_town, Area)}
    assert codes == {("西圏域", "W"), ("東圏域", "E")}, "an area keeps its code"


def test_a_version_does_not_begin_before_the_one_that_holds(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "areas", areas_file(tmp_path), valid_from=date(2027, 4, 1))
    before = everything(a_small_town)
    with pytest.raises(Unreadable, match="令和9年4月1日"):
        bring(a_small_town, "areas", areas_file(tmp_path), valid_from=date(2026, 4, 1))
    assert everything(a_small_town) == before
