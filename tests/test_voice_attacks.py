"""Suggestions at the desk under attack: whose they are, who was first, what is given away."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import CODE, TODAY, by_name, rows_of
from sqlalchemy import update
from sqlmodel import Session
from test_photo_uploads import picture
from test_voice import Resident, number_in

from api.accounts.roles import Role
from api.actions.heard_in_area import heard_in_area
from api.models import Area, Need, Reply, Suggestion, SuggestionPhoto, Town
from api.models.columns import table_of
from api.store.backup import restore_backup, write_backup
from api.store.engine import migrate, open_engine
from api.store.visible import KEEPER


@pytest.fixture
def resident(a_small_town: Session) -> Resident:
    return Resident(a_small_town)


def seat(session: Session, resident: Resident, login: str, *areas: str) -> DeskClient:
    role = Role.COORDINATOR if areas else Role.CHIEF
    return signed_in(engine_of(session), role, areas=areas, login=login, app=resident.app)


def test_a_voice_that_tells_only_a_japanese_area_reaches_its_coordinator(
    a_small_town: Session, resident: Resident
) -> None:
    area = table_of(Area)
    a_small_town.connection().execute(update(area).where(area.c.code == "W").values(code="西"))
    a_small_town.commit()
    assert resident.send(area="西", words="バスがほしい").status_code == 200
    assert "バスがほしい" in seat(a_small_town, resident, "west", "西").get("voices/").text


def together(*deeds: Callable[[], Any]) -> list[int]:
    """The answers to requests that are made in the same moment."""
    ready, codes = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], Any]) -> None:
        ready.wait()
        codes.append(deed().status_code)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def test_of_two_who_answer_in_the_same_moment_one_is_told(
    a_small_town: Session, resident: Resident
) -> None:
    resident.send(words="スーパーがなくなった")
    (voice,) = rows_of(a_small_town, Suggestion)
    a_small_town.commit()
    first, second = (seat(a_small_town, resident, login) for login in ("one", "two"))
    own = {"version": str(voice["version"])}
    need = own | {"kind": "shopping", "words": "店が遠い"}
    no = own | {"reason": "ほかで聞いています"}
    codes = together(
        lambda: first.post(f"voices/{voice['id']}/need", need, follow_redirects=False),
        lambda: second.post(f"voices/{voice['id']}/decline", no, follow_redirects=False),
    )
    assert codes == [303, 409]
    a_small_town.rollback()
    (now,), (told,) = rows_of(a_small_town, Suggestion), rows_of(a_small_town, Reply)
    assert now["status"] == told["status"] in ("noted", "declined")
    assert len(rows_of(a_small_town, Need)) == (now["status"] == "noted")


def test_the_same_copy_sent_in_the_same_moment_is_one_voice(
    a_small_town: Session, resident: Resident
) -> None:
    token = resident.token()
    resident.wait(seconds=30)
    a_small_town.commit()
    numbers: list[str] = []

    def send() -> Any:
        sent = resident.send(token=token)
        numbers.append(number_in(sent.text))
        return sent

    assert together(*[send] * 4) == [200] * 4
    assert len(set(numbers)) == len(rows_of(a_small_town, Suggestion)) == 1


HOSTILE = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>=cmd|'/c'!A1"


def test_hostile_words_stay_words_on_every_page_of_the_desk(
    a_small_town: Session, resident: Resident
) -> None:
    town = str(by_name(a_small_town, Town)["北西町"]["id"])
    resident.send(words=HOSTILE, place_name=HOSTILE, name=HOSTILE[:60], town_id=town)
    (voice,) = rows_of(a_small_town, Suggestion)
    a_small_town.commit()
    chief = seat(a_small_town, resident, "chief")
    number = voice["id"]
    pages = [
        "", "voices/", f"voices/{number}", "voices/?answered=true", "history/", "needs/",
        f"places/new?voice={number}", f"supporters/new?voice={number}", "voices/slips",
    ]  # fmt: skip
    told = {page: chief.get(page) for page in pages}
    chief.post(f"voices/{number}/need", {
        "version": str(voice["version"]), "kind": "shopping", "words": HOSTILE, "town_id": town,
        "reply": HOSTILE,
    })  # fmt: skip
    told |= {f"{page} after": chief.get(page) for page in pages}
    told["status"] = resident.look_up(voice["number"])
    told["public"] = resident.http.get(f"/{CODE}/needs")
    for page, answer in told.items():
        assert answer.status_code < 500, page
        assert "<script>alert" not in answer.text, page
        assert "<img src=x" not in answer.text, page


@pytest.mark.parametrize("page", ["voices/", "voices/{id}", "voices/{id}/photo/full.jpg"])
def test_other_areas_see_nothing_of_it(
    a_small_town: Session, resident: Resident, page: str
) -> None:
    resident.send(words="ヒミツ", town_id=str(by_name(a_small_town, Town)["北西町"]["id"]))
    (voice,) = rows_of(a_small_town, Suggestion)
    a_small_town.commit()
    east = seat(a_small_town, resident, "east", "E")
    assert "ヒミツ" not in east.get(page.format(id=voice["id"])).text
    for deed in ("look", "decline", "merge", "need", "print"):
        fields = {"version": str(voice["version"]), "into": voice["number"]}
        fields |= {"reason": "x", "kind": "shopping", "words": "x"}
        sent = east.post(f"voices/{voice['id']}/{deed}", fields)
        assert sent.status_code in (403, 404, 422), deed
        assert "ヒミツ" not in sent.text
    a_small_town.rollback()
    assert rows_of(a_small_town, Suggestion)[0]["version"] == voice["version"]


def test_what_residents_said_comes_back_from_a_backup(
    a_small_town: Session, resident: Resident, tmp_path: Path
) -> None:
    resident.send({"photo": ("p.jpg", picture(), "image/jpeg")}, words="一つめ", name="岡")
    resident.send(words="二つめ")
    first, second = rows_of(a_small_town, Suggestion)
    a_small_town.commit()
    chief = seat(a_small_town, resident, "chief")
    chief.post(f"voices/{first['id']}/merge", {"version": "1", "into": second["number"]})
    need = {"version": "1", "kind": "shopping", "words": "店が遠い"}
    chief.post(f"voices/{second['id']}/need", need)
    a_small_town.rollback()
    write_backup(engine_of(a_small_town), tmp_path / "kept")
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    migrate(other)
    restore_backup(other, tmp_path / "kept")
    with Session(other) as restored:
        for model in (Suggestion, Reply, Need, SuggestionPhoto):
            kept = rows_of(restored, model)
            assert len(kept) == len(rows_of(a_small_town, model)) > 0, model
        assert rows_of(restored, Suggestion)[0]["merged_into"] == second["id"]
        assert Resident(restored).send(words="そのあと").status_code == 200
    other.dispose()


def test_paper_for_all_does_not_print_what_was_answered_to_one(
    a_small_town: Session, resident: Resident
) -> None:
    chief, town = seat(a_small_town, resident, "chief"), str(towns_by_name(a_small_town)["北西町"])
    for reason in ("岡さんへ 0999-00-1234 からお電話します", "店と話しています"):
        resident.send(words="ほしい", town_id=town)
        voice = rows_of(a_small_town, Suggestion)[-1]
        a_small_town.commit()
        chief.post(f"voices/{voice['id']}/decline", {"version": "1", "reason": reason})
        a_small_town.rollback()
    assert "岡さん" in resident.look_up(rows_of(a_small_town, Suggestion)[0]["number"]).text
    heard = heard_in_area(a_small_town, CODE, KEEPER, "W", date(2026, 1, 1), on=TODAY)
    assert [one.became for one in heard] == ["店と話しています", None]


def test_voices_merged_one_after_the_other_are_all_counted(
    a_small_town: Session, resident: Resident
) -> None:
    chief, towns = seat(a_small_town, resident, "chief"), towns_by_name(a_small_town)
    for town in ("北西町", "北西町", "北西町", "南西町", "北東町"):
        resident.send(words=f"{town}にほしい", town_id=str(towns[town]))
    voices = rows_of(a_small_town, Suggestion)
    a_small_town.commit()
    for one, into in ((0, 1), (1, 2), (3, 4)):
        fields = {"version": "1", "into": voices[into]["number"]}
        assert chief.post(f"voices/{voices[one]['id']}/merge", fields).status_code == 200
    a_small_town.rollback()
    heard = heard_in_area(a_small_town, CODE, KEEPER, "W", date(2026, 1, 1), on=TODAY)
    assert sorted(one.voices for one in heard) == [1, 3], "the one of 南西町 was said here too"
    table = table_of(Suggestion)
    last = table.c.id == voices[2]["id"]
    a_small_town.connection().execute(update(table).where(last).values(merged_into=voices[0]["id"]))
    heard = heard_in_area(a_small_town, CODE, KEEPER, "W", date(2026, 1, 1), on=TODAY)
    assert [one.voices for one in heard] == [1] * 4, "in a ring, each stands by itself"


def towns_by_name(session: Session) -> dict[str, int]:
    return {name: row["id"] for name, row in by_name(session, Town).items()}
