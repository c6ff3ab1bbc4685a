"""Getting known, understood, heard: the board, and a month's day for a whole year."""

from datetime import date
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import CODE, by_name, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.contacts import fiscal_year, year_of_days
from api.actions.find_municipality import find_municipality
from api.actions.locating import Land
from api.actions.show_stages import AreaStages, show_stages
from api.models import Activity, Place
from api.store.visible import OFFICE

TODAY = date(2026, 10, 1)
SECOND_WEDNESDAYS = [
    date(2026, 4, 8), date(2026, 5, 13), date(2026, 6, 10), date(2026, 7, 8), date(2026, 8, 12),
    date(2026, 9, 9), date(2026, 10, 14), date(2026, 11, 11), date(2026, 12, 9),
    date(2027, 1, 13), date(2027, 2, 10), date(2027, 3, 10),
]  # fmt: skip


@pytest.fixture
def west(a_small_town: Session) -> DeskClient:
    client = signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"])
    client.on(TODAY)
    client.sign_in()
    return client


@pytest.fixture
def salon(a_small_town: Session) -> str:
    return f"place:{by_name(a_small_town, Place)['ひだまりサロン']['id']}"


def write(client: DeskClient, where: str, day: str, stage: str = "", **more: str) -> Any:
    values = {"title": "説明会", "where": where, "held_on": day, "stage": stage}
    return client.post("contacts/new", {**values, **more})


def make(client: DeskClient, where: str, **more: str) -> Any:
    rule = {"week": "2", "weekday": "水", "year": "2026"}
    values = {"title": "おでんの会", "where": where, "stage": "understood"}
    return client.post("contacts/series", {**values, **rule, **more})


def click(client: DeskClient, session: Session, day: date, deed: str) -> Any:
    row = next(row for row in rows_of(session, Activity) if row["held_on"] == day)
    return client.post(f"contacts/{row['id']}/{deed}", {"version": str(row["version"])})


def days(session: Session, *, off: bool = False) -> list[date]:
    return [row["held_on"] for row in rows_of(session, Activity) if row["cancelled"] is off]


# --- a month's day for a year --------------------------------------------------------------------


def test_a_month_makes_the_twelve_dates_of_the_year(
    a_small_town: Session, west: DeskClient
) -> None:
    page = make(west, "area:W").text
    assert days(a_small_town) == SECOND_WEDNESDAYS
    assert page.count("おでんの会</a>") == 12
    assert "2026年度" in page


def test_a_date_taken_off_by_hand_stays_off_when_they_are_made_again(
    a_small_town: Session, west: DeskClient
) -> None:
    make(west, "area:W")
    august = date(2026, 8, 12)
    assert click(west, a_small_town, august, "off").status_code == 200
    before = rows_of(a_small_town, Activity)
    assert "変わったところはありませんでした" in make(west, "area:W").text
    assert rows_of(a_small_town, Activity) == before
    assert days(a_small_town, off=True) == [august]
    assert days(a_small_town) == [day for day in SECOND_WEDNESDAYS if day != august]
    click(west, a_small_town, august, "on")
    assert days(a_small_town) == SECOND_WEDNESDAYS


def test_the_next_year_is_made_beside_this_one(a_small_town: Session, west: DeskClient) -> None:
    make(west, "area:W")
    make(west, "area:W", year="2027")
    assert len(days(a_small_town)) == 24


def test_another_title_or_place_is_another_series(
    a_small_town: Session, west: DeskClient, salon: str
) -> None:
    make(west, "area:W")
    make(west, salon)
    make(west, "area:W", title="声を聞く会")
    assert len(days(a_small_town)) == 36


def test_a_day_of_the_month_serves_too(a_small_town: Session, west: DeskClient) -> None:
    make(west, "area:W", week="", weekday="", month_day="15")
    assert days(a_small_town)[:2] == [date(2026, 4, 15), date(2026, 5, 15)]
    assert len(days(a_small_town)) == 12


@pytest.mark.parametrize(
    "values",
    [
        {"week": "", "weekday": ""},
        {"weekday": ""},
        {"week": ""},
        {"month_day": "15"},
        {"week": "9"},
        {"week": "x"},
        {"year": "12"},
        {"where": ""},
        {"where": "area:nowhere"},
        {"where": "place:999999"},
        {"title": ""},
        {"stage": "loved"},
    ],
)
@pytest.mark.databases("sqlite")
def test_what_makes_no_sense_is_refused(
    a_small_town: Session, west: DeskClient, values: dict[str, str]
) -> None:
    assert make(west, values.pop("where", "area:W"), **values).status_code in (404, 422)
    assert rows_of(a_small_town, Activity) == []


@pytest.mark.databases("sqlite")
def test_the_day_of_a_series_stays_when_it_is_corrected(
    a_small_town: Session, west: DeskClient
) -> None:
    make(west, "area:W")
    row = rows_of(a_small_town, Activity)[0]
    values = {"title": "x", "held_on": "2026-04-09", "stage": "heard", "people": "12人"}
    path = f"contacts/{row['id']}"
    assert west.post(path, {**values, "version": str(row["version"])}).status_code == 200
    now = rows_of(a_small_town, Activity)[0]
    assert (now["title"], now["held_on"]) == ("おでんの会", SECOND_WEDNESDAYS[0])
    assert (now["stage"], now["people"]) == ("heard", 12)
    assert west.post(path, {**values, "version": str(row["version"])}).status_code == 409


def test_a_fiscal_year_begins_in_april() -> None:
    assert [fiscal_year(date(2027, month, 1)) for month in (3, 4)] == [2026, 2027]
    assert year_of_days(2026) == (date(2026, 4, 1), date(2027, 3, 31))


# --- the board -----------------------------------------------------------------------------------


def board(session: Session) -> dict[str, AreaStages]:
    land = Land(session, find_municipality(session, CODE), TODAY)
    found = {each.area.name: each for each in show_stages(session, OFFICE, land)}
    session.rollback()
    return found


def test_the_highest_stage_is_shown_per_place_and_per_area(
    a_small_town: Session, west: DeskClient, salon: str
) -> None:
    write(west, "area:W", "2026-05-01", "known")
    write(west, salon, "2026-06-01", "understood")
    write(west, salon, "2026-07-01", "known")
    found = board(a_small_town)
    (place,) = found["西圏域"].places
    assert (place.name, place.stage) == ("ひだまりサロン", "understood")
    assert place.first_days == {"understood": date(2026, 6, 1), "known": date(2026, 7, 1)}
    assert found["西圏域"].area.stage == "understood"
    assert found["西圏域"].area.first_days["known"] == date(2026, 5, 1)
    assert found["東圏域"].area.stage is None
    page = west.get("contacts/").text
    assert "わかってもらう" in page.split('id="b1"')[1].split("</h2>")[0]


def test_days_to_come_and_days_taken_off_reach_nothing(
    a_small_town: Session, west: DeskClient
) -> None:
    write(west, "area:W", "2026-10-02", "heard")
    write(west, "area:W", "2026-09-01", "understood")
    click(west, a_small_town, date(2026, 9, 1), "off")
    assert board(a_small_town)["西圏域"].area.stage is None
    write(west, "area:W", "2026-10-01", "known")
    assert board(a_small_town)["西圏域"].area.stage == "known"


def test_a_day_that_was_over_when_it_was_entered_reaches_nothing_until_somebody_says_so(
    a_small_town: Session, west: DeskClient
) -> None:
    make(west, "area:W")
    assert board(a_small_town)["西圏域"].area.stage is None
    assert west.get("contacts/dates?year=2026").text.count("行ったか未確認</span>") >= 6
    click(west, a_small_town, date(2026, 5, 13), "off")
    click(west, a_small_town, date(2026, 5, 13), "on")
    assert board(a_small_town)["西圏域"].area.stage is None
    row = next(r for r in rows_of(a_small_town, Activity) if r["held_on"] == date(2026, 9, 9))
    came = {"title": "おでんの会", "stage": "understood", "people": "5"}
    west.post(f"contacts/{row['id']}", {**came, "version": str(row["version"])})
    area = board(a_small_town)["西圏域"].area
    assert area.first_days == {"understood": date(2026, 9, 9)}


def test_places_without_a_record_are_counted(a_small_town: Session) -> None:
    found = board(a_small_town)
    assert (found["西圏域"].places, found["西圏域"].others) == ([], 1)
    assert "圏域なし" not in found, "the hall lies in no area, and nobody has written of it"


# --- whose it is ---------------------------------------------------------------------------------


@pytest.mark.databases("sqlite")
def test_nobody_writes_of_another_area(a_small_town: Session, west: DeskClient, salon: str) -> None:
    east = signed_in(
        engine_of(a_small_town), Role.COORDINATOR, areas=["E"], login="east", app=west.app
    )
    assert write(east, "area:W", "2026-05-01").status_code == 403
    assert write(east, salon, "2026-05-01").status_code == 403
    assert make(east, "area:W").status_code == 403
    assert rows_of(a_small_town, Activity) == []
    write(west, salon, "2026-05-01")
    assert click(east, a_small_town, date(2026, 5, 1), "off").status_code == 403
    assert days(a_small_town) == [date(2026, 5, 1)]
    assert "西圏域" not in east.get("contacts/new").text
    planner = signed_in(engine_of(a_small_town), Role.PLANNER, app=west.app)
    assert planner.get("contacts/").status_code == 200
    assert write(planner, "area:W", "2026-05-01").status_code == 403


@pytest.mark.databases("sqlite")
def test_notes_are_the_offices_own(a_small_town: Session, west: DeskClient, salon: str) -> None:
    write(west, salon, "2026-05-01", "known", note="HIMITSU")
    row = rows_of(a_small_town, Activity)[0]
    assert "HIMITSU" in west.get(f"contacts/{row['id']}").text
    for path in ("", "map/details.json", "areas/W"):
        assert "HIMITSU" not in west.http.get(f"/{CODE}/{path}").text
