"""What was given back to residents (還元, P10): entered, published, on paper; area by area."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from exchange_files import csv_file
from small_town import CODE, PLACES_HEADER, TODAY, bring, by_name, lat_lon, rows_of
from sqlalchemy import update
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.find_municipality import find_municipality
from api.actions.give_back import AreaGiven, GiveBack, give_back
from api.actions.handouts import Given, record_handout
from api.actions.locating import Land
from api.models import Deed, Handout, Place, Service
from api.models.columns import table_of
from api.store.changes import Hand

YESTERDAY, TOMORROW = date(2026, 9, 30), date(2026, 10, 2)


def panel(session: Session, on: date = TODAY) -> GiveBack:
    found = give_back(Land(session, find_municipality(session, CODE), on))
    session.rollback()
    return found


def rows(session: Session, on: date = TODAY) -> dict[str, AreaGiven]:
    return {area.name: area for area in panel(session, on).areas}


def shares(session: Session) -> dict[str, float | None]:
    return {name: area.handed_share for name, area in rows(session).items()}


def give(session: Session, area: str | None, sheet: str = "list", **more: Any) -> int:
    given = Given(area=area, sheet=sheet, **{"given_on": TODAY, "issued_on": TODAY, **more})
    tenant = find_municipality(session, CODE)
    number = record_handout(session, Hand(CODE, "西さん"), tenant, given)
    session.commit()
    return number


def services_file(folder: Path) -> Path:
    return csv_file(
        folder / "services.csv",
        "名称,種類,提供圏域",
        "西の配食,配食,西圏域",
        "東の配食,配食,東圏域",
        "どこでも見守り,見守り,全域",
    )


def hall_in_the_east(folder: Path) -> Path:
    return csv_file(
        folder / "east.csv", PLACES_HEADER, f"北東会館,集会所,北東町1,{lat_lon(1500, 1500)},"
    )


@pytest.fixture
def town(a_small_town: Session, tmp_path: Path) -> Session:
    """西: a salon and a meal service. 東: a hall and a meal service. 圏域なし・全域: two."""
    bring(a_small_town, "places", hall_in_the_east(tmp_path))
    assert bring(a_small_town, "services", services_file(tmp_path)).written
    return a_small_town


# --- the panel -----------------------------------------------------------------------------------


def test_two_hundred_drafts_are_entered_and_nothing_of_them_came_back(
    four_towns: Session, tmp_path: Path
) -> None:
    """P10: after an import of 200 rows and no publishing the panel says 0 %."""
    areas = csv_file(
        tmp_path / "a.csv", "圏域コード,圏域名,町名", "W,西圏域,北西町", "E,東圏域,北東町"
    )
    bring(four_towns, "areas", areas)
    lines = [f"場{n},サロン,北西町{n},{lat_lon(500 + n % 20, 1400 + n // 20)}," for n in range(200)]
    file = csv_file(tmp_path / "places.csv", PLACES_HEADER, *lines)
    bring(four_towns, "places", file, draft=True)
    found = panel(four_towns)
    west = found.areas[0]
    assert (west.name, west.entered) == ("西圏域", 200)
    assert (west.published_share, west.handed_share, west.last_on) == (0.0, 0.0, None)
    assert (found.total.entered, found.total.published_share) == (200, 0.0)
    # Nothing is known of the east: that is not 0 %.
    east = found.areas[1]
    assert (east.entered, east.published_share, east.handed_share) == (0, None, None)


def test_a_sheet_of_one_area_changes_that_area_and_no_other(town: Session) -> None:
    assert shares(town) == {"西圏域": 0.0, "東圏域": 0.0, "圏域なし・全域": 0.0}
    give(town, "W")
    assert shares(town) == {"西圏域": 1.0, "東圏域": 0.0, "圏域なし・全域": 0.0}
    found = rows(town)
    assert (found["西圏域"].handouts, found["西圏域"].last_on) == (1, TODAY)
    assert (found["東圏域"].handouts, found["東圏域"].last_on) == (0, None)
    total = panel(town).total
    assert (total.entered, total.published, total.handed) == (6, 6, 2)


def test_each_kind_of_sheet_gives_back_what_stands_on_it(town: Session) -> None:
    give(town, "W", sheet="map")
    assert [thing.name for thing in rows(town)["西圏域"].missing] == ["西の配食"]
    give(town, "W", sheet="leaflet")
    assert rows(town)["西圏域"].missing == []


def test_what_serves_everybody_came_back_once_every_area_got_it(town: Session) -> None:
    give(town, "W")
    assert "どこでも見守り" in [thing.name for thing in rows(town)["圏域なし・全域"].missing]
    give(town, "E")
    assert [thing.name for thing in rows(town)["圏域なし・全域"].missing] == ["南東集会所"]


def test_a_sheet_of_the_whole_municipality_reaches_every_area(town: Session) -> None:
    give(town, None)
    assert shares(town) == {"西圏域": 1.0, "東圏域": 1.0, "圏域なし・全域": 1.0}
    assert panel(town).total.missing == []


def test_what_is_entered_afterwards_stood_on_no_sheet(town: Session, tmp_path: Path) -> None:
    give(town, "W")
    file = csv_file(
        tmp_path / "new.csv", PLACES_HEADER, f"新しい会,サロン,北西町2,{lat_lon(400, 1400)},"
    )
    bring(town, "places", file)
    west = rows(town)["西圏域"]
    assert (west.entered, west.handed) == (3, 2)
    assert [thing.name for thing in west.missing] == ["新しい会"]


def test_what_has_closed_or_is_only_a_draft_stood_on_no_sheet(
    town: Session, tmp_path: Path
) -> None:
    lines = [f"{name},サロン,北西町2,{lat_lon(400, 1400)}," for name in ("終わった会", "続く会")]
    bring(town, "places", csv_file(tmp_path / "c.csv", PLACES_HEADER, *lines))
    place = table_of(Place)
    over = update(place).where(place.c.name == "終わった会").values(closed_on=YESTERDAY)
    town.connection().execute(over)
    town.commit()
    bring(
        town,
        "places",
        csv_file(tmp_path / "d.csv", PLACES_HEADER, f"案,サロン,北西町4,{lat_lon(420, 1400)},"),
        draft=True,
    )
    number = give(town, "W", sheet="map")
    names = {row["id"]: name for name, row in by_name(town, Place).items()}
    (row,) = [row for row in rows_of(town, Handout) if row["id"] == number]
    on_it = {names[each] for each in json.loads(row["places"])}
    assert on_it == {"ひだまりサロン", "続く会"}
    west = rows(town)["西圏域"]
    assert (west.entered, west.published, west.handed) == (4, 3, 2)


def test_a_sheet_that_is_given_out_later_is_not_counted_before(town: Session) -> None:
    give(town, "W", given_on=TODAY)
    assert rows(town, YESTERDAY)["西圏域"].handed == 0
    assert rows(town, TOMORROW)["西圏域"].handed == 2


def test_the_last_day_is_the_latest_and_not_the_last_entered(town: Session) -> None:
    give(town, "W", given_on=TODAY)
    give(town, "W", given_on=date(2026, 4, 1), issued_on=date(2026, 4, 1))
    assert rows(town)["西圏域"].last_on == TODAY


def test_the_places_and_services_that_stood_on_it_are_kept_by_number(town: Session) -> None:
    give(town, "W", copies=30, occasion="寺町サロン", given_by="西さん", paper="A3")
    (row,) = rows_of(town, Handout)
    salon, meals = by_name(town, Place)["ひだまりサロン"], by_name(town, Service)
    assert row["places"] == f"[{salon['id']}]"
    on_it = sorted([meals["西の配食"]["id"], meals["どこでも見守り"]["id"]])
    assert row["services"] == str(on_it)
    assert (row["copies"], row["occasion"], row["paper"]) == (30, "寺町サロン", "A3")


# --- the desk ------------------------------------------------------------------------------------


@pytest.fixture
def west(town: Session) -> DeskClient:
    client = signed_in(engine_of(town), Role.COORDINATOR, areas=["W"])
    client.on(TODAY)
    client.sign_in()
    return client


SHEET = {
    "area": "W",
    "sheet": "list",
    "paper": "A4",
    "given_on": "2026-10-01",
    "copies": "３０",
    "occasion": "<b>寺町</b>サロン",
    "given_by": "西さん",
}


def test_a_coordinator_records_a_sheet_and_sees_the_share_rise(
    town: Session, west: DeskClient
) -> None:
    before = west.get("handouts/").text
    assert "まだ記録がありません" in before and "0%" in before
    page = west.post("handouts/new", SHEET).text
    assert "配った紙を記録しました。" in page
    assert "30 部" in page and "&lt;b&gt;寺町&lt;/b&gt;サロン" in page
    assert "100%" in page
    assert "公開しているものは、すべて紙で配りました。" in page
    assert f"/{CODE}/sheets/W.pdf" in page
    assert "台帳の 6 件のうち、公開した 100%、紙で配った 33%" in west.get("").text
    (row,) = rows_of(town, Handout)
    assert (row["issued_on"], row["copies"], row["given_by"]) == (TODAY, 30, "西さん")


def test_it_is_taken_back_by_whoever_wrote_it_and_the_share_falls(
    town: Session, west: DeskClient
) -> None:
    page = west.post("handouts/new", SHEET).text
    deed = page.split("/desk/log/")[1].split("/undo")[0]
    back = west.post(f"log/{deed}/undo", {"back": "handouts/"})
    assert back.url.path.endswith("/desk/handouts/") and "取り消しました" in back.text
    assert rows_of(town, Handout) == []
    assert shares(town)["西圏域"] == 0.0


def test_nobody_takes_back_what_another_wrote_but_the_first_tier(
    town: Session, west: DeskClient
) -> None:
    west.post("handouts/new", SHEET)
    (deed,) = [row["id"] for row in rows_of(town, Deed) if row["what"] == "handout"]
    other = signed_in(engine_of(town), Role.COORDINATOR, areas=["W"], login="other", app=west.app)
    assert "undo" not in other.get("handouts/").text
    other.post(f"log/{deed}/undo", {"back": "handouts/"})
    assert len(rows_of(town, Handout)) == 1
    chief = signed_in(engine_of(town), Role.CHIEF, app=west.app)
    assert "配った紙" in chief.get("log/").text
    chief.post(f"log/{deed}/undo", {"back": "log/"})
    assert rows_of(town, Handout) == []


@pytest.mark.parametrize("area", ["E", "*"])
def test_a_coordinator_records_for_their_own_area_only(
    town: Session, west: DeskClient, area: str
) -> None:
    assert west.post("handouts/new", SHEET | {"area": area}).status_code == 403
    assert rows_of(town, Handout) == []
    assert "東圏域</option>" not in west.get("handouts/new").text


def test_whoever_handed_the_area_over_takes_no_sheet_of_it_back(
    town: Session, west: DeskClient
) -> None:
    west.post("handouts/new", SHEET)
    (deed,) = [row["id"] for row in rows_of(town, Deed) if row["what"] == "handout"]
    chief = signed_in(engine_of(town), Role.CHIEF, app=west.app)
    ends = {"version": chief.version("assignments/1"), "valid_to": "2026-09-30"}
    page = chief.get("assignments/1").text
    fields = {
        name: page.split(f'name="{name}" type="date"')[1].split('value="')[1].split('"')[0]
        for name in ("valid_from",)
    }
    assert chief.post("assignments/1", {**fields, **ends}).status_code == 200
    west.sign_in()
    assert west.post(f"log/{deed}/undo", {"back": "handouts/"}).status_code == 403
    assert len(rows_of(town, Handout)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"area": ""}, "配った圏域を選んで"),
        ({"area": "nowhere"}, "配った圏域を選んで"),
        ({"sheet": ""}, "紙の種類を選んで"),
        ({"sheet": "secret"}, "紙の種類を選んで"),
        ({"paper": "B0"}, "紙の大きさ"),
        ({"given_on": ""}, "配った日を入れて"),
        ({"given_on": "2026-10-02"}, "まだ来ていません"),
        ({"given_on": "2026-09-01", "issued_on": "2026-09-02"}, "配った日よりあと"),
        ({"given_on": "きのう"}, "日付を"),
        ({"copies": "たくさん"}, "数字で"),
        ({"copies": "0"}, "1 以上"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    town: Session, west: DeskClient, wrong: dict[str, str], said: str
) -> None:
    answer = west.post("handouts/new", SHEET | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "&lt;b&gt;寺町&lt;/b&gt;サロン" in answer.text
    assert rows_of(town, Handout) == []


def test_a_planner_reads_the_panel_and_writes_nothing(town: Session) -> None:
    planner = signed_in(engine_of(town), Role.PLANNER)
    page = planner.get("handouts/").text
    assert (
        "住民への還元" in page
        and "この紙を配りました" not in page.split("<main")[1].split("history")[0]
    )
    assert planner.get("handouts/new").status_code == 403


def test_one_area_shows_its_own_sheets_and_those_for_everybody(
    town: Session, west: DeskClient
) -> None:
    give(town, "E", occasion="東の会")
    give(town, "W", occasion="西の会")
    give(town, None, occasion="広報の折込")
    page = west.get("handouts/?area=W").text.split('id="history"')[1]
    assert "西の会" in page and "広報の折込" in page and "東の会" not in page
    assert west.get("handouts/?area=%3Cscript%3E").status_code == 200
