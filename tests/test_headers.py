"""Headers of real files, old and new, Japanese and English."""

import pytest

from api.exchange.aliases import TABLES
from api.exchange.headers import WrongMapping, header_key, is_running_number, recognise

OLD_GENERATION = """
都道府県コード又は市区町村コード NO 都道府県名 市区町村名 名称 名称_カナ 名称_通称 POIコード 住所
方書 緯度 経度 電話番号 内線番号 法人番号 団体名 利用可能曜日 開始時間 終了時間
利用可能日時特記事項 説明 バリアフリー情報 URL 備考
"""
CURRENT_GENERATION = """
全国地方公共団体コード ID 地方公共団体名 名称 名称_カナ 名称_英語
所在地_全国地方公共団体コード 町字ID 所在地_連結表記 所在地_都道府県
所在地_市区町村 所在地_町字 所在地_番地以下 建物名等(方書) 緯度 経度
高度の種別 高度の値
"""
ENGLISH = """
#property latitude longitude name address telephoneNumber referenceObject note service
availableDate startTime endTime availableDateNote capacity
"""
ESTAT = """
KEY_CODE PREF CITY S_AREA PREF_NAME CITY_NAME S_NAME HCODE AREA PERIMETER JINKO SETAI X_CODE Y_CODE
"""


def test_old_generation_of_public_facilities() -> None:
    found = recognise(OLD_GENERATION.split(), "places")
    assert found["name"] == "名称"
    assert found["code"] == "都道府県コード又は市区町村コード"
    assert found["note"] == "備考"
    assert "external_id" not in found


def test_current_generation_has_a_true_id() -> None:
    found = recognise(CURRENT_GENERATION.split(), "places")
    assert found["external_id"] == "ID"
    assert found["code"] == "全国地方公共団体コード"
    assert found["address"] == "所在地_連結表記"
    assert found["building"] == "建物名等(方書)"


def test_english_keys() -> None:
    found = recognise(ENGLISH.split(), "places")
    assert found["lat"] == "latitude"
    assert found["url"] == "referenceObject"
    assert found["capacity_people"] == "capacity"
    assert "#property" not in found.values()


def test_e_stat_small_areas() -> None:
    found = recognise(ESTAT.split(), "towns")
    assert found["name"] == "S_NAME"
    assert found["people"] == "JINKO"
    assert (found["lon"], found["lat"]) == ("X_CODE", "Y_CODE")


def test_geolonia_in_both_its_dresses() -> None:
    japanese = recognise(
        ["市区町村コード", "市区町村名", "大字町丁目名", "小字", "緯度", "経度"], "towns"
    )
    english = recognise(["pref", "city", "town", "koaza", "lat", "lng"], "towns")
    assert (japanese["name"], english["name"]) == ("大字町丁目名", "town")
    assert (japanese["koaza"], english["lon"]) == ("小字", "lng")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("都道府県コード又は\n市区町村コ―ド", "都道府県コード又は市区町村コード"),
        ("料金（基本）", "料金(基本)"),
        ("Ｔ Ｅ Ｌ", "tel"),
        ("名称＿カナ", "名称_カナ"),
        ("名称（カナ）", "名称_カナ"),
        ("緯度(必須)", "緯度"),
        ("※名称", "名称"),
        ("電話 番号", "電話番号"),
        ("人口\n（人）", "人口"),
        ("緯度（世界測地系）", "緯度"),
    ],
)
def test_headers_meet_however_they_are_written(written: str, meant: str) -> None:
    assert header_key(written) == header_key(meant)


def test_a_prefix_on_every_header_comes_off() -> None:
    found = recognise(
        ["NO", "公共施設_名称", "公共施設_住所", "公共施設_緯度", "公共施設_経度"], "places"
    )
    assert found["name"] == "公共施設_名称"
    assert found["lon"] == "公共施設_経度"


def test_the_better_known_name_wins() -> None:
    assert recognise(["会場", "施設名"], "places")["name"] == "施設名"
    assert recognise(["説明", "備考"], "places")["note"] == "備考"


def test_a_mapping_wins_over_what_is_known() -> None:
    header = ["名称", "通称", "緯度", "経度"]
    assert recognise(header, "places", {"name": "通称"})["name"] == "通称"


def test_a_header_given_away_by_the_mapping_serves_nobody_else() -> None:
    assert "note" not in recognise(["名称", "備考"], "places", {"kind": "備考"})


def test_a_mapping_to_a_header_that_is_not_there() -> None:
    with pytest.raises(WrongMapping, match="愛称"):
        recognise(["名称"], "places", {"name": "愛称"})


def test_a_mapping_of_a_column_we_do_not_have() -> None:
    with pytest.raises(WrongMapping, match="nickname"):
        recognise(["名称"], "places", {"nickname": "名称"})


@pytest.mark.parametrize("header", ["#property", "NO", "No.", "№", "番号", "Ｎｏ"])
def test_running_numbers(header: str) -> None:
    assert is_running_number(header)


@pytest.mark.parametrize("kind", TABLES)
def test_no_alias_belongs_to_two_columns(kind: str) -> None:
    owners: dict[str, set[str]] = {}
    for ours, names in TABLES[kind].items():
        for name in names.split():
            owners.setdefault(header_key(name), set()).add(ours)
    shared = {key for key, ours in owners.items() if len(ours) > 1}
    assert shared <= ({"city"} if kind == "towns" else set())  # a number at e-Stat, else a name
