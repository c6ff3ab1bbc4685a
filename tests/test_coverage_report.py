"""The report on 四角市, worked out by hand: who can walk to a place, and where the blanks are.

65 and over live at the middles of their towns: 北西 10, 北東 20, 南西 30, 南東 40. From 北西 the
salon is 400 m away, from 北東 600 m; from 南東 the hall is 300 m away, from 南西 1,044 m.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import AREAS, CODE, PLACES_HEADER, areas_file, bring, lat_lon
from sqlmodel import Session

from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.load_community import NoSuchScheme
from api.actions.report_coverage import (
    Question,
    UnknownKind,
    UnknownWeekday,
    kinds_named,
    report_coverage,
    weekdays_named,
)
from api.store.visible import OFFICE_PUBLISHED

ON = date(2026, 10, 1)
FIGURES = ["code", "name", "population", "covered", "uncovered", "ratio", "places"]
GAP = ["rank", "area", "towns", "population", "nearest_place", "distance_m", "lon", "lat"]


def ask(session: Session, *, by_town: bool = False, **question: Any) -> CoverageAnswer:
    asked = Question(**{"on": ON, **question})
    return answer(report_coverage(session, CODE, OFFICE_PUBLISHED, asked), by_town=by_town)


def covered(session: Session, **question: Any) -> int:
    return ask(session, **question).total.covered


def add_place(session: Session, folder: Path, row: str, header: str = PLACES_HEADER) -> None:
    assert bring(session, "places", csv_file(folder / "added.csv", header, row)).inserted == 1


def test_people_within_500_m_are_counted(town_to_read: Session) -> None:
    total = ask(town_to_read).total
    assert (total.population, total.covered, total.uncovered, total.ratio) == (100, 50, 50, 0.5)


@pytest.mark.parametrize(
    ("distance_m", "expected"), [(299, 0), (301, 40), (401, 50), (601, 70), (1045, 100)]
)
def test_the_farther_people_walk_the_more_are_counted(
    town_to_read: Session, distance_m: float, expected: int
) -> None:
    assert covered(town_to_read, distance_m=distance_m) == expected


@pytest.mark.parametrize(("age", "expected"), [("65", 50), ("75", 20), ("all", 500)])
def test_every_age_has_its_count(town_to_read: Session, age: Any, expected: int) -> None:
    assert covered(town_to_read, age=age) == expected


def test_areas_and_those_in_none_add_up_to_the_total(town_to_read: Session) -> None:
    found = ask(town_to_read)
    rows = [(row.code, row.name, row.population, row.covered, row.places) for row in found.areas]
    assert rows == [
        ("W", "西圏域", 40, 10, 1),
        ("E", "東圏域", 20, 0, 0),
        (None, "圏域なし", 40, 40, 1),
    ]
    for column in ("population", "covered", "uncovered", "places"):
        assert sum(getattr(r, column) for r in found.areas) == getattr(found.total, column)


def test_where_everybody_is_in_an_area_there_is_no_row_for_none(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "areas", areas_file(tmp_path, (*AREAS, ("E", "東圏域", "南東町"))))
    assert [row.name for row in ask(a_small_town).areas] == ["西圏域", "東圏域"]


def test_the_mean_way_is_over_everybody(town_to_read: Session) -> None:
    west, east, rest = ask(town_to_read).areas
    assert west.mean_distance_m == pytest.approx((10 * 400 + 30 * 1044.03) / 40, abs=0.1)
    assert (east.mean_distance_m, rest.mean_distance_m) == (600, 300)


def test_towns_have_their_own_rows(town_to_read: Session) -> None:
    towns = ask(town_to_read, by_town=True).towns or []
    rows = {row.name: (row.population, row.covered, row.places) for row in towns}
    assert rows == {
        "北西町": (10, 10, 1),
        "北東町": (20, 0, 0),
        "南西町": (30, 0, 0),
        "南東町": (40, 40, 1),
    }


def test_gaps_are_ranked_by_people_and_named_by_town(town_to_read: Session) -> None:
    gaps = ask(town_to_read).gaps
    assert [(g.rank, g.area, g.towns, g.population) for g in gaps] == [
        (1, "西圏域", ["南西町"], 30),
        (2, "東圏域", ["北東町"], 20),
    ]
    assert [gap.nearest_place for gap in gaps] == ["南東集会所", "ひだまりサロン"]
    assert [gap.distance_m for gap in gaps] == pytest.approx([1044.0, 600.0], abs=0.1)


def test_all_gaps_together_are_all_who_are_not_covered(town_to_read: Session) -> None:
    found = ask(town_to_read, spread="area", distance_m=333)
    assert sum(gap.population for gap in found.gaps) == found.total.uncovered


# --- which places count --------------------------------------------------------------------------


def test_a_weekday_keeps_places_whose_days_nobody_knows(town_to_read: Session) -> None:
    assert covered(town_to_read, weekdays=("火",)) == 40
    assert covered(town_to_read, weekdays=("月",)) == 50


def test_one_of_several_weekdays_is_enough(town_to_read: Session) -> None:
    assert covered(town_to_read, weekdays=("火", "水")) == 50


def test_unknown_days_that_count_are_told(town_to_read: Session) -> None:
    assert "曜日のわからない 1 か所も入れています。" in ask(town_to_read, weekdays=("火",)).notes
    assert not any("曜日" in note for note in ask(town_to_read).notes)


def test_a_kind_keeps_its_own_places_only(town_to_read: Session) -> None:
    assert covered(town_to_read, kinds=("salon",)) == 10
    assert covered(town_to_read, kinds=("hall",)) == 40
    assert covered(town_to_read, kinds=("salon", "hall")) == 50


def test_where_no_place_is_left_nobody_is_covered(town_to_read: Session) -> None:
    found = ask(town_to_read, kinds=("meal",))
    assert (found.total.covered, found.total.places, found.total.ratio) == (0, 0, 0.0)
    assert found.total.mean_distance_m is None
    assert {(gap.nearest_place, gap.distance_m) for gap in found.gaps} == {(None, None)}


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 3, 31), 50), (date(2026, 4, 1), 80), (date(2026, 9, 30), 80), (ON, 50)],
)
def test_a_place_counts_from_its_first_day_to_the_day_it_closes(
    a_small_town: Session, tmp_path: Path, on: date, expected: int
) -> None:
    add_place(
        a_small_town,
        tmp_path,
        f"夏の会,南西町1,{lat_lon(500, 600)},2026-04-01,2026-10-01",
        "名称,住所,緯度,経度,開設日,廃止日",
    )
    assert covered(a_small_town, on=on) == expected


def test_a_draft_does_not_count(a_small_town: Session, tmp_path: Path) -> None:
    draft = csv_file(tmp_path / "d.csv", PLACES_HEADER, f"案,,南西町1,{lat_lon(500, 600)},")
    assert bring(a_small_town, "places", draft, draft=True).inserted == 1
    assert covered(a_small_town) == 50


def test_a_place_beyond_the_border_counts(a_small_town: Session, tmp_path: Path) -> None:
    add_place(a_small_town, tmp_path, f"隣の店,,,{lat_lon(-100, 500)},")
    assert covered(a_small_town, distance_m=601) == 70 + 30


# --- walking and spreading -----------------------------------------------------------------------


def test_an_estimate_multiplies_the_way_and_says_so(town_to_read: Session) -> None:
    found = ask(town_to_read, walking="estimate", detour=1.3)
    assert found.total.covered == 40  # 300 m × 1.3 = 390 m, 400 m × 1.3 = 520 m
    assert found.areas[2].mean_distance_m == 390
    assert any("推計" in note and "1.3" in note for note in found.notes)


def test_the_straight_line_is_never_multiplied(town_to_read: Session) -> None:
    found = ask(town_to_read, walking="straight", detour=5.0)
    assert (found.total.covered, found.areas[2].mean_distance_m) == (50, 300)


def test_people_spread_over_their_town_keep_their_number(town_to_read: Session) -> None:
    found = ask(town_to_read, spread="area")
    assert found.total.population == 100
    assert [row.population for row in found.areas] == [40, 20, 40]


def test_people_spread_over_their_town_are_covered_in_parts(town_to_read: Session) -> None:
    """A circle of 100 m within a square of 1 km: a share of 0.0314 of 10 and of 40 people."""
    found = ask(town_to_read, spread="area", distance_m=100, age="all", kinds=("hall",))
    assert found.total.covered == pytest.approx(400 * 0.0314, abs=1)


# --- how the answer looks ------------------------------------------------------------------------


def test_the_answer_has_the_keys_programs_lean_on(town_to_read: Session) -> None:
    found = ask(town_to_read).model_dump(mode="json")
    keys = {"municipality", "distance_m", "age", "walking", "spread", "total", "areas", "gaps"}
    assert keys <= set(found)
    assert list(found["total"]) == [*FIGURES, "mean_distance_m"]
    assert all(list(area) == [*FIGURES, "mean_distance_m"] for area in found["areas"])
    assert all(list(gap) == GAP for gap in found["gaps"])
    assert (found["municipality"], found["age"], found["walking"], found["spread"]) == (
        CODE, "65", "straight", "point",
    )  # fmt: skip


def test_the_ratio_of_nobody_is_null(a_small_town: Session, tmp_path: Path) -> None:
    nobody = csv_file(
        tmp_path / "p.csv", "町名,調査年月日,総人口,65歳以上人口", "北東町,2026-05-01,9,0"
    )
    bring(a_small_town, "population", nobody)
    found = ask(a_small_town)
    assert (found.total.population, found.total.ratio) == (0, None)
    assert {row.ratio for row in found.areas} == {None}


def test_figures_carry_their_source_and_date(town_to_read: Session) -> None:
    found = ask(town_to_read)
    assert found.survey_date == date(2026, 1, 1)
    assert found.sources["boundary"].credit == "国土数値情報（行政区域データ）"
    assert set(found.sources) == {"boundary", "towns", "areas", "population", "places"}


def test_areas_from_a_list_are_called_approximate(town_to_read: Session) -> None:
    assert "圏域の境はおおよそです（町の一覧から作りました）。" in ask(town_to_read).notes


def test_places_put_at_a_town_are_called_approximate(a_small_town: Session, tmp_path: Path) -> None:
    add_place(a_small_town, tmp_path, "集いの館,,南西町1,,,")
    assert any(note.startswith("1 か所は住所から") for note in ask(a_small_town).notes)


def test_a_scheme_nobody_drew_is_refused(town_to_read: Session) -> None:
    with pytest.raises(NoSuchScheme, match="旧町"):
        ask(town_to_read, scheme="旧町")


# --- words for kinds and days --------------------------------------------------------------------


def test_kinds_go_by_code_or_label() -> None:
    assert kinds_named(["いこいの家", "salon"]) == ("rest_house", "salon")


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(UnknownKind, match=r"「ぺけ」.*いこいの家"):
        kinds_named(["ぺけ"])


@pytest.mark.parametrize("word", ["水", "水曜", "水曜日", "wed", "Wednesday"])
def test_a_weekday_may_be_written_in_many_ways(word: str) -> None:
    assert weekdays_named([word]) == ("水",)


def test_days_come_in_the_order_of_the_week() -> None:
    assert weekdays_named(["土", "mon"]) == ("月", "土")


@pytest.mark.parametrize("word", ["水月金", "月・水・金", "月水金曜日"])
def test_several_days_in_one_word_all_count(word: str) -> None:
    assert weekdays_named([word]) == ("月", "水", "金")


@pytest.mark.parametrize("word", ["祝", "", "曜日", "月祝", "we"])
def test_what_is_no_weekday_is_refused(word: str) -> None:
    with pytest.raises(UnknownWeekday):
        weekdays_named([word])
