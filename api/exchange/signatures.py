"""What a file is, by its content: names lie (ファイルの種類)."""

import json
import re
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from xml.parsers import expat

from api.exchange import archives
from api.exchange.problems import Unreadable, refuse

ACCEPTED = (
    "取り込めるのは、Excel（.xlsx・.xls）、CSV、GeoJSON、シェープファイル（.shp・zip）、"
    "GeoPackage（.gpkg）、KML、OpenStreetMap（.osm.pbf）です。"
)
MAX_FILE_BYTES = 512 * 1024**2
HEAD_BYTES = 65_536


class Form(StrEnum):
    """The forms a file can be read in."""

    WORKBOOK = "workbook"
    TEXT = "text"
    LAYER = "layer"
    SHAPEFILE = "shapefile"
    ZIPPED = "zipped"
    OSM = "osm"


MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"II*\x00", "画像（TIFF）"),
    (b"MM\x00*", "画像（TIFF）"),
    (b"BM", "画像（BMP）"),
    (b"MZ", "プログラム（実行ファイル）"),
    (b"\x7fELF", "プログラム（実行ファイル）"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
    (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル（7z）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"BZh", "圧縮ファイル（bzip2）"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHAPE = b"\x00\x00\x27\x0a"
OSM_PBF = b"\x0a\x09OSMHeader"
"""After four bytes of length, how every .osm.pbf begins."""


def wrong_kind(path: Path, seems: str, advice: str = "") -> Unreadable:
    """The refusal of a file of the wrong kind."""
    return refuse(path.name, f"{seems}のようです。{advice}{ACCEPTED}")


def form_of(path: Path) -> Form:
    """How to read a file, from its first bytes.

    Raises
    ------
    Unreadable : empty, too large, or nothing this program reads.
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse(
            path.name,
            "中身が空（0バイト）です。ダウンロードや保存が途中で終わっていないか確かめてください。",
        )
    if size > MAX_FILE_BYTES:
        raise refuse(
            path.name, f"ファイルが大きすぎます（{size // 1024**2:,} MB）。分けてください。"
        )
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if head.startswith(b"PK"):
        return _zip(path)
    if head.startswith(OLE):
        return _ole(path)
    if head.startswith(b"SQLite format 3\x00"):
        return _sqlite(path, head)
    if head.startswith(SHAPE):
        return _shape(path)
    if head.startswith(OSM_PBF, 4):
        return Form.OSM
    _refuse_known(path, head)
    return _text(path, head)


def _refuse_known(path: Path, head: bytes) -> None:
    for magic, seems in MAGIC:
        if head.startswith(magic) and not (magic == b"BM" and b"\x00" not in head[:64]):
            raise wrong_kind(path, seems)
    if path.suffix.lower() in (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx"):
        raise refuse(
            path.name,
            "シェープファイルの一部です。同じ名前の .shp を指定してください"
            "（.dbf・.shx・.prj も同じフォルダーに置きます）。",
        )


def _zip(path: Path) -> Form:
    names = [info.filename for info in archives.members(path)]
    inside = {name.lower() for name in names}
    endings = {Path(name).suffix for name in inside}
    if "xl/workbook.xml" in inside:
        return Form.WORKBOOK
    for mark, seems in (
        ("xl/workbook.bin", "Excelのバイナリ形式（.xlsb）"),
        ("word/document.xml", "Wordの文書"),
        ("ppt/presentation.xml", "PowerPointの文書"),
        ("mimetype", "LibreOfficeの文書"),
    ):
        if mark in inside:
            raise wrong_kind(path, seems)
    if ".kml" in endings:
        raise wrong_kind(path, "KMZ（圧縮したKML）", "広げて .kml を取り込んでください。")
    if ".shp" not in endings:
        raise refuse(
            path.name,
            "圧縮ファイルの中にシェープファイル（.shp）がありません。"
            "表やGeoJSONなら、広げてから取り込んでください。" + ACCEPTED,
        )
    return Form.ZIPPED


def _ole(path: Path) -> Form:
    content = path.read_bytes()

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise locked(path)
    if holds("WordDocument"):
        raise wrong_kind(path, "Wordの文書（.doc）")
    if holds("PowerPoint Document"):
        raise wrong_kind(path, "PowerPointの文書（.ppt）")
    if not (holds("Workbook") or holds("Book")):
        raise wrong_kind(path, "Excelではない、古い形式の文書")
    return Form.WORKBOOK


def locked(path: Path) -> Unreadable:
    """The refusal of a workbook with a password."""
    return refuse(
        path.name,
        "パスワードのかかったExcelファイルです。Excelで開き、パスワードを外して保存し直してください。",
    )


def _sqlite(path: Path, head: bytes) -> Form:
    if head[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in path.read_bytes():
        return Form.LAYER
    raise wrong_kind(path, "GeoPackageではないデータベース（SQLite）")


def _shape(path: Path) -> Form:
    if path.suffix.lower() == ".shx":
        _refuse_known(path, b"")
    return Form.SHAPEFILE


def _text(path: Path, head: bytes) -> Form:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\x00" in head:
        raise wrong_kind(path, "表でも地図でもないデータ")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if start.startswith(b"<"):
        return _markup(path, head)
    if start.startswith((b"{", b"[")):
        return _json(path)
    return Form.TEXT


def _markup(path: Path, head: bytes) -> Form:
    root, head = _root_of(head), head.lower()
    if root == "html" or b"<!doctype html" in head:
        raise wrong_kind(
            path,
            "ホームページ（HTML）",
            "ダウンロードの画面そのものを保存していないか確かめてください。",
        )
    if b"<!entity" in head:
        raise refuse(path.name, "KMLの中に実体の宣言（ENTITY）があるので、開きません。")
    if root == "kml":
        return Form.LAYER
    if root == "osm":
        raise wrong_kind(path, "OpenStreetMap のXML形式（.osm）", ".osm.pbf を使ってください。")
    if b"office:spreadsheet" in head:
        raise wrong_kind(path, "ExcelのXML形式", "Excelで開き、.xlsx で保存し直してください。")
    raise wrong_kind(path, "KMLではないXML（GMLなど）")


def _root_of(head: bytes) -> str:
    """The name of the outermost element, without its prefix; empty where there is none."""
    found: list[str] = []
    parser = expat.ParserCreate("iso-8859-1")  # the names are ASCII, whatever the texts are in
    parser.StartElementHandler = lambda name, _attributes: found.append(name)
    with suppress(expat.ExpatError):  # the head of a file is not the whole of it
        parser.Parse(head.removeprefix(b"\xef\xbb\xbf").lstrip(), False)
    return found[0].rpartition(":")[2].lower() if found else ""


def _json(path: Path) -> Form:
    head = path.read_bytes()[:4_000_000]
    if re.search(
        rb'"type"\s*:\s*"(?:FeatureCollection|Feature|Topology|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)"',
        head,
    ):
        return Form.LAYER
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise wrong_kind(
            path, "壊れたJSON", "保存が途中で終わっていないか確かめてください。"
        ) from error
    raise wrong_kind(path, "GeoJSONではないJSON")
