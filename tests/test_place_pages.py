"""Pages of single places: what everybody may know, and what search engines and shared links get."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from desk_client import engine_of
from PIL import Image
from small_town import CODE, by_name, lat_lon
from sqlalchemy import insert, update
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.init_municipality import init_municipality
from api.clock import today
from api.exchange.schedules import Schedule, Sitting, to_json
from api.main import create_app
from api.models import Pause, Place
from api.models.columns import table_of
from api.settings import Settings

pytestmark = pytest.mark.databases("sqlite")

TODAY = date(2026, 11, 20)
TRAP = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
NOWHERE = dict.fromkeys(("wkb", "min_lon", "min_lat", "max_lon", "max_lat", "town_id", "address"))
TWICE = Schedule(
    sittings=(Sitting(weekdays="水", weeks=(2, -1), opens_at="10:00", closes_at="11:30"),),
    holidays_off=True,
    months_off=(8,),
)


def opened(session: Session, settings: Settings | None = None) -> TestClient:
    app = create_app(engine_of(session), settings)
    app.dependency_overrides[today] = lambda: TODAY
    return TestClient(app)


@pytest.fixture
def visitor(a_small_town: Session) -> TestClient:
    return opened(a_small_town)


def put(session: Session, which: str = "ひだまりサロン", /, **values: Any) -> str:
    """Change a place; the address of its page."""
    number = by_name(session, Place)[which]["id"]
    values.setdefault("name", which)
    table = table_of(Place)
    session.connection().execute(update(table).where(table.c.id == number).values(values))
    session.commit()
    return f"/{CODE}/places/{number}"


def page(visitor: TestClient, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def data(html: str) -> dict[str, Any]:
    """What schema.org's readers find, by type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert len(found) == 1
    return {thing["@type"]: thing for thing in json.loads(found[0])["@graph"]}


@pytest.mark.databases("sqlite", "postgres")
def test_a_page_tells_everything_public_in_words(
    a_small_town: Session, visitor: TestClient
) -> None:
    address = put(
        a_small_town,
        schedule=to_json(TWICE),
        phone="0999-00-0001（昼間）",
        fee="100円",
        transport=True,
        accessibility="段差なし",
        functions='["hangout","meal"]',
        audience="older",
        capacity_people=20,
        note="お茶があります",
        kana="ヒダマリ",
    )
    html = unescape(page(visitor, address))
    for words in (
        "ひだまりサロン", "ヒダマリ", "サロン・お茶", "西圏域", "北西町1", "100円", "段差なし",
        "20人", "たまり場・食事", "高齢の方", "お茶があります",
        "第2・最終水曜 10:00〜11:30（祝日休み・8月休み）", "11月25日（水）", "12月9日（水）",
    ):  # fmt: skip
        assert words in html, words
    assert 'href="tel:0999000001"' in html
    assert f'href="{address}.ics"' in html
    assert html.index("11月25日") < html.index("12月9日") < html.index("12月30日")


def test_what_nobody_knows_is_left_out(visitor: TestClient, a_small_town: Session) -> None:
    html = page(visitor, put(a_small_town, "南東集会所", phone="なし"))
    for words in ("送迎", "費用", "定員", "tel:", "カレンダーに入れる", "None"):
        assert words not in html
    assert "曜日はお問い合わせください" in html


def test_dates_of_weekdays_with_a_remark_are_not_promised(
    visitor: TestClient, a_small_town: Session
) -> None:
    html = page(visitor, put(a_small_town, schedule_note="年末年始休み"))
    assert "年末年始休み" in html
    assert "カレンダーに入れる" not in html
    assert "EventSeries" not in html


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
@pytest.mark.parametrize("ending", ["", ".ics", "/card.png"])
def test_what_is_not_published_is_not_there(
    a_small_town: Session, visitor: TestClient, state: str, ending: str
) -> None:
    html = page(visitor, put(a_small_town, state=state) + ending, 404)
    assert "ひだまり" not in html


def test_what_has_not_begun_is_not_there_and_a_closed_place_says_when(
    a_small_town: Session, visitor: TestClient
) -> None:
    later = put(a_small_town, opened_on=date(2026, 11, 21))
    assert "公開されていません" in page(visitor, later, 404)
    closed = put(a_small_town, "南東集会所", closed_on=TODAY)
    assert "「南東集会所」は、令和8年11月20日に終わりました" in page(visitor, closed, 410)
    assert visitor.get(closed, headers={"If-None-Match": "*"}).status_code == 410


def test_a_place_of_another_municipality_is_not_there(
    a_small_town: Session, visitor: TestClient
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    address = put(a_small_town)
    assert visitor.get(address.replace(CODE, "39998")).status_code == 404


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (date(2026, 11, 30), "令和8年11月1日から令和8年11月30日まで"),
        (None, "いつ始まるかは、まだ分かりません"),
    ],
)
def test_a_pause_is_told(
    a_small_town: Session, visitor: TestClient, last: date | None, words: str
) -> None:
    address = put(a_small_town)
    number = int(address.rsplit("/", 1)[1])
    days = {"valid_from": date(2026, 11, 1), "valid_to": last}
    values = {"municipality_code": CODE, "place_id": number, "version": 1, "reason": "ないしょ"}
    a_small_town.connection().execute(insert(table_of(Pause)).values({**values, **days}))
    a_small_town.commit()
    html = page(visitor, address)
    assert "いまは、お休みしています" in html
    assert words in html
    assert "ないしょ" not in html
    assert ("12月2日" in html) is (last is not None)


@pytest.mark.parametrize(("kind", "area"), [("area", "W"), ("contact", None)])
def test_a_withheld_position_tells_the_area_or_nothing(
    a_small_town: Session, visitor: TestClient, kind: str, area: str | None
) -> None:
    address = put(
        a_small_town, **NOWHERE, location_kind=kind, public_area=area, office_address="北西町55"
    )
    html = page(visitor, address)
    assert "くわしい場所はお問い合わせください" in html
    assert "place-figure" not in html and "北西町55" not in html
    assert ("西圏域" in html) is (kind == "area")
    place = data(html)["Place"]
    assert "geo" not in place and "streetAddress" not in place["address"]
    calendar = visitor.get(f"{address}.ics").text
    assert "GEO" not in calendar
    assert ("LOCATION:西圏域" in calendar) is (kind == "area")


def test_search_engines_are_told_the_place_and_its_days(
    a_small_town: Session, visitor: TestClient
) -> None:
    address = put(a_small_town, schedule=to_json(TWICE), phone="0999-00-0001", organization="会")
    found = data(page(visitor, address))
    place, days = found["Place"], found["EventSeries"]
    here = f"http://testserver{address}"
    assert place["url"] == here
    assert place["telephone"] == "0999000001"
    lat, lon = map(float, lat_lon(900, 1500).split(","))
    assert (place["geo"]["latitude"], place["geo"]["longitude"]) == pytest.approx((lat, lon))
    assert place["address"]["addressLocality"] == "四角市"
    assert days["location"] == {"@id": place["@id"]}
    assert days["startDate"] == "2026-11-25T10:00:00+09:00"
    assert [each["byMonthWeek"] for each in days["eventSchedule"]] == [2, -1]
    for each in days["eventSchedule"]:
        assert each["byDay"] == ["https://schema.org/Wednesday"]
        assert each["repeatFrequency"] == "P1M"
        assert (each["startTime"], each["endTime"]) == ("10:00", "11:30")
        assert 8 not in each["byMonth"]


def test_links_show_a_card(a_small_town: Session, visitor: TestClient) -> None:
    address = put(a_small_town, phone="0999-00-0001")
    html = page(visitor, address)
    told = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="(.*?)">', html))
    here = f"http://testserver{address}"
    assert f'<link rel="canonical" href="{here}">' in html
    assert told["og:url"] == here
    assert told["og:title"] == "ひだまりサロン"
    assert told["og:image"] == f"{here}/card.png"
    assert told["twitter:card"] == "summary_large_image"
    for words in ("サロン・お茶（四角市西圏域）", "月・水・金曜", "電話 0999-00-0001"):
        assert words in told["description"] == told["og:description"]


@pytest.mark.parametrize(
    "name", ["場", "ながい名前の通いの場" * 40, "髙﨑𠮷邉①㈱\U0001f375", "A" * 300]
)
def test_a_card_is_a_picture_of_one_size_whatever_the_name(
    a_small_town: Session, visitor: TestClient, name: str
) -> None:
    address = put(a_small_town, name=name, schedule_note="ながい補足。" * 30)
    answer = visitor.get(f"{address}/card.png")
    assert answer.headers["content-type"] == "image/png"
    shown = Image.open(io.BytesIO(answer.content)).convert("L")
    assert shown.size == (1200, 630)
    for strip in ((0, 20, 60, 630), (1140, 20, 1200, 630), (0, 602, 1200, 630)):
        tones = set(shown.crop(strip).tobytes())
        assert max(tones) - min(tones) < 8, "nothing stands in the margin"
    again = visitor.get(f"{address}/card.png", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_hostile_words_stay_words(a_small_town: Session, visitor: TestClient) -> None:
    words = dict.fromkeys(("name", "kana", "note", "fee", "schedule_note", "accessibility"), TRAP)
    address = put(a_small_town, **words, organization=TRAP, phone=TRAP, url=f"javascript:{TRAP}")
    html = page(visitor, address)
    assert "<script>alert" not in html and "<img src=x" not in html
    assert "javascript:" not in html
    assert data(html)["Place"]["name"] == TRAP


def test_nobody_else_gets_the_address_somebody_asked_by(
    a_small_town: Session, visitor: TestClient
) -> None:
    address = put(a_small_town)
    for ending in ("", ".ics"):
        assert "evil.test" in visitor.get(address + ending, headers={"Host": "evil.test"}).text
        assert "evil.test" not in visitor.get(address + ending).text


def test_the_address_can_be_set(a_small_town: Session) -> None:
    settings = Settings(public_url="https://yoridokoro.test/")
    html = page(opened(a_small_town, settings), put(a_small_town))
    assert '<link rel="canonical" href="https://yoridokoro.test/39999/places/' in html
    assert "http://testserver" not in html


@pytest.mark.parametrize("address", ["yoridokoro.test", "ftp://a", "https://", "https://a/?b"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        Settings(public_url=address)


def test_large_letters_without_scripts(a_small_town: Session, visitor: TestClient) -> None:
    address = put(a_small_town)
    assert f'href="{address}?large=1"' in page(visitor, address)
    large = page(visitor, f"{address}?large=1")
    assert "place-page large" in large
    assert f'href="{address}"' in large


def test_maps_and_lists_lead_to_the_page(a_small_town: Session, visitor: TestClient) -> None:
    address = put(a_small_town)
    assert f'<a href="{address}">ひだまりサロン</a>' in page(visitor, f"/{CODE}/list")
    for path in (f"/{CODE}/", f"/{CODE}/areas/W"):
        html = page(visitor, path)
        assert f'"url": "/{CODE}/places/"' in html or f'"url":"/{CODE}/places/"' in html
        assert f'<link rel="canonical" href="http://testserver{path}">' in html


def test_search_engines_find_public_pages_only(a_small_town: Session, visitor: TestClient) -> None:
    closed = put(a_small_town, "南東集会所", closed_on=TODAY)
    address = put(a_small_town)
    robots = visitor.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Disallow: /*/desk/\n" in robots.text
    assert "Sitemap: http://testserver/sitemap.xml\n" in robots.text
    index = ElementTree.fromstring(visitor.get("/sitemap.xml").text)
    assert [e.text for e in index.iter() if e.text and e.text.strip()] == [
        f"http://testserver/{CODE}/sitemap.xml"
    ]
    listed = ElementTree.fromstring(visitor.get(f"/{CODE}/sitemap.xml").text)
    pages = [e.text or "" for e in listed.iter() if (e.text or "").strip()]
    assert f"http://testserver{address}" in pages
    assert f"http://testserver{closed}" not in pages
    for each in pages:
        assert visitor.get(each.removeprefix("http://testserver")).status_code == 200, each
