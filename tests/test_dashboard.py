"""The dashboard (圏域の一覧表) on 四角市, by hand: sums, what is unknown, and last year."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from desk_client import engine_of, signed_in
from exchange_files import csv_file
from small_town import CODE, TODAY, areas_file, bring, lat_lon, population_file
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.report_coverage import Question
from api.actions.report_dashboard import Dashboard, report_dashboard
from api.actions.show_dashboard import dashboard_rows
from api.store.visible import OFFICE_PUBLISHED

HEADER = "名称,種類,緯度,経度,定員,参加者数,開設年月日,送迎"
FIGURES = (
    f"北の体操,体操,{lat_lon(500, 1400)},20,8,2020-04-01,",
    f"東の茶話,サロン,{lat_lon(1500, 1400)},,,2026-04-01,",
)


def found(session: Session, **asked: object) -> Dashboard:
    question = Question(**{"on": TODAY, "age": "65"} | asked)  # type: ignore[arg-type]
    return report_dashboard(session, CODE, OFFICE_PUBLISHED, question)


def rows(session: Session, **asked: object) -> dict[str, dict[str, object]]:
    return {str(row["name"]): row for row in dashboard_rows(session, found(session, **asked), 50)}


@pytest.fixture
def with_figures(a_small_town: Session, tmp_path: Path) -> Session:
    assert bring(a_small_town, "places", csv_file(tmp_path / "f.csv", HEADER, *FIGURES)).written
    return a_small_town


def test_areas_and_nowhere_add_up_to_the_total(with_figures: Session) -> None:
    told = rows(with_figures)
    assert list(told) == ["西圏域", "東圏域", "圏域なし", "合計"]
    for name, total in (("people_65", 100), ("people_75", 40), ("places", 4), ("covered", 70)):
        parts = [told[area][name] for area in ("西圏域", "東圏域", "圏域なし")]
        assert sum(int(str(part)) for part in parts) == told["合計"][name] == total


def test_participation_stands_beside_coverage_and_unknown_is_no_zero(with_figures: Session) -> None:
    west, east = rows(with_figures)["西圏域"], rows(with_figures)["東圏域"]
    assert (west["ratio"], west["participation"], west["participants_unknown"]) == (0.25, 0.2, 1)
    assert (east["ratio"], east["participation"], east["participants"]) == (1.0, None, None)
    assert (west["places_per_100k"], west["capacity_unknown"]) == (5000, 1)


def test_a_year_before_is_worked_out_the_same_way(with_figures: Session, tmp_path: Path) -> None:
    assert rows(with_figures)["東圏域"]["old_ratio"] is None
    older = population_file(tmp_path, date(2025, 1, 1))
    bring(with_figures, "population", older)
    east = rows(with_figures)["東圏域"]
    # 東の茶話 began in April 2026: a year ago nobody in the east could walk to a place.
    assert (east["old_ratio"], east["ratio"], east["old_places"]) == (0.0, 1.0, 0)
    trend = found(with_figures).trend
    assert trend.columns.tolist() == [2025, "2026"]


def test_seats_are_shared_among_whom_they_reach(with_figures: Session) -> None:
    # 北の体操: 20 seats, days unknown, once a week; 北西町's 10 people alone are within 300 m of
    # it; the salon's 20 seats, three days a week, reach 北西町 at 400 m and 北東町 at 600 m.
    told = found(with_figures).areas
    west, total = told.iloc[0]["seats_per_100"], told.iloc[-1]["seats_per_100"]
    salon = 3 * 20 * 10 * 0.77 / (10 * 0.77 + 20 * 0.46)
    assert west == pytest.approx(100 * (20 + salon) / 40)
    # All four places are reached by somebody: 20 + 60 + 20 + 20 seats for a hundred people.
    assert total == pytest.approx(120)


def test_two_schemes_give_the_same_total(with_figures: Session, tmp_path: Path) -> None:
    halves = [("K1", "旧北町", "北西町"), ("K1", "旧北町", "北東町"), ("K2", "旧南町", "南西町")]
    (tmp_path / "old").mkdir()
    file = areas_file(tmp_path / "old", [*halves, ("K2", "旧南町", "南東町")])
    assert bring(with_figures, "areas", file, scheme="旧町").written
    ours, theirs = rows(with_figures, scheme="圏域"), rows(with_figures, scheme="旧町")
    assert list(theirs) == ["旧北町", "旧南町", "合計"]
    for name in ("people_65", "people_75", "places", "covered", "participants", "stale"):
        assert ours["合計"][name] == theirs["合計"][name]


@pytest.mark.databases("sqlite")
def test_every_member_reads_the_page_and_its_excel_says_the_same(with_figures: Session) -> None:
    for role in Role:
        areas = ["W"] if role is Role.COORDINATOR else []
        desk = signed_in(engine_of(with_figures), role, areas=areas, login=role.value)
        page = desk.get(f"/{CODE}/plan/dashboard")
        assert page.status_code == 200, role
    assert "国の目標 参加率8%" in page.text and "わかりません" in page.text
    body = desk.get(f"/{CODE}/plan/dashboard.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert cells[-1][:4] == ("合計", 100, 40, 4)
    assert any("出典" in str(row[0]) for row in book.worksheets[1].iter_rows(values_only=True))
