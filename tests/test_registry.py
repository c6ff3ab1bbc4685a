"""People keep the registry: add, correct, submit, publish, confirm, close; no words are lost."""

import json
import re
from datetime import date
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import CODE, SALON, by_name, degrees, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.init_municipality import init_municipality
from api.models import Place, Proposal

TODAY = date(2026, 10, 1)


def at(x: float, y: float) -> dict[str, str]:
    lon, lat = degrees(x, y)
    return {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    client = signed_in(engine_of(a_small_town), Role.CHIEF)
    return client


@pytest.fixture
def west(a_small_town: Session, chief: DeskClient) -> DeskClient:
    """The coordinator of 西圏域."""
    return signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"], app=chief.app)


@pytest.fixture
def east(a_small_town: Session, chief: DeskClient) -> DeskClient:
    """The coordinator of 東圏域."""
    return signed_in(
        engine_of(a_small_town), Role.COORDINATOR, areas=["E"], login="east", app=chief.app
    )


def place(session: Session, name: str) -> dict[str, Any]:
    return by_name(session, Place)[name]


def shown(client: DeskClient, name: str = "ひだまりサロン") -> bool:
    """Whether residents see a place of that name."""
    return name in client.http.get(f"/{CODE}/map/places.json").text


def fields(client: DeskClient, record: int) -> dict[str, Any]:
    """What the form of a place shows: as a browser would send it back."""
    page = client.get(f"places/{record}").text
    base = page.split('name="base" value="')[1].split('"')[0]
    version = page.split('name="version" value="')[1].split('"')[0]
    import html

    values = json.loads(html.unescape(base))
    sent = {n: v if isinstance(v, list) else "" if v is None else str(v) for n, v in values.items()}
    return {**sent, "version": version, "base": html.unescape(base)}


def test_a_coordinator_adds_a_place_and_the_first_tier_publishes_it(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    added = west.post("places/new", {"name": "おでんの会", "kind": "salon", **at(500, 500)})
    assert "提出しました" in added.text
    row = place(a_small_town, "おでんの会")
    assert (row["state"], row["version"]) == ("submitted", 1)
    assert not shown(west, "おでんの会")
    inbox = chief.get("inbox/").text
    assert "おでんの会" in inbox
    assert "西圏域" in inbox
    published = chief.post(f"inbox/places/{row['id']}/publish", {"version": "1"})
    assert "公開しました" in published.text
    assert shown(west, "おでんの会")


def test_an_edit_of_a_published_place_waits_and_the_public_sees_the_old_one(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    salon = place(a_small_town, "ひだまりサロン")
    values = fields(west, salon["id"])
    answer = west.post(f"places/{salon['id']}", {**values, "name": "ひなたサロン"})
    assert "提出しました" in answer.text
    assert place(a_small_town, "ひだまりサロン")["version"] == 1
    assert shown(west)
    page = chief.get("inbox/").text
    assert "<del>ひだまりサロン</del>" in page
    assert "<ins>ひなたサロン</ins>" in page
    version = page.split('name="version" value="')[1].split('"')[0]
    chief.post(f"inbox/places/{salon['id']}/publish", {"version": version})
    assert shown(west, "ひなたサロン")
    assert rows_of(a_small_town, Proposal)[0]["state"] == "published"


def test_nobody_writes_in_another_area(a_small_town: Session, east: DeskClient) -> None:
    salon = place(a_small_town, "ひだまりサロン")
    answer = east.post(f"places/{salon['id']}", {"name": "x", "kind": "salon", **at(*SALON)})
    assert answer.status_code == 403
    assert "西圏域" in answer.text
    moved = east.post("places/new", {"name": "x", "kind": "salon", **at(500, 500)})
    assert moved.status_code == 403
    assert place(a_small_town, "ひだまりサロン") == salon


def test_the_second_editor_is_shown_both_versions(a_small_town: Session, chief: DeskClient) -> None:
    salon = place(a_small_town, "ひだまりサロン")
    first, second = fields(chief, salon["id"]), fields(chief, salon["id"])
    chief.post(f"places/{salon['id']}", {**first, "phone": "0880-11-1111"})
    answer = chief.post(f"places/{salon['id']}", {**second, "phone": "0880-22-2222", "fee": "百円"})
    assert answer.status_code == 409
    for words in ("0880-11-1111", "0880-22-2222", "百円"):
        assert words in answer.text
    assert place(a_small_town, "ひだまりサロン")["phone"] == "0880-11-1111"


def test_undo_puts_back_what_was_there(a_small_town: Session, chief: DeskClient) -> None:
    salon = place(a_small_town, "ひだまりサロン")
    chief.post(
        f"places/{salon['id']}",
        {**fields(chief, salon["id"]), "name": "まちがい", "confirmed": "1"},
    )
    page = chief.get(f"history/places/{salon['id']}").text
    assert "<ins>まちがい</ins>" in page
    deed = page.split("/log/")[1].split("/undo")[0]
    chief.post(f"log/{deed}/undo", {"back": "log/"})
    back = place(a_small_town, "ひだまりサロン")
    derived = ("version", "office_find_key")
    assert {k: v for k, v in back.items() if k not in derived} == {
        k: v for k, v in salon.items() if k not in derived
    }
    assert back["version"] > salon["version"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("register", "fields"),
    [
        ("services", {"name": "ほのぼの配食", "kind": "meals", "areas": ["W"]}),
        ("organizations", {"name": "西の自治会", "areas": ["W", "E"]}),
        ("supporters", {"name": "ある人", "areas": ["W"], "skills": ["talking", "garden"]}),
    ],
)
def test_every_register_lists_and_shows_its_records(
    chief: DeskClient, register: str, fields: dict[str, Any]
) -> None:
    assert "保存しました" in chief.post(f"{register}/new", fields).text
    assert fields["name"] in chief.get(f"{register}/").text
    assert fields["name"] in chief.get(f"{register}/?area=W").text
    page = chief.get(f"{register}/1")
    assert page.status_code == 200
    api = f"/api/v1/municipalities/{CODE}/registry/{register}"
    assert chief.http.get(api).json()["records"][0]["values"]["areas"] == fields["areas"]
    assert chief.http.get(f"{api}/1").json()["values"]["areas"] == fields["areas"]


def test_days_from_a_file_are_no_change_until_somebody_touches_them(
    a_small_town: Session, chief: DeskClient
) -> None:
    salon = place(a_small_town, "ひだまりサロン")
    assert salon["weekdays"] == "月水金"
    shown = fields(chief, salon["id"])
    assert "月水金" in shown["schedule"]
    chief.post(f"places/{salon['id']}", {**shown, "fee": "百円"})
    after = place(a_small_town, "ひだまりサロン")
    assert (after["fee"], after["schedule"], after["weekdays"]) == ("百円", None, "月水金")
    again = fields(chief, salon["id"])
    friday = json.dumps({"sittings": [{"weekdays": "金"}]})
    chief.post(f"places/{salon['id']}", {**again, "schedule": friday})
    assert place(a_small_town, "ひだまりサロン")["weekdays"] == "金"


def test_residents_read_the_schedule_as_it_was_meant(
    a_small_town: Session, chief: DeskClient
) -> None:
    """Not every Wednesday, when it is the second and fourth."""
    salon = place(a_small_town, "ひだまりサロン")
    rule = {
        "sittings": [{"weeks": [2, 4], "weekdays": "水", "opens_at": "10:00"}],
        "months_off": [8],
    }
    sent = {**fields(chief, salon["id"]), "schedule": json.dumps(rule)}
    assert chief.post(f"places/{salon['id']}", sent).status_code == 200
    words = "第2・第4水曜 10:00〜（8月休み）"
    assert words in chief.http.get(f"/{CODE}/map/details.json").json()["when"]
    facts = chief.http.get(f"/api/v1/municipalities/{CODE}/places").json()["features"]
    told = {each["properties"]["name"]: each["properties"] for each in facts}
    assert told["ひだまりサロン"]["schedule_words"] == words
    assert "BYDAY=+2WE,+4WE" in told["ひだまりサロン"]["rrules"][0]
    assert told["南東集会所"]["rrules"] == []


@pytest.mark.parametrize("typed", ["本町2丁目", "本町２丁目", "本町二丁目"])
def test_the_list_finds_a_chome_however_it_is_typed(chief: DeskClient, typed: str) -> None:
    for name in ("本町二丁目の会", "本町２丁目サロン会", "本町三丁目の会"):
        chief.post("organizations/new", {"name": name, "areas": "W"})
    page = chief.get(f"organizations/?q={typed}").text
    assert "本町二丁目の会" in page
    assert "本町２丁目サロン会" in page
    assert "本町三丁目の会" not in page


def test_pages_that_refuse_lead_back_to_ones_own_desk(
    a_small_town: Session, west: DeskClient
) -> None:
    """Also from the desk of another municipality, and from an address nobody knows."""
    back = f'<a href="/{CODE}/desk/">机に戻る</a>'
    assert back in west.get("accounts/").text
    assert back in west.get("places/999").text
    assert back in west.get("no/such/page").text
    init_municipality(a_small_town, "39998", "隣市")
    a_small_town.commit()
    assert back in west.get("/39998/desk/").text
    assert 'href="/">はじめのページへ' in west.get("/99999/desk/").text


def test_far_is_said_in_whole_kilometres(chief: DeskClient) -> None:
    told = chief.get("where.json?lon=0&lat=0").json()["wrong"]
    assert re.search(r"四角市から 1\d,\d{3} km 離れています。", told), told
