"""Undoing is a change like any other: what needs leave to be published needs it here too."""

from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from exchange_files import csv_file
from small_town import CODE, PLACES_HEADER, by_name, lat_lon, rows_of
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts.roles import Role
from api.models import Assignment, Deed, Organization, Place, Proposal, Supporter, Town, Viewing

pytestmark = pytest.mark.databases("sqlite")
SECRET = {
    "name": "新しい会",
    "kind": "salon",
    "address": "北西町1 HIMITSU",
    "note": "みていない言葉",
}


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.CHIEF)


@pytest.fixture
def west(chief: DeskClient) -> DeskClient:
    return signed_in(chief.engine, Role.COORDINATOR, areas=["W"], app=chief.app)


@pytest.fixture
def admin(chief: DeskClient) -> DeskClient:
    return signed_in(chief.engine, Role.ADMINISTRATOR, app=chief.app)


def last_deed(session: Session) -> dict[str, Any]:
    return max(rows_of(session, Deed), key=lambda deed: int(deed["id"]))


def residents_read(client: DeskClient) -> str:
    visitor = TestClient(client.app, base_url="https://testserver")
    pages = ("list", "list.csv", "map/details.json", "map/places.json")
    return " ".join(visitor.get(f"/{CODE}/{page}").text for page in pages)


def publish(chief: DeskClient, number: int) -> None:
    page = chief.get("inbox/").text.split(f"inbox/places/{number}/publish")[1]
    read = page.split('name="version" value="')[1].split('"')[0]
    assert "公開しました" in chief.post(f"inbox/places/{number}/publish", {"version": read}).text


def test_old_words_nobody_has_looked_through_are_not_published_by_undoing(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    west.post("places/new", SECRET)
    number = by_name(a_small_town, Place)["新しい会"]["id"]
    tidy = {**SECRET, "note": "よい言葉", "location_kind": "area"}
    west.post(f"places/{number}", {**tidy, "version": west.version(f"places/{number}")})
    deed = last_deed(a_small_town)
    assert deed["what"] == "edit"
    publish(chief, number)
    assert "元に戻すことを提出しました" in west.post(f"log/{deed['id']}/undo", {}).text
    public = residents_read(west)
    assert "新しい会" in public
    assert "HIMITSU" not in public
    assert "みていない言葉" not in public
    (waiting,) = [row for row in rows_of(a_small_town, Proposal) if row["state"] == "submitted"]
    assert waiting["entity_id"] == number
    assert "みていない言葉" in chief.get("inbox/").text
    publish(chief, number)
    assert "みていない言葉" in residents_read(west)


def test_a_confirmation_is_taken_back_at_once(a_small_town: Session, west: DeskClient) -> None:
    salon = by_name(a_small_town, Place)["ひだまりサロン"]
    west.post(f"places/{salon['id']}/confirm")
    undone = west.post(f"log/{last_deed(a_small_town)['id']}/undo", {})
    assert "取り消しました" in undone.text
    assert by_name(a_small_town, Place)["ひだまりサロン"]["confirmed_on"] == salon["confirmed_on"]
    assert rows_of(a_small_town, Proposal) == []


def test_a_published_place_does_not_vanish_by_undoing_its_first_day(
    a_small_town: Session, admin: DeskClient, west: DeskClient
) -> None:
    """It was added while the municipality let coordinators publish."""
    admin.post("settings", {"reviewed": "no", "stale_months": "12"})
    west.post("places/new", SECRET)
    deed = last_deed(a_small_town)
    admin.post("settings", {"reviewed": "yes", "stale_months": "12"})
    assert west.post(f"log/{deed['id']}/undo", {}).status_code == 409
    assert "新しい会" in residents_read(west)


def test_undoing_an_import_does_not_shut_the_inbox(
    a_small_town: Session, tmp_path: Path, admin: DeskClient, west: DeskClient, chief: DeskClient
) -> None:
    deed = imported(admin, tmp_path)
    number = by_name(a_small_town, Place)["取込会"]["id"]
    salon = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    for each, name in ((number, "取込会"), (salon, "ひだまりサロン")):
        data = {"name": name, "kind": "salon", "address": "北西町1", "fee": "百円"}
        west.post(f"places/{each}", {**data, "version": west.version(f"places/{each}")})
    assert "取込会" in chief.get("inbox/").text
    admin.post(f"log/{deed}/undo", {})
    inbox = chief.get("inbox/")
    assert inbox.status_code == 200
    assert "ひだまりサロン" in inbox.text
    assert "取込会" not in inbox.text
    # Who may not import does not bring the file back by undoing the undoing.
    undoing = last_deed(a_small_town)
    assert undoing["what"] == "undo-import"
    assert chief.post(f"log/{undoing['id']}/undo", {}).status_code == 409
    assert by_name(a_small_town, Place)["取込会"]["state"] == "withdrawn"
    assert admin.post(f"log/{undoing['id']}/undo", {}).status_code == 200
    assert by_name(a_small_town, Place)["取込会"]["state"] == "published"
    assert "取込会" in chief.get("inbox/").text


def imported(admin: DeskClient, tmp_path: Path, name: str = "取込会") -> int:
    """Bring a place in by a file; the number of the deed."""
    file = csv_file(
        tmp_path / "a.csv", PLACES_HEADER, f"{name},サロン,北西町1,{lat_lon(800, 1500)},月"
    )
    sent = [("files", ("a.csv", file.read_bytes()))]
    page = admin.post("imports/", {"kind": "places"}, files=sent).text
    key = page.split("/imports/")[1].split('"')[0]
    admin.post(f"imports/{key}", {"kind": "places", "do": "write"})
    with Session(admin.engine) as session:
        return int(last_deed(session)["id"])


def test_undoing_an_import_tells_of_fields_filled_in_since_and_keeps_them(
    a_small_town: Session, tmp_path: Path, admin: DeskClient, chief: DeskClient
) -> None:
    """The file had said nothing of the fee: what somebody wrote there is theirs."""
    deed = imported(admin, tmp_path)
    number = by_name(a_small_town, Place)["取込会"]["id"]
    data = {"name": "取込会", "kind": "salon", "address": "北西町1", "fee": "月300円"}
    where = dict(zip(("lat", "lon"), lat_lon(800, 1500).split(","), strict=True))
    read = chief.version(f"places/{number}")
    chief.post(f"places/{number}", {**data, **where, "version": read})
    answer = admin.post(f"log/{deed}/undo", {})
    assert answer.status_code == 409
    for words in ("通いの場 取込会", "費用", "月300円", "chiefさん"):
        assert words in answer.text, words
    admin.post(f"log/{deed}/undo", {"keep_later": "1"})
    assert by_name(a_small_town, Place)["取込会"]["fee"] == "月300円"
    assert by_name(a_small_town, Place)["取込会"]["state"] == "published"


def test_what_was_changed_and_changed_back_since_is_no_conflict(
    a_small_town: Session, tmp_path: Path, admin: DeskClient, chief: DeskClient
) -> None:
    deed = imported(admin, tmp_path)
    number = by_name(a_small_town, Place)["取込会"]["id"]
    chief.post(f"places/{number}/confirm")
    chief.post(f"log/{last_deed(a_small_town)['id']}/undo", {})
    assert admin.post(f"log/{deed}/undo", {}).status_code == 200
    assert by_name(a_small_town, Place)["取込会"]["state"] == "withdrawn"
    # Its history can still be read.
    assert "取り消し" in chief.get(f"history/places/{number}").text


def test_a_history_tells_what_was_submitted_and_why_it_came_back(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    number = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1", "fee": "百円"}
    west.post(f"places/{number}", {**data, "version": west.version(f"places/{number}")})
    page = chief.get("inbox/").text.split(f"inbox/places/{number}/return")[1]
    read = page.split('name="version" value="')[1].split('"')[0]
    remark = {"version": read, "remark": "電話で確かめてください"}
    chief.post(f"inbox/places/{number}/return", remark)
    again = {**data, "fee": "二百円", "version": west.version(f"places/{number}")}
    west.post(f"places/{number}", again)
    parts = west.get(f"history/places/{number}").text.split('<section class="card-row')[1:]
    told = {part.split("<h2>")[1].split("<")[0]: part for part in reversed(parts)}
    assert "<del>（なし）</del></td><td><ins>二百円</ins>" in parts[0]
    assert "電話で確かめてください" in told["差し戻し"]
    assert "<ins>百円</ins>" in parts[2]


def test_a_moved_place_is_told_by_area_town_and_distance(
    a_small_town: Session, west: DeskClient, chief: DeskClient
) -> None:
    place = by_name(a_small_town, Place)["ひだまりサロン"]
    lat, lon = lat_lon(700, 1500).split(",")
    data = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1"}
    sent = {**data, "lat": lat, "lon": lon, "version": west.version(f"places/{place['id']}")}
    west.post(f"places/{place['id']}", sent)
    inbox = chief.get("inbox/").text
    assert f"西圏域・北西町（緯度 {float(lat):.5f}、経度 {float(lon):.5f}）" in inbox
    assert "200 m 動きました" in inbox


def test_the_log_names_records_and_is_read_by_person(west: DeskClient, chief: DeskClient) -> None:
    west.post("places/new", SECRET)
    west.post("supporters/new", {"name": "ある人", "areas": ["W"]})
    log = chief.get("log/").text
    assert "新しい会" in log
    assert "ある人" not in log
    assert "コマンド" in log
    assert "新しい会" in chief.get("log/?who=coordinatorさん").text
    assert "新しい会" not in chief.get("log/?who=cli").text
    assert "新しい会" not in chief.get("log/?what=import").text


def test_nothing_is_put_back_into_an_area_that_was_handed_over(
    a_small_town: Session, chief: DeskClient
) -> None:
    both = signed_in(chief.engine, Role.COORDINATOR, areas=["W", "E"], login="b", app=chief.app)
    towns = by_name(a_small_town, Town)
    someone = {"name": "ある人", "town_id": str(towns["北西町"]["id"])}
    both.post("supporters/new", someone)
    moved = {**someone, "town_id": str(towns["北東町"]["id"]), "version": "1"}
    both.post("supporters/1", moved)
    deed = last_deed(a_small_town)["id"]
    charges = {row["area_code"]: row["id"] for row in rows_of(a_small_town, Assignment)}
    number = charges["W"]
    chief.post(f"assignments/{number}/remove", {"version": "1"})
    assert both.post(f"log/{deed}/undo", {}).status_code == 403
    assert rows_of(a_small_town, Supporter)[0]["town_id"] == towns["北東町"]["id"]


def test_both_versions_of_a_person_are_a_look_at_them(
    a_small_town: Session, west: DeskClient
) -> None:
    west.post("supporters/new", {"name": "ある人", "areas": ["W"]})
    looks = len(rows_of(a_small_town, Viewing))
    other = {"name": "ある人", "areas": ["W"], "version": "0"}
    assert west.post("supporters/1", other).status_code == 409
    address = f"/api/v1/municipalities/{CODE}/registry/supporters/1"
    headers = {"X-Form-Token": west.token, "If-Match": "0"}
    body = {"name": "ある人", "areas": ["W"]}
    assert west.http.put(address, headers=headers, json=body).status_code == 409
    added = rows_of(a_small_town, Viewing)[looks:]
    assert [row["how"] for row in added] == ["同時の書き込み"] * 2


def test_an_administrator_does_not_learn_who_is_a_supporter_by_rehearsing(
    admin: DeskClient, west: DeskClient, tmp_path: Path
) -> None:
    west.post("supporters/new", {"name": "ある人", "areas": ["W"]})

    def told(name: str) -> str:
        file = csv_file(tmp_path / "a.csv", "氏名,町名", f"{name},北西町")
        sent = [("files", ("a.csv", file.read_bytes()))]
        page = str(admin.post("imports/", {"kind": "supporters"}, files=sent).text)
        return page.split("<main")[1].replace(page.split("/imports/")[1].split('"')[0], "")

    assert told("ある人") == told("いない人")
    for number, name in enumerate(("ある人", "いない人")):
        file = csv_file(
            tmp_path / f"{number}.csv", "氏名,町名", f"{name},北西町", "ほかの人,北西町"
        )
        page = admin.post(
            "imports/", {"kind": "supporters"}, files=[("files", (file.name, file.read_bytes()))]
        )
        key = page.text.split("/imports/")[1].split('"')[0]
        admin.post(f"imports/{key}", {"kind": "supporters", "do": "write"})
    assert "担い手 " not in admin.get("imports/").text.split("これまでの取り込み")[1]


def test_files_of_one_name_are_all_read(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    sent = []
    for name, organization in (("a.csv", "ひとつ"), ("a-2.csv", "ふたつ"), ("a.csv", "みっつ")):
        file = csv_file(tmp_path / "x.csv", "団体名,種類", f"{organization}の会,自治会")
        sent.append(("files", (name, file.read_bytes())))
    page = admin.post("imports/", {"kind": "organizations"}, files=sent)
    key = page.text.split("/imports/")[1].split('"')[0]
    admin.post(f"imports/{key}", {"kind": "organizations", "do": "write"})
    assert set(by_name(a_small_town, Organization)) == {"ひとつの会", "ふたつの会", "みっつの会"}


@pytest.mark.parametrize("name", ["\x01", "\u200b", "\u3164", " \u202e "])
def test_a_name_that_nobody_sees_is_no_name(chief: DeskClient, name: str) -> None:
    answer = chief.post("organizations/new", {"name": name})
    assert answer.status_code == 422
    assert "入れてください" in answer.text


def test_a_name_is_not_turned_around(a_small_town: Session, chief: DeskClient) -> None:
    chief.post("organizations/new", {"name": "\u202eさかさの会"})
    assert list(by_name(a_small_town, Organization)) == ["さかさの会"]


def test_the_first_day_of_the_calendar_is_a_day(chief: DeskClient) -> None:
    for path in ("panel", "coverage.csv"):
        answer = chief.http.get(f"/{CODE}/{path}?on=0001-01-01")
        assert answer.status_code < 500, path
