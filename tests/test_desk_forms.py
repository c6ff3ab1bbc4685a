"""Forms of the desk as a tired coordinator meets them: nothing ticks itself, nothing is lost."""

import html
import json
import re
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import by_name, lat_lon, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.models import Assignment, Place, Proposal, Service

pytestmark = pytest.mark.databases("sqlite")
IN_WEST = dict(zip(("lat", "lon"), lat_lon(900, 1500).split(","), strict=True))
IN_EAST = dict(zip(("lat", "lon"), lat_lon(1500, 1500).split(","), strict=True))


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.CHIEF)


@pytest.fixture
def west(chief: DeskClient) -> DeskClient:
    return signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)


def salon(session: Session) -> dict[str, Any]:
    return by_name(session, Place)["ひだまりサロン"]


def ticked(page: str) -> set[str]:
    """Names of the boxes that are ticked."""
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    return {
        name for box in boxes if " checked" in box for name in re.findall('name="([^"]+)"', box)
    }


def test_no_box_ticks_itself_when_something_else_was_wrong(chief: DeskClient) -> None:
    page = chief.post("places/new", {"name": "", "informal": "false"})
    assert page.status_code == 422
    assert ticked(page.text) == set()
    page = chief.post("places/new", {"name": "", "informal": ["false", "true"], "confirmed": "1"})
    assert ticked(page.text) == {"informal", "confirmed"}


def test_who_corrects_a_word_does_not_confirm_the_rest(
    a_small_town: Session, chief: DeskClient
) -> None:
    assert ticked(chief.get(f"places/{salon(a_small_town)['id']}").text) == set()
    assert ticked(chief.get("places/new").text) == {"confirmed"}


@pytest.mark.parametrize("do", ["submit", "draft"])
def test_a_place_in_anothers_area_leaves_the_form_as_it_was(
    a_small_town: Session, west: DeskClient, do: str
) -> None:
    page = west.post("places/new", {"name": "港の会", "fee": "百円", "do": do, **IN_EAST})
    assert page.status_code == 403
    for words in ("港の会", "百円", "東圏域", "あなたの担当ではない"):
        assert words in page.text, words
    moved = {"name": "ひだまりサロン", "kind": "salon", **IN_EAST}
    path = f"places/{salon(a_small_town)['id']}"
    page = west.post(path, {**moved, "do": do, "version": west.version(path)})
    assert page.status_code == 403
    assert 'name="lon"' in page.text


def test_a_point_nobody_moved_stays_approximate(a_small_town: Session, chief: DeskClient) -> None:
    new = {"name": "住所の会", "kind": "salon", "address": "北西町1"}
    chief.post("places/new", new)
    place = by_name(a_small_town, Place)["住所の会"]
    assert place["approximate"]
    there = {"lon": str(place["min_lon"]), "lat": str(place["min_lat"])}
    path = f"places/{place['id']}"
    chief.post(path, {**new, **there, "fee": "百円", "version": "1"})
    fresh = by_name(a_small_town, Place)["住所の会"]
    assert (fresh["fee"], fresh["approximate"]) == ("百円", True)
    chief.post(path, {**new, **IN_WEST, "version": "2"})
    assert not by_name(a_small_town, Place)["住所の会"]["approximate"]


def test_a_tap_outside_is_told_at_once(west: DeskClient) -> None:
    for point, mine in ((IN_WEST, True), (IN_EAST, False)):
        asked = f"where.json?lon={point['lon']}&lat={point['lat']}"
        assert west.get(asked).json()["mine"] is mine


def test_a_new_service_is_for_ones_own_areas(west: DeskClient, chief: DeskClient) -> None:
    areas = re.findall(r'name="areas" value="(\w)" checked', west.get("services/new").text)
    assert areas == ["W"]
    assert not re.findall(r'name="areas" value="(\w)" checked', chief.get("services/new").text)


def test_what_two_areas_share_is_confirmed_by_either_and_corrected_by_neither(
    a_small_town: Session, chief: DeskClient, west: DeskClient
) -> None:
    shared = {"name": "ほのぼの配食", "kind": "meals", "areas": ["W", "E"]}
    chief.post("services/new", {**shared})
    page = west.get("services/1").text
    assert "「東圏域・西圏域」のものです。確認はできます" in page
    assert west.post("services/1/confirm").status_code == 200
    assert rows_of(a_small_town, Service)[0]["confirmed_by"] == "coordinatorさん"
    assert west.post("services/1", {**shared, "fee": "百円", "version": "2"}).status_code == 403
    north = signed_in(chief.engine, Role.COORDINATOR, login="n", app=chief.app)
    assert north.post("services/1/confirm").status_code == 403
    planner = signed_in(chief.engine, Role.PLANNER, app=chief.app)
    assert "「計画担当」は、台帳を見るだけです" in planner.get("services/1").text


def test_every_count_of_the_first_page_leads_to_as_many_records(chief: DeskClient) -> None:
    chief.post("places/new", {"name": "西の会", "kind": "salon", **IN_WEST})
    chief.post("services/new", {"name": "西の配食", "kind": "meals", "areas": ["W"]})
    chief.post("services/new", {"name": "みんなの配食", "kind": "meals"})
    chief.post("organizations/new", {"name": "西の会", "areas": ["W"]})
    page = chief.get("").text
    links = re.findall(r'href="([^"]+)">([^<]+) (\d+)件</a>', page)
    assert {words for _, words, _ in links} == {"通いの場", "生活支援サービス", "団体"}
    for address, _, number in links:
        listed = chief.get(html.unescape(address)).text
        assert f'role="status">{number}件' in listed, address
    card = page.split("西圏域")[1].split("</li>")[0]
    assert sum(int(n) for n in re.findall(r" (\d+)件</a>", card)) == int(
        card.split('class="big">')[1].split("<")[0]
    )


def test_confirming_in_a_list_stays_in_that_list(a_small_town: Session, chief: DeskClient) -> None:
    chief.post("places/new", {"name": "西の会", "kind": "salon", **IN_WEST})
    page = chief.get("places/?area=W&stale=1&page=1&next=//evil.example").text
    asked = html.unescape(page.split('name="asked" value="')[1].split('"')[0])
    path = f"places/{salon(a_small_town)['id']}/confirm"
    answer = chief.post(path, {"back": "1", "asked": asked}, follow_redirects=False)
    to = answer.headers["location"]
    assert to.endswith("places/?area=W&stale=1&page=1&done=confirmed")


def test_a_change_that_waits_is_found_and_goes_on_with_whoever_takes_the_area_over(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    number = salon(a_small_town)["id"]
    data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1", "fee": "百円"}
    west.post(f"places/{number}", {**data, "version": west.version(f"places/{number}")})
    assert "ひだまりサロン" in chief.get("places/?state=submitted").text
    assert "提出済み" in west.get("").text.split("続きを待っているもの")[1].split("</section>")[0]
    inbox = chief.get("inbox/").text.split(f"inbox/places/{number}/return")[1]
    read = inbox.split('name="version" value="')[1].split('"')[0]
    chief.post(f"inbox/places/{number}/return", {"version": read, "remark": "電話で"})
    charges = {row["area_code"]: row["id"] for row in rows_of(a_small_town, Assignment)}
    chief.post(f"assignments/{charges['W']}/remove", {"version": "1"})
    new = signed_in(chief.engine, Role.COORDINATOR, areas=["W"], login="new", app=chief.app)
    assert "電話で" in new.get("").text
    assert "電話で" not in west.get("").text
    assert "places/new" not in west.get("").text


def test_who_publishes_is_told_what_saving_does_and_that_an_end_waits(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    path = f"places/{salon(a_small_town)['id']}"
    end = {"closed_on": "2027-03-31", "version": west.version(path)}
    west.post(f"{path}/close", end)
    for client in (west, chief):
        page = client.get(path).text
        assert "令和9年3月31日で終了</b>が提出されています" in page
        assert "終了にする" not in page
    assert "一緒に公開します" in chief.get(path).text
    assert "一緒に公開します" not in west.get(path).text


@pytest.mark.parametrize("asked", ["area=W&stale=1", "stale=1", "q=zzz", "state=draft"])
def test_a_list_without_anything_says_so(chief: DeskClient, asked: str) -> None:
    for register in ("places", "services", "organizations", "supporters"):
        page = chief.get(f"{register}/?{asked}")
        assert page.status_code == 200
        assert 'role="status">0件' in page.text


# --- what a form does not show -------------------------------------------------------------------


def as_shown(client: DeskClient, path: str) -> dict[str, Any]:
    """What the form of a record shows, as a browser would send it back."""
    base = html.unescape(client.get(path).text.split('name="base" value="')[1].split('"')[0])
    texts = {
        name: value if isinstance(value, list) else "" if value is None else str(value)
        for name, value in json.loads(base).items()
    }
    return {**texts, "version": client.version(path), "base": base}


@pytest.fixture
def closing(a_small_town: Session, west: DeskClient) -> str:
    """The path of a place whose end 西圏域's coordinator has submitted."""
    path = f"places/{salon(a_small_town)['id']}"
    west.post(f"{path}/close", {"closed_on": "2026-12-01", "version": west.version(path)})
    return path


def test_whoever_saves_the_form_publishes_the_end_that_waits(
    a_small_town: Session, chief: DeskClient, closing: str
) -> None:
    chief.post(closing, {**as_shown(chief, closing), "fee": "百円"})
    assert rows_of(a_small_town, Proposal)[0]["state"] == "published"
    assert str(salon(a_small_town)["closed_on"]) == "2026-12-01"


def test_another_change_leaves_the_submitted_end_in_the_proposal(
    a_small_town: Session, west: DeskClient, closing: str
) -> None:
    west.post(closing, {**as_shown(west, closing), "fee": "百円"})
    assert "2026-12-01" in rows_of(a_small_town, Proposal)[0]["proposed"]


def test_a_form_that_comes_back_says_still_that_an_end_waits(
    west: DeskClient, closing: str
) -> None:
    back = west.post(closing, {**as_shown(west, closing), "capacity_people": "たくさん"})
    assert back.status_code == 422
    assert "終了</b>が提出されています" in back.text.replace("\n", "")
    assert "終了にする" not in back.text


def test_who_mends_a_refused_form_is_still_asked_for_their_own_words_first(
    a_small_town: Session, chief: DeskClient
) -> None:
    """The form that comes back began where the first one began, not at what was typed."""
    path = f"places/{salon(a_small_town)['id']}"
    sent = {**as_shown(chief, path), "fee": "百円"}
    back = chief.post(path, {**sent, "capacity_people": "たくさん"})
    base = html.unescape(back.text.split('name="base" value="')[1].split('"')[0])
    chief.post(path, {**as_shown(chief, path), "phone": "0880-11-1111"})
    conflict = chief.post(path, {**sent, "base": base})
    assert conflict.status_code == 409
    assert 'name="take-fee" value="&#34;百円&#34;" checked' in conflict.text


def test_a_draft_that_met_another_version_stays_a_draft(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    path = f"places/{salon(a_small_town)['id']}"
    mine = as_shown(west, path)
    chief.post(path, {**as_shown(chief, path), "phone": "0880-11-1111"})
    page = west.post(path, {**mine, "fee": "百円", "do": "draft", "confirmed": "1"})
    assert page.status_code == 409
    assert 'name="do" value="draft"' in page.text
    assert ticked(page.text) == {"confirmed"}
