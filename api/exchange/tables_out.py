"""Tables that leave for Excel: CSV and workbooks whose cells can never run as formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as CP932."""
RUNS = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠].", re.DOTALL)
"""What a spreadsheet may run, a Japanese one in full width too; apostrophes in front are kept."""
NUMBER = re.compile(r"^-?[0-9][0-9,.]*$")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    if isinstance(value, str) and RUNS.match(value) and not NUMBER.match(value):
        return "'" + value
    return "" if value is None else value


def as_it_was(value: Any) -> Any:
    """The text `harmless` made harmless, when a file of ours comes back."""
    if isinstance(value, str) and value.startswith("'") and harmless(value[1:]) == value:
        return value[1:]
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV as Excel opens it: UTF-8 with BOM, CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()


def workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], notes: Iterable[str]
) -> bytes:
    """An Excel workbook: the table on one sheet, what a reader must know on the second."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = title
    sheet.append([harmless(cell) for cell in header])
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    for number, name in enumerate(header, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(10, 2.2 * len(name))
    sheet.freeze_panes = "B2"
    about = book.create_sheet("この表について")
    for note in notes:
        about.append([harmless(note)])
    about.column_dimensions["A"].width = 80
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
