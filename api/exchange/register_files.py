"""A register's table as a file: Excel to fill in, CSV, GeoJSON, GeoPackage."""

import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from geopandas import GeoDataFrame, GeoSeries
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from pandas import DataFrame

from api.exchange.register_cells import TableColumn
from api.exchange.tables_out import csv_text, harmless

TableFormat = Literal["xlsx", "csv", "geojson", "gpkg"]
MEDIA_TYPES: dict[TableFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
MORE_ROWS = 500
"""Empty rows below the table that offer the same lists to choose from."""
WIDTHS = {"area": 36, "schedule": 30, "many": 28, "address": 30, "text": 18, "position": 12}
LISTS = "選べる言葉"
OURS = PatternFill("solid", fgColor="EFEBE4")
TOP, WRAPPED = Alignment(vertical="top"), Alignment(wrap_text=True, vertical="top")
HEAD = PatternFill("solid", fgColor="E8F1F9")


def table_file(
    form: TableFormat,
    table: DataFrame,
    columns: Sequence[TableColumn],
    *,
    title: str,
    notes: Sequence[str],
) -> bytes:
    """The whole table in one of the formats.

    `table`: headers as columns, the columns' own first; `columns` says what each of those is.
    """
    if form == "xlsx":
        return _workbook(table, columns, title, notes)
    if form == "csv":
        return csv_text([str(name) for name in table.columns], _rows(table)).encode()
    return _layer(form, table, columns, title)


def _rows(table: DataFrame) -> list[list[object]]:
    return [list(row) for row in table.itertuples(index=False, name=None)]


def _workbook(
    table: DataFrame, columns: Sequence[TableColumn], title: str, notes: Sequence[str]
) -> bytes:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = title[:31]
    sheet.append([harmless(name) for name in table.columns])
    for row in _rows(table):
        sheet.append([_written(value) for value in row])
    _dress(sheet, table, columns)
    _offer(book, sheet, columns, len(table) + 1 + MORE_ROWS)
    about = book.create_sheet("この表について")
    for note in notes:
        about.append([harmless(note)])
    about.column_dimensions["A"].width = 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(value: object) -> object:
    """A cell of a workbook, in which an empty text would look like something that is there."""
    return None if value is None else harmless(value)


def _dress(sheet: Worksheet, table: DataFrame, columns: Sequence[TableColumn]) -> None:
    """Headers with notes, types, widths; the columns we need ourselves at the end, in grey."""
    known = {column.title: column for column in columns}
    for number, name in enumerate(table.columns, start=1):
        head, letter = sheet.cell(1, number), get_column_letter(number)
        column = known.get(str(name))
        head.font = Font(bold=True)
        head.alignment = WRAPPED
        head.fill = HEAD if column else OURS
        width = WIDTHS.get(column.widget, 14) if column else 14
        sheet.column_dimensions[letter].width = max(width, min(2.2 * len(str(name)), 26))
        if column is None:
            head.comment = Comment(
                "もどすときに使います。消したり変えたりしないでください。", "拠り所"
            )
            sheet.column_dimensions[letter].hidden = True
        elif column.hint or column.choices:
            head.comment = Comment(_advice(column), "拠り所", width=320, height=140)
        form = _number_format(column)
        sheet.column_dimensions[letter].number_format = form  # of rows that are still empty
        wraps = column is not None and column.widget in ("area", "many", "schedule")
        for row in range(2, len(table) + 2):
            cell = sheet.cell(row, number)
            cell.number_format = form
            cell.alignment = WRAPPED if wraps else TOP
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{max(len(table) + 1, 2)}"


def _advice(column: TableColumn) -> str:
    several = "いくつも選ぶときは「、」で区切ります。" if column.widget == "many" else ""
    words = "、".join(column.choices.values())
    some = f"選べる言葉：{words}" if 0 < len(words) <= 160 else ""
    return "\n".join(filter(None, (column.hint, several, some)))


def _number_format(column: TableColumn | None) -> str:
    """Excel's type of a column: text stays text, so that 0877 keeps its zero."""
    widget = column.widget if column else "text"
    return {"number": "#,##0", "date": "yyyy-mm-dd", "position": "0.000000"}.get(widget, "@")


def _offer(book: Workbook, sheet: Worksheet, columns: Sequence[TableColumn], last: int) -> None:
    """Lists to choose from, on a sheet of their own: Excel allows 255 letters in a rule itself."""
    lists = book.create_sheet(LISTS)
    place = 0
    for number, column in enumerate(columns, start=1):
        words = list(column.choices.values())
        words = {"yes_no": ["あり", "なし"], "check": ["はい", "いいえ"]}.get(column.widget, words)
        rule = _rule(column)
        if words:
            place += 1
            letter = get_column_letter(place)
            for row, word in enumerate([column.title, *words], start=1):
                lists.cell(row, place, harmless(word))
            lists.column_dimensions[letter].width = 30
            if column.widget != "many":
                source = f"'{LISTS}'!${letter}$2:${letter}${len(words) + 1}"
                rule = DataValidation(type="list", formula1=source, allow_blank=True)
        if rule is not None:
            rule.error, rule.errorTitle = "選べる言葉か、正しい形で入れてください。", column.title
            rule.showErrorMessage = True
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)


def _rule(column: TableColumn) -> DataValidation | None:
    if column.widget == "number":
        return DataValidation(type="whole", operator="between", formula1="0", formula2="1000000")
    if column.widget == "date":
        return DataValidation(
            type="date", operator="between", formula1="DATE(1900,3,1)", formula2="DATE(2199,12,31)"
        )
    if column.longest is not None:
        most = str(column.longest)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=most)
    return None


def _layer(
    form: TableFormat, table: DataFrame, columns: Sequence[TableColumn], title: str
) -> bytes:
    """The rows as features where they lie; a row that lies nowhere has no geometry."""
    titles = {column.name: column.title for column in columns}
    nowhere: Any = [None] * len(table)
    points = GeoSeries(nowhere, index=table.index, crs="EPSG:4326")
    if "lon" in titles:
        east, north = (table[titles[name]].astype(float) for name in ("lon", "lat"))
        points = GeoSeries.from_xy(east, north, crs="EPSG:4326").where(east.notna(), None)
        table = table.drop(columns=[titles["lon"], titles["lat"]])
    days = [c.title for c in columns if c.widget == "date" and c.title in table]
    said = table.assign(
        **{name: table[name].astype("str").where(table[name].notna()) for name in days}
    )
    whole = [c.title for c in columns if c.widget == "number" and c.title in said]
    said = said.astype({name: "Int64" for name in whole if said[name].map(_is_whole).all()})
    frame = GeoDataFrame(said, geometry=points)
    with TemporaryDirectory(prefix="yoridokoro-") as folder:
        path = Path(folder) / f"table.{form}"
        if form == "gpkg":
            frame.to_file(path, driver="GPKG", layer=title, engine="pyogrio")
        else:
            frame.to_file(path, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=15)
        return path.read_bytes()


def _is_whole(value: object) -> bool:
    return value is None or isinstance(value, int)
