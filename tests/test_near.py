"""うちから行ける通いの場: from a town of the list, and what a phone gets to measure by itself."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from desk_client import engine_of
from exchange_files import csv_file
from small_town import CODE, PLACES_HEADER, bring, by_name, lat_lon
from sqlalchemy import insert, update
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.init_municipality import init_municipality
from api.clock import today
from api.exchange.schedules import Schedule, Sitting, to_json
from api.main import create_app
from api.models import Pause, Place, Town
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def visitor(a_small_town: Session) -> TestClient:
    return opened(a_small_town)


def opened(session: Session) -> TestClient:
    app = create_app(engine_of(session))
    app.dependency_overrides[today] = lambda: FRIDAY
    return TestClient(app)


def town(session: Session, name: str = "北西町") -> int:
    return int(by_name(session, Town)[name]["id"])


def put(session: Session, which: str, /, **values: Any) -> None:
    table = table_of(Place)
    session.connection().execute(update(table).where(table.c.name == which).values(values))
    session.commit()


def near(visitor: TestClient, query: str = "", status: int = 200) -> str:
    answer = visitor.get(f"/{CODE}/near{query}")
    assert answer.status_code == status, answer.text
    return unescape(re.sub(r"<template.*?</template>", "", answer.text, flags=re.DOTALL))


def cards(html: str) -> dict[str, dict[str, str]]:
    """Heading → name → text of its card."""
    found: dict[str, dict[str, str]] = {}
    for part in re.split(r"<h2", html)[1:]:
        heading = re.sub("<.*?>", "", part.partition("</h2>")[0].partition(">")[2]).split()
        inside = re.findall(r'<li class="near-card">(.*?)</li>', part, flags=re.DOTALL)
        named = {re.findall(r"<h3>.*?>(.*?)</a>", card)[0]: card for card in inside}
        if named:
            found[heading[0]] = {n: re.sub(r"<.*?>", " ", c) for n, c in named.items()}
    return found


def test_towns_are_chosen_from_their_areas(a_small_town: Session, visitor: TestClient) -> None:
    html = near(visitor)
    groups = dict(re.findall(r"<summary>(.*?)<small>(.*?)</small>", html))
    assert groups == {"西圏域": "2町", "東圏域": "1町", "そのほか": "1町"}
    assert f'href="/{CODE}/near?town={town(a_small_town)}">北西町' in html


@pytest.mark.databases("sqlite", "postgres")
def test_the_nearest_comes_first_with_minutes_for_an_older_walker(
    a_small_town: Session, visitor: TestClient, tmp_path: Path
) -> None:
    rows = [
        f"四百の会,サロン,北西町1,{lat_lon(500, 1101)},",
        f"五十の会,サロン,北西町1,{lat_lon(549, 1500)},",
    ]
    bring(a_small_town, "places", csv_file(tmp_path / "p.csv", PLACES_HEADER, *rows))
    found = cards(near(visitor, f"?town={town(a_small_town)}"))["近い順"]
    assert list(found) == ["五十の会", "四百の会", "ひだまりサロン", "南東集会所"]
    for name, minutes in (
        ("五十の会", 1),
        ("四百の会", 8),
        ("ひだまりサロン", 8),
        ("南東集会所", 33),
    ):
        assert f"歩いて約{minutes}分" in found[name], name


def test_the_page_says_that_it_measures_straight(
    a_small_town: Session, visitor: TestClient
) -> None:
    number = town(a_small_town)
    table = table_of(Town)
    assert "まっすぐ測ったおおよそ" in near(visitor, f"?town={number}")
    assert "北西町の位置も、おおよそです" not in near(visitor, f"?town={number}")
    a_small_town.connection().execute(update(table).values(approximate=True))
    put(a_small_town, "ひだまりサロン", approximate=True)
    visitor = opened(a_small_town)
    html = near(visitor, f"?town={number}")
    assert "北西町の位置も、おおよそです" in html
    assert "場所はおおよそ" in cards(html)["近い順"]["ひだまりサロン"]
    assert "場所はおおよそ" not in cards(html)["近い順"]["南東集会所"]


def test_today_and_this_week_and_nobody_knows(a_small_town: Session, visitor: TestClient) -> None:
    """ひだまりサロン opens 月水金; nobody knows of 南東集会所. It is a Friday."""
    home = f"?town={town(a_small_town)}"
    both = cards(near(visitor, home))
    assert set(both["近い順"]) == {"ひだまりサロン", "南東集会所"}
    assert "曜日はお問い合わせください" in both["近い順"]["南東集会所"]
    found = cards(near(visitor, f"{home}&when=today"))
    assert "今日ひらきます" in found["今日ひらく場"]["ひだまりサロン"]
    assert list(found["曜日はお問い合わせください"]) == ["南東集会所"]
    put(a_small_town, "ひだまりサロン", weekdays="木")
    visitor = opened(a_small_town)
    assert "今日ひらく場" not in cards(near(visitor, f"{home}&when=today"))
    week = cards(near(visitor, f"{home}&when=week"))
    assert "次は 11月26日（木）" in week["7日のうちにひらく場"]["ひだまりサロン"]


def test_holidays_pauses_and_remarks_count(a_small_town: Session) -> None:
    """勤労感謝の日 is Monday the 23rd."""
    mondays = Schedule(sittings=(Sitting(weekdays="月"),), holidays_off=True)
    put(a_small_town, "ひだまりサロン", schedule=to_json(mondays), weekdays="月")
    home = f"?town={town(a_small_town)}&when=week"
    assert "7日のうちにひらく場" not in cards(near(opened(a_small_town), home))
    put(
        a_small_town,
        "ひだまりサロン",
        schedule=None,
        weekdays="土月",
        schedule_note="祝日は要問合せ",
    )
    shown = cards(near(opened(a_small_town), home))["7日のうちにひらく場"]["ひだまりサロン"]
    assert "ひらく曜日は 11月21日（土）" in shown
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    values = {"municipality_code": CODE, "place_id": number, "version": 1}
    days = {"valid_from": date(2026, 11, 21), "valid_to": date(2026, 11, 24)}
    a_small_town.connection().execute(insert(table_of(Pause)).values({**values, **days}))
    put(a_small_town, "南東集会所", note="x")
    assert "7日のうちにひらく場" not in cards(near(opened(a_small_town), home))


def test_what_a_card_tells(a_small_town: Session) -> None:
    put(
        a_small_town,
        "ひだまりサロン",
        fee="100円",
        transport=False,
        accessibility="段差なし",
        phone="0999-00-0001",
        informal=True,
    )
    put(a_small_town, "南東集会所", phone="役場へ")
    html = near(opened(a_small_town), f"?town={town(a_small_town)}")
    found = cards(html)["近い順"]
    told = found["ひだまりサロン"]
    for words in (
        "サロン・お茶",
        "（なじみの場）",
        "月・水・金曜",
        "北西町1",
        "100円",
        "なし",
        "段差なし",
        "0999-00-0001",
    ):
        assert words in told, words
    assert html.count('href="tel:') == 1
    assert "役場へ" in found["南東集会所"]
    assert "送迎" not in found["南東集会所"]


def test_places_that_do_not_tell_where_they_are_stand_apart(a_small_town: Session) -> None:
    nowhere = dict.fromkeys(
        ("wkb", "min_lon", "min_lat", "max_lon", "max_lat", "town_id", "address")
    )
    put(a_small_town, "ひだまりサロン", **nowhere, location_kind="area", public_area="W")
    visitor = opened(a_small_town)
    found = cards(near(visitor, f"?town={town(a_small_town)}"))
    assert list(found["場所をくわしく出していない場"]) == ["ひだまりサロン"]
    assert "歩いて" not in found["場所をくわしく出していない場"]["ひだまりサロン"]
    assert "ひだまりサロン" not in near(visitor, f"?town={town(a_small_town, '北東町')}")
    assert "ひだまりサロン" not in near(visitor, f"?town={town(a_small_town, '南東町')}")


def test_closed_paused_and_drafts_are_nowhere(a_small_town: Session) -> None:
    put(a_small_town, "ひだまりサロン", closed_on=FRIDAY)
    put(a_small_town, "南東集会所", state="draft")
    visitor = opened(a_small_town)
    html = near(visitor, f"?town={town(a_small_town)}")
    assert "まだ、登録された通いの場がありません" in html
    assert visitor.get(f"/{CODE}/near/places.json").json()["id"] == []


def test_far_places_are_told_when_asked_for(
    a_small_town: Session, visitor: TestClient, tmp_path: Path
) -> None:
    rows = [f"場{n},サロン,北西町1,{lat_lon(500, 1000 + n)}," for n in range(25)]
    bring(a_small_town, "places", csv_file(tmp_path / "p.csv", PLACES_HEADER, *rows))
    home = f"?town={town(a_small_town)}"
    html = near(visitor, home)
    assert len(cards(html)["近い順"]) == 20
    assert f'href="/{CODE}/near{home}&far=1"' in html
    more = near(visitor, f"{home}&far=1")
    assert len(cards(more)["近い順"]) == 27
    assert "もっと遠く" not in more


def test_a_few_are_told_however_far_they_are(a_small_town: Session, tmp_path: Path) -> None:
    put(a_small_town, "ひだまりサロン", state="draft")
    put(a_small_town, "南東集会所", state="draft")
    rows = [f"遠い場{n},サロン,南東町1,{lat_lon(2000, 10 * n)},火" for n in range(7)]
    bring(a_small_town, "places", csv_file(tmp_path / "p.csv", PLACES_HEADER, *rows))
    html = near(opened(a_small_town), f"?town={town(a_small_town)}")
    assert len(cards(html)["近い順"]) == 5  # all of them 2.1 km away
    assert "もっと遠く" in html


@pytest.mark.parametrize(
    ("query", "status"), [("?town=999999", 404), ("?town=0", 422), ("?when=never&town=1", 422)]
)
def test_what_is_not_there_is_refused(visitor: TestClient, query: str, status: int) -> None:
    assert "<h1>" in near(visitor, query, status)


def test_a_town_of_another_municipality_is_not_ours(
    a_small_town: Session, visitor: TestClient
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    a_small_town.commit()
    number = town(a_small_town)
    assert visitor.get(f"/39998/near?town={number}").status_code == 404
    assert "町の一覧が、まだ登録されていません" in visitor.get("/39998/near").text
    assert visitor.get("/39998/near/places.json").json()["id"] == []


def test_every_link_keeps_what_was_asked(a_small_town: Session, visitor: TestClient) -> None:
    home = f"town={town(a_small_town)}"
    html = near(visitor, f"?{home}&when=today&large=1")
    assert "near-page large" in html
    for link in (
        f"?{home}&when=week&large=1",
        f"?{home}&large=1",
        f"?{home}&when=today",
        "?large=1",
    ):
        assert f'href="/{CODE}/near{link}"' in html, link
    for path in ("areas/W", "areas/W/list", "sheets/W.pdf", "voice"):
        assert f'href="/{CODE}/{path}"' in html


@pytest.mark.databases("sqlite", "postgres")
def test_a_phone_gets_every_place_to_measure_from(
    a_small_town: Session, visitor: TestClient
) -> None:
    put(a_small_town, "ひだまりサロン", phone="0999-00-0001")
    answer = opened(a_small_town).get(f"/{CODE}/near/places.json")
    told = answer.json()
    assert told["name"] == ["ひだまりサロン", "南東集会所"]
    assert told["days"] == [0b0101001, None]  # 金 today, 月 in three days, 水 in five
    assert told["tel"] == ["0999000001", ""]
    lat, lon = map(float, lat_lon(900, 1500).split(","))
    assert (told["lon"][0] / 1e5, told["lat"][0] / 1e5) == pytest.approx((lon, lat), abs=1e-5)
    columns = [value for value in told.values() if isinstance(value, list)]
    assert {len(column) for column in columns} <= {2, len(told["kinds"])}
    etag = {"If-None-Match": answer.headers["etag"]}
    assert visitor.get(f"/{CODE}/near/places.json", headers=etag).status_code == 304


def test_hostile_words_stay_words(a_small_town: Session) -> None:
    trap = "<script>alert(1)</script>\"'"
    put(a_small_town, "ひだまりサロン", name=trap, fee=trap, phone=trap, schedule_note=trap)
    visitor = opened(a_small_town)
    answer = visitor.get(f"/{CODE}/near?town={town(a_small_town)}")
    assert "<script>alert" not in answer.text
    assert json.loads(visitor.get(f"/{CODE}/near/places.json").text)["name"][0] == trap


def test_links_to_the_page_show_the_card_of_the_municipality(visitor: TestClient) -> None:
    html = visitor.get(f"/{CODE}/near?when=today").text
    assert f'<link rel="canonical" href="http://testserver/{CODE}/near">' in html
    assert f'content="http://testserver/{CODE}/card.png"' in html
    assert visitor.get(f"/{CODE}/card.png").headers["content-type"] == "image/png"
