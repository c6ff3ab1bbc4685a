"""Candidates from a file, and the best of them (候補地と配置)."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from exchange_files import csv_file
from small_town import CODE, TODAY, bring, cell_around, lat_lon, rows_of
from sqlmodel import Session

from api.actions.report_coverage import Question
from api.actions.site_places import SiteQuestion, SitingReport, site_places
from api.actions.siting_answer import siting_answer
from api.actions.siting_candidates import UnknownSite
from api.models import Candidate
from api.store.visible import OFFICE_PUBLISHED, RESIDENT, Withheld
from geo.siting import CannotBeMet

HEADER = "名称,種類,定員,緯度,経度"
ROWS = (
    f"南西の学校,廃校,100,{lat_lon(600, 600)}",  # 南西町 30 people at 141 m
    f"北東の店,空き店舗,10,{lat_lon(1500, 1400)}",  # 北東町 20 people at 100 m
    f"まんなかの寺,,,{lat_lon(1000, 1000)}",  # nobody within 500 m
)
"""Today the salon reaches 北西町 (10), the hall 南東町 (40); 南西町 30 and 北東町 20 are left."""


@pytest.fixture
def with_candidates(a_small_town: Session, tmp_path: Path) -> Session:
    outcome = bring(a_small_town, "candidates", csv_file(tmp_path / "c.csv", HEADER, *ROWS))
    assert outcome.inserted == 3
    return a_small_town


def site(session: Session, count: int, /, **asked: Any) -> SitingReport:
    question, wanted = Question(on=TODAY), SiteQuestion(count, **asked)
    return site_places(session, CODE, OFFICE_PUBLISHED, question, wanted)


def site_places_asked(session: Session, question: Question, asked: SiteQuestion) -> SitingReport:
    return site_places(session, CODE, OFFICE_PUBLISHED, question, asked)


def names(report: SitingReport) -> list[str]:
    return report.chosen["name"].tolist()


def test_kinds_come_from_words_and_names_and_a_file_met_again_changes_nothing(
    with_candidates: Session, tmp_path: Path
) -> None:
    stored = {row["name"]: row["kind"] for row in rows_of(with_candidates, Candidate)}
    assert stored == {"南西の学校": "school", "北東の店": "shop", "まんなかの寺": "temple"}
    again = bring(with_candidates, "candidates", csv_file(tmp_path / "d.csv", HEADER, *ROWS))
    assert (again.inserted, again.unchanged) == (0, 3)
    far = csv_file(tmp_path / "far.csv", HEADER, f"遠い所,,,{lat_lon(9_000, 0)}")
    assert bring(with_candidates, "candidates", far).rejected == 1


def test_residents_see_no_candidates(with_candidates: Session) -> None:
    with pytest.raises(Withheld):
        site_places(with_candidates, CODE, RESIDENT, Question(on=TODAY), SiteQuestion(1))


def test_the_best_site_and_whom_it_reaches(with_candidates: Session) -> None:
    found = siting_answer(site(with_candidates, 2))
    assert (found.newly_reached, found.reached_today, found.population) == (50, 50, 100)
    assert (found.optimal, found.gap) == (True, 0)
    assert [(each.name, each.newly_reached) for each in found.chosen] == [
        ("南西の学校", 30),
        ("北東の店", 20),
    ]
    assert [(town.town, town.people) for town in found.chosen[0].towns] == [("南西町", 30)]
    assert [(p.sites, p.newly_reached) for p in found.curve] == [(1, 30), (2, 50), (3, 50)]


def test_what_is_settled_beforehand(with_candidates: Session) -> None:
    assert names(site(with_candidates, 1, fixed=("北東の店",))) == ["北東の店"]
    assert names(site(with_candidates, 1, forbidden=("南西の学校",))) == ["北東の店"]
    # The hall goes: 南東町 is not reached any more, and no candidate reaches it.
    gone = site(with_candidates, 1, without=("南東集会所",))
    assert (gone.reached_today, names(gone)) == (10, ["南西の学校"])
    # All three lie between 510 m and 949 m from the salon.
    assert site(with_candidates, 1, apart_m=300).newly_reached == 30
    assert site(with_candidates, 2, apart_m=1_100).newly_reached == 0
    with pytest.raises(UnknownSite, match="どこにもない"):
        site(with_candidates, 1, fixed=("どこにもない",))


def test_capacity_counts_whom_a_place_can_take(with_candidates: Session) -> None:
    found = siting_answer(site(with_candidates, 2, capacity=True))
    assert [(each.name, each.newly_reached) for each in found.chosen] == [
        ("南西の学校", 30),
        ("北東の店", 10),
    ]
    assert (found.newly_reached, found.objective) == (40, 40)


def test_the_fewest_the_fairest_and_the_least_walking(with_candidates: Session) -> None:
    assert names(site(with_candidates, 3, goal="fewest", share=0.8)) == ["南西の学校"]
    with pytest.raises(CannotBeMet, match="1か所まで"):
        site(with_candidates, 1, goal="fewest", share=1.0)
    # 西圏域 has 10 of 40 reached, 東圏域 none of 20: the fairest begins in the east.
    assert names(site(with_candidates, 1, goal="fair")) == ["北東の店"]
    assert names(site(with_candidates, 1, goal="walk")) == ["南西の学校"]


def test_without_candidates_every_inhabited_spot_is_one(a_small_town: Session) -> None:
    found = site(a_small_town, 1)
    assert (found.inhabited, names(found), found.newly_reached) == (True, ["南西町"], 30)


def test_cells_of_one_town_each_have_a_name(four_towns: Session, tmp_path: Path) -> None:
    # Two 500 m cells whose middles lie in 北西町 and one in 南東町: nobody has told their towns.
    cells = [cell_around(x, y) for x, y in ((300, 1_300), (800, 1_700), (1_500, 500))]
    rows = [
        f"{cell},2026-01-01,{people},{people}"
        for cell, people in zip(cells, (50, 40, 30), strict=True)
    ]
    header = "メッシュコード,調査年月日,総人口,65歳以上人口"
    bring(four_towns, "population", csv_file(tmp_path / "mesh.csv", header, *rows))
    found = site(four_towns, 3)
    assert sorted(names(found)) == ["北西町（その1）", "北西町（その2）", "南東町"]
    assert names(site(four_towns, 1, fixed=("南東町",))) == ["南東町"]


@pytest.mark.parametrize("distance_m", [450, 520, 700, 830])
def test_towns_and_areas_add_up_to_what_is_newly_reached(
    with_candidates: Session, distance_m: float
) -> None:
    question = Question(on=TODAY, spread="area", distance_m=distance_m)
    found = siting_answer(site_places_asked(with_candidates, question, SiteQuestion(3)))
    for each in found.chosen:
        assert sum(town.people for town in each.towns) == each.newly_reached
    assert sum(each.newly_reached for each in found.chosen) == found.newly_reached
    assert sum(area.population for area in found.areas) == found.population == 100
    raised = sum(area.after - area.before for area in found.areas)
    assert raised == pytest.approx(found.newly_reached, abs=1)


def test_areas_before_and_after(with_candidates: Session) -> None:
    found = siting_answer(site(with_candidates, 1))
    rows = [(area.name, area.population, area.before, area.after) for area in found.areas]
    assert rows == [("西圏域", 40, 10, 40), ("東圏域", 20, 0, 0), ("圏域なし", 40, 40, 40)]


def test_one_by_one_is_told_beside_the_proof(with_candidates: Session) -> None:
    words = " ".join(siting_answer(site(with_candidates, 2)).notes)
    assert "これより良い選び方がない" in words
    assert "一か所ずつ順に選ぶ簡単な方法では 50 人、この答えは 50 人です" in words


def test_the_best_sites_of_a_year_to_come_say_how_its_people_were_worked_out(
    with_candidates: Session, tmp_path: Path
) -> None:
    totals = csv_file(tmp_path / "p.csv", "年,65歳以上人口", "2040,300")
    bring(with_candidates, "projections", totals, constants={"source": "四角市の推計"})
    asked = Question(on=TODAY, year=2040)
    found = siting_answer(site_places_asked(with_candidates, asked, SiteQuestion(2)))
    assert (found.newly_reached, found.population) == (150, 300)
    assert "同じ割合で増減" in found.notes[-3] and "いまのまま変わらない" in found.notes[-2]
    assert found.notes[-1].startswith("出典：") and "四角市の推計" in found.notes[-1]


def test_small_halls_cannot_reach_a_share_and_say_how_far(with_candidates: Session) -> None:
    # 50 of 100 are reached today; the school takes its 30, the shop no more than 10 of its 20.
    with pytest.raises(CannotBeMet, match=r"90\.0%まで"):
        site(with_candidates, 3, goal="fewest", share=1.0, capacity=True)
    halls = site(with_candidates, 3, goal="fewest", share=0.9, capacity=True)
    assert (halls.choice.objective, halls.newly_reached) == (2, 40)


def test_an_added_place_never_lowers_what_is_reached(with_candidates: Session) -> None:
    for some in itertools.combinations(("南西の学校", "北東の店", "まんなかの寺"), 2):
        assert site(with_candidates, 2, fixed=some).newly_reached >= max(
            site(with_candidates, 1, fixed=(one,)).newly_reached for one in some
        )


def test_the_command_line_says_the_same_as_json_and_as_a_table(
    with_candidates: Session, yoridokoro: CommandLine
) -> None:
    yoridokoro = yoridokoro.on(with_candidates)
    found = json.loads(yoridokoro("site", "2", "--format", "json").out)
    assert {"newly_reached", "optimal", "gap", "chosen", "curve"} <= set(found)
    assert set(found["chosen"][0]) >= {"rank", "name", "newly_reached", "lon", "lat"}
    assert [point["newly_reached"] for point in found["curve"]] == [30, 50, 50]
    fair = yoridokoro("site", "1", "--goal", "fair").out
    assert "東圏域 0 → 20 / 20 人" in fair and "次に低い圏域" in fair
    # 10 walk 400 m, 40 walk 300 m, 30 now 141 m, 20 the 600 m to the salon: 32,243 in all.
    walk = yoridokoro("site", "1", "--goal", "walk").out
    assert "いちばん多く届くときの人数です" in fair
    assert "一人あたり平均 322m" in walk and "1,500m より遠い人" in walk
    assert yoridokoro("site", "2", "--time-limit", "30").code == 0
    table = yoridokoro("site", "2").out
    assert "新しく届く人 50 人" in table and "南西の学校" in table
    refused = yoridokoro("site", "1", "--fixed", "ない")
    assert (refused.code, refused.out) == (2, "")
    assert "「ない」という候補地はありません" in refused.err
