"""Importing services, organizations and supporters: what a word means, and who is met again."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from exchange_files import csv_file, workbook
from small_town import CODE, bring, by_name, everything, lat_lon, rows_of
from sqlmodel import Session

from api.actions.importing import Outcome
from api.models import Organization, Service, Supporter, Town

SERVICES = "サービス名,種類,提供圏域,団体名,対象,費用,定員,利用者数,空き,電話番号"
OLD_LIST = (
    "都道府県コード又は市区町村コード,NO,介護サービス事業所名称,介護サービス事業所名称_カナ,実施サービス,"
    "住所,方書,緯度,経度,電話番号,法人番号,法人の名称,事業所番号,利用可能曜日,"
    "利用可能曜日特記事項,定員,URL,備考"
)
NEW_LIST = (
    "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,実施サービス,所在地_連結表記,"
    "建物名等(方書),電話番号,緯度,経度,法人の名称,事業所番号,利用可能曜日,定員"
)
PEOPLE = "氏名,フリガナ,住所,電話番号,できること,曜日,状態,手伝える圏域"


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    """Inserted, updated, unchanged, rejected; together they are the rows read."""
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def listed(folder: Path, header: str, *rows: str) -> Path:
    return csv_file(folder / "list.csv", header, *rows)


def says(outcome: Outcome, *words: str) -> bool:
    """Whether one problem holds all these words."""
    return any(all(word in str(problem) for word in words) for problem in outcome.problems)


def services(session: Session) -> dict[str, dict[str, Any]]:
    return by_name(session, Service)


def areas_of(record: dict[str, Any]) -> list[str] | None:
    found: list[str] | None = json.loads(record["areas"]) if record["areas"] else None
    return found


# --- services ------------------------------------------------------------------------------------


def test_a_list_of_a_coordinator(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        SERVICES,
        "にこにこ配食,配食,西圏域,ひまわり会,75歳以上,1食500円,20,20,あり,0999-00-0001",
        "ごみ出し隊,ごみ出し,西圏域・東圏域,,,1回100円,,,○,",
        "まごころ便,移動・送迎,市内全域,,,,,,要相談,",
    )
    assert tally(bring(a_small_town, "services", file)) == (3, 0, 0, 0)
    meals, garbage, rides = (
        services(a_small_town)[n] for n in ("にこにこ配食", "ごみ出し隊", "まごころ便")
    )
    assert (meals["kind"], areas_of(meals), meals["fee"]) == ("meals", ["W"], "1食500円")
    assert (meals["target"], meals["organization"]) == ("75歳以上", "ひまわり会")
    assert meals["has_room"] is False, "20 of 20 are taken, whatever the word says"
    assert (garbage["kind"], areas_of(garbage)) == ("garbage", ["W", "E"])
    assert garbage["has_room"] is True
    assert (rides["kind"], rides["areas"], rides["has_room"]) == ("rides", None, None)
    assert meals["find_key"] == "ニコニコ配食"
    assert "0999-00-0001" in meals["office_find_key"]
    assert meals["state"] == "published"


def test_the_same_services_again_change_nothing(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        SERVICES,
        "配食,配食,西圏域,,,,20,1,,",
        "二つ,見守り、買い物,W,,,,,,,",
        "全部,見守り,全域,,,,,,,",
    )
    bring(a_small_town, "services", file)
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "services", file)) == (0, 0, 3, 0)
    assert everything(a_small_town) == before


def test_the_old_list_of_care_providers(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        OLD_LIST,
        f"399990,1,ケアひなた,ケアヒナタ,訪問介護、通所介護、居宅介護支援,北西町1-2,２階,"
        f"{lat_lon(600, 1500)},0999-00-0002,,社会福祉法人ひなた会,3470100123,月～金,祝日休み,18,,",
        "399990,2,支援だけ,シエンダケ,居宅介護支援,北西町1,,,,,,,3470100124,,,,,",
        "399990,3,多機能の家,タキノウノイエ,小規模多機能型居宅介護,南東町9,,,,,,,3470100125,,,29,,",
    )
    outcome = bring(a_small_town, "services", file)
    assert tally(outcome) == (2, 0, 0, 0)
    assert any("居宅介護支援" in note and "1 行" in note for note in outcome.notes)
    home, day, multi = rows_of(a_small_town, Service)
    assert [home["kind"], day["kind"], multi["kind"]] == [
        "home_former",
        "day_former",
        "multifunction",
    ]
    assert home["external_id"] == day["external_id"] == "3470100123"
    assert (home["organization"], home["address"]) == ("社会福祉法人ひなた会", "北西町1-2 ２階")
    assert home["schedule_note"] == "月〜金曜\u3000祝日休み"
    towns = by_name(a_small_town, Town)
    assert (home["town_id"], home["approximate"]) == (towns["北西町"]["id"], False)
    assert (multi["town_id"], multi["approximate"]) == (towns["南東町"]["id"], True)
    assert tally(bring(a_small_town, "services", file)) == (0, 0, 2, 0)


def test_the_new_list_finds_the_services_of_the_old_one(
    a_small_town: Session, tmp_path: Path
) -> None:
    old = "399990,1,ケアひなた,,訪問介護,北西町1,,,,,,,3470100123,,,,,"
    bring(a_small_town, "services", listed(tmp_path, OLD_LIST, old))
    new = (
        f"{CODE},,四角市,ケアひなた,ケアヒナタ,訪問介護,北西町1,,0999-00-0003,,,ひなた会,"
        "3470100123,,12"
    )
    assert tally(bring(a_small_town, "services", listed(tmp_path, NEW_LIST, new))) == (0, 1, 0, 0)
    (service,) = rows_of(a_small_town, Service)
    assert (service["phone"], service["capacity_people"]) == ("0999-00-0003", 12)


def test_one_number_is_several_services(a_small_town: Session, tmp_path: Path) -> None:
    rows = (
        "399990,1,ひなた訪問,,訪問介護,北西町1,,,,,,,3470100123,,,,,",
        "399990,2,ひなたデイ,,通所介護,北西町1,,,,,,,3470100123,,,,,",
    )
    assert tally(bring(a_small_town, "services", listed(tmp_path, OLD_LIST, *rows))) == (2, 0, 0, 0)


def test_an_unknown_word_becomes_other_help_and_is_told(
    a_small_town: Session, tmp_path: Path
) -> None:
    outcome = bring(a_small_town, "services", listed(tmp_path, SERVICES, "猫の手,猫の世話,,,,,,,,"))
    assert services(a_small_town)["猫の手"]["kind"] == "other_help"
    assert says(outcome, "猫の世話", "知らない種類")


def test_an_unknown_area_is_refused(a_small_town: Session, tmp_path: Path) -> None:
    outcome = bring(
        a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,西圏域、北圏域,,,,,,,")
    )
    assert (outcome.rejected, outcome.written) == (1, False)
    assert says(outcome, "北圏域", "知らない圏域", "西圏域、東圏域")


@pytest.mark.parametrize("words", ["W", "西圏域", "西", "西圏域、W", "Ｗ"])
def test_ways_of_naming_an_area(a_small_town: Session, tmp_path: Path, words: str) -> None:
    bring(a_small_town, "services", listed(tmp_path, SERVICES, f"配食,配食,{words},,,,,,,"))
    assert areas_of(services(a_small_town)["配食"]) == ["W"]


@pytest.mark.parametrize("words", ["全域", "市内全域", "四角市全域", "市全域", "全圏域"])
def test_the_whole_municipality_again_after_one_area(
    a_small_town: Session, tmp_path: Path, words: str
) -> None:
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,西圏域,,,,,,,"))
    outcome = bring(
        a_small_town, "services", listed(tmp_path, SERVICES, f"配食,配食,{words},,,,,,,")
    )
    assert tally(outcome) == (0, 1, 0, 0)
    assert services(a_small_town)["配食"]["areas"] is None


def test_a_blank_leaves_the_areas_and_the_rest(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,西圏域,,,500円,20,,,"))
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,,,,,,19,,"))
    meals = services(a_small_town)["配食"]
    assert (areas_of(meals), meals["fee"]) == (["W"], "500円")
    assert meals["has_room"] is True, "19 of the 20 that were known"


def test_words_about_users_stay_out_of_the_public_note(
    a_small_town: Session, tmp_path: Path
) -> None:
    row = "配食,配食,,,,,たくさん,約10人と山田さん,,"
    outcome = bring(a_small_town, "services", listed(tmp_path, SERVICES, row))
    assert services(a_small_town)["配食"]["note"] == "定員: たくさん"
    assert says(outcome, "人数として読めない")


def test_two_rows_of_one_service_are_refused(a_small_town: Session, tmp_path: Path) -> None:
    rows = ("配食,配食,,,,500円,,,,", "配食,配食、見守り,,,,600円,,,,")
    outcome = bring(a_small_town, "services", listed(tmp_path, SERVICES, *rows))
    assert (outcome.rejected, len(outcome.refused)) == (2, 2)
    assert rows_of(a_small_town, Service) == []


def test_a_draft_is_no_published_service(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(tmp_path, SERVICES, "配食,配食,,,,,,,,")
    bring(a_small_town, "services", file, draft=True)
    assert services(a_small_town)["配食"]["state"] == "draft"


def test_a_service_of_another_place_is_no_service_of_ours(
    a_small_town: Session, tmp_path: Path
) -> None:
    row = f"399990,1,遠い,,訪問介護,北西町1,,{lat_lon(9000, 500)},,,,,,,,,"
    outcome = bring(a_small_town, "services", listed(tmp_path, OLD_LIST, row))
    assert says(outcome, "km 離れています")


def test_each_change_of_a_service_is_in_the_log(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,西圏域,,,500円,,,,"))
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,東圏域,,,500円,,,,"))
    lines = [row for row in everything(a_small_town)["change"] if row["entity"] == "service"]
    assert {row["data_class"] for row in lines} >= {"public"}
    assert services(a_small_town)["配食"]["version"] == 2


# --- organizations -------------------------------------------------------------------------------

GROUPS = "団体名,種類,活動圏域,住所,電話番号"


def test_organizations_with_a_kind_of_their_own_or_of_their_name(
    a_small_town: Session, tmp_path: Path
) -> None:
    file = listed(
        tmp_path,
        GROUPS,
        "四角市社会福祉協議会,,全域,北西町1,0999-00-0009",
        "ひまわり会,老人クラブ,西圏域,,",
        "なぞの団体,秘密結社,,,",
    )
    outcome = bring(a_small_town, "organizations", file)
    assert tally(outcome) == (3, 0, 0, 0)
    kinds = {name: row["kind"] for name, row in by_name(a_small_town, Organization).items()}
    assert kinds == {
        "四角市社会福祉協議会": "council",
        "ひまわり会": "seniors_club",
        "なぞの団体": "other",
    }
    assert says(outcome, "秘密結社", "知らない種類")
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "organizations", file)) == (0, 0, 3, 0)
    assert everything(a_small_town) == before


def test_a_kind_somebody_gave_is_not_guessed_away(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "organizations", listed(tmp_path, GROUPS, "青空サークル,企業・商店,,,"))
    again = listed(tmp_path, "団体名,電話番号", "青空サークル,0999-00-0008")
    assert tally(bring(a_small_town, "organizations", again)) == (0, 1, 0, 0)
    (group,) = rows_of(a_small_town, Organization)
    assert (group["kind"], group["phone"]) == ("company", "0999-00-0008")


def test_a_service_knows_its_organization(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "organizations", listed(tmp_path, GROUPS, "ひまわり会,,,,"))
    bring(a_small_town, "services", listed(tmp_path, SERVICES, "配食,配食,,ひまわり会,,,,,,"))
    (group,) = rows_of(a_small_town, Organization)
    assert services(a_small_town)["配食"]["organization_id"] == group["id"]


# --- supporters ----------------------------------------------------------------------------------


def people(session: Session) -> dict[str, dict[str, Any]]:
    return by_name(session, Supporter)


def test_a_list_of_supporters(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        PEOPLE,
        "灯台守 一郎,トウダイモリ イチロウ,四角市北西町12-34,0999-00-0011,"
        "話し相手・見守り、電球の交換,月水,活動中,",
        "灯台守 花子,,,0999-00-0012,詩吟,いつでも,お休み中,東圏域",
    )
    assert tally(bring(a_small_town, "supporters", file)) == (2, 0, 0, 0)
    one, two = people(a_small_town)["灯台守 一郎"], people(a_small_town)["灯台守 花子"]
    towns = by_name(a_small_town, Town)
    assert (one["town_id"], one["status"], one["weekdays"]) == (
        towns["北西町"]["id"],
        "active",
        "月水",
    )
    assert json.loads(one["skills"]) == ["talking", "watching", "repair"]
    assert (two["town_id"], two["status"], areas_of(two)) == (None, "resting", ["E"])
    assert (two["note"], two["hours"]) == ("できること: 詩吟", "いつでも")
    assert "トウダイモリイチロウ" in one["office_find_key"]
    before = everything(a_small_town)
    assert tally(bring(a_small_town, "supporters", file)) == (0, 0, 2, 0)
    assert everything(a_small_town) == before


def test_a_house_number_is_kept_nowhere(a_small_town: Session, tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        PEOPLE,
        "灯台守 一郎,,四角市北西町98-76,,,,,",
        "灯台守 二郎,,よその町98-76,,,,,西圏域",
        "灯台守 三郎,,よその町98-76,,,,,",
    )
    outcome = bring(a_small_town, "supporters", file, keep_good=True)
    assert tally(outcome) == (2, 0, 0, 1)
    assert "98-76" not in repr(everything(a_small_town))
    assert "98-76" not in repr([str(problem) for problem in outcome.problems])
    (rejects,) = outcome.rejects
    assert "98-76" not in repr(rejects["理由"].tolist())


def test_whoever_lives_nowhere_and_helps_nowhere_is_refused(
    a_small_town: Session, tmp_path: Path
) -> None:
    outcome = bring(a_small_town, "supporters", listed(tmp_path, PEOPLE, "灯台守 一郎,,,,,,,"))
    assert says(outcome, "住んでいる町が分かりません")


def test_one_name_in_two_towns_is_two_people(a_small_town: Session, tmp_path: Path) -> None:
    rows = ("灯台守 一郎,,北西町1,,,,,", "灯台守 一郎,,南東町1,,,,,")
    outcome = bring(a_small_town, "supporters", listed(tmp_path, PEOPLE, *rows))
    assert tally(outcome) == (2, 0, 0, 0)


def test_by_the_number_of_their_registration_somebody_who_moved_is_the_same(
    a_small_town: Session, tmp_path: Path
) -> None:
    header = "全国地方公共団体コード,登録番号,氏名,町名"
    bring(a_small_town, "supporters", listed(tmp_path, header, f"{CODE},7,灯台守 一郎,北西町"))
    moved = listed(tmp_path, header, f"{CODE},7,灯台守 一郎,南東町")
    assert tally(bring(a_small_town, "supporters", moved)) == (0, 1, 0, 0)
    (person,) = rows_of(a_small_town, Supporter)
    assert person["town_id"] == by_name(a_small_town, Town)["南東町"]["id"]


def test_people_are_no_drafts_and_nothing_of_them_is_public(
    a_small_town: Session, tmp_path: Path
) -> None:
    file = listed(tmp_path, PEOPLE, "灯台守 一郎,,北西町1,0999-00-0011,,,,")
    outcome = bring(a_small_town, "supporters", file, draft=True)
    assert people(a_small_town)["灯台守 一郎"]["state"] == "published"
    assert any("--draft" in note for note in outcome.notes)
    rows = everything(a_small_town)
    assert "灯台守" not in repr(rows["changedpublic"]) + repr(rows["changedoffice"])
    assert "灯台守" in repr(rows["changedpersonal"])


# --- the command line ----------------------------------------------------------------------------


@pytest.mark.databases("sqlite")
def test_the_command_line_brings_all_three(in_town: CommandLine, tmp_path: Path) -> None:
    kinds = {
        "services": ("サービス名,種類", "配食,配食"),
        "organizations": ("団体名", "ひまわり会"),
        "supporters": ("氏名,町名", "灯台守 一郎,北西町"),
    }
    for kind, rows in kinds.items():
        ran = in_town("import", kind, csv_file(tmp_path / f"{kind}.csv", *rows))
        assert (ran.code, "追加 1" in ran.out) == (0, True), ran.err


@pytest.mark.databases("sqlite")
def test_a_workbook_of_services(a_small_town: Session, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx",
        一覧=[["サービス名", "種類", "定員", "送迎"], ["ことり便", "外出付き添い", 5, "有"]],
    )
    assert tally(bring(a_small_town, "services", file)) == (1, 0, 0, 0)
    row = services(a_small_town)["ことり便"]
    assert (row["kind"], row["capacity_people"], row["transport"]) == ("escort", 5, True)
