"""Files that go wrong, from the command line to the store: a plain message, and nothing written."""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from command_line import CommandLine
from exchange_files import csv_file, read, workbook
from small_town import (
    CODE,
    NAME,
    PLACES_HEADER,
    bring,
    degrees,
    everything,
    geojson,
    lat_lon,
    square,
)
from sqlmodel import Session

GOOD = f"新しい会,サロン,北西町1,{lat_lon(500, 1500)},月"
PEOPLE = "町名,調査年月日,総人口,65歳以上人口,75歳以上人口"


pytestmark = pytest.mark.databases("sqlite")


def bad_place(path: Path, row: str) -> Path:
    """A good row, then the bad one: it stands in line 3."""
    return csv_file(path, PLACES_HEADER, GOOD, row)


def bad_people(path: Path, *rows: str) -> Path:
    return csv_file(path, PEOPLE, "北西町,2026-05-01,100,10,4", *rows)


def swapped(folder: Path) -> Path:
    lat, lon = lat_lon(500, 500).split(",")
    return bad_place(folder / "f.csv", f"館,,,{lon},{lat},")


def swapped_in_a_workbook(folder: Path) -> Path:
    lon, lat = degrees(500, 500)
    return workbook(
        folder / "f.xlsx",
        説明=[("この表の使い方",)],
        一覧=[("名称", "緯度", "経度"), ("甲", lat, lon), ("館", lon, lat)],
    )


def garbled_cell(folder: Path) -> Path:
    wrong = "コミュニティセンター".encode().decode("cp932", "replace")
    rows = [f"{n}の会,,,{lat_lon(500 + n, 500)}," for n in range(10)]
    return csv_file(folder / "f.csv", PLACES_HEADER, GOOD, f"{wrong},,,{lat_lon(1, 1)},", *rows)


def garbled_header(folder: Path) -> Path:
    wrong = PLACES_HEADER.encode().decode("cp932", "replace")
    return csv_file(folder / "f.csv", wrong, GOOD)


def bow(folder: Path) -> Path:
    crossing = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    return geojson(
        folder / "f.geojson",
        (square(1000, 0), {"町名": "良町"}),
        (crossing, {"町名": "悪町"}),
    )


def zip_bomb(folder: Path) -> Path:
    path = folder / "f.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 64 * 1024**2)
    return path


def lying_zip(folder: Path) -> Path:
    """The zip's table of contents says 10 bytes; there are 64 million."""
    content = bytearray(zip_bomb(folder).read_bytes())
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    path = folder / "f.xlsx"
    path.write_bytes(bytes(content))
    return path


def nothing(folder: Path) -> Path:
    path = folder / "f.csv"
    path.write_bytes(b"")
    return path


def a_page(folder: Path) -> Path:
    path = folder / "f.csv"
    path.write_text("<!DOCTYPE html><html><body>エラー</body></html>", "utf-8")
    return path


def a_picture(folder: Path) -> Path:
    path = folder / "f.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    return path


Make = Callable[[Path], Path]

WRONG: dict[str, tuple[str, Make, tuple[str, ...]]] = {
    "緯度と経度が逆": ("places", swapped, ("f.csv 3行目 「緯度」", "入れ替わって")),
    "Excelで逆": (
        "places",
        swapped_in_a_workbook,
        ("f.xlsx シート「一覧」 3行目 「緯度」", "入れ替わって"),
    ),
    "(0, 0)": (
        "places",
        lambda folder: bad_place(folder / "f.csv", "館,,,0,0,"),
        ("f.csv 3行目 「緯度」", "(0, 0)"),
    ),
    "遠い": (
        "places",
        lambda folder: bad_place(folder / "f.csv", f"館,,,{lat_lon(9000, 500)},"),
        ("f.csv 3行目 「緯度」", "境界から 7.0 km"),
    ),
    "日本の外": (
        "places",
        lambda folder: bad_place(folder / "f.csv", "館,,,51.5,-0.1,"),
        ("f.csv 3行目 「緯度」", "日本の外"),
    ),
    "緯度だけ": (
        "places",
        lambda folder: bad_place(folder / "f.csv", "館,,,33.01,,"),
        ("f.csv 3行目 「緯度」", "経度がありません"),
    ),
    "文字化けの行": ("places", garbled_cell, ("f.csv 3行目 「名称」", "文字化け")),
    "文字化けの見出し": ("places", garbled_header, ("f.csv", "文字化け")),
    "負の人口": (
        "population",
        lambda folder: bad_people(folder / "f.csv", "北東町,2026-05-01,-5,2,1"),
        ("f.csv 3行目 「総人口」: 「-5」", "0以上の整数"),
    ),
    "合わない人口": (
        "population",
        lambda folder: bad_people(folder / "f.csv", "北東町,2026-05-01,10,20,1"),
        ("f.csv 3行目 「総人口」", "65歳以上の人口 20 人が、総人口 10 人より多く"),
    ),
    "知らない町": (
        "population",
        lambda folder: bad_people(folder / "f.csv", "山奥村,2026-05-01,10,2,1"),
        ("f.csv 3行目 「町名」: 「山奥村」", "町の一覧にない町名"),
    ),
    "重なる行": (
        "population",
        lambda folder: bad_people(folder / "f.csv", "北西町,2026-05-01,99,10,4"),
        ("f.csv 3行目 「町名」: 「北西町」", "もう一つあり、内容が違います"),
    ),
    "読めない日付": (
        "population",
        lambda folder: bad_people(folder / "f.csv", "北東町,２月ごろ,10,2,1"),
        ("f.csv 3行目 「調査年月日」: 「２月ごろ」", "日付として読めません"),
    ),
    "交わる形": ("towns", bow, ("f.geojson 3行目", "線が自分自身と交わっています")),
    "zip爆弾": ("places", zip_bomb, ("f.xlsx", "zip爆弾の疑い")),
    "嘘のzip": ("places", lying_zip, ("f.xlsx", "zip爆弾の疑い")),
    "0バイト": ("places", nothing, ("f.csv", "0バイト")),
    "ホームページ": ("places", a_page, ("f.csv", "ホームページ（HTML）のようです")),
    "画像": ("places", a_picture, ("f.xlsx", "画像（PNG）のようです")),
    "形のない表": (
        "boundary",
        lambda folder: bad_place(folder / "f.csv", GOOD),
        ("f.csv", "面（ポリゴン）"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_told_as_in_a_rehearsal_and_nothing_is_written(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path, case: str
) -> None:
    kind, make, words = WRONG[case]
    path, before = make(tmp_path), everything(a_small_town)
    ran = in_town("import", kind, path)
    assert ran.code == 1
    (line, *_) = [line for line in ran.err.splitlines() if words[0] in line and words[-1] in line]
    assert "Traceback" not in ran.err
    assert line.startswith(("エラー: f.", "f."))
    assert in_town("import", kind, path, "--dry-run") == ran
    assert everything(a_small_town) == before


def test_the_same_good_rows_without_the_bad_one_go_in(
    a_small_town: Session, tmp_path: Path
) -> None:
    """So that it is the bad row, and nothing else, that kept the others out."""
    places = csv_file(tmp_path / "p.csv", PLACES_HEADER, GOOD)
    assert bring(a_small_town, "places", places).written
    assert bring(a_small_town, "population", bad_people(tmp_path / "q.csv")).written


def test_every_bad_row_is_told_not_only_the_first(in_town: CommandLine, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path / "f.csv", PLACES_HEADER, "甲,,,0,0,", GOOD, "乙,,知らない町,,,", ",,,33,133.5,"
    )
    ran = in_town("import", "places", file)
    assert [f"{row}行目" in ran.err for row in (2, 3, 4, 5)] == [True, False, True, True]
    assert "取り込めない行 3" in ran.out


def test_a_stranger_is_not_entered_by_an_import(yoridokoro: CommandLine, tmp_path: Path) -> None:
    csv_file(tmp_path / "f.csv", PLACES_HEADER, GOOD)
    yoridokoro("init", CODE, NAME)
    ran = yoridokoro("import", "places", "f.csv", "--municipality", "39998")
    assert ran.code == 2
    assert "yoridokoro init 39998" in ran.err


def test_a_file_that_is_not_there_is_wrong_use(in_town: CommandLine, tmp_path: Path) -> None:
    ran = in_town("import", "places", tmp_path / "f.csv")
    assert ran.code == 2
    assert "ファイルが見つかりません: f.csv" in ran.err


def test_rejects_never_overwrite_the_file_they_come_from(
    in_town: CommandLine, tmp_path: Path
) -> None:
    path = bad_place(tmp_path / "f.csv", GOOD)
    before = path.read_bytes()
    ran = in_town("import", "places", path, "--rejects", path)
    assert (ran.code, path.read_bytes()) == (2, before)
    assert "別の名前" in ran.err


def test_corrected_rejects_of_a_dated_file_count_like_the_rest(
    in_town: CommandLine, tmp_path: Path
) -> None:
    """The date stood in the file's name only; it must come back with the row."""
    rows = ("町名,総人口", "北西町,10", "北東町,-5")
    path = csv_file(tmp_path / "jinko_20261101.csv", *rows)
    rejects = tmp_path / "dame.csv"
    assert in_town("import", "population", path, "--rejects", rejects).code == 0
    corrected = rejects.read_text("utf-8").replace(",-5,", ",5,")
    (tmp_path / "naoshi.csv").write_text(corrected, "utf-8")
    assert in_town("import", "population", tmp_path / "naoshi.csv").code == 0
    ran = in_town("coverage", "--age", "all", "--on", "2026-12-01", "--format", "json")
    assert json.loads(ran.out)["total"]["population"] == 15


def test_rejects_are_harmless_in_excel_and_themselves_again_on_the_way_back(
    in_town: CommandLine, tmp_path: Path
) -> None:
    header = "名称,住所,緯度,経度,電話番号"
    path = csv_file(tmp_path / "f.csv", header, "=cmd|calc,どこにもない町1,,,+81-87-000")
    rejects = tmp_path / "dame.csv"
    in_town("import", "places", path, "--rejects", rejects)
    text = rejects.read_text("utf-8")
    assert "'=cmd|calc" in text and "'+81-87-000" in text
    reading = read(rejects, "places")
    assert reading.source.frame[["名称", "電話番号"]].to_numpy().tolist() == [
        ["=cmd|calc", "+81-87-000"]
    ]
