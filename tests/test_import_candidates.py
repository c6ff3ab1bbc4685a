"""Importing candidates (候補地): which row is which, of what kind, where it stands, and undone."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from desk_client import DeskClient, signed_in
from exchange_files import csv_file
from small_town import CODE, TODAY, bring, by_name, everything, lat_lon, rows_of
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.importing import Outcome
from api.actions.report_coverage import Question
from api.actions.site_places import SiteQuestion, site_places
from api.exchange.candidate_kinds import candidate_kind_from_name, candidate_kind_from_text
from api.models import Candidate, Town
from api.store.visible import OFFICE_PUBLISHED

HEADER = "名称,種類,住所,緯度,経度,定員"
SCHOOL = f"旧四角小学校,廃校,南西町1,{lat_lon(600, 600)},100"


def candidates(session: Session) -> dict[str, dict[str, Any]]:
    return by_name(session, Candidate)


def file(folder: Path, *rows: str, header: str = HEADER, name: str = "c.csv") -> Path:
    return csv_file(folder / name, header, *rows)


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("school", "school"),
        ("学校・廃校", "school"),
        ("廃校", "school"),
        ("小規模多機能型居宅介護", "care_site"),
        ("公民館", "hall"),
        ("空き店舗", "shop"),
        ("空家", "house"),
        ("個人の家", "house"),
        ("寺", "temple"),
        ("出張所", "public"),
        ("その他", "other"),
        ("よくわからない", None),
    ],
)
def test_a_word_tells_the_kind(said: str, code: str | None) -> None:
    found = candidate_kind_from_text(pd.Series([said], dtype="str")).iloc[0]
    assert (None if pd.isna(found) else found) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("高松市立太田中学校", "school"),
        ("国分寺支所", "public"),
        ("国分寺", "temple"),
        ("ケアサポート長谷川", "care_site"),
        ("太田コミュニティセンター", "hall"),
        ("えんざ", None),
    ],
)
def test_a_name_tells_the_kind(name: str, code: str | None) -> None:
    found = candidate_kind_from_name(pd.Series([name], dtype="str")).iloc[0]
    assert (None if pd.isna(found) else found) == code


def test_a_candidate_lies_in_a_town_and_holds_so_many(four_towns: Session, tmp_path: Path) -> None:
    assert tally(bring(four_towns, "candidates", file(tmp_path, SCHOOL))) == (1, 0, 0, 0)
    school = candidates(four_towns)["旧四角小学校"]
    assert (school["kind"], school["capacity_people"], school["state"]) == (
        "school",
        100,
        "published",
    )
    assert school["town_id"] == by_name(four_towns, Town)["南西町"]["id"]
    before = everything(four_towns)
    assert tally(bring(four_towns, "candidates", file(tmp_path, SCHOOL))) == (0, 0, 1, 0)
    assert everything(four_towns) == before


def test_the_headers_of_published_lists_are_known(four_towns: Session, tmp_path: Path) -> None:
    header = "#property,latitude,longitude,name,address,service,capacity"
    row = f"1,{lat_lon(600, 600)},えんざ,南西町1,小規模多機能型居宅介護,"
    bring(four_towns, "candidates", file(tmp_path, row, header=header))
    assert candidates(four_towns)["えんざ"]["kind"] == "care_site"


def test_one_kind_for_the_whole_file(four_towns: Session, tmp_path: Path) -> None:
    file_ = file(tmp_path, f"ひまわり,,南西町1,{lat_lon(600, 600)},")
    bring(four_towns, "candidates", file_, constants={"kind": "空き店舗"})
    assert candidates(four_towns)["ひまわり"]["kind"] == "shop"


def test_an_unknown_kind_is_told_and_a_guess_overwrites_nothing(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "candidates", file(tmp_path, SCHOOL.replace("廃校", "空き家")))
    strange = bring(four_towns, "candidates", file(tmp_path, SCHOOL.replace("廃校", "ふしぎ")))
    assert any("知らない種類" in str(warning) for warning in strange.warnings)
    assert tally(strange) == (0, 0, 1, 0)
    assert candidates(four_towns)["旧四角小学校"]["kind"] == "house"


def test_an_address_alone_is_a_towns_point_and_moves_nobody(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "candidates", file(tmp_path, "集会所跡,集会所,南西町1,,,"))
    assert candidates(four_towns)["集会所跡"]["approximate"] is True
    known = file(tmp_path, f"集会所跡,集会所,南西町1,{lat_lon(600, 600)},")
    assert tally(bring(four_towns, "candidates", known)) == (0, 1, 0, 0)
    exact = candidates(four_towns)["集会所跡"]
    assert exact["approximate"] is False
    bring(four_towns, "candidates", file(tmp_path, "集会所跡,集会所,南西町1,,,30"))
    now = candidates(four_towns)["集会所跡"]
    assert (now["lon"], now["lat"], now["approximate"]) == (exact["lon"], exact["lat"], False)
    assert now["capacity_people"] == 30


def test_an_id_makes_a_renamed_building_the_same(four_towns: Session, tmp_path: Path) -> None:
    header = f"全国地方公共団体コード,ID,{HEADER}"
    bring(four_towns, "candidates", file(tmp_path, f"{CODE},7,{SCHOOL}", header=header))
    renamed = f"{CODE},7,{SCHOOL.replace('旧四角小学校', '四角交流館')}"
    outcome = bring(four_towns, "candidates", file(tmp_path, renamed, header=header))
    assert tally(outcome) == (0, 1, 0, 0)
    assert list(candidates(four_towns)) == ["四角交流館"]


def test_bad_rows_keep_all_out_or_are_handed_back(four_towns: Session, tmp_path: Path) -> None:
    rows = (
        SCHOOL,
        f"遠い家,空き家,どこか,{lat_lon(9_000, 0)},",
        f"二つの店,店,北西町1,{lat_lon(500, 1500)},10",
        f"二つの店,店,北西町1,{lat_lon(500, 1500)},20",
        "位置のない家,空き家,どこにもない町,,,",
    )
    before = everything(four_towns)
    refused = bring(four_towns, "candidates", file(tmp_path, *rows))
    assert (tally(refused), refused.written) == ((1, 0, 0, 4), False)
    tried = bring(four_towns, "candidates", file(tmp_path, SCHOOL), dry_run=True)
    assert (tally(tried), tried.written) == ((1, 0, 0, 0), False)
    assert everything(four_towns) == before
    kept = bring(four_towns, "candidates", file(tmp_path, *rows), keep_good=True)
    assert (tally(kept), kept.written) == ((1, 0, 0, 4), True)
    assert list(candidates(four_towns)) == ["旧四角小学校"]


def test_a_draft_is_no_candidate_yet(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "candidates", file(tmp_path, SCHOOL), draft=True)
    assert candidates(a_small_town)["旧四角小学校"]["state"] == "draft"
    found = site_places(a_small_town, CODE, OFFICE_PUBLISHED, Question(on=TODAY), SiteQuestion(1))
    assert found.inhabited


def test_from_the_desk_named_in_rehearsal_and_taken_back(
    a_small_town: Session, tmp_path: Path
) -> None:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    admin: DeskClient = signed_in(engine, Role.ADMINISTRATOR)
    sent = [("files", ("c.csv", file(tmp_path, SCHOOL).read_bytes()))]
    page = admin.post("imports/", {"kind": "candidates"}, files=sent)
    assert "<p>旧四角小学校</p>" in page.text
    parcel = page.text.split("/imports/")[1].split('"')[0]
    admin.post(f"imports/{parcel}", {"kind": "candidates", "do": "write"})
    assert candidates(a_small_town)["旧四角小学校"]["state"] == "published"
    deed = admin.get("imports/").text.split("/log/")[1].split("/undo")[0]
    admin.post(f"log/{deed}/undo", {"back": "imports/"})
    (row,) = rows_of(a_small_town, Candidate)
    assert row["state"] == "withdrawn"
