"""The change log: who changed what, when, from what to what, and nothing else."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import (
    CODE,
    NAME,
    PLACES_HEADER,
    SALON,
    bring,
    by_name,
    everything,
    lat_lon,
    places_file,
    population_file,
    rows_of,
)
from sqlalchemy import event
from sqlmodel import Session

from api.actions.init_municipality import init_municipality
from api.exchange.problems import Unreadable
from api.models import (
    Change,
    ChangedOffice,
    ChangedPersonal,
    ChangedPublic,
    Intake,
    Municipality,
    Place,
)
from api.store.changes import digest

SIDES = {"public": ChangedPublic, "office": ChangedOffice, "personal": ChangedPersonal}


def salon_file(folder: Path, kind: str = "サロン", days: str = "月水金", more: str = "") -> Path:
    return csv_file(
        folder / "salon.csv",
        f"{PLACES_HEADER},電話番号",
        f"ひだまりサロン,{kind},北西町1,{lat_lon(*SALON)},{days},{more}",
    )


def lines_about(session: Session, entity: str, record: object) -> list[dict[str, Any]]:
    """The lines of the log about one record, each with its values."""
    values = {
        data_class: {row["change_id"]: row for row in rows_of(session, side)}
        for data_class, side in SIDES.items()
    }
    return [
        {**line, **values[line["data_class"]][line["id"]]}
        for line in rows_of(session, Change)
        if (line["entity"], line["entity_id"]) == (entity, str(record))
    ]


def lines_about_the_salon(session: Session) -> list[dict[str, Any]]:
    return lines_about(session, "place", by_name(session, Place)["ひだまりサロン"]["id"])


def revision(session: Session) -> int:
    (row,) = rows_of(session, Municipality)
    return int(row["revision"])


def test_a_line_says_who_when_and_which_record(four_towns: Session, tmp_path: Path) -> None:
    start = datetime.datetime.now(datetime.UTC)
    bring(four_towns, "places", salon_file(tmp_path), actor="山田")
    line = lines_about_the_salon(four_towns)[0]
    at = line["at"] if line["at"].tzinfo else line["at"].replace(tzinfo=datetime.UTC)
    assert (line["actor"], line["municipality_code"]) == ("山田", CODE)
    assert start <= at <= datetime.datetime.now(datetime.UTC)
    assert line["intake_id"] == rows_of(four_towns, Intake)[-1]["id"]


def test_a_new_place_has_no_before(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", salon_file(tmp_path))
    public, office = lines_about_the_salon(four_towns)
    assert (public["data_class"], office["data_class"]) == ("public", "office")
    assert public["before"] is None
    assert (public["after"]["name"], public["after"]["weekdays"]) == ("ひだまりサロン", "月水金")


def test_values_lie_with_their_class_only(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", salon_file(tmp_path))
    public, office = lines_about_the_salon(four_towns)
    assert office["after"] == {"state": "published"}
    assert "state" not in public["after"]


def test_every_line_has_its_values_in_one_side_table(a_small_town: Session) -> None:
    lines = {line["id"]: line["data_class"] for line in rows_of(a_small_town, Change)}
    kept = {
        row["change_id"]: data_class
        for data_class, side in SIDES.items()
        for row in rows_of(a_small_town, side)
    }
    assert lines == kept
    assert len(lines) > 4 + 4 + 2


def test_the_line_itself_tells_no_value(a_small_town: Session) -> None:
    assert "ひだまり" in repr(rows_of(a_small_town, ChangedPublic))
    assert "ひだまり" not in repr(rows_of(a_small_town, Change))


def test_the_digest_follows_from_salt_and_values(a_small_town: Session) -> None:
    for line in lines_about_the_salon(a_small_town):
        assert line["digest"] == digest(line["salt"], line["before"], line["after"])


def test_a_value_tampered_with_no_longer_fits_its_digest(a_small_town: Session) -> None:
    line = lines_about_the_salon(a_small_town)[0]
    tampered = {**line["after"], "name": "ひだまりサロン２"}
    assert line["digest"] != digest(line["salt"], line["before"], tampered)


def test_equal_values_have_different_digests(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", places_file(tmp_path))
    states = [line for line in rows_of(four_towns, Change) if line["data_class"] == "office"]
    assert len(states) == 2
    assert states[0]["digest"] != states[1]["digest"]


def test_the_same_file_again_adds_nothing(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "places", salon_file(tmp_path, "体操"))
    before = everything(a_small_town)
    outcome = bring(a_small_town, "places", salon_file(tmp_path, "体操"))
    assert (outcome.unchanged, outcome.written) == (1, False)
    assert everything(a_small_town) == before


def test_an_update_says_before_and_after(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "places", salon_file(tmp_path, days="火"))
    line = lines_about_the_salon(a_small_town)[-1]
    assert (line["before"]["weekdays"], line["after"]["weekdays"]) == ("月水金", "火")


def test_a_first_value_shows_as_one_that_was_not_there(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "places", salon_file(tmp_path, more="088-000-0000"))
    line = lines_about_the_salon(a_small_town)[-1]
    assert "phone" not in line["before"]
    assert line["after"]["phone"] == "088-000-0000"


def test_a_class_in_which_nothing_changed_has_no_line(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "places", salon_file(tmp_path, days="火"))
    lines = lines_about_the_salon(a_small_town)
    assert [line["data_class"] for line in lines] == ["public", "office", "public"]


def test_the_other_places_have_no_line(a_small_town: Session, tmp_path: Path) -> None:
    hall = by_name(a_small_town, Place)["南東集会所"]["id"]
    before = lines_about(a_small_town, "place", hall)
    bring(a_small_town, "places", salon_file(tmp_path, days="火"))
    assert lines_about(a_small_town, "place", hall) == before


def test_entering_and_renaming_a_municipality_is_logged(session: Session) -> None:
    init_municipality(session, CODE, "旧市", actor="佐藤")
    init_municipality(session, CODE, "新市")
    first, second = lines_about(session, "municipality", CODE)
    assert (first["actor"], first["before"], first["after"]["name"]) == ("佐藤", None, "旧市")
    assert (second["before"]["name"], second["after"]["name"]) == ("旧市", "新市")


def test_entering_it_again_under_the_same_name_is_nothing(session: Session) -> None:
    init_municipality(session, CODE, NAME)
    before = everything(session)
    init_municipality(session, CODE, NAME)
    assert everything(session) == before


def test_a_new_boundary_and_a_new_scheme_are_logged(a_small_town: Session) -> None:
    changed = {line["entity"] for line in rows_of(a_small_town, Change)}
    assert changed == {
        "municipality", "town", "areascheme", "area", "areatown", "population", "place",
    }  # fmt: skip


def test_the_revision_rises_by_one_with_a_change(a_small_town: Session, tmp_path: Path) -> None:
    before = revision(a_small_town)
    bring(a_small_town, "places", salon_file(tmp_path, days="火"))
    assert revision(a_small_town) == before + 1


def test_the_revision_stays_where_nothing_changes(a_small_town: Session, tmp_path: Path) -> None:
    before = revision(a_small_town)
    bring(a_small_town, "population", population_file(tmp_path))
    assert revision(a_small_town) == before


def test_a_rehearsal_leaves_no_line(a_small_town: Session, tmp_path: Path) -> None:
    before = everything(a_small_town)
    outcome = bring(a_small_town, "places", salon_file(tmp_path, days="火"), dry_run=True)
    assert outcome.updated == 1
    assert everything(a_small_town) == before


def test_a_refused_file_leaves_no_line(a_small_town: Session, tmp_path: Path) -> None:
    before = everything(a_small_town)
    bad = csv_file(tmp_path / "bad.csv", PLACES_HEADER, "新しい会,サロン,北西町,0,0,月")
    outcome = bring(a_small_town, "places", salon_file(tmp_path, days="火"), bad)
    assert (outcome.updated, outcome.rejected, outcome.written) == (1, 1, False)
    assert everything(a_small_town) == before


def test_a_second_file_nobody_can_read_takes_the_first_one_back(
    a_small_town: Session, tmp_path: Path
) -> None:
    before = everything(a_small_town)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(Unreadable):
        bring(a_small_town, "places", salon_file(tmp_path, days="火"), empty)
    assert everything(a_small_town) == before


def test_the_revision_and_the_rows_come_together(a_small_town: Session, tmp_path: Path) -> None:
    """Whoever looks after any commit sees the old revision with the old rows, or both new."""
    seen: list[tuple[int, int]] = []

    def look(_: object) -> None:
        with Session(a_small_town.get_bind()) as other:
            seen.append((revision(other), len(rows_of(other, Place))))

    row = f"新しい会,サロン,北西町,{lat_lon(400, 1400)},月"
    more = csv_file(tmp_path / "more.csv", PLACES_HEADER, row)
    start = revision(a_small_town)
    event.listen(a_small_town, "after_commit", look)
    bring(a_small_town, "places", more)
    assert seen == [(start + 1, 3)]
