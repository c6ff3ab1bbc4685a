"""Small files for tests of api.exchange, written the way other programs write them."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from geopandas import GeoDataFrame
from pandas import Series

from api.exchange.opening import open_source
from api.exchange.problems import RowProblem, Unreadable
from api.exchange.readers import READERS
from api.exchange.reading import Reading


def csv_file(path: Path, *rows: str, encoding: str = "utf-8", end: str = "\r\n") -> Path:
    """A text file of lines."""
    path.write_bytes((end.join(rows) + end).encode(encoding))
    return path


def workbook(path: Path, **sheets: Sequence[Any]) -> Path:
    """An Excel workbook, one sheet a keyword."""
    book = openpyxl.Workbook()
    if book.active is not None:
        book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def layer(path: Path, frame: GeoDataFrame, **options: Any) -> Path:
    """A layer, written by GDAL; the ending says in which form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a missing CRS, which is the point of some tests
        frame.to_file(path, **options)
    return path


def read(path: Path, kind: str, **options: Any) -> Reading:
    """A file opened and read in one go."""
    mapping = options.get("mapping")
    return READERS[kind](open_source(path, kind, mapping), **options)


def refusal(path: Path, kind: str = "places", **options: Any) -> str:
    """The message with which a file is refused; fails where it is not."""
    try:
        read(path, kind, **options)
    except Unreadable as unreadable:
        return str(unreadable)
    raise AssertionError(f"{path.name} was read")


def errors(reading: Reading) -> list[RowProblem]:
    """Problems that keep rows out."""
    return [p for p in reading.problems if p.severity == "error"]


def cells(*values: Any) -> Series:
    """Raw cells as they come from a file."""
    return Series(list(values), dtype=object)


def plainly(values: Series) -> list[Any]:
    """Values as a list in which everything missing is None."""
    return [
        None if missing else value for value, missing in zip(values, values.isna(), strict=True)
    ]
