"""What residents send in (住民の声): what is kept, what they learn, and what keeps floods out."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from small_town import CODE, TODAY, by_name, degrees, everything, rows_of
from sqlalchemy import update
from sqlmodel import Session
from starlette.testclient import TestClient
from test_photo_uploads import picture

from api import clock
from api.accounts.flooding import ALLOWANCES
from api.actions.voice_numbers import SIGNS, in_print, new_number, read_number, with_check
from api.main import create_app
from api.models import Change, Municipality, Place, Reply, Suggestion, SuggestionPhoto, Town
from api.models.columns import table_of
from api.settings import Settings

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
SAID = {"kind": "wish", "words": "歩いて行ける集まりがほしい"}


class Resident:
    """Somebody with a phone, and no account."""

    def __init__(self, session: Session, **settings: Any) -> None:
        bind: Any = session.get_bind()
        self.app: FastAPI = create_app(bind, Settings(**settings))
        self.http = TestClient(self.app, raise_server_exceptions=False)
        self.at(NOW)

    def at(self, moment: datetime) -> None:
        self.now = moment
        more = {clock.today: lambda: TODAY, clock.now: lambda: moment}
        self.app.dependency_overrides |= more

    def wait(self, **how: float) -> None:
        self.at(self.now + timedelta(**how))

    def token(self, query: str = "") -> str:
        page = self.http.get(f"/{CODE}/voice{query}").text
        return page.split('name="token" value="')[1].split('"')[0]

    def send(self, files: Any = None, headers: Any = None, **said: Any) -> Any:
        fields = SAID | said
        if "token" not in fields:
            fields["token"] = self.token()
            self.wait(seconds=30)
        return self.http.post(f"/{CODE}/voice", data=fields, files=files, headers=headers)

    def look_up(self, number: str) -> Any:
        return self.http.post(f"/{CODE}/voice/status", data={"number": number})


def number_in(page: str) -> str:
    found = re.search(r'number-big">([^<]+)<', page)
    assert found, page
    return found[1]


@pytest.fixture
def resident(a_small_town: Session) -> Resident:
    return Resident(a_small_town)


def test_what_is_sent_is_kept_and_found_by_its_number(
    a_small_town: Session, resident: Resident
) -> None:
    sent = resident.send(name="岡", phone="0999-00-1234", place_name="縁側")
    assert sent.status_code == 200
    assert "写真にとるか、書きとめてください" in sent.text
    number = number_in(sent.text)
    (row,) = rows_of(a_small_town, Suggestion)
    assert in_print(row["number"]) == number
    assert (row["words"], row["name"], row["phone"]) == (SAID["words"], "岡", "0999-00-1234")
    assert (row["status"], row["channel"], row["heard_on"]) == ("received", "web", TODAY)
    told = resident.look_up(number.lower().replace("-", " "))
    assert "受け取りました" in told.text and "令和8年10月1日" in told.text
    assert SAID["words"] not in told.text and "岡" not in told.text


@pytest.mark.databases("sqlite")
def test_nobody_is_tracked(a_small_town: Session, resident: Resident) -> None:
    sent = resident.send()
    for answer in (sent, resident.http.get(f"/{CODE}/voice"), resident.look_up(new_number())):
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert resident.http.cookies == {}
    assert "testclient" not in repr(everything(a_small_town)), "the sender's address"
    (line, *_) = [row for row in rows_of(a_small_town, Change) if row["entity"] == "suggestion"]
    assert line["actor"] == "resident"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("said", "town", "areas"),
    [
        ({"town_id": "北東町"}, "北東町", None),
        ({"pin": (400, 1400)}, "北西町", None),
        ({"pin": (1500, 200)}, "南東町", None),
        ({"place_id": "ひだまりサロン"}, "北西町", None),
        ({"area": "W"}, None, ["W"]),
        ({"area": "nowhere"}, None, None),
        ({"pin": (400, 1400), "town_id": "北東町", "area": "W"}, "北東町", ["W"]),
        ({}, None, None),
    ],
    ids=str,
)
def test_whose_it_is_follows_from_where_it_points(
    a_small_town: Session,
    resident: Resident,
    said: dict[str, Any],
    town: str | None,
    areas: list[str] | None,
) -> None:
    towns, places = by_name(a_small_town, Town), by_name(a_small_town, Place)
    fields = {name: value for name, value in said.items() if name != "pin"}
    if "pin" in said:
        fields["lon"], fields["lat"] = map(str, degrees(*said["pin"]))
    if "town_id" in fields:
        fields["town_id"] = str(towns[fields["town_id"]]["id"])
    if "place_id" in fields:
        fields["place_id"] = str(places[fields["place_id"]]["id"])
    assert resident.send(**fields).status_code == 200
    (row,) = rows_of(a_small_town, Suggestion)
    assert row["town_id"] == (towns[town]["id"] if town else None)
    assert json.loads(row["areas"] or "null") == areas


@pytest.mark.databases("sqlite")
def test_a_place_nobody_may_know_of_is_not_named(a_small_town: Session, resident: Resident) -> None:
    place = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    assert "「ひだまりサロン」について" in resident.http.get(f"/{CODE}/voice?place={place}").text
    a_small_town.connection().execute(update(table_of(Place)).values(state="draft"))
    a_small_town.commit()
    assert "ひだまり" not in resident.http.get(f"/{CODE}/voice?place={place}").text
    resident.send(place_id=str(place))
    assert rows_of(a_small_town, Suggestion)[0]["place_id"] is None


# --- what is refused, with every word still there ------------------------------------------------


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": ""}, "一つ選んで"),
        ({"kind": "steal"}, "一つ選んで"),
        ({"words": " "}, "ひとことでも"),
        ({"words": "あ" * 1001}, "1000文字まで"),
        ({"phone": "12"}, "市外局番から"),
        ({"town_id": "999999"}, "選び直して"),
        ({"town_id": "x"}, "数字で"),
        ({"lon": "200", "lat": "33"}, "以下にしてください"),
        ({"lon": "nan", "lat": "33"}, "数字で"),
        ({"lon": "133.9", "lat": "33.0"}, "離れています"),
        ({"homepage": "http://spam.example/"}, "うまく受け取れませんでした"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_taken_comes_back_with_its_reason(
    a_small_town: Session, resident: Resident, said: dict[str, str], words: str
) -> None:
    answer = resident.send(**({"place_name": ""} | {"name": "岡"} | said))
    assert answer.status_code == 422
    assert words in answer.text and 'value="岡"' in answer.text
    assert rows_of(a_small_town, Suggestion) == []


@pytest.mark.databases("sqlite")
def test_words_that_try_to_run_are_only_words(a_small_town: Session, resident: Resident) -> None:
    trap = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    fields = dict.fromkeys(("kind", "words", "place_name", "name", "area", "place_id"), trap)
    answer = resident.send(**fields, town_id="1'--", phone="<b>123456789</b>")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text and "<img" not in answer.text
    assert "<img" not in resident.look_up(trap).text
    assert "<img" not in resident.http.get(f"/{CODE}/voice", params={"area": trap[:60]}).text
    assert rows_of(a_small_town, Suggestion) == []


# --- photos --------------------------------------------------------------------------------------


@pytest.mark.databases("sqlite")
def test_a_photo_is_kept_small_and_public_to_nobody(
    a_small_town: Session, resident: Resident
) -> None:
    sent = resident.send(files={"photo": ("a.jpg", picture(size=(3000, 2000)), "image/jpeg")})
    assert sent.status_code == 200
    (row,), (kept,) = rows_of(a_small_town, Suggestion), rows_of(a_small_town, SuggestionPhoto)
    assert row["has_photo"] and kept["suggestion_id"] == row["id"]
    assert len(kept["full"]) < 400 * 1024
    for path in (f"photos/{row['id']}.jpg", f"desk/voices/{row['id']}/photo/full.jpg"):
        answer = resident.http.get(f"/{CODE}/{path}", follow_redirects=False)
        assert answer.status_code in (303, 404)


@pytest.mark.databases("sqlite")
def test_a_file_that_is_no_photo_keeps_the_words_on_the_page(
    a_small_town: Session, resident: Resident
) -> None:
    answer = resident.send(files={"photo": ("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")})
    assert answer.status_code == 422
    assert SAID["words"] in answer.text
    assert rows_of(a_small_town, Suggestion) == []


# --- floods --------------------------------------------------------------------------------------


def test_a_second_tap_sends_nothing_twice(a_small_town: Session, resident: Resident) -> None:
    token = resident.token()
    resident.wait(seconds=20)
    first, again = (resident.send(token=token) for _ in range(2))
    assert number_in(first.text) == number_in(again.text)
    assert len(rows_of(a_small_town, Suggestion)) == 1


@pytest.mark.databases("sqlite")
def test_a_form_nobody_could_have_read_is_not_taken(resident: Resident) -> None:
    token = resident.token()
    hasty = resident.send(token=token)
    assert hasty.status_code == 429 and SAID["words"] in hasty.text
    assert f'name="token" value="{token}"' in hasty.text, "the same copy is good a moment later"
    resident.wait(seconds=4)
    assert resident.send(token=token).status_code == 200


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("token", ["", "stolen", "WyIzOTk5OSJd.x", "ひ"])
def test_a_form_that_is_not_ours_is_not_taken(
    a_small_town: Session, resident: Resident, token: str
) -> None:
    answer = resident.send(token=token)
    assert answer.status_code == 403 and SAID["words"] in answer.text
    assert rows_of(a_small_town, Suggestion) == []


@pytest.mark.databases("sqlite")
def test_a_form_of_yesterday_gets_a_new_copy_and_loses_nothing(resident: Resident) -> None:
    token = resident.token()
    resident.wait(hours=25)
    old = resident.send(token=token)
    assert old.status_code == 403 and SAID["words"] in old.text
    resident.wait(seconds=9)
    fresh = old.text.split('name="token" value="')[1].split('"')[0]
    assert resident.send(token=fresh).status_code == 200


@pytest.mark.databases("sqlite")
def test_another_site_cannot_send(a_small_town: Session, resident: Resident) -> None:
    assert resident.send(headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert resident.send(headers={"origin": "https://evil.example"}).status_code == 403
    assert rows_of(a_small_town, Suggestion) == []


@pytest.mark.databases("sqlite")
def test_one_address_has_an_hours_allowance(resident: Resident) -> None:
    for _ in range(ALLOWANCES["suggestion"].per_address):
        assert resident.send().status_code == 200
    many = resident.send()
    assert many.status_code == 429 and "1時間ほど" in many.text and SAID["words"] in many.text
    resident.wait(hours=1, minutes=1)
    assert resident.send().status_code == 200


@pytest.mark.databases("sqlite")
def test_a_full_queue_tells_whom_to_phone(a_small_town: Session) -> None:
    a_small_town.connection().execute(
        update(table_of(Municipality)).values(voice_contact="地域支援課 0999-00-7777")
    )
    a_small_town.commit()
    resident = Resident(a_small_town, most_waiting_voices=2)
    assert [resident.send().status_code for _ in range(3)] == [200, 200, 503]
    assert "0999-00-7777" in resident.send().text
    a_small_town.connection().execute(update(table_of(Suggestion)).values(status="declined"))
    a_small_town.commit()
    assert resident.send().status_code == 200


@pytest.mark.databases("sqlite")
def test_guessing_numbers_is_slowed_down(resident: Resident) -> None:
    number = number_in(resident.send().text)
    for _ in range(ALLOWANCES["wrong-number"].per_address):
        assert resident.look_up(new_number()).status_code == 404
    assert resident.look_up(number).status_code == 429
    resident.wait(hours=1, minutes=1)
    assert resident.look_up(number).status_code == 200


@pytest.mark.databases("sqlite")
def test_a_suggestion_taken_back_is_found_no_more(
    a_small_town: Session, resident: Resident
) -> None:
    number = number_in(resident.send().text)
    a_small_town.connection().execute(update(table_of(Reply)).values(state="withdrawn"))
    a_small_town.commit()
    assert resident.look_up(number).status_code == 404


# --- numbers -------------------------------------------------------------------------------------


def test_a_number_survives_handwriting_and_notices_a_slip_of_the_pen() -> None:
    number = new_number()
    assert read_number(in_print(number)) == number
    assert read_number(f" {number[:4].lower()}ー{number[4:]} ") == number
    for place in range(7):
        for sign in set(SIGNS) - {number[place]}:
            assert read_number(number[:place] + sign + number[place + 1 :]) is None
    assert read_number(with_check("3334444")) == with_check("3334444")
    assert read_number("4334344" + with_check("3334444")[-1]) is None


@pytest.mark.parametrize("text", ["", "ABC", "0O1IL5S8", "３" * 9, "\x00", "'; drop"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.databases("sqlite")
def test_the_ground_of_the_map_is_there_for_everybody(resident: Resident) -> None:
    ground = resident.http.get(f"/{CODE}/voice/ground.json").json()
    assert ground["towns"]["name"] and ground["bounds"]
