"""Opening files: right kinds, wrong kinds, headers that hide, sheets of examples."""

import csv
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from exchange_files import csv_file, errors, layer, plainly, read, refusal, workbook
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from api.exchange.encodings import is_garbled
from api.exchange.opening import open_source
from api.exchange.problems import RowProblem

PLACE = ("サロン", "高松市塩上町1-1", 34.3382, 134.0536)
HEADER = ("名称", "住所", "緯度", "経度")


# What is not accepted


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xlsx", b"", "0バイト"),
        ("a.csv", b"", "0バイト"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.csv", b"MZ\x90\x00", "プログラム"),
        ("a.csv", b"\x7fELF\x02", "プログラム"),
        ("a.csv", "<!DOCTYPE html><html><body>表".encode(), "HTML"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        ("a.gz", b"\x1f\x8b\x08", "gzip"),
        ("a.json", b'{"elements": []}', "GeoJSONではない"),
        ("a.geojson", b'{"elements": [', "壊れたJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "壊れて"),
        ("a.xml", b"<?xml version='1.0'?><gml:x/>", "KMLではない"),
        ("a.kml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><kml/>", "ENTITY"),
        ("a.db", b"SQLite format 3\x00" + bytes(100), "SQLite"),
        ("a.dbf", b"\x03\x7a\x01\x01abc", ".shp"),
        ("a.bin", bytes(range(256)), "表でも地図でもない"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "パスワード",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "壊れて"),
        ("a.csv", b"1,2,3\r\n4,5,6\r\n", "見出し"),
        ("a.csv", b"\r\n\r\n", "表が空"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused_and_named(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = refusal(path)
    assert word in message
    assert message.startswith(name)
    assert str(tmp_path) not in message


def test_a_word_document_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "Word" in refusal(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "見つかりません" in refusal(tmp_path / "a.csv")


def test_a_quotation_mark_that_never_closes_is_told_with_its_line(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv", "名称,住所", "サロン,高松市", 'カフェ,"高松市', "体操,高松市"
    )
    assert "3行目" in refusal(path)


# What is found out by itself


def test_the_name_of_a_file_may_lie(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Sheet1=[HEADER, PLACE]).rename(tmp_path / "a.csv")
    assert read(path, "places").frame["name"].tolist() == ["サロン"]


@pytest.mark.parametrize("separator", [",", "\t"])
def test_comma_or_tab(tmp_path: Path, separator: str) -> None:
    path = csv_file(tmp_path / "a.csv", separator.join(HEADER), separator.join(map(str, PLACE)))
    assert read(path, "places").frame["lon"].tolist() == [134.0536]


def test_rows_are_numbered_as_people_see_them(tmp_path: Path) -> None:
    rows = [["公共施設一覧"], [], HEADER, PLACE, [], ["カフェ", "高松市"]]
    source = open_source(workbook(tmp_path / "a.xlsx", Sheet1=rows), "places")
    assert source.frame.index.tolist() == [4, 6]


def test_lines_of_a_csv_are_counted_through_breaks_in_cells(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,備考", 'サロン,"一行目', '二行目"', "カフェ,")
    assert open_source(path, "places").frame.index.tolist() == [2, 4]


def test_the_header_is_found_among_directives(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv",
        "#LINK,,", "#lang,ja,", "#property,name,address", "#object_type_xsd,string,string",
        "#property_context,,", "1,サロン,高松市",
    )  # fmt: skip
    source = open_source(path, "places")
    assert source.header == ("#property", "name", "address")
    assert source.frame["name"].tolist() == ["サロン"]
    assert source.frame.index.tolist() == [6]


def test_rows_with_nothing_but_a_number_are_no_rows(tmp_path: Path) -> None:
    rows = [
        ["NO", *HEADER, "←データの項目名を入力"],
        [1, *PLACE, "←2行目以降にデータを入力"],
        [2],
        [3, "  "],
    ]
    found = read(workbook(tmp_path / "a.xlsx", Sheet1=rows), "places")
    assert found.rows_read == 1
    assert "←データの項目名を入力" not in found.source.header


@pytest.mark.parametrize("example", ["入力例", "記入例", "見本", "例"])
def test_the_sheet_of_examples_is_passed_over(tmp_path: Path, example: str) -> None:
    richer = [[*HEADER, "電話番号", "備考"], ["○○公民館", "××町", 43.06, 141.35, "000", "例"]]
    sheets: dict[str, list[object]] = {example: list(richer), "Sheet0": [HEADER, PLACE]}
    path = workbook(tmp_path / "a.xlsx", **sheets)
    source = open_source(path, "places")
    assert (source.sheet, len(source.frame)) == ("Sheet0", 1)


def test_of_two_sheets_alike_the_first_counts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 令和7=[HEADER, PLACE], 令和6=[HEADER, PLACE, PLACE])
    assert open_source(path, "places").sheet == "令和7"


def test_a_sheet_of_explanations_loses_against_the_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 表紙=[["名称"], ["高松市"]], 一覧=[HEADER, PLACE])
    assert open_source(path, "places").sheet == "一覧"


def test_two_rows_of_merged_headers_are_one(tmp_path: Path) -> None:
    rows = [
        ["町名", "総数", None, None, "0～64歳", None, "65歳以上", None],
        [None, "計", "男", "女", "男", "女", "男", "女"],
        ["本町", 10, 4, 6, 3, 4, 1, 2],
    ]
    found = read(workbook(tmp_path / "a.xlsx", Sheet1=rows), "population")
    assert found.frame[["people", "people_65"]].to_numpy().tolist() == [[10, 3]]


def test_a_header_that_stands_twice_with_other_contents_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,緯度,経度,緯度", "サロン,34.3,134.0,34.4")
    assert "「緯度」" in refusal(path)


def test_the_mapping_chooses_between_two_headers_alike(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,緯度,経度,緯度", "サロン,34.3,134.0,34.4")
    assert read(path, "places", mapping={"lat": "緯度 (2)"}).frame["lat"].tolist() == [34.4]


def test_a_comma_inside_an_address_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,住所", "サロン,高松市,塩上町", "カフェ,高松市")
    found = read(path, "places")
    assert [p.row for p in errors(found)] == [2]
    assert found.frame["name"].tolist() == ["カフェ"]


def test_a_mapping_that_fits_nothing_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,住所", "サロン,高松市")
    assert "「愛称」" in refusal(path, mapping={"name": "愛称"})


def test_a_digest_a_date_and_progress(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Sheet1=[HEADER, PLACE])
    night = datetime(2026, 1, 31, 20, 0, tzinfo=UTC).timestamp()
    os.utime(path, (night, night))
    said: list[str] = []
    source = open_source(path, "places", progress=said.append)
    assert source.modified_on.isoformat() == "2026-02-01"  # in Tokyo it is morning already
    assert len(source.sha256) == 64
    assert said


# Any text survives


LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
TEXT = st.text(LETTERS, max_size=12).filter(lambda text: not is_garbled(text))


@settings(max_examples=50)
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_any_text_survives_a_csv(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["名称", "備考"], *(["サロン", text] for text in texts)])
    assert open_source(path, "places").frame["備考"].tolist() == texts


def test_an_excel_cell_of_blanks_alone_says_nothing(tmp_path: Path) -> None:
    """The reader of workbooks hands it over empty; a blank means the same to every column."""
    path = workbook(tmp_path / "a.xlsx", Sheet1=[["名称", "備考"], ["サロン", " "]])
    assert open_source(path, "places").frame["備考"].tolist() == [""]


@settings(max_examples=50)
@given(st.lists(TEXT.filter(lambda t: t.strip(" ") and t[0] != "="), min_size=1, max_size=4))
def test_any_text_survives_excel(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("xlsx")
    rows = [["名称", "備考"], *(["サロン", text] for text in texts)]
    path = workbook(folder / "a.xlsx", Sheet1=rows)
    assert open_source(path, "places").frame["備考"].tolist() == texts


# Layers


def squares(crs: str | None = "EPSG:4326") -> GeoDataFrame:
    return GeoDataFrame(
        {"名称": ["東圏域", "西圏域"]},
        geometry=[box(134.0, 34.0, 134.1, 34.1), box(134.1, 34.0, 134.2, 34.1)],
        crs=crs,
    )


@pytest.mark.parametrize("name", ["a.geojson", "a.json", "a.gpkg", "a.shp", "a.kml"])
def test_layers_of_every_kind(tmp_path: Path, name: str) -> None:
    frame = squares().rename(columns={"名称": "Name"}) if name == "a.kml" else squares()
    driver = {"a.json": "GeoJSON", "a.kml": "KML"}.get(name)
    found = read(layer(tmp_path / name, frame, driver=driver), "areas")
    assert found.frame["area_name"].tolist() == ["東圏域", "西圏域"]
    assert found.frame.crs == "EPSG:4326"
    assert found.frame.index.tolist() == [2, 3]


@pytest.mark.parametrize("crs", ["EPSG:6668", "EPSG:6672", "EPSG:2446", "EPSG:4612"])
def test_any_plane_or_datum_becomes_degrees(tmp_path: Path, crs: str) -> None:
    path = layer(tmp_path / "a.gpkg", squares().to_crs(crs))
    bounds = read(path, "areas").frame.total_bounds
    assert bounds == pytest.approx([134.0, 34.0, 134.2, 34.1], abs=1e-6)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
@pytest.mark.parametrize("stated", [True, False])
def test_attributes_of_a_shapefile(tmp_path: Path, encoding: str, stated: bool) -> None:
    layer(tmp_path / "a.shp", squares(), encoding=encoding)
    if not stated:
        (tmp_path / "a.cpg").unlink()
        table = bytearray((tmp_path / "a.dbf").read_bytes())
        table[29] = 0  # nor does the table itself say its code page
        (tmp_path / "a.dbf").write_bytes(bytes(table))
    assert read(tmp_path / "a.shp", "areas").frame["area_name"].tolist() == ["東圏域", "西圏域"]


def zip_of(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.writestr(f"学区/{part.name}", part.read_bytes())
    return path


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    layer(folder / "学区.shp", squares("EPSG:4326").to_crs("EPSG:6672"), encoding="cp932")
    found = read(zip_of(folder, tmp_path / "a.zip"), "areas")
    assert found.frame["area_name"].tolist() == ["東圏域", "西圏域"]
    assert found.source.sheet is None


def test_of_several_shapefiles_in_a_zip_the_one_with_known_columns(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    layer(folder / "a.shp", squares().rename(columns={"名称": "zzz"}), encoding="cp932")
    layer(folder / "b.shp", squares(), encoding="cp932")
    assert read(zip_of(folder, tmp_path / "a.zip"), "areas").source.sheet == "b"


@pytest.mark.parametrize(("part", "word"), [("a.dbf", ".dbf"), ("a.shx", ".shx")])
def test_a_shapefile_with_a_part_missing(tmp_path: Path, part: str, word: str) -> None:
    path = layer(tmp_path / "a.shp", squares(), encoding="utf-8")
    (tmp_path / part).unlink()
    assert f"{word}（" in refusal(path, "areas")


def test_no_crs_and_degrees_is_taken_for_degrees(tmp_path: Path) -> None:
    path = layer(tmp_path / "a.shp", squares(None), encoding="utf-8")
    assert read(path, "areas").frame.crs == "EPSG:4326"


def test_no_crs_and_metres_is_refused(tmp_path: Path) -> None:
    metres = squares(None).set_geometry(squares().to_crs("EPSG:6672").geometry.to_numpy())
    path = layer(tmp_path / "a.shp", metres, encoding="utf-8")
    assert ".prj" in refusal(path, "areas")


def test_a_topojson_without_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.topojson"
    path.write_text(
        '{"type":"Topology","arcs":[[[134.0,34.0],[134.1,34.0],[134.1,34.1],[134.0,34.0]]],'
        '"objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],'
        '"properties":{"N03_007":"37201","N03_004":"高松市"}}]}}}',
        encoding="utf-8",
    )
    assert read(path, "boundary").frame["code"].tolist() == ["37201"]


def test_a_layer_with_latitude_first_is_named_as_such(tmp_path: Path) -> None:
    swapped = GeoDataFrame({"名称": ["東"]}, geometry=[box(34.0, 134.0, 34.1, 134.1)], crs=4326)
    assert "入れ替わって" in refusal(layer(tmp_path / "a.geojson", swapped), "areas")


def test_the_layer_of_a_geopackage_with_known_columns(tmp_path: Path) -> None:
    layer(tmp_path / "a.gpkg", squares().rename(columns={"名称": "zzz"}), layer="other")
    layer(tmp_path / "a.gpkg", squares(), layer="areas")
    assert read(tmp_path / "a.gpkg", "areas").source.sheet == "areas"


def test_points_of_a_layer_are_places(tmp_path: Path) -> None:
    points = GeoDataFrame({"名称": ["サロン"]}, geometry=[Point(134.05, 34.34)], crs=4326)
    frame = read(layer(tmp_path / "a.geojson", points), "places").frame
    assert frame[["lon", "lat"]].to_numpy().tolist() == [[134.05, 34.34]]


# Messages


def test_a_problem_is_one_plain_line() -> None:
    problem = RowProblem("places.xlsx", "Sheet1", 5, "緯度", "134.03\n", "入れ替わっています。")
    assert str(problem) == (
        "places.xlsx シート「Sheet1」 5行目 「緯度」: "
        "「134.03」と書かれています。入れ替わっています。"
    )


def test_a_long_cell_is_cut_short_in_a_message() -> None:
    problem = RowProblem("a.csv", None, 2, "備考", "あ" * 99, "長すぎます。")
    assert "あ" * 40 + "…」" in str(problem)


def test_a_title_above_the_headers_is_no_merged_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Sheet1=[["公共施設一覧"], HEADER, PLACE])
    assert open_source(path, "places").header == HEADER


def test_a_novel_in_a_cell_costs_no_time(tmp_path: Path) -> None:
    spaces = " " * 500_000 + "x"
    path = csv_file(
        tmp_path / "a.csv", "名称,緯度経度,曜日,開催時間", f"サロン,{spaces},{spaces},\t{spaces}"
    )
    reading = read(path, "places")
    assert "「緯度,経度」の形" in str(errors(reading)[0])


def test_a_face_far_from_japan_is_told(tmp_path: Path) -> None:
    frame = GeoDataFrame({"名称": ["東"]}, geometry=[box(10, 50, 11, 51)], crs=4326)
    found = read(layer(tmp_path / "a.geojson", frame), "areas")
    assert "日本の外" in str(errors(found)[0])


def test_words_merged_over_several_rows_belong_to_each_of_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Sheet1=[["圏域名", "町名"], ["中央", "本町"], [None, "東町"], [None, None], ["西", "西町"]],
    )
    book = openpyxl.load_workbook(path)
    book["Sheet1"].merge_cells("A2:A4")
    book.save(path)
    assert read(path, "areas").frame["area_name"].tolist() == ["中央", "中央", "西"]


def test_a_figure_merged_over_several_rows_is_not_repeated(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Sheet1=[["町名", "人口"], ["本町", 9], ["東町", None]])
    book = openpyxl.load_workbook(path)
    book["Sheet1"].merge_cells("B2:B3")
    book.save(path)
    assert plainly(read(path, "population").frame["people"]) == [9, None]


def test_a_second_sheet_of_the_same_sort_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    header = ["名称", "住所", "緯度", "経度"]
    path = workbook(tmp_path / "f.xlsx", 東部=[header, ["甲", "乙町1", 34.3, 134.0]], 西部=[header])
    source = open_source(path, "places")
    assert source.sheet == "東部"
    assert [(p.sheet, p.severity) for p in source.problems] == [("西部", "warning")]
    assert "読んでいません" in str(source.problems[0])


@pytest.mark.parametrize("spot", ["[NaN, 33.5]", "[1e308, 1e308]", "[134.0, 91.0]"])
def test_shapes_that_lie_nowhere_on_earth_are_refused_by_row(tmp_path: Path, spot: str) -> None:
    lines = ['{"type":"LineString","coordinates":[[134.0,34.0],[134.1,34.1]]}']
    lines.append(f'{{"type":"LineString","coordinates":[[134.0,34.0],{spot}]}}')
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":"x"}},"geometry":{line}}}' for line in lines
    )
    path = tmp_path / "r.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', "utf-8")
    told = refusal(path, "roads")
    assert "3行目" in told and "地球の上にありません" in told
