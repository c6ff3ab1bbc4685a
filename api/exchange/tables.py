"""From a grid of cells to a table: which row holds the headers, and which rows are data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame, Index

from api.exchange.headers import is_junk, is_running_number, score

Row = list[Any]
HEADER_WITHIN_ROWS = 20
DIRECTIVE = re.compile(r"#[A-Za-z]\w*")
MESH_HEADER = ("mesh_code", "people", "male", "female", "households")
MESH_ROW = re.compile(r"\d{8,11}")


@dataclass(frozen=True)
class Grid:
    """Cells of a sheet or CSV, each row with its number as a person sees it."""

    rows: Sequence[Row]
    numbers: Sequence[int]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    """Ranges of merged cells: row and column of the first and last cell, from 0."""


@dataclass(frozen=True)
class Heading:
    """Where the headers of a grid are (見出し行)."""

    header: tuple[str, ...]
    first_data: int
    """Position of the first row below the headers."""
    score: int
    height: int = 1


def find_heading(grid: Grid, kind: str, mapping: Mapping[str, str] | None = None) -> Heading:
    """The row (or two rows, under merged cells) that holds most of the wanted headers."""
    best = Heading((), 0, 0)
    for position in range(min(HEADER_WITHIN_ROWS, len(grid.rows))):
        upper = _texts(grid.rows[position])
        ways = [(upper, 1)]
        if position + 1 < len(grid.rows):
            ways.append((_stacked(upper, _texts(grid.rows[position + 1])), 2))
        for header, height in ways:
            found = score(header, kind, mapping)
            better = found > best.score
            # A title above the headers could pass for a merged cell: one row is likelier.
            simpler = found == best.score and found > 0 and (height, best.height) == (1, 2)
            if better or simpler:
                best = Heading(tuple(header), position + height, found, height)
    if best.score < 2 and kind == "population" and (mesh := _mesh_without_header(grid)):
        return mesh
    return best


def _texts(row: Row) -> list[str]:
    return [c if isinstance(c, str) else "" for c in row]


def _stacked(upper: list[str], lower: list[str]) -> list[str]:
    """Two rows of headers as one: a merged cell stands before each of the cells below it."""
    if sum(bool(t.strip()) for t in lower) < 2:
        return upper
    header, above = [], ""
    for position, top in enumerate(upper):
        bottom = lower[position] if position < len(lower) else ""
        above = top if top.strip() else (above if bottom.strip() else "")
        header.append(above + bottom)
    return header


def _mesh_without_header(grid: Grid) -> Heading | None:
    """A mesh table without headers: code, people, male, female, households."""
    rows = [[_digits(cell) for cell in row] for row in grid.rows[:HEADER_WITHIN_ROWS]]
    width = max((len(row) for row in rows), default=0)
    if not rows or not 2 <= width <= len(MESH_HEADER):
        return None
    if not all(row and MESH_ROW.fullmatch(row[0]) and "".join(row).isdecimal() for row in rows):
        return None
    return Heading(MESH_HEADER[:width], 0, 2)


def _digits(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def table(grid: Grid, heading: Heading) -> tuple[DataFrame, list[int]]:
    """The raw cells below the headers, these made distinct, and rows longer than the headers.

    Blank rows, and rows that hold nothing but a running number, are no rows.
    """
    width = len(heading.header)
    header = distinct(heading.header)
    wanted = [
        n
        for n, name in enumerate(heading.header)
        if not is_junk(name) and not is_running_number(name)
    ]
    directives = bool(header) and header[0].startswith("#")
    numbers, rows, long_rows = [], [], []
    for number, row in zip(
        grid.numbers[heading.first_data :], grid.rows[heading.first_data :], strict=True
    ):
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        if _is_blank(row, wanted):
            continue
        if directives and isinstance(row[0], str) and DIRECTIVE.fullmatch(row[0].strip()):
            continue
        if len(row) > width:
            if any(is_filled(cell) for cell in row[width:]):
                long_rows.append(number)
            row = row[:width]
        numbers.append(number)
        rows.append(row)
    keep = [n for n, name in enumerate(heading.header) if not is_junk(name)]
    frame = DataFrame(rows, index=Index(numbers, dtype="int64"), columns=list(header), dtype=object)
    return frame.iloc[:, keep], long_rows


def _is_blank(row: Row, wanted: Sequence[int]) -> bool:
    # Almost every row has something in its first column: look there before looking everywhere.
    first = row[wanted[0]] if wanted else None
    if first and not (isinstance(first, str) and first.isspace()):
        return False
    return not any(is_filled(row[n]) for n in wanted)


def is_filled(cell: Any) -> bool:
    """Whether a cell holds anything but blanks."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def distinct(header: Sequence[str]) -> tuple[str, ...]:
    """Headers that all differ: the second 電話番号 becomes 電話番号 (2)."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
