"""Opening a file: what it is, where its headers are, its raw cells. Nothing about their meaning."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from geopandas import GeoSeries
from pandas import DataFrame

from api.exchange import layers, sheets
from api.exchange.encodings import SAVE_AGAIN, garbled_cells, is_garbled
from api.exchange.headers import KINDS, WrongMapping, recognise
from api.exchange.osm import Bounds, read_osm
from api.exchange.problems import RowProblem, Unreadable, quoted, refuse
from api.exchange.register_cells import MARK, NUMBER
from api.exchange.signatures import Form, form_of
from api.exchange.source import Source
from api.exchange.tables import HEADER_WITHIN_ROWS, Grid, distinct, table
from api.exchange.tables_out import as_it_was

__all__ = ["Source", "open_source"]

TOKYO = ZoneInfo("Asia/Tokyo")
GARBLED_FILE = 0.3
"""From this share of garbled rows on, the file is refused and not its rows."""
REJECTS = {"ファイル", "シート", "行", "理由"}
"""Headers in front of the rows a former import handed back (--rejects)."""
GARBLED = "文字化けしています。" + SAVE_AGAIN


def open_source(
    path: Path,
    kind: str,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
    around: Bounds | None = None,
) -> Source:
    """Open a file as one kind of data.

    `around`: the municipality and its surroundings, all that is taken from a map of the country.

    Raises
    ------
    Unreadable : the file as a whole cannot be used; its message says what to do.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of data: {kind}")
    path = Path(path)
    if not path.is_file():
        raise refuse(path.name, "ファイルが見つかりません。")
    say = progress or (lambda _: None)
    mapping = dict(mapping or {})
    form = form_of(path)
    long_rows: list[int] = []
    geometry: GeoSeries | None = None
    notes = list[str]()
    if form in (Form.WORKBOOK, Form.TEXT):
        sheet, frame, long_rows, unread = _open_table(path, form, kind, mapping, say)
    elif form is Form.OSM:
        sheet, unread = None, list[str]()
        frame, geometry, notes = read_osm(path, kind, around, say)
    else:
        sheet, frame, geometry, unread = _open_layer(path, form, kind, mapping)
        frame.columns = list(distinct([str(c) for c in frame.columns]))
    header = tuple(frame.columns)
    own = {NUMBER, MARK} <= set(header)
    if set(header) >= REJECTS or (own and form in (Form.WORKBOOK, Form.TEXT)):
        frame = frame.map(as_it_was)
    columns = _recognised(path, sheet, header, kind, mapping)
    _refuse_repeated(path, sheet, columns, mapping, frame)
    return Source(
        path=path,
        kind=kind,
        sheet=sheet,
        header=header,
        frame=frame,
        geometry=geometry,
        sha256=_digest(path, form),
        modified_on=_day(path),
        mapping=mapping,
        columns=columns,
        problems=(
            *_unread(path, unread),
            *_long(path, sheet, long_rows),
            # What left from here never went through a wrong encoding, whatever it looks like.
            *(() if form is Form.OSM or own else _garbled(path, sheet, header, frame)),
        ),
        notes=tuple(notes),
        is_osm=form is Form.OSM,
    )


def _open_table(
    path: Path, form: Form, kind: str, mapping: Mapping[str, str], say: Callable[[str], None]
) -> tuple[str | None, DataFrame, list[int], list[str]]:
    sheet, unread = None, list[str]()
    if form == Form.WORKBOOK:
        sheet, grid, heading, unread = sheets.read_workbook(path, kind, mapping, say)
    else:
        grid, heading = sheets.read_text(path, kind, mapping)
    if heading.score == 0:
        raise _no_header(path, sheet, grid)
    return sheet, *table(grid, heading), unread


def _unread(path: Path, names: Iterable[str]) -> Iterator[RowProblem]:
    """Say which sheets or layers of the same sort were left alone."""
    for name in names:
        yield RowProblem(
            path.name,
            name,
            None,
            None,
            "",
            "このシート（レイヤー）は読んでいません。一つのファイルから読むのは一つだけです。"
            "取り込むには、別のファイルに分けてください。",
            "warning",
        )


def _no_header(path: Path, sheet: str | None, grid: Grid) -> Unreadable:
    cells = [c for row in grid.rows[:HEADER_WITHIN_ROWS] for c in row if isinstance(c, str)]
    if any(is_garbled(c) for c in cells):
        return refuse(path.name, GARBLED, sheet=sheet, row=1)
    first = "、".join(f"「{quoted(c)}」" for c in cells[:8] if c.strip())
    found = f"表の初めは {first} です。" if first else "表が空です。"
    return refuse(
        path.name,
        f"見出し（名称・住所・緯度・経度など）の行が見つかりません。{found}"
        "見出しの行を入れるか、対応表（--mapping）で列を指定してください。",
        sheet=sheet,
    )


def _open_layer(
    path: Path, form: Form, kind: str, mapping: Mapping[str, str]
) -> tuple[str | None, DataFrame, GeoSeries, list[str]]:
    if form == Form.SHAPEFILE:
        return None, *layers.read_shapefile(path), []
    if form == Form.ZIPPED:
        return layers.read_zipped(path, kind, mapping)
    return layers.read_layer(path, kind, mapping)


def _recognised(
    path: Path, sheet: str | None, header: tuple[str, ...], kind: str, mapping: Mapping[str, str]
) -> dict[str, str]:
    try:
        return recognise(header, kind, mapping)
    except WrongMapping as error:
        raise refuse(path.name, str(error), sheet=sheet) from error


def _refuse_repeated(
    path: Path,
    sheet: str | None,
    columns: Mapping[str, str],
    mapping: Mapping[str, str],
    frame: DataFrame,
) -> None:
    """Two columns under one wanted header are told apart by --mapping ("電話番号 (2)") only."""
    for ours, theirs in columns.items():
        again = f"{theirs} (2)"
        if again in frame and ours not in mapping and not frame[theirs].equals(frame[again]):
            raise refuse(
                path.name,
                "同じ見出しの列が二つあり、中身が違います。"
                "使う列だけを残すか、見出しを変えてください。",
                sheet=sheet,
                column=theirs,
            )


def _long(path: Path, sheet: str | None, rows: Iterable[int]) -> list[RowProblem]:
    expected = (
        "見出しより列が多くなっています。"
        "セルの中のカンマが区切りとみなされていないか確かめてください。"
    )
    return [RowProblem(path.name, sheet, row, None, "", expected) for row in rows]


def _garbled(
    path: Path, sheet: str | None, header: tuple[str, ...], frame: DataFrame
) -> list[RowProblem]:
    """Rows with text that went through the wrong encoding, each told once."""
    if any(is_garbled(name) for name in header):
        raise refuse(path.name, "見出しが" + GARBLED, sheet=sheet)
    found: dict[int, RowProblem] = {}
    for name in frame.columns:
        for position in garbled_cells(frame[name].tolist()):
            row = int(frame.index[position])
            read = str(frame[name].iloc[position])
            found.setdefault(row, RowProblem(path.name, sheet, row, name, read, GARBLED))
    if found and len(found) >= GARBLED_FILE * len(frame):
        raise Unreadable(found[min(found)])
    return [found[row] for row in sorted(found)]


def _digest(path: Path, form: Form) -> str:
    """SHA-256 of the file; of a Shapefile, of all its parts."""
    paths = [path]
    if form == Form.SHAPEFILE:
        parts = layers.parts_of(path)
        paths = [parts[ending] for ending in layers.PARTS if ending in parts]
    digest = hashlib.sha256()
    for part in paths:
        with part.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, TOKYO).date()
