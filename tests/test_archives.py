"""Zips and workbooks that would do harm are refused before anything is unpacked."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from exchange_files import refusal, workbook

from api.exchange import archives
from api.exchange.problems import Unreadable


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a_shp=bytes(64 * 1024**2))
    assert "zip爆弾" in refusal(path)


def test_a_bomb_dressed_as_a_workbook_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", xl__workbook_xml=b"<a/>", xl__b_xml=bytes(64 * 1024**2))
    assert "zip爆弾" in refusal(path)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    path = zipped(tmp_path / "a.zip", a_shp=b"", b_shp=b"", c_shp=b"")
    assert "zip爆弾" in refusal(path)


def test_sizes_that_lie_are_found_out(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a_shp=b"x" * 1000)
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(content))
    (info,) = archives.members(path)
    with pytest.raises(Unreadable, match="zip爆弾"):
        archives.unpacked(path, info)


def test_an_archive_in_the_archive_is_refused(tmp_path: Path) -> None:
    assert "さらに圧縮ファイル" in refusal(zipped(tmp_path / "a.zip", inner_zip=b"PK"))


@pytest.mark.parametrize(
    "name", ["../a.shp", "/etc/a.shp", "x/../../a.shp", "..\\a.shp", "C:\\a.shp"]
)
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    assert "外のフォルダー" in refusal(path)


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 not a zip")
    assert "壊れて" in refusal(path)


def test_a_zip_without_a_shapefile_is_refused(tmp_path: Path) -> None:
    assert "シェープファイル（.shp）がありません" in refusal(
        zipped(tmp_path / "a.zip", a_csv=b"a,b")
    )


def test_one_cell_at_the_far_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "名称"
    sheet["XFD1048576"] = 1
    book.save(tmp_path / "far.xlsx")
    message = refusal(tmp_path / "far.xlsx")
    assert "1,048,576行" in message


def test_another_spelling_of_a_far_cell_is_seen_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Sheet1=[["名称"]])
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'r="A1"', b"r = 'XFD1048576'")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, content)
    assert "1,048,576行" in refusal(path)
