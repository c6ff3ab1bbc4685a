"""Zip archives, and Excel workbooks, which are zips: looked at before anything is unpacked."""

import re
import struct
import zlib
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from api.exchange.problems import Unreadable, refuse

MAX_UNPACKED_BYTES = 512 * 1024**2
MAX_MEMBERS = 2_000
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 16 * 1024**2
"""Small archives of blank cells squeeze well and harm nobody."""
MAX_CELLS = 10_000_000
NESTED = {".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".lzh", ".cab", ".tar"}

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
# A cell far out, or a spelling other than the usual r="A1": then every cell is looked at.
FAR_CELL = re.compile(
    rb'r(?:="(?:[A-Za-z]{1,3}\d{6}|(?:[D-Zd-z][A-Za-z]|[A-Za-z]{3})\d)|=[^"]|[ \t\r\n]+=)'
)
CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""", re.I)


def members(path: Path) -> list[ZipInfo]:
    """The files in a zip, after its sizes and names have been found harmless.

    Raises
    ------
    Unreadable : broken, encrypted, a bomb, an archive in the archive, names that climb out.
    """
    try:
        with ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not info.is_dir()]
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise refuse(
            path.name,
            "圧縮ファイル（zip）が壊れています。元のファイルをもう一度入手してください。",
        ) from error
    _refuse_bombs(path, found)
    for info in found:
        _refuse_member(path, info)
    return found


def _refuse_bombs(path: Path, found: list[ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in found)
    packed = max(sum(info.compress_size for info in found), 1)
    overlap = packed > path.stat().st_size
    squeezed = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or len(found) > MAX_MEMBERS or squeezed or overlap:
        raise _bomb(path)


def _bomb(path: Path) -> Unreadable:
    return refuse(
        path.name,
        "広げると異常に大きくなる圧縮ファイル（zip爆弾の疑い）なので、開きません。"
        "出どころを確かめ、必要な表だけを保存し直してください。",
    )


def _refuse_member(path: Path, info: ZipInfo) -> None:
    inside = PurePosixPath(info.filename.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or re.match(r"[A-Za-z]:", info.filename):
        raise refuse(
            path.name,
            "圧縮ファイルの中に、外のフォルダーへ書き出そうとする名前があるので、開きません。",
        )
    if inside.suffix.lower() in NESTED:
        raise refuse(
            path.name,
            f"圧縮ファイルの中に、さらに圧縮ファイル（{inside.name}）があります。"
            "広げてから取り込んでください。",
        )
    if info.flag_bits & 0x1:
        raise refuse(
            path.name,
            "パスワードのかかった圧縮ファイルです。パスワードなしで保存し直してください。",
        )


def unpacked(path: Path, info: ZipInfo) -> bytes:
    """One member's bytes, and never more than the archive says it holds.

    The zip's own table of sizes may lie; another reader would go on unpacking.
    """
    with path.open("rb") as handle:
        handle.seek(info.header_offset)
        head = handle.read(LOCAL_HEADER.size)
        if len(head) < LOCAL_HEADER.size or head[:4] != b"PK\x03\x04":
            raise _bomb(path)
        *_, name_length, extra_length = LOCAL_HEADER.unpack(head)
        handle.seek(name_length + extra_length, 1)
        packed = handle.read(info.compress_size)
    if info.compress_type == ZIP_STORED:
        content = packed
    elif info.compress_type == ZIP_DEFLATED:
        content = _inflated(path, packed, info.file_size + 1)
    else:
        raise refuse(
            path.name, "この圧縮のしかた（zip）は読めません。広げてから取り込んでください。"
        )
    if len(content) != info.file_size:
        raise _bomb(path)
    return content


def _inflated(path: Path, packed: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit)
    except zlib.error as error:
        raise refuse(
            path.name, "圧縮ファイルの中身が壊れています。元のファイルをもう一度入手してください。"
        ) from error


def check_workbook(path: Path, found: list[ZipInfo]) -> None:
    """Refuse a workbook that would not fit into memory once its cells are spread out.

    One cell in the last column of the last row makes 17 thousand million blanks.
    """
    for info in found:
        name = info.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        content = unpacked(path, info)
        if FAR_CELL.search(content):
            _refuse_far_cells(path, content)


def _refuse_far_cells(path: Path, sheet: bytes) -> None:
    rows = columns = 1
    for letters, digits in CELL.findall(sheet):
        rows = max(rows, int(digits))
        columns = max(columns, _column_number(letters))
    if rows * columns > MAX_CELLS:
        raise refuse(
            path.name,
            f"表の端から遠く離れたセルに値があり、表が大きすぎます（{rows:,}行×{columns:,}列）。"
            "表の外の値を消して、保存し直してください。",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
