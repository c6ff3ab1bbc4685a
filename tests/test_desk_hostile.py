"""The desk under attack: mixed-up ids, odd values, hostile words, two hands at one time."""

import io
import itertools
import re
import threading
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from PIL import Image
from small_town import CODE, by_name, degrees, rows_of
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts.roles import Role
from api.models import Deed, Photo, Place

pytestmark = pytest.mark.databases("sqlite")
TRAP = "<script>alert(1)</script>\"'`{{7*7}}&<img src=x onerror=alert(1)>"
ALWAYS = (TRAP, "１２", "0001-01-01", "\u202e逆さ")
BY_TURNS = (
    "=cmd|' /C calc'!A0", "あ" * 10_000, "a\x00b", "𠮷野髙﨑①㈱", "-1", "1e400", "9" * 20,
    "9999-12-31", "2026-02-30", "[]", "{}", "null", "%00", "../../etc/passwd",
)  # fmt: skip
PUBLIC = (
    "", "panel", "map/places.json", "map/details.json", "map/ground.json", "list", "list.csv",
    "areas/W/list", "areas/W", "services", "coverage.csv",
)  # fmt: skip


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.CHIEF)


def told_in_public(client: DeskClient, *words: str) -> set[tuple[str, str]]:
    """Which of the words residents read, and where."""
    visitor = TestClient(client.app, base_url="https://testserver")
    pages = {path: visitor.get(f"/{CODE}/{path}").text for path in PUBLIC}
    pages["api"] = visitor.get(f"/api/v1/municipalities/{CODE}/places").text
    assert all(pages.values())
    return {(path, word) for path, text in pages.items() for word in words if word in text}


FORMS: dict[str, dict[str, Any]] = {
    "places/new": {"name": "会", "kind": "salon", "address": "北西町1"},
    "services/new": {"name": "会", "kind": "meals"},
    "organizations/new": {"name": "会"},
    "supporters/new": {"name": "人", "areas": ["W"]},
    "places/1/pauses": {"valid_from": "2026-11-01"},
    "places/1/postings": {"name": "人", "valid_from": "2026-11-01", "role": "係"},
    "contacts/new": {"title": "会", "held_on": "2026-11-01", "where": "area:W"},
    "trainings/new": {"course": "会", "kind": "other", "held_on": "2026-11-01"},
    "assignments/new": {"area": "W", "valid_from": "2026-11-01"},
    "places/1/close": {"closed_on": "2026-11-01", "version": "1"},
}


@pytest.mark.parametrize("path", FORMS)
def test_no_value_breaks_a_form(chief: DeskClient, path: str) -> None:
    """Odd values in every field: an answer in words, never a failure, never markup."""
    page = chief.get(path.removesuffix("/close")).text
    names = sorted(set(re.findall(r'name="([a-z_]+)"', page)) - {"token"})
    assert set(FORMS[path]) & set(names)
    turns = itertools.cycle(BY_TURNS)
    for name in names:
        for odd in (*ALWAYS, next(turns), next(turns)):
            answer = chief.post(path, {**FORMS[path], name: odd})
            assert answer.status_code < 500, (name, odd[:20], answer.status_code)
            assert "<script>alert(1)" not in answer.text, (name, odd[:20])


def test_hostile_words_stay_words_everywhere(chief: DeskClient) -> None:
    texts = ("name", "schedule_note", "organization", "note", "accessibility", "building", "fee")
    chief.post("places/new", {"kind": "salon", "address": "北西町1", **dict.fromkeys(texts, TRAP)})
    chief.post("services/new", {"name": TRAP, "kind": "meals", "note": TRAP, "target": TRAP})
    chief.post("organizations/new", {"name": TRAP, "note": TRAP})
    desk = ("", "places/", "places/3", "history/places/3", "services/", "services/1", "log/",
            "organizations/1", "handover/W", "inbox/")  # fmt: skip
    for path in desk:
        assert "<script>alert" not in chief.get(path).text, path
        assert "<img src=x" not in chief.get(path).text, path
    for path in PUBLIC:
        text = chief.http.get(f"/{CODE}/{path}").text
        if not path.endswith((".json", ".csv")):
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path


def test_a_formula_is_harmless_in_the_lists(chief: DeskClient) -> None:
    chief.post("places/new", {"name": "=1+1", "kind": "salon", "address": "北西町1", "fee": "+1"})
    lines = chief.http.get(f"/{CODE}/list.csv").text.splitlines()
    assert any("'=1+1" in line for line in lines)


def test_a_withheld_position_is_nowhere_in_public_and_comes_back(
    a_small_town: Session, chief: DeskClient
) -> None:
    lon, lat = degrees(612, 1412)
    secret = {"address": "北西町HIMITSU", "building": "HIMITSU", "lon": str(lon), "lat": str(lat)}
    office = {"contact_name": "HIMITSU", "contact_phone": "0880-99-9999", "office_note": "HIMITSU"}
    place = {"name": "家の会", "kind": "salon", **secret, **office}
    traces = ("HIMITSU", "0880-99-9999", f"{lon:.4f}", f"{lat:.4f}")
    for kind in ("area", "contact"):
        chief.post("places/new", {**place, "name": f"家の会{kind}", "location_kind": kind})
    assert told_in_public(chief, *traces) == set()
    number = by_name(a_small_town, Place)["家の会area"]["id"]
    shown = {**place, "name": "家の会area"}
    for kind, hidden in (("point", False), ("area", True)):
        data = {**shown, "location_kind": kind, "version": chief.version(f"places/{number}")}
        assert chief.post(f"places/{number}", data).status_code == 200
        found = {word for _, word in told_in_public(chief, *traces)}
        assert ("HIMITSU" not in found) is hidden
        assert "0880-99-9999" not in found
    row = by_name(a_small_town, Place)["家の会area"]
    assert (row["wkb"], row["address"], row["building"], row["town_id"]) == (None,) * 4
    assert "HIMITSU" not in row["find_key"]


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG")
    return file.getvalue()


def test_a_photo_of_another_area_is_not_moved_through_a_place_of_ones_own(
    a_small_town: Session, chief: DeskClient
) -> None:
    salon, hall = (by_name(a_small_town, Place)[n]["id"] for n in ("ひだまりサロン", "南東集会所"))
    upload = [("photo", ("a.jpg", jpeg()))]
    chief.post(f"places/{hall}/photos", {"caption": "入口"}, files=upload)
    (photo,) = rows_of(a_small_town, Photo)
    west = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)
    path = f"places/{salon}/photos/{photo['id']}"
    for way in ("remove", "submit"):
        answer = west.post(f"{path}/{way}", {"version": "1"})
        assert answer.status_code in (403, 404), way
    assert rows_of(a_small_town, Photo) == [photo]


def test_a_posting_and_a_pause_are_not_reached_through_another_place(
    a_small_town: Session, chief: DeskClient
) -> None:
    salon, hall = (by_name(a_small_town, Place)[n]["id"] for n in ("ひだまりサロン", "南東集会所"))
    chief.post(f"places/{hall}/pauses", {"valid_from": "2026-11-01"})
    chief.post(f"places/{hall}/postings", {"name": "人", "role": "係", "valid_from": "2026-11-01"})
    west = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)
    changed = {"name": "x", "role": "x", "valid_from": "2026-10-01", "version": "1"}
    for kind in ("pauses", "postings"):
        answer = west.post(f"places/{salon}/{kind}/1", changed)
        assert answer.status_code in (403, 404), kind
        answer = west.post(f"places/{hall}/{kind}/1", changed)
        assert answer.status_code == 403, kind


def test_a_coordinator_cannot_carry_a_place_into_another_area_or_out_of_one(
    a_small_town: Session, chief: DeskClient
) -> None:
    east = signed_in(chief.engine, Role.COORDINATOR, areas=["E"], app=chief.app)
    lon, lat = degrees(1500, 1500)
    moved = {"name": "ひだまりサロン", "kind": "salon", "lon": str(lon), "lat": str(lat)}
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    assert east.post(f"places/{number}", {**moved, "version": "1"}).status_code == 403
    west = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], login="w", app=chief.app)
    assert west.post(f"places/{number}", {**moved, "version": "1"}).status_code == 403


def test_ten_hands_at_once_save_once(a_small_town: Session, chief: DeskClient) -> None:
    """Nobody's save is lost without a word: one is in, nine are told."""
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    was = chief.version(f"places/{number}")
    answers: list[int] = []

    def save(fee: str) -> None:
        data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1", "fee": fee}
        answers.append(chief.post(f"places/{number}", {**data, "version": was}).status_code)

    hands = [threading.Thread(target=save, args=(f"{n}円",)) for n in range(10)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == [200, *[409] * 9]


def test_what_is_undone_is_not_undone_twice_but_the_undoing_may_be(
    a_small_town: Session, chief: DeskClient
) -> None:
    data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1", "fee": "百円"}
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    chief.post(f"places/{number}", {**data, "version": chief.version(f"places/{number}")})
    deed = rows_of(a_small_town, Deed)[-1]["id"]
    assert chief.post(f"log/{deed}/undo", {}).status_code == 200
    assert by_name(a_small_town, Place)["ひだまりサロン"]["fee"] is None
    assert chief.post(f"log/{deed}/undo", {}).status_code == 409
    again = rows_of(a_small_town, Deed)[-1]
    assert again["what"] == "undo"
    assert chief.post(f"log/{again['id']}/undo", {}).status_code == 200
    assert by_name(a_small_town, Place)["ひだまりサロン"]["fee"] == "百円"


def test_whoever_handed_an_area_over_undoes_nothing_there(
    a_small_town: Session, chief: DeskClient
) -> None:
    west = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    west.post(f"places/{number}/confirm")
    deed = rows_of(a_small_town, Deed)[-1]["id"]
    other = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], login="o", app=chief.app)
    assert other.post(f"log/{deed}/undo", {}).status_code == 409
    charge = chief.get("assignments/").text.split("assignments/")
    numbers = {part.split('"')[0] for part in charge if part.split('"')[0].isdecimal()}
    for each in numbers:
        chief.post(f"assignments/{each}/remove", {"version": "1"})
    assert west.post(f"log/{deed}/undo", {}).status_code == 403


def test_a_note_that_begins_with_a_bracket_is_a_note(
    a_small_town: Session, chief: DeskClient
) -> None:
    """Not a list, though lists are stored as JSON."""
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1", "functions": ["cafe"]}
    was = chief.version(f"places/{number}")
    chief.post(f"places/{number}", {**data, "note": "[重要] 鍵は役場", "version": was})
    history = chief.get(f"history/places/{number}").text
    assert "<ins>[重要] 鍵は役場</ins>" in history
    assert "<ins>カフェ</ins>" in history


def test_a_history_tells_of_pauses_and_photos_and_takes_a_photo_back(
    a_small_town: Session, chief: DeskClient
) -> None:
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    west = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)
    pause = {"valid_from": "2026-11-01", "valid_to": "2026-11-02", "reason": "改修"}
    west.post(f"places/{number}/pauses", pause)
    posted = {
        "name": "HIMITSU",
        "role": "係",
        "trained_on": "2026-01-01",
        "valid_from": "2026-02-01",
    }
    west.post(f"places/{number}/postings", posted)
    chief.post(f"places/{number}/photos", {"caption": "入口"}, files=[("photo", ("a.jpg", jpeg()))])
    deed = rows_of(a_small_town, Deed)[-1]["id"]
    for client in (west, signed_in(chief.engine, Role.PLANNER, app=chief.app)):
        history = client.get(f"history/places/{number}").text
        for words in ("改修", "令和8年11月1日", "令和8年2月1日", "入口"):
            assert words in history, words
        assert "HIMITSU" not in history
    assert west.post(f"log/{deed}/undo", {}).status_code == 409, "not theirs"
    assert chief.http.get(f"/{CODE}/photos/1.jpg").status_code == 200
    chief.post(f"log/{deed}/undo", {})
    assert chief.http.get(f"/{CODE}/photos/1.jpg").status_code == 404
    (photo,) = rows_of(a_small_town, Photo)
    assert photo["state"] == "withdrawn"
