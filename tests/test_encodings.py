"""Encodings of text files, and text that went through the wrong one (文字化け)."""

from pathlib import Path

import pytest
from exchange_files import csv_file, errors, read, refusal

from api.exchange.encodings import is_garbled

ROWS = ("名称,住所,緯度,経度", "髙﨑サロン,高松市塩上町１丁目,34.3382,134.0536")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_encodings_municipalities_use(tmp_path: Path, encoding: str) -> None:
    found = read(csv_file(tmp_path / "a.csv", *ROWS, encoding=encoding), "places")
    assert found.frame["name"].tolist() == ["髙﨑サロン"]


def test_excels_unicode_text_is_tabs_in_utf_16(tmp_path: Path) -> None:
    rows = [row.replace(",", "\t") for row in ROWS]
    found = read(csv_file(tmp_path / "a.txt", *rows, encoding="utf-16"), "places")
    assert found.frame["lat"].tolist() == [34.3382]


@pytest.mark.parametrize(
    ("encoding", "word"), [("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")]
)
def test_other_encodings_are_named(tmp_path: Path, encoding: str, word: str) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,住所", "公民館,高松市", encoding=encoding)
    assert word in refusal(path)


def test_bytes_of_no_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,住所\r\n公民館,".encode() + b"\x81\xff\xfd\r\n")
    message = refusal(path)
    assert "2行目" in message
    assert "文字化け" in message
    assert "UTF-8" in message


@pytest.mark.parametrize("text", ["コミュニティセンター", "高松市", "塩上町一丁目", "月火水木金"])
@pytest.mark.parametrize(
    ("meant", "taken"),
    [("utf-8", "cp932"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp932", "cp1252"),
     ("cp932", "latin-1"), ("cp932", "utf-8")],
)  # fmt: skip
def test_text_taken_for_another_encoding_is_garbled(text: str, meant: str, taken: str) -> None:
    assert is_garbled(text.encode(meant).decode(taken, "replace"))


@pytest.mark.parametrize("text", ["繧ｳ繝溘Η", "譁�蟄怜喧縺�", "ã‚³ãƒŸãƒ¥", "高松\ufffd"])
def test_well_known_garbage(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        *("髙﨑𠮷邉①㈱", "籠", "龍", "ｶﾌｪ ﾋﾏﾜﾘ", "ﾌﾚｱｲ館", "café", "Bob’s “café” …", "大字鮨洗"),
        *("大字蜷木", "驫木", "繧繝縁", "縺れ", "東京都", "１２３", "", "―", "御嶽", "〜"),
    ],
)
def test_rare_but_honest_text_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


def test_a_garbled_row_is_told_with_row_and_column(tmp_path: Path) -> None:
    rows = [f"サロン{n},高松市" for n in range(9)]
    path = csv_file(tmp_path / "a.csv", "名称,住所", *rows, "公民館,繧ｳ繝溘Η")
    found = read(path, "places")
    (problem,) = errors(found)
    assert (problem.row, problem.column) == (11, "住所")
    assert "文字化け" in str(problem)
    assert (found.rows_read, len(found.frame)) == (10, 9)


def test_a_file_garbled_throughout_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "name,address", "繧ｳ繝溘Η,高松市")
    message = refusal(path)
    assert "2行目" in message
    assert "保存し直して" in message


def test_garbled_headers_are_refused(tmp_path: Path) -> None:
    header = "名称,住所,緯度,経度".encode().decode("cp932", "replace")
    assert "文字化け" in refusal(csv_file(tmp_path / "a.csv", header, "a,b,34,134"))
