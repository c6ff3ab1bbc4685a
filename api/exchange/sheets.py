"""Tables in Excel workbooks and CSV files: the right sheet, the right delimiter, raw cells."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from api.exchange import archives
from api.exchange.encodings import decoded
from api.exchange.problems import Unreadable, refuse
from api.exchange.signatures import locked
from api.exchange.tables import Grid, Heading, find_heading, is_filled

EXAMPLE_SHEET = re.compile(
    "入力例|記入例|記載例|作成例|見本|サンプル|凡例|説明|記入要領|留意事項|^例$|^例[)）:：]|example",
    re.I,
)
LONGEST_CELL = 1_000_000
Progress = Callable[[str], None]


def read_workbook(
    path: Path, kind: str, mapping: Mapping[str, str] | None, progress: Progress
) -> tuple[str, Grid, Heading, list[str]]:
    """The sheet that holds most wanted headers; example sheets only where nothing else does.

    Behind it the names of the sheets that hold just as many, and are not read.

    Raises
    ------
    Unreadable : broken, locked with a password, or too large once spread out.
    """
    if path.read_bytes()[:2] == b"PK":
        archives.check_workbook(path, archives.members(path))
    try:
        with CalamineWorkbook.from_path(path) as book:
            found = [
                (sheet.visible == SheetVisibleEnum.Visible, sheet.name)
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
            grids = {name: _grid(book, name, progress) for _, name in found}
    except PasswordError as error:
        raise locked(path) from error
    except (CalamineError, ValueError, OSError) as error:
        raise refuse(
            path.name,
            "Excelファイルが壊れているか、Excelではありません。"
            "Excelで開き、.xlsx で保存し直してください。",
        ) from error
    if not grids:
        raise refuse(path.name, "Excelファイルに表のシートがありません。")
    ranked = [
        (
            not EXAMPLE_SHEET.search(name.strip()),
            find_heading(grids[name], kind, mapping),
            visible,
            name,
        )
        for visible, name in found
    ]
    usable = [entry for entry in ranked if entry[1].score >= 2] or ranked
    *_, name = max(usable, key=lambda entry: (entry[0], entry[2], entry[1].score))
    heading = next(entry[1] for entry in ranked if entry[3] == name)
    _fill_down(grids[name], heading.first_data)
    unread = [
        other
        for no_example, at, visible, other in ranked
        if no_example and visible and at.score >= max(2, heading.score) and other != name
    ]
    return name, grids[name], heading, unread


def _grid(book: CalamineWorkbook, name: str, progress: Progress) -> Grid:
    progress(f"シート「{name}」を読んでいます")
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    return Grid(rows, range(1, len(rows) + 1), tuple(sheet.merged_cell_ranges or ()))


def _fill_down(grid: Grid, first_data: int) -> None:
    """Write the words of a cell merged over several rows into each of them.

    Words only: a figure that stands for several rows would be counted several times.
    """
    for (top, left), (bottom, _) in grid.merged:
        words = grid.rows[top][left] if first_data <= top < len(grid.rows) else None
        if not (isinstance(words, str) and words.strip()):
            continue
        for row in grid.rows[top + 1 : bottom + 1]:
            if any(is_filled(cell) for cell in row):
                row[left] = words


def read_text(path: Path, kind: str, mapping: Mapping[str, str] | None) -> tuple[Grid, Heading]:
    """The rows of a CSV by line number, comma or tab, whichever shows more wanted headers.

    Raises
    ------
    Unreadable : an encoding that cannot be read, a quotation mark that never closes.
    """
    text = decoded(path, path.read_bytes())
    delimiters = [d for d in (",", "\t") if d in text] or [","]
    ways, refusals = [], []
    for delimiter in delimiters:
        try:
            grid = _rows(path, text, delimiter)
        except Unreadable as unreadable:
            refusals.append(unreadable)
        else:
            ways.append((grid, find_heading(grid, kind, mapping)))
    if not ways:
        raise refusals[0]
    return max(ways, key=lambda way: way[1].score)


def _rows(path: Path, text: str, delimiter: str) -> Grid:
    rows, numbers, line = [], [], 1
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            numbers.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise refuse(
            path.name,
            f'{line}行目から先が表として読めません。引用符（"）が閉じていないか確かめてください。',
            row=line,
        ) from error
    if rows and _is_unclosed(text, delimiter):
        raise refuse(
            path.name,
            f'{numbers[-1]}行目で始まる引用符（"）が閉じていません。そこから先が一つのセルになっています。',
            row=numbers[-1],
        )
    return Grid(rows, numbers)


def _is_unclosed(text: str, delimiter: str) -> bool:
    if text.count('"') % 2 == 0:
        return False
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
