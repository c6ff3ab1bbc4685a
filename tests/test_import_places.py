"""Importing places: which row is which place, where it stands, and what a second file changes."""

from datetime import date
from os import utime
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file, workbook
from small_town import (
    CODE,
    PLACES_HEADER,
    SALON,
    bring,
    by_name,
    everything,
    lat_lon,
    on_paper,
    places_file,
    rows_of,
)
from sqlmodel import Session

from api.actions.importing import Outcome
from api.actions.init_municipality import init_municipality
from api.models import Place, Town

WITH_ID = "全国地方公共団体コード,ID,名称,住所,緯度,経度,電話番号,種類,備考"


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    """Inserted, updated, unchanged, rejected; together they are the rows read."""
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def places(session: Session) -> dict[str, dict[str, Any]]:
    return by_name(session, Place)


def metres(place: dict[str, Any]) -> tuple[int, int]:
    """Where a place stands, in metres from the south-western corner."""
    (x, y) = on_paper(place["wkb"]).coords[0]
    return round(x), round(y)


def one(folder: Path, row: str, header: str = PLACES_HEADER, name: str = "one.csv") -> Path:
    return csv_file(folder / name, header, row)


def says(outcome: Outcome, *words: str) -> bool:
    """Whether one problem holds all these words."""
    return any(all(word in str(problem) for word in words) for problem in outcome.problems)


# --- what a place is -----------------------------------------------------------------------------


def test_a_file_of_new_places_goes_in(four_towns: Session, tmp_path: Path) -> None:
    assert tally(bring(four_towns, "places", places_file(tmp_path))) == (2, 0, 0, 0)
    salon = places(four_towns)["ひだまりサロン"]
    assert (salon["kind"], salon["weekdays"], salon["state"]) == ("salon", "月水金", "published")
    assert metres(salon) == SALON
    assert salon["approximate"] is False


def test_the_same_file_again_changes_nothing(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "places", places_file(tmp_path))
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "places", places_file(tmp_path))) == (0, 0, 2, 0)
    assert everything(a_small_town) == before


def test_a_place_lies_in_the_town_around_its_point(a_small_town: Session) -> None:
    towns = by_name(a_small_town, Town)
    assert places(a_small_town)["ひだまりサロン"]["town_id"] == towns["北西町"]["id"]


def test_an_id_with_its_code_block_is_one(four_towns: Session, tmp_path: Path) -> None:
    first = one(tmp_path, f"{CODE},17,公民館,北西町1,{lat_lon(500, 1500)},,,", WITH_ID)
    bring(four_towns, "places", first)
    moved = one(tmp_path, f"{CODE},17,新公民館,南東町1,{lat_lon(1500, 500)},,,", WITH_ID)
    assert tally(bring(four_towns, "places", moved)) == (0, 1, 0, 0)
    (place,) = rows_of(four_towns, Place)
    assert (place["external_id"], place["name"]) == (f"{CODE}/17", "新公民館")
    assert metres(place) == (1500, 500)


def test_an_id_without_its_code_block_is_none(four_towns: Session, tmp_path: Path) -> None:
    header = f"ID,{PLACES_HEADER}"
    bring(four_towns, "places", one(tmp_path, f"17,公民館,,北西町1,{lat_lon(500, 1500)},", header))
    other = one(tmp_path, f"17,別の館,,南東町1,{lat_lon(1500, 500)},", header)
    assert tally(bring(four_towns, "places", other)) == (1, 0, 0, 0)
    assert {place["external_id"] for place in rows_of(four_towns, Place)} == {None}


@pytest.mark.parametrize("number", ["#property", "NO", "No.", "№", "番号"])
def test_a_running_number_is_no_id(four_towns: Session, tmp_path: Path, number: str) -> None:
    header = f"{number},全国地方公共団体コード,{PLACES_HEADER}"
    row = f"1,{CODE},公民館,,北西町1,{lat_lon(500, 1500)},"
    bring(four_towns, "places", one(tmp_path, row, header))
    renumbered = one(tmp_path, f"2{row[1:]}", header)
    assert tally(bring(four_towns, "places", renumbered)) == (0, 0, 1, 0)


def test_one_name_in_two_towns_is_two_places(four_towns: Session, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path / "two.csv",
        PLACES_HEADER,
        f"集会所,,北西町1,{lat_lon(500, 1500)},",
        f"集会所,,南東町1,{lat_lon(1500, 500)},",
    )
    assert tally(bring(four_towns, "places", file)) == (2, 0, 0, 0)


def test_one_name_in_one_town_is_one_place(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", one(tmp_path, f"集会所,,北西町1,{lat_lon(500, 1500)},"))
    moved = one(tmp_path, f"集会所,,北西町2,{lat_lon(600, 1500)},")
    assert tally(bring(four_towns, "places", moved)) == (0, 1, 0, 0)
    assert metres(places(four_towns)["集会所"]) == (600, 1500)


def test_another_way_of_writing_a_name_is_the_same_place(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "places", one(tmp_path, f"第１集会所,,北西町1,{lat_lon(500, 1500)},"))
    again = one(tmp_path, f"第一集会所,,北西町1,{lat_lon(500, 1500)},")
    assert tally(bring(four_towns, "places", again)) == (0, 1, 0, 0)


def test_a_row_met_again_in_one_file_counts_once(four_towns: Session, tmp_path: Path) -> None:
    row = f"集会所,,北西町1,{lat_lon(500, 1500)},月"
    twice = csv_file(tmp_path / "twice.csv", PLACES_HEADER, row, row)
    assert tally(bring(four_towns, "places", twice)) == (1, 0, 1, 0)


def test_two_different_rows_for_one_place_are_both_rejected(
    four_towns: Session, tmp_path: Path
) -> None:
    at = lat_lon(500, 1500)
    file = csv_file(
        tmp_path / "quarrel.csv",
        PLACES_HEADER,
        f"集会所,,北西町1,{at},月",
        f"集会所,,北西町1,{at},火",
        f"別の館,,北西町1,{at},火",
    )
    outcome = bring(four_towns, "places", file)
    assert tally(outcome) == (1, 0, 0, 2)
    assert says(outcome, "quarrel.csv", "2行目") and says(outcome, "quarrel.csv", "3行目")
    assert rows_of(four_towns, Place) == []


def test_a_row_met_in_a_second_file_updates_the_first(four_towns: Session, tmp_path: Path) -> None:
    first = one(tmp_path, f"集会所,,北西町1,{lat_lon(500, 1500)},月", name="first.csv")
    second = one(tmp_path, f"集会所,,北西町1,{lat_lon(500, 1500)},火", name="second.csv")
    assert tally(bring(four_towns, "places", first, second)) == (1, 1, 0, 0)
    assert places(four_towns)["集会所"]["weekdays"] == "火"


def test_a_list_without_ids_meets_the_places_of_a_list_with_ids(
    four_towns: Session, tmp_path: Path
) -> None:
    at = lat_lon(500, 1500)
    bring(four_towns, "places", one(tmp_path, f"{CODE},17,公民館,北西町1,{at},,,", WITH_ID))
    assert tally(bring(four_towns, "places", one(tmp_path, f"公民館,,北西町1,{at},月"))) == (
        0, 1, 0, 0,
    )  # fmt: skip
    assert places(four_towns)["公民館"]["external_id"] == f"{CODE}/17"


def test_a_list_with_ids_numbers_the_places_of_a_list_without(
    four_towns: Session, tmp_path: Path
) -> None:
    at = lat_lon(500, 1500)
    bring(four_towns, "places", one(tmp_path, f"公民館,,北西町1,{at},月"))
    bring(four_towns, "places", one(tmp_path, f"{CODE},17,公民館,北西町1,{at},,,", WITH_ID))
    assert places(four_towns)["公民館"]["external_id"] == f"{CODE}/17"


def test_two_ids_under_one_name_stay_two_places(four_towns: Session, tmp_path: Path) -> None:
    at = lat_lon(500, 1500)
    file = csv_file(
        tmp_path / "two.csv",
        WITH_ID,
        f"{CODE},17,集会所,北西町1,{at},,,",
        f"{CODE},18,集会所,北西町1,{at},,,",
        f",,集会所,北西町1,{at},,,",
    )
    assert tally(bring(four_towns, "places", file)) == (3, 0, 0, 0)
    assert tally(bring(four_towns, "places", file)) == (0, 0, 3, 0)


# --- what a second file leaves alone -------------------------------------------------------------


def test_a_blank_never_erases(a_small_town: Session, tmp_path: Path) -> None:
    blank = one(tmp_path, f"ひだまりサロン,,,{lat_lon(*SALON)},")
    assert tally(bring(a_small_town, "places", blank))[0] == 0
    salon = places(a_small_town)["ひだまりサロン"]
    assert (salon["kind"], salon["address"], salon["weekdays"]) == ("salon", "北西町1", "月水金")


def test_an_absent_column_never_erases(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "places", one(tmp_path, f"南東集会所,サロン,南東町1,{lat_lon(1500, 200)},"))
    few = one(tmp_path, f"南東集会所,{lat_lon(1500, 200)}", "名称,緯度,経度")
    bring(a_small_town, "places", few)
    hall = places(a_small_town)["南東集会所"]
    assert (hall["kind"], hall["address"]) == ("salon", "南東町1")


def test_an_address_alone_does_not_move_a_place_with_a_point(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "places", one(tmp_path, "ひだまりサロン,,北西町5,,,土"))
    salon = places(a_small_town)["ひだまりサロン"]
    assert (salon["address"], salon["weekdays"]) == ("北西町5", "土")
    assert (metres(salon), salon["approximate"]) == (SALON, False)


def test_a_point_makes_an_approximate_place_exact(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", one(tmp_path, "集会所,,北西町1,,,"))
    assert places(four_towns)["集会所"]["approximate"] is True
    bring(four_towns, "places", one(tmp_path, f"集会所,,北西町1,{lat_lon(600, 1600)},"))
    place = places(four_towns)["集会所"]
    assert (metres(place), place["approximate"]) == ((600, 1600), False)


def test_a_place_known_by_its_id_needs_no_position_again(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(
        four_towns,
        "places",
        one(tmp_path, f"{CODE},17,公民館,北西町1,{lat_lon(600, 1600)},,,", WITH_ID),
    )
    phone = one(tmp_path, f"{CODE},17,公民館,088-000-0000", "市区町村コード,ID,名称,電話番号")
    assert tally(bring(four_towns, "places", phone)) == (0, 1, 0, 0)
    place = places(four_towns)["公民館"]
    assert (metres(place), place["approximate"]) == ((600, 1600), False)
    assert place["phone"] == "088-000-0000"


def test_a_kind_somebody_gave_is_not_guessed_away(a_small_town: Session, tmp_path: Path) -> None:
    row = f"南東集会所,,南東町1,{lat_lon(1500, 200)},"
    bring(a_small_town, "places", one(tmp_path, row), constants={"kind": "体操"})
    bring(a_small_town, "places", one(tmp_path, row))
    assert places(a_small_town)["南東集会所"]["kind"] == "exercise"


def test_a_place_is_still_found_by_what_an_earlier_file_said(
    four_towns: Session, tmp_path: Path
) -> None:
    header, at = "名称,名称_カナ,住所,緯度,経度", lat_lon(500, 1500)
    bring(four_towns, "places", one(tmp_path, f"集会所,シュウカイジョ,北西町1,{at}", header))
    bring(four_towns, "places", one(tmp_path, f"集会所,,北西町2,{at}", header))
    key = places(four_towns)["集会所"]["find_key"]
    assert "シュウカイジョ" in key and "北西町" in key


def test_facts_are_confirmed_on_the_date_of_the_file(four_towns: Session, tmp_path: Path) -> None:
    file = places_file(tmp_path)
    utime(file, (1_767_225_600, 1_767_225_600))  # 2026-01-01 in Tokyo
    bring(four_towns, "places", file)
    assert {place["confirmed_on"] for place in rows_of(four_towns, Place)} == {date(2026, 1, 1)}


def test_an_older_file_confirms_nothing(a_small_town: Session, tmp_path: Path) -> None:
    before = places(a_small_town)["ひだまりサロン"]["confirmed_on"]
    old = one(tmp_path, f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月水金")
    utime(old, (1_767_225_600, 1_767_225_600))
    assert tally(bring(a_small_town, "places", old)) == (0, 0, 1, 0)
    assert places(a_small_town)["ひだまりサロン"]["confirmed_on"] == before


# --- where a place stands ------------------------------------------------------------------------


def test_a_place_299_m_outside_is_taken_without_a_word(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "places", one(tmp_path, f"港の店,,,{lat_lon(2299, 1000)},"))
    assert (tally(outcome), outcome.problems) == ((1, 0, 0, 0), [])


def test_a_place_301_m_outside_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "places", one(tmp_path, f"沖の店,,,{lat_lon(2301, 1000)},"))
    assert tally(outcome) == (0, 0, 0, 1)
    assert says(outcome, "one.csv", "2行目", "緯度", "境界から 0.3 km")


def test_a_place_with_an_address_only_stands_at_its_town(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "places", one(tmp_path, "集会所,,四角市南東町12-3,,,"))
    place = places(four_towns)["集会所"]
    assert (metres(place), place["approximate"]) == ((1500, 500), True)
    assert place["town_id"] == by_name(four_towns, Town)["南東町"]["id"]


def test_a_place_without_any_hint_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "places", one(tmp_path, "集会所,,知らない町1,,,"))
    assert tally(outcome) == (0, 0, 0, 1)
    assert says(outcome, "2行目", "「住所」", "知らない町1")


def test_a_place_before_any_town_is_taken_by_its_point(session: Session, tmp_path: Path) -> None:
    init_municipality(session, CODE, "四角市")
    assert tally(bring(session, "places", places_file(tmp_path))) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中央コミュニティセンター", "community_center"),
        ("老人いこいの家", "rest_house"),
        ("ゆめハウス", "other"),
    ],
)
def test_kind_comes_from_the_name(
    four_towns: Session, tmp_path: Path, name: str, kind: str
) -> None:
    bring(four_towns, "places", one(tmp_path, f"{name},,,{lat_lon(500, 1500)},"))
    assert places(four_towns)[name]["kind"] == kind


def test_an_unknown_kind_is_a_warning(four_towns: Session, tmp_path: Path) -> None:
    outcome = bring(four_towns, "places", one(tmp_path, f"館,ぺけぽん,,{lat_lon(500, 1500)},"))
    assert tally(outcome) == (1, 0, 0, 0)
    assert [problem.severity for problem in outcome.problems] == ["warning"]


def test_a_constant_fills_blanks_only(four_towns: Session, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path / "two.csv",
        PLACES_HEADER,
        f"甲,サロン,,{lat_lon(500, 1500)},",
        f"乙,,,{lat_lon(500, 1400)},",
    )
    bring(four_towns, "places", file, constants={"kind": "体操"})
    assert [p["kind"] for p in rows_of(four_towns, Place)] == ["salon", "exercise"]


def test_a_mapping_names_the_columns(four_towns: Session, tmp_path: Path) -> None:
    lat, lon = lat_lon(500, 1500).split(",")
    file = one(tmp_path, f"館,{lat},{lon}", "あれ,たて,よこ")
    bring(four_towns, "places", file, mapping={"name": "あれ", "lat": "たて", "lon": "よこ"})
    assert set(places(four_towns)) == {"館"}


def test_a_workbook_is_told_by_sheet_and_row(four_towns: Session, tmp_path: Path) -> None:
    lat, lon = map(float, lat_lon(500, 1500).split(","))
    book = workbook(
        tmp_path / "book.xlsx", 一覧=[("名称", "緯度", "経度"), ("甲", lat, lon), ("乙", lon, lat)]
    )
    outcome = bring(four_towns, "places", book)
    assert tally(outcome) == (1, 0, 0, 1)
    assert says(outcome, "book.xlsx", "シート「一覧」", "3行目", "「緯度」", "入れ替わって")


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_is_stored_as_one(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "places", places_file(tmp_path), draft=True)
    assert {place["state"] for place in rows_of(four_towns, Place)} == {"draft"}


def test_what_is_published_stays_so_when_a_draft_names_it(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "places", places_file(tmp_path), draft=True)
    assert {place["state"] for place in rows_of(a_small_town, Place)} == {"published"}


def test_a_draft_imported_again_without_the_word_is_published(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "places", places_file(tmp_path), draft=True)
    assert tally(bring(four_towns, "places", places_file(tmp_path))) == (0, 2, 0, 0)
    assert {place["state"] for place in rows_of(four_towns, Place)} == {"published"}
