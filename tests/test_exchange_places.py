"""Reading places: what each cell becomes, and what keeps a row out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file, errors, plainly, read, refusal, workbook

from api.exchange.places import COLUMNS


def one(tmp_path: Path, **columns: Any) -> dict[str, Any]:
    """The row that a file with one place and these columns reads as."""
    named = {"名称": "サロン", **columns}
    path = workbook(tmp_path / "a.xlsx", Sheet1=[list(named), list(named.values())])
    frame = read(path, "places").frame
    return {str(column): plainly(frame[column])[0] for column in frame}


def problems(tmp_path: Path, **columns: Any) -> list[str]:
    """What is said about a file with one place and these columns."""
    named = {"名称": "サロン", **columns}
    path = workbook(tmp_path / "a.xlsx", Sheet1=[list(named), list(named.values())])
    return [str(problem) for problem in read(path, "places").problems]


def test_columns_are_always_there_and_absent_ones_are_said_to_be(tmp_path: Path) -> None:
    reading = read(csv_file(tmp_path / "a.csv", "名称,住所", "サロン,高松市"), "places")
    assert reading.frame.columns.tolist() == COLUMNS
    assert reading.frame.drop(columns=["name", "address"]).isna().all(axis=None)
    assert reading.present == {"name", "address"}


def test_a_place_of_the_current_standard(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        全国地方公共団体コード="372013",
        ID="0000022200",
        名称_カナ="サロン",
        所在地_連結表記="香川県高松市塩上町1-1",
        **{"建物名等(方書)": "１階"},
        緯度="３４．３３８２",
        経度="134度03分12.96秒",
        電話番号="０８７-８３４-９９１１",
        利用可能曜日="月～金",
        開始時間="９時",
        終了時間="1700",
        利用可能日時特記事項="祝日は休み",
        定員="20名",
        送迎="有",
        URL="www.example.jp/a",
        備考="お茶と体操",
        最終確認日="令和8年2月1日",
    )
    assert row | {"lat": None, "lon": None} == dict.fromkeys(COLUMNS) | {
        "code": "37201",
        "external_id": "0000022200",
        "name": "サロン",
        "kana": "サロン",
        "address": "香川県高松市塩上町1-1",
        "building": "１階",
        "phone": "087-834-9911",
        "weekdays": "月火水木金",
        "opens_at": "09:00",
        "closes_at": "17:00",
        "schedule": '{"sittings":[{"weekdays":"月火水木金","opens_at":"09:00",'
        '"closes_at":"17:00"}],"holidays_off":true}',
        "schedule_note": "祝日は休み",
        "capacity_people": 20,
        "transport": True,
        "url": "http://www.example.jp/a",
        "note": "お茶と体操",
        "confirmed_on": date(2026, 2, 1),
    }
    assert (row["lat"], row["lon"]) == (34.3382, pytest.approx(134.0536))


def test_a_running_number_is_no_id(tmp_path: Path) -> None:
    row = one(tmp_path, 都道府県コード又は市区町村コード="372013", NO="1")
    assert row["external_id"] is None


def test_an_id_without_its_code_block_is_none(tmp_path: Path) -> None:
    assert one(tmp_path, ID="1")["external_id"] is None


def test_a_capacity_in_words_goes_into_the_note(tmp_path: Path) -> None:
    row = one(tmp_path, 定員="大会議室：120名、研修室：24名", 備考="駐車場あり")
    assert row["capacity_people"] is None
    assert row["note"] == "駐車場あり\u3000定員: 大会議室：120名、研修室：24名"


def test_days_and_times_in_words_go_into_the_schedule_note(tmp_path: Path) -> None:
    row = one(tmp_path, 曜日="第2・第4水曜日", 開始時間="日没まで", 特記事項="")
    assert (row["weekdays"], row["opens_at"]) == ("水", None)
    assert row["schedule_note"] == "第2・第4水曜日\u3000日没まで"


def test_opening_hours_in_one_column(tmp_path: Path) -> None:
    row = one(tmp_path, 開催時間="10:00～11:30")
    assert (row["opens_at"], row["closes_at"]) == ("10:00", "11:30")


def test_an_address_in_parts_is_put_together(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        所在地_都道府県="香川県",
        所在地_市区町村="高松市",
        所在地_町字="塩上町",
        所在地_番地以下="1-1",
    )
    assert row["address"] == "香川県高松市塩上町1-1"


def test_a_whole_address_in_the_column_of_the_city(tmp_path: Path) -> None:
    row = one(tmp_path, 所在地_市区町村="宇都宮市旭1-1-5", 所在地_番地以下="")
    assert row["address"] == "宇都宮市旭1-1-5"


def test_a_city_alone_is_no_address(tmp_path: Path) -> None:
    assert one(tmp_path, 都道府県名="香川県", 市区町村名="高松市", 番地="")["address"] is None


@pytest.mark.parametrize("place", ["緯度経度", "location"])
def test_both_coordinates_in_one_column(tmp_path: Path, place: str) -> None:
    row = one(tmp_path, **{place: "34.3382,134.0536"})
    assert (row["lat"], row["lon"]) == (34.3382, 134.0536)


def test_no_coordinates_at_all_are_fine(tmp_path: Path) -> None:
    assert problems(tmp_path, 緯度=None, 経度=None) == []


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("134.03", "34.34", "「134.03, 34.34」と書かれています。緯度と経度が入れ替わっている"),
        (0, 0, "(0, 0)"),
        ("34.34", "", "経度がありません"),
        ("", "134.03", "緯度がありません"),
        ("35.68", "-97.5", "日本の外"),
        ("北緯", "134.03", "「北緯」と書かれています。緯度・経度として読めません"),
    ],
)
def test_coordinates_that_went_wrong_are_named(
    tmp_path: Path, lat: Any, lon: Any, words: str
) -> None:
    said = problems(tmp_path, 緯度=lat, 経度=lon)
    assert words in said[0]
    assert said[0].startswith("a.xlsx シート「Sheet1」 2行目 「緯度」: ")


def test_bad_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv", "名称,緯度,経度", "サロン,34.3,134.0", ",34.3,134.0", "カフェ,0,0"
    )
    reading = read(path, "places")
    assert reading.rows_read == 3
    assert reading.frame.index.tolist() == [2]
    assert [p.row for p in errors(reading)] == [3, 4]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("市区町村コード", "高松", "市区町村コード"),
        ("定員", "-3", "負の数"),
        ("廃止日", "来年", "日付として読めません"),
    ],
)
def test_other_cells_that_keep_a_row_out(
    tmp_path: Path, column: str, cell: str, words: str
) -> None:
    assert words in problems(tmp_path, **{column: cell})[0]


@pytest.mark.parametrize(
    ("column", "cell"), [("開設日", "平成のころ"), ("URL", "javascript:alert(1)")]
)
def test_cells_that_are_dropped_with_a_warning(tmp_path: Path, column: str, cell: str) -> None:
    path = csv_file(tmp_path / "a.csv", f"名称,{column}", f"サロン,{cell}")
    reading = read(path, "places")
    assert [p.severity for p in reading.problems] == ["warning"]
    assert reading.frame[["opened_on", "url"]].isna().all(axis=None)


def test_constants_fill_what_the_file_leaves_blank(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,種別", "サロン,", "カフェ,喫茶")
    reading = read(path, "places", constants={"kind": "体操", "fee": "無料"})
    assert reading.frame["kind"].tolist() == ["体操", "喫茶"]
    assert reading.frame["fee"].tolist() == ["無料", "無料"]
    assert {"kind", "fee"} <= reading.present


def test_a_constant_for_no_column_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,種別", "サロン,")
    assert "「knid」" in refusal(path, constants={"knid": "体操"})


def test_without_names_the_file_is_refused_and_its_headers_told(tmp_path: Path) -> None:
    message = refusal(csv_file(tmp_path / "a.csv", "愛称,住所,緯度", "サロン,高松市,34.3"))
    assert "名称の列" in message
    assert "「愛称」、「住所」、「緯度」" in message


def test_files_of_several_municipalities_keep_their_codes(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv", "市区町村コード,名称", "372013,サロン", "372021,カフェ", "37,体操"
    )
    assert plainly(read(path, "places").codes) == ["37201", "37202", None]


def test_a_list_of_groups_is_a_list_of_places(tmp_path: Path) -> None:
    reading = read(csv_file(tmp_path / "a.csv", "団体名,曜日", "ひまわり会,月"), "places")
    assert reading.frame["name"].tolist() == ["ひまわり会"]


def test_a_bad_constant_is_told_as_such(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称", "サロン")
    reading = read(path, "places", constants={"closed_on": "来年"})
    assert "「--set closed_on」: 「来年」と書かれています。" in str(errors(reading)[0])


def test_days_and_times_in_one_column_are_taken_where_they_are_sure(tmp_path: Path) -> None:
    row = one(tmp_path, 開催日時="毎週火・木曜日 10:00～11:30", 休館日="月曜日")
    assert (row["weekdays"], row["opens_at"], row["closes_at"]) == ("火木", "10:00", "11:30")
    assert row["schedule_note"] == "毎週火・木曜日 10:00～11:30\u3000休み: 月曜日"


def test_two_spans_of_time_are_left_in_words(tmp_path: Path) -> None:
    row = one(tmp_path, 日時="第1月曜 10時～11時、第3水曜 13時～14時")
    assert (row["opens_at"], row["weekdays"]) == (None, "月水")
