"""What a list may not bring back: positions that were withheld, days that the desk has settled."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import (
    CODE,
    PLACES_HEADER,
    SALON,
    TODAY,
    bring,
    everything,
    lat_lon,
    rows_of,
)
from sqlalchemy import update
from sqlmodel import Session

from api.actions.find_municipality import find_municipality
from api.actions.find_records import Search, find_records
from api.actions.importing import Outcome
from api.actions.locating import Land
from api.actions.registers import REGISTERS
from api.models import Place
from api.models.columns import table_of
from api.store import frames
from api.store.visible import OFFICE

WITH_ID = "全国地方公共団体コード,ID,名称,住所,方書,緯度,経度,電話番号"
AT = frames.stored_point(None, None)
SCHEDULE = json.dumps({"sittings": [{"weekdays": "火", "weeks": [2], "opens_at": "10:00"}]})


def hide(session: Session, name: str, kind: str = "area") -> None:
    """Withhold a place's position, as the desk's form does."""
    place = next(row for row in rows_of(session, Place) if row["name"] == name)
    values: Mapping[str, Any] = {
        **dict.fromkeys(AT),
        "town_id": None,
        "address": None,
        "building": None,
        "location_kind": kind,
        "public_area": "W" if kind == "area" else None,
        "office_address": place["address"],
        "office_lon": place["min_lon"],
        "office_lat": place["min_lat"],
    }
    table = table_of(Place)
    session.connection().execute(update(table).where(table.c.id == place["id"]).values(values))
    session.commit()


def place_named(session: Session, name: str) -> dict[str, Any]:
    (place,) = [row for row in rows_of(session, Place) if row["name"] == name]
    return place


def position(place: Mapping[str, Any]) -> set[Any]:
    return {place[name] for name in (*AT, "town_id", "address", "building")}


@pytest.mark.parametrize("kind", ["area", "contact"])
def test_a_withheld_position_stays_withheld(
    a_small_town: Session, tmp_path: Path, kind: str
) -> None:
    hide(a_small_town, "ひだまりサロン", kind)
    header = f"{PLACES_HEADER},方書,電話番号"
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月,裏の離れ,0999-00-1111"
    outcome = bring(a_small_town, "places", csv_file(tmp_path / "a.csv", header, row))
    assert (outcome.inserted, outcome.updated) == (0, 1)
    place = place_named(a_small_town, "ひだまりサロン")
    assert position(place) == {None}
    assert (place["weekdays"], place["phone"]) == ("月", "0999-00-1111")
    assert (place["location_kind"], place["office_address"]) == (kind, "北西町1")
    assert place["find_key"] == "ヒダマリサロン"
    assert "北西町" in place["office_find_key"]
    assert any("位置と住所を使わず" in note for note in outcome.notes)


def test_a_withheld_position_never_enters_the_public_log(
    a_small_town: Session, tmp_path: Path
) -> None:
    hide(a_small_town, "ひだまりサロン")
    before = {row["change_id"] for row in everything(a_small_town)["changedpublic"]}
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月"
    bring(a_small_town, "places", csv_file(tmp_path / "a.csv", PLACES_HEADER, row))
    after = everything(a_small_town)["changedpublic"]
    fresh = [row for row in after if row["change_id"] not in before]
    assert fresh
    assert "北西町" not in repr(fresh)


def test_by_its_id_a_withheld_place_is_found_wherever_the_file_puts_it(
    a_small_town: Session, tmp_path: Path
) -> None:
    row = f"{CODE},7,集いの家,北西町3,離れ,{lat_lon(500, 1500)},"
    bring(a_small_town, "places", csv_file(tmp_path / "a.csv", WITH_ID, row))
    hide(a_small_town, "集いの家")
    # 50 km away: who is withheld cannot be refused for where the file puts it.
    again = f"{CODE},7,集いの家,南東町9,離れ,{lat_lon(50_000, 500)},0999-00-2222"
    outcome = bring(a_small_town, "places", csv_file(tmp_path / "b.csv", WITH_ID, again))
    assert (outcome.inserted, outcome.updated, outcome.rejected) == (0, 1, 0)
    place = place_named(a_small_town, "集いの家")
    assert position(place) == {None}
    assert (place["office_address"], place["phone"]) == ("北西町3", "0999-00-2222")


def test_the_same_file_twice_changes_a_withheld_place_once(
    a_small_town: Session, tmp_path: Path
) -> None:
    hide(a_small_town, "ひだまりサロン")
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月水金"
    file = csv_file(tmp_path / "a.csv", PLACES_HEADER, row)
    bring(a_small_town, "places", file)
    before = everything(a_small_town)
    bring(a_small_town, "places", file)
    assert everything(a_small_town) == before


def test_a_new_place_of_the_same_name_elsewhere_is_told(
    a_small_town: Session, tmp_path: Path
) -> None:
    hide(a_small_town, "ひだまりサロン")
    row = f"ひだまりサロン,サロン,南東町1,{lat_lon(1500, 500)},"
    outcome = bring(a_small_town, "places", csv_file(tmp_path / "a.csv", PLACES_HEADER, row))
    assert outcome.inserted == 1
    assert any("同じ名前" in str(problem) for problem in outcome.warnings)


def set_schedule(session: Session) -> None:
    table = table_of(Place)
    said = {"schedule": SCHEDULE, "weekdays": "火", "opens_at": "10:00"}
    mine = table.c.name == "ひだまりサロン"
    session.connection().execute(update(table).where(mine).values(said))
    session.commit()


def reimport(session: Session, folder: Path) -> Outcome:
    header = f"{PLACES_HEADER},開始時間,定員"
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月水金,13:00,12"
    return bring(session, "places", csv_file(folder / "a.csv", header, row))


def test_a_file_does_not_overwrite_the_days_of_a_schedule(
    a_small_town: Session, tmp_path: Path
) -> None:
    set_schedule(a_small_town)
    reimport(a_small_town, tmp_path)
    place = place_named(a_small_town, "ひだまりサロン")
    assert (place["weekdays"], place["opens_at"], place["schedule"]) == ("火", "10:00", SCHEDULE)
    assert place["capacity_people"] == 12


def test_without_a_schedule_the_file_says_the_days(a_small_town: Session, tmp_path: Path) -> None:
    reimport(a_small_town, tmp_path)
    place = place_named(a_small_town, "ひだまりサロン")
    assert (place["weekdays"], place["opens_at"]) == ("月水金", "13:00")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("words", ["ﾋﾀﾞﾏﾘ", "北西町", "0999-00-3333", "ふれあい委員会"])
def test_the_desk_finds_what_a_file_brought(
    a_small_town: Session, tmp_path: Path, words: str
) -> None:
    header = f"{PLACES_HEADER},電話番号,団体名"
    row = f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月,0999-00-3333,ふれあい委員会"
    bring(a_small_town, "places", csv_file(tmp_path / "a.csv", header, row))
    land = land_of(a_small_town)
    found = find_records(
        a_small_town,
        OFFICE,
        land,
        REGISTERS["places"],
        Search(words=words),
        stale_before=land.on,
    )
    assert [row["id"] for row in found.rows] == [place_named(a_small_town, "ひだまりサロン")["id"]]


def land_of(session: Session) -> Land:
    return Land(session, find_municipality(session, CODE), TODAY)
