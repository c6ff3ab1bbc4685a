"""Days in imported lists: weekday, hours and remark are one rule, or nothing is promised."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from exchange_files import csv_file
from small_town import CODE, PLACES_HEADER, SALON, bring, by_name, lat_lon
from sqlalchemy import update
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.importing import Outcome
from api.actions.list_resources import when_in_words
from api.exchange.schedule_columns import combined
from api.exchange.schedule_words import in_words
from api.models import Place
from api.models.columns import table_of

HEADER = f"{PLACES_HEADER},開始時間,終了時間,利用可能日時特記事項"


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.CHIEF)


def form_of(client: DeskClient, path: str) -> dict[str, Any]:
    """What the form of a place shows: as a browser would send it back."""
    page = client.get(path).text
    base = html.unescape(page.split('name="base" value="')[1].split('"')[0])
    version = page.split('name="version" value="')[1].split('"')[0]
    values = json.loads(base)
    sent = {n: v if isinstance(v, list) else "" if v is None else str(v) for n, v in values.items()}
    return {**sent, "version": version, "base": base}


def bring_salon(session: Session, folder: Path, days: str, note: str) -> Outcome:
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},{days},10:00,12:00,{note}"
    return bring(session, "places", csv_file(folder / "a.csv", HEADER, row))


def salon(session: Session) -> dict[str, Any]:
    return by_name(session, Place)["ひだまりサロン"]


def put(session: Session, **said: Any) -> None:
    table = table_of(Place)
    mine = table.c.name == "ひだまりサロン"
    session.connection().execute(update(table).where(mine).values(said))
    session.commit()


@pytest.mark.parametrize(
    ("days", "remarks", "closed", "words"),
    [
        ("金", ["第3金曜"], None, "第3金曜 10:00〜12:00"),
        ("金", ["第３"], None, "第3金曜 10:00〜12:00"),
        ("水", ["第2・第4水曜日"], None, "第2・第4水曜 10:00〜12:00"),
        ("水金", ["第2"], None, "第2の水・金曜 10:00〜12:00"),
        ("金", ["祝日休み"], None, "毎週金曜 10:00〜12:00（祝日休み）"),
        ("金", ["8月休み"], None, "毎週金曜 10:00〜12:00（8月休み）"),
        (
            "金",
            ["第1・第3金曜、祝日・8月は休み"],
            None,
            "第1・第3金曜 10:00〜12:00（祝日休み・8月休み）",
        ),
        ("金", ["第3金曜", "第3金曜日"], None, "第3金曜 10:00〜12:00"),
        ("月火", [], "日・祝日", "毎週月・火曜 10:00〜12:00（祝日休み）"),
        (None, ["第3金曜"], None, "第3金曜 10:00〜12:00"),
    ],
)
def test_columns_and_remarks_are_one_rule(
    days: str | None, remarks: list[str], closed: str | None, words: str
) -> None:
    found = combined(days, "10:00", "12:00", remarks, closed)
    assert found is not None
    assert in_words(found) == words


@pytest.mark.parametrize(
    ("days", "remarks", "closed"),
    [
        ("金", ["年末年始休み"], None),
        ("金", ["隔週"], None),
        ("金", ["月1回"], None),
        ("金", ["第3金曜", "年末年始休み"], None),
        ("水金", ["第3金曜"], None),  # and every Wednesday?
        ("水", ["第3金曜"], None),
        ("金", ["第1金曜", "第3金曜"], None),
        ("金", ["第3金曜 13:00〜15:00"], None),
        ("水", ["水曜休み"], None),
        ("金", [], "金曜日"),
        ("金", [], "年末年始"),
        ("金", [], None),
    ],
)
def test_what_could_mean_two_things_is_no_rule(
    days: str, remarks: list[str], closed: str | None
) -> None:
    assert combined(days, "10:00", "12:00", remarks, closed) is None


def test_a_remark_that_is_a_rule_is_said_once(a_small_town: Session, tmp_path: Path) -> None:
    bring_salon(a_small_town, tmp_path, "金", "第3金曜")
    place = salon(a_small_town)
    assert when_in_words(place) == "第3金曜 10:00〜12:00"
    assert (place["weekdays"], place["opens_at"], place["schedule_note"]) == ("金", "10:00", None)
    assert bring_salon(a_small_town, tmp_path, "金", "第3金曜").unchanged == 1


def test_what_was_stored_before_becomes_a_rule_once(a_small_town: Session, tmp_path: Path) -> None:
    put(a_small_town, weekdays="金", schedule_note="第3金曜")
    assert bring_salon(a_small_town, tmp_path, "金", "第3金曜").updated == 1
    assert when_in_words(salon(a_small_town)) == "第3金曜 10:00〜12:00"
    assert bring_salon(a_small_town, tmp_path, "金", "第3金曜").unchanged == 1


def test_a_remark_of_somebody_elses_stays_beside_the_rule(
    a_small_town: Session, tmp_path: Path
) -> None:
    put(a_small_town, schedule_note="雨の日は休み")
    bring_salon(a_small_town, tmp_path, "金", "第3金曜")
    assert when_in_words(salon(a_small_town)) == "第3金曜 10:00〜12:00\u3000雨の日は休み"


def test_a_newer_file_changes_the_rule_an_older_one_brought(
    a_small_town: Session, tmp_path: Path
) -> None:
    for note, words in [
        ("第3金曜", "第3金曜 10:00〜12:00"),
        ("第2金曜", "第2金曜 10:00〜12:00"),
        ("隔週", "金曜 10:00〜12:00\u3000隔週"),
    ]:
        bring_salon(a_small_town, tmp_path, "金", note)
        assert when_in_words(salon(a_small_town)) == words


def test_no_file_changes_a_rule_that_somebody_set(
    a_small_town: Session, tmp_path: Path, chief: DeskClient
) -> None:
    bring_salon(a_small_town, tmp_path, "金", "第3金曜")
    path = f"places/{salon(a_small_town)['id']}"
    rule = json.dumps({"sittings": [{"weekdays": "金", "weeks": [1]}]})
    chief.post(path, {**form_of(chief, path), "schedule": rule})
    assert when_in_words(salon(a_small_town)) == "第1金曜"
    bring_salon(a_small_town, tmp_path, "金", "第2金曜")
    assert when_in_words(salon(a_small_town)) == "第1金曜"


def test_a_form_promises_no_days_beside_a_remark_nobody_understood(
    a_small_town: Session, tmp_path: Path, chief: DeskClient
) -> None:
    bring_salon(a_small_town, tmp_path, "金", "年末年始休み")
    path = f"places/{salon(a_small_town)['id']}"
    shown = form_of(chief, path)
    assert shown["schedule"] == ""
    chief.post(path, {**shown, "fee": "百円"})
    place = salon(a_small_town)
    assert (place["fee"], place["weekdays"], place["opens_at"]) == ("百円", "金", "10:00")
    assert when_in_words(place) == "金曜 10:00〜12:00\u3000年末年始休み"


def test_calendars_and_the_list_tell_the_rule(
    a_small_town: Session, tmp_path: Path, chief: DeskClient
) -> None:
    bring_salon(a_small_town, tmp_path, "金", "第3金曜")
    assert "第3金曜 10:00〜12:00" in chief.http.get(f"/{CODE}/list").text
    features = chief.http.get(f"/api/v1/municipalities/{CODE}/places").json()["features"]
    facts = {each["properties"]["name"]: each["properties"] for each in features}
    assert "BYDAY=+3FR" in facts["ひだまりサロン"]["rrules"][0]
