"""Scenarios (計画案) at the desk: tried, saved, shared, compared, printed; nothing real changes."""

import html
import io
import json
import re
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely
from desk_client import DeskClient, engine_of, signed_in
from exchange_files import csv_file
from pdf_sheets import ReadSheet
from small_town import CODE, TODAY, bring, by_name, degrees, lat_lon, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.report_coverage import Question, community_for
from api.actions.scenarios import Move
from api.actions.try_scenario import closing, losses, try_in, try_moves
from api.models import Place, Scenario, Town
from api.models.columns import table_of
from api.routes.plan_siting import AT_ONCE
from api.store.visible import OFFICE_PUBLISHED

pytestmark = pytest.mark.databases("sqlite")
NASTY = "案<script>alert(1)</script>#\\u{1f}"


class Planning:
    """四角市 with a planner, another planner, and a coordinator."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.planner = self._sits(Role.PLANNER, "planner")

    @cached_property
    def other(self) -> DeskClient:
        return self._sits(Role.CHIEF, "other")

    @cached_property
    def west(self) -> DeskClient:
        return self._sits(Role.COORDINATOR, "west", ["W"])

    def _sits(self, role: Role, login: str, areas: Any = ()) -> DeskClient:
        return signed_in(engine_of(self.session), role, areas=areas, login=login)

    def begin(self, name: str = "南に一つ") -> int:
        made = self.planner.post(f"/{CODE}/plan/", {"name": name}, follow_redirects=False)
        assert made.status_code == 303
        return int(rows_of(self.session, Scenario)[-1]["id"])

    def change(self, plan: int, path: str = "", **said: str) -> Any:
        version = str(
            next(r["version"] for r in rows_of(self.session, Scenario) if r["id"] == plan)
        )
        return self.planner.post(f"/{CODE}/plan/{plan}{path}", {"version": version, **said})

    def page(self, plan: int) -> str:
        return str(self.planner.get(f"/{CODE}/plan/{plan}").text)


@pytest.fixture
def planning(a_small_town: Session) -> Planning:
    return Planning(a_small_town)


def at(x: float, y: float) -> dict[str, str]:
    lon, lat = degrees(x, y)
    return {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}


# --- by hand: 北西 10 reached, 南東 40 reached, 南西 30 and 北東 20 not ---------------------------


def trial(session: Session, *moves: Move) -> Any:
    return try_moves(session, CODE, OFFICE_PUBLISHED, Question(on=TODAY), moves)


def test_an_added_place_reaches_its_town_and_changes_nothing_else(a_small_town: Session) -> None:
    lon, lat = degrees(500, 600)
    found = trial(a_small_town, Move(do="add", name="南の家", lon=lon, lat=lat))
    assert (found.gained, found.towns["name"].tolist()) == (30, ["南西町"])
    assert found.areas["covered_before"].tolist() == [10, 0, 40, 50]
    assert found.areas["covered_after"].tolist() == [40, 0, 40, 80]
    assert found.areas["places_after"].tolist() == [2, 0, 1, 3]
    assert trial(a_small_town).gained == 0


def test_a_closed_and_a_moved_place(a_small_town: Session) -> None:
    hall = by_name(a_small_town, Place)["南東集会所"]["id"]
    assert trial(a_small_town, Move(do="close", place_id=hall, name="x")).gained == -40
    lon, lat = degrees(500, 500)
    moved = trial(a_small_town, Move(do="move", place_id=hall, name="x", lon=lon, lat=lat))
    assert moved.gained == -10
    assert dict(zip(moved.towns["name"], moved.towns["gained"], strict=True)) == {
        "南西町": 30,
        "南東町": -40,
    }


def test_whose_loss_would_hurt_most(a_small_town: Session, tmp_path: Path) -> None:
    near = csv_file(tmp_path / "p.csv", "名称,緯度,経度", f"となり,{lat_lon(950, 1500)}")
    bring(a_small_town, "places", near)
    question = Question(on=TODAY)
    community = community_for(a_small_town, CODE, OFFICE_PUBLISHED, question)
    found = losses(community, question)
    # 北西町 could go to two; only the hall is the last one anybody has.
    assert dict(zip(found["name"], found["lost"], strict=True)) == {
        "南東集会所": 40,
        "ひだまりサロン": 0,
        "となり": 0,
    }
    for number, row in found.iterrows():
        lost = try_in(community, question, closing(community, [int(str(number))])).gained
        assert lost == -row["lost"]


# --- at the desk ---------------------------------------------------------------------------------


def test_a_planner_adds_two_places_and_the_register_stays_as_it_is(planning: Planning) -> None:
    plan = planning.begin()
    planning.change(plan, "/moves", do="add", name="南の家", **at(500, 600))
    towns = {name: str(row["id"]) for name, row in by_name(planning.session, Town).items()}
    planning.change(plan, "/moves", do="add", town_id=towns["北東町"], capacity_people="15")
    page = planning.page(plan)
    assert "歩いて通える人が 50 人ふえて、100% になります。" in page
    assert "南の家 を置く" in page and "北東町 を置く（定員15人）" in page
    assert "＋30" in page and "＋20" in page
    assert len(rows_of(planning.session, Place)) == 2
    planning.change(plan, "/moves/0/remove")
    assert "20 人ふえて" in planning.page(plan)


def test_a_place_of_the_scenario_is_put_elsewhere_and_keeps_its_name(planning: Planning) -> None:
    hall = by_name(planning.session, Place)["南東集会所"]["id"]
    plan = planning.begin()
    planning.change(plan, "/moves", do="close", place_id=str(hall))
    planning.change(plan, "/moves", do="add", name="南の家", capacity_people="15", **at(1500, 1500))
    assert "北東町" in planning.page(plan)
    planning.change(plan, "/moves/1/place", **at(500, 600))
    page = planning.page(plan)
    assert "南の家 を置く（定員15人）" in page and "＋30" in page and "＋20" not in page
    for number, where in (("0", at(1, 1)), ("7", at(1, 1)), ("1", {"lon": "999", "lat": "1"})):
        assert planning.change(plan, f"/moves/{number}/place", **where).status_code == 422
    assert planning.page(plan) == page


def test_a_moved_place_leaves_for_qgis_where_it_will_be(planning: Planning, tmp_path: Path) -> None:
    hall = by_name(planning.session, Place)["南東集会所"]["id"]
    plan = planning.begin()
    planning.change(plan, "/moves", do="move", place_id=str(hall), **at(500, 600))
    file = tmp_path / "p.gpkg"
    file.write_bytes(planning.planner.get(f"/{CODE}/plan/{plan}/plan.gpkg").content)
    places = geopandas.read_file(file, layer="places").set_index("name")
    assert places.loc["南東集会所", "state"] == "moved"
    there = shapely.get_coordinates(places.geometry["南東集会所"])[0]
    assert tuple(there) == pytest.approx(degrees(500, 600), abs=1e-6)


def test_one_click_from_a_place_to_what_its_closing_means(planning: Planning) -> None:
    hall = by_name(planning.session, Place)["南東集会所"]["id"]
    assert f"/{CODE}/plan/closing/{hall}" in planning.planner.get(f"/{CODE}/plan/losses").text
    page = planning.planner.get(f"/{CODE}/plan/closing/{hall}")
    assert "40 人へって" in page.text and "南東町" in page.text
    assert f"/{CODE}/plan/closing/{hall}" in planning.other.get(f"places/{hall}").text
    kept = {"do": "close", "place_id": str(hall), "name": "閉じたとき"}
    assert "40 人へって" in planning.planner.post(f"/{CODE}/plan/", kept).text


def test_what_cannot_be_is_told_and_nothing_is_lost(planning: Planning) -> None:
    plan = planning.begin()
    for said in (
        {"do": "add"},
        {"do": "add", "lon": "999", "lat": "1"},
        {"do": "close", "place_id": "999"},
        {"do": "bomb"},
    ):
        assert planning.change(plan, "/moves", **said).status_code == 422
    assert planning.change(plan, name="").status_code == 422
    assert planning.planner.post(f"/{CODE}/plan/", {"name": " "}).status_code == 422
    assert "南に一つ" in planning.planner.get(f"/{CODE}/plan/").text
    stale = planning.planner.post(f"/{CODE}/plan/{plan}", {"version": "99", "name": "x"})
    assert stale.status_code == 409
    assert rows_of(planning.session, Scenario)[-1]["moves"] == "[]"


def test_others_see_what_is_shared_and_change_only_their_own(planning: Planning) -> None:
    plan = planning.begin()
    assert planning.other.get(f"/{CODE}/plan/{plan}").status_code == 404
    planning.change(plan, name="みんなで", shared="1")
    for reader in (planning.other, planning.west):
        assert "みんなで" in reader.get(f"/{CODE}/plan/{plan}").text
    sent = {"version": "2", "name": "書きかえ"}
    assert planning.other.post(f"/{CODE}/plan/{plan}", sent).status_code == 403
    assert planning.west.post(f"/{CODE}/plan/", {"name": "x"}).status_code == 403
    assert "みんなでの写し" in planning.other.post(f"/{CODE}/plan/{plan}/copy", {}).text
    planning.change(plan, "/remove")
    assert planning.planner.get(f"/{CODE}/plan/{plan}").status_code == 404


def test_two_scenarios_side_by_side(planning: Planning) -> None:
    one, two = planning.begin("一つめ"), planning.begin("二つめ")
    planning.change(two, "/moves", do="add", name="南の家", **at(500, 600))
    page = planning.planner.get(f"/{CODE}/plan/compare?a={one}&b={two}").text
    assert "一つめ" in page and "＋30" in page


def test_names_are_escaped_on_the_page_in_the_figure_and_on_paper(planning: Planning) -> None:
    plan = planning.begin(NASTY[:50])
    planning.change(plan, "/moves", do="add", name=NASTY, **at(500, 600))
    assert "<script>alert" not in planning.page(plan)
    paper = planning.planner.get(f"/{CODE}/plan/{plan}/plan.pdf")
    assert paper.status_code == 200 and "<script>alert(1)" in ReadSheet(paper.content).text


def test_the_paper_has_two_pages_with_map_table_and_assumptions(planning: Planning) -> None:
    plan = planning.begin()
    planning.change(plan, "/moves", do="add", name="南の家", **at(500, 600))
    paper = planning.planner.get(f"/{CODE}/plan/{plan}/plan.pdf")
    read = ReadSheet(paper.content)
    assert len(read.pages) == 2
    for words in ("30人ふえて", "南の家を置く", "南西町", "前提と出典", "距離は直線", "西圏域"):
        assert words in read.text
    assert b"pdfuaid" in paper.content


def test_excel_and_geopackage_say_the_same(planning: Planning, tmp_path: Path) -> None:
    plan = planning.begin("=1+1")
    planning.change(plan, "/moves", do="add", name="=HYPERLINK(1)", **at(500, 600))
    book = openpyxl.load_workbook(
        io.BytesIO(planning.planner.get(f"/{CODE}/plan/{plan}/plan.xlsx").content)
    )
    rows = [[cell for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[-1][:5] == ["合計", 100, 50, 80, 30]
    notes = [str(row[0]) for row in book.worksheets[1].iter_rows(values_only=True)]
    assert any("=HYPERLINK" in note and not note.startswith("=") for note in notes)
    file = tmp_path / "p.gpkg"
    file.write_bytes(planning.planner.get(f"/{CODE}/plan/{plan}/plan.gpkg").content)
    with sqlite3.connect(file) as store:
        states = dict(store.execute("select state, count(*) from places group by state"))
    store.close()
    assert states == {"stay": 2, "added": 1}


def test_the_best_sites_become_a_scenario(planning: Planning, tmp_path: Path) -> None:
    rows = (f"南の学校,{lat_lon(600, 600)}", f"北の店,{lat_lon(1500, 1400)}")
    bring(planning.session, "candidates", csv_file(tmp_path / "c.csv", "名称,緯度,経度", *rows))
    page = planning.planner.get(f"/{CODE}/plan/siting?sites=1").text
    assert "1 か所で、いま届いていない 30 人に届きます。" in page
    assert "これより良い選び方はありません" in page
    move = page.split('name="moves" value="')[1].split('"')[0].replace("&#34;", '"')
    made = planning.planner.post(f"/{CODE}/plan/", {"name": "案", "moves": move})
    assert "30 人ふえて" in made.text
    assert (
        'role="alert"' not in planning.planner.get(f"/{CODE}/plan/siting?sites=2&goal=fewest").text
    )
    too_much = planning.planner.get(f"/{CODE}/plan/siting?sites=1&goal=fewest&share=100")
    assert (too_much.status_code, "1か所まで" in too_much.text) == (422, True)


def test_what_is_settled_beforehand_is_asked_on_the_page(
    planning: Planning, tmp_path: Path
) -> None:
    rows = (f"南の学校,{lat_lon(600, 600)}", f"北の店,{lat_lon(1500, 1400)}")
    bring(planning.session, "candidates", csv_file(tmp_path / "c.csv", "名称,緯度,経度", *rows))

    def asked(**more: str) -> Any:
        query = "&".join(f"{name}={value}" for name, value in more.items())
        return planning.planner.get(f"/{CODE}/plan/siting?sites=1&{query}")

    fixed = asked(fixed="北の店").text
    assert "いま届いていない 20 人に届きます" in fixed and "かならず選ぶ候補地：北の店。" in fixed
    assert "いま届いていない 20 人に届きます" in asked(forbidden="南の学校").text
    leaving = asked(without="南東集会所")
    assert "なくなるものとした通いの場：南東集会所。" in leaving.text
    assert leaving.text.count('name="without" value="南東集会所" checked') == 1
    packed = re.findall(r'name="moves" value="([^"]*)"', leaving.text)
    moves = [json.loads(html.unescape(text)) for text in packed]
    assert [(move["do"], move["name"]) for move in moves] == [
        ("close", "南東集会所"),
        ("add", "南の学校"),
    ]
    for odd in ({"fixed": "ない所"}, {"fixed": "北の店", "forbidden": "北の店"}):
        refused = asked(**odd)
        assert refused.status_code == 422 and 'role="alert"' in refused.text


def test_the_table_of_areas_says_who_is_raised(planning: Planning, tmp_path: Path) -> None:
    rows = csv_file(tmp_path / "c.csv", "名称,緯度,経度", f"南の学校,{lat_lon(600, 600)}")
    bring(planning.session, "candidates", rows)
    page = planning.planner.get(f"/{CODE}/plan/siting?sites=1").text
    row = page.split('<th scope="row">西圏域</th>')[1].split("</tr>")[0]
    assert re.findall(r">([\d,]+（[\d.]+%）)<", row) == ["10（25%）", "40（100%）"]
    assert "＋30" in row


def test_a_question_without_an_answer_is_not_kept_and_closes_no_page(planning: Planning) -> None:
    plan = planning.begin()
    for said in ({"year": "2040"}, {"scheme": "ない区分"}, {"walking": "roads"}, {"year": "x"}):
        refused = planning.change(plan, name="x", **said)
        assert refused.status_code == 422 and "まだ変えていません" in refused.text
    table = table_of(Scenario)
    planning.session.connection().execute(table.update().values(question='{"year": 2040}'))
    planning.session.commit()
    opened = planning.planner.get(f"/{CODE}/plan/{plan}")
    assert opened.status_code == 200 and "この計画案を消す" in opened.text
    assert (
        "いまの人口・直線で数えています" in opened.text and "まだ変えていません" not in opened.text
    )
    planning.change(plan, "/remove")
    assert planning.planner.get(f"/{CODE}/plan/{plan}").status_code == 404


def test_moves_that_name_no_spot_in_japan_or_no_place_are_refused(planning: Planning) -> None:
    plan = planning.begin()
    for far in (("-131", "0"), ("0", "0"), ("49", "0.1"), ("-180", "-90")):
        there = dict(zip(("lon", "lat"), far, strict=True))
        assert planning.change(plan, "/moves", do="add", **there).status_code == 422
    lon, lat = degrees(500, 500)
    for move in (
        {"do": "move", "name": "x", "place_id": -1, "lon": lon, "lat": lat},
        {"do": "move", "name": "x", "place_id": 10**30, "lon": lon, "lat": lat},
        {"do": "close", "name": "x", "place_id": 999999},
        {"do": "add", "name": "x"},
        {"do": "close", "name": "x"},
    ):
        made = planning.planner.post(f"/{CODE}/plan/", {"name": "案", "moves": json.dumps(move)})
        assert made.status_code == 422, move


def test_letters_excel_cannot_hold_do_not_break_it(planning: Planning) -> None:
    plan = planning.begin()
    planning.change(plan, "/moves", do="add", name="南\x0bの\x07家", **at(500, 600))
    assert planning.planner.get(f"/{CODE}/plan/{plan}/plan.xlsx").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        *(f"siting?sites=1&year={year}" for year in ("abc", "-1", "99999", "1989", "0", "1.5")),
        *(f"dashboard?on={day}" for day in ("0001-01-01", "9999-12-31")),
    ],
)
def test_odd_questions_are_refused(planning: Planning, query: str) -> None:
    assert planning.planner.get(f"/{CODE}/plan/{query}").status_code == 422


def test_a_siting_that_others_keep_busy_says_so(planning: Planning) -> None:
    for _ in range(2):
        AT_ONCE.acquire()
    try:
        busy = planning.planner.get(f"/{CODE}/plan/siting?sites=1")
    finally:
        for _ in range(2):
            AT_ONCE.release()
    assert busy.status_code == 503 and "少し待ってから" in busy.text
