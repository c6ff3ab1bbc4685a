"""A person asks to be erased (消去の求め): nothing of them is left, and the log stays whole."""

from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient
from small_town import rows_of
from sqlmodel import Session
from test_photo_uploads import picture
from test_voice_desk import SECRET, Town1, answer

from api.models import (
    Change,
    ChangedPersonal,
    ChangedPublic,
    Deed,
    Need,
    Photo,
    PhotoFile,
    Posting,
    Reply,
    Suggestion,
    SuggestionPhoto,
    Supporter,
)

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def town(a_small_town: Session) -> Town1:
    return Town1(a_small_town)


def erase(client: DeskClient, entity: str, number: int, sure: str = "1") -> Any:
    page = client.get(f"erase/{entity}/{number}")
    if page.status_code != 200:
        return page
    version = page.text.split('name="version" value="')[1].split('"')[0]
    return client.post(f"erase/{entity}/{number}", {"version": version, "sure": sure})


def bytes_on_disk(session: Session) -> bytes:
    """Everything the database keeps in files."""
    session.rollback()
    at = Path(str(session.get_bind().engine.url.database))
    return b"".join(file.read_bytes() for file in at.parent.glob(f"{at.name}*"))


def a_voice_that_became_a_need(town: Town1) -> tuple[int, str]:
    photo = {"photo": ("a.jpg", picture(), "image/jpeg")}
    voice, number = town.say(words=SECRET, name=SECRET, phone="0999-00-1234", files=photo)
    need = {"kind": "shopping", "words": f"{SECRET}さんの家は店が遠い"}
    answer(town.chief, voice, "need", **need, printable="店が遠い", reply=f"{SECRET}さんへ")
    return voice, number


def test_nothing_a_resident_said_is_left_in_records_log_or_file(town: Town1) -> None:
    voice, number = a_voice_that_became_a_need(town)
    assert SECRET.encode() in bytes_on_disk(town.session)
    before = rows_of(town.session, Change)
    assert "消しました" in erase(town.chief, "suggestion", voice).text
    assert SECRET.encode() not in bytes_on_disk(town.session)
    assert rows_of(town.session, SuggestionPhoto) == []
    assert rows_of(town.session, Change) == before
    (said,), (need,) = rows_of(town.session, Suggestion), rows_of(town.session, Need)
    assert (said["phone"], said["has_photo"], said["status"]) == (None, False, "erased")
    assert (need["kind"], need["words"]) == ("shopping", "（消去済み）")
    assert "求めにより消しました" in town.told(number)


def test_an_anonymous_need_keeps_its_words(town: Town1) -> None:
    voice, _ = town.say(words=SECRET)
    answer(town.chief, voice, "need", kind="shopping", words="店が遠い", anonymous="true")
    erase(town.chief, "suggestion", voice)
    assert [need["words"] for need in rows_of(town.session, Need)] == ["店が遠い"]


def test_what_was_erased_comes_back_by_no_undo(town: Town1) -> None:
    voice, _ = a_voice_that_became_a_need(town)
    deeds = [row["id"] for row in rows_of(town.session, Deed) if row["what"] == "answer"]
    erase(town.chief, "suggestion", voice)
    erasing = rows_of(town.session, Deed)[-1]
    assert (erasing["what"], erasing["actor"]) == ("erase", "chiefさん")
    for deed in (*deeds, erasing["id"]):
        refused = town.chief.post(f"log/{deed}/undo", {"back": "voices/"})
        assert refused.status_code == 409
    assert rows_of(town.session, Reply)[0]["status"] == "erased"
    assert answer_refused(town, voice) == 409


def answer_refused(town: Town1, voice: int) -> int:
    version = str(town.voice()["version"])
    sent = {"version": version, "printable": "もう一度"}
    return int(town.chief.post(f"voices/{voice}/print", sent).status_code)


def test_a_supporter_is_erased_and_found_nowhere(town: Town1) -> None:
    said = {"name": SECRET, "phone": "0999-00-1234", "town_id": str(town.towns["北西町"])}
    town.west.post("supporters/new", said | {"status": "active", "note": SECRET})
    (person,) = [row for row in rows_of(town.session, Supporter) if row["name"] == SECRET]
    town.west.post(
        f"supporters/{person['id']}",
        said | {"version": str(person["version"]), "status": "resting", "note": f"{SECRET}2"},
    )
    erase(town.chief, "supporter", person["id"])
    assert SECRET.encode() not in bytes_on_disk(town.session)
    assert town.chief.get(f"supporters/{person['id']}").status_code == 404
    for path in ("supporters/", "supporters/?q=HIMITSU", "log/"):
        assert town.chief.get(path).status_code == 200
    kept = [row for row in rows_of(town.session, Change) if row["entity"] == "supporter"]
    values = {row["change_id"] for row in rows_of(town.session, ChangedPersonal)}
    assert len([row for row in kept if row["id"] not in values]) == 2


def test_a_posting_and_a_photo_are_erased(town: Town1) -> None:
    at = f"places/{town.salon}"
    posted = {"name": SECRET, "role": "相談員", "trained_on": "2026-01-01"}
    town.chief.post(f"{at}/postings", posted | {"valid_from": "2026-02-01"})
    shot = {"photo": ("a.jpg", picture(), "image/jpeg")}
    town.chief.post(f"{at}/photos", {"caption": f"{SECRET}さん"}, files=shot)
    erase(town.chief, "posting", rows_of(town.session, Posting)[0]["id"])
    erase(town.chief, "photo", rows_of(town.session, Photo)[0]["id"])
    assert SECRET.encode() not in bytes_on_disk(town.session)
    assert rows_of(town.session, PhotoFile) == []
    (posting,) = rows_of(town.session, Posting)
    assert (posting["name"], str(posting["trained_on"])) == ("（消去済み）", "2026-01-01")
    photo_lines = {row["id"] for row in rows_of(town.session, Change) if row["entity"] == "photo"}
    assert photo_lines.isdisjoint(row["change_id"] for row in rows_of(town.session, ChangedPublic))


def test_it_is_made_sure_of_first_and_nobody_else_may(town: Town1) -> None:
    voice, _ = town.say(words=SECRET)
    page = town.chief.get(f"erase/suggestion/{voice}")
    assert "元にもどせません" in page.text and "受付番号で見ると" in page.text
    assert erase(town.chief, "suggestion", voice, sure="").status_code == 422
    stale = town.chief.post(f"erase/suggestion/{voice}", {"version": "77", "sure": "1"})
    assert stale.status_code == 409
    for client in (town.west, town.planner, town.admin):
        assert erase(client, "suggestion", voice).status_code == 403
        sent = {"version": "1", "sure": "1"}
        assert client.post(f"erase/suggestion/{voice}", sent).status_code == 403
    assert town.voice()["words"] == SECRET
    erase(town.chief, "suggestion", voice)
    assert erase(town.chief, "suggestion", voice).status_code == 404
