"""A register as a table (台帳の表): what leaves for Excel, and by which marks it comes back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.locating import Land
from api.actions.registers import Register
from api.actions.show_form import FieldView, show_form
from api.exchange.register_cells import MARK, NUMBER, TableColumn, cell_of, each_once
from api.models.columns import table_of
from api.models.kinds import STATES
from api.store import frames, history
from api.store.visible import Viewer

SCHEDULE_DATA = "集まる日（くわしく）"
"""The schedule as it is stored, for what words cannot say; hidden in Excel."""
AS_STORED = "日程 "
"""In front of it, or map programs take the text for an object of their own."""
ROUGHLY = "おおよそ"
BESIDE: dict[str, TableColumn] = {
    column.name: column
    for column in (
        TableColumn("closed_on", "終了した日", "date", hint="この日から、もうありません。"),
        TableColumn("confirmed_on", "確認した日", "date"),
        TableColumn("state", "公開", "choice", STATES, hint="この列は読みません。"),
        TableColumn("external_id", "提供元のID", "text", hint="この列は読みません。"),
        TableColumn("approximate", "位置の確かさ", "text", hint="この列は読みません。"),
    )
}
"""Facts that no form asks for."""
CLOSING = ("closed_on", "confirmed_on")
"""Those of them that a table may change."""
NUMBERED = re.compile(r"(\d{5})-([a-z]+)-(\d{1,10})")
MARKED = re.compile(r"(\d+)(?: (.*))?")


@dataclass(frozen=True)
class RegisterTable:
    """The columns of one register for one viewer, and what stands in them."""

    register: Register
    land: Land
    columns: Sequence[TableColumn]

    def cells(self, rows: DataFrame) -> DataFrame:
        """The cells of stored records, by our names; indexed like `rows`."""
        names = [column.name for column in self.columns]
        shown = [self._shown(row) for _, row in frames.each(rows)]
        return DataFrame(
            [[cell_of(column, values[column.name]) for column in self.columns] for values in shown],
            index=rows.index,
            columns=names,
            dtype=object,
        )

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        beside = {name: row.get(name) for name in BESIDE}
        beside["approximate"] = ROUGHLY if row.get("approximate") else None
        return {**beside, **self.register.values(row)}

    def table(self, rows: DataFrame, mark: str) -> DataFrame:
        """The whole table of these records, headers and all."""
        named = self.cells(rows)
        whole = named.set_axis([column.title for column in self.columns], axis=1)
        if any(column.widget == "schedule" for column in self.columns):
            whole[SCHEDULE_DATA] = [text and AS_STORED + text for text in rows["schedule"]]
        which = f"{self.land.tenant.code}-{self.register.key}"
        whole[NUMBER] = [f"{which}-{number}" for number in rows["id"]]
        whole[MARK] = mark
        return whole


def register_table(
    session: Session, viewer: Viewer, land: Land, register: Register
) -> RegisterTable:
    """The columns of a register, with their choices as they are now."""
    sections = show_form(session, viewer, land, register, {})
    fields = [_column(field) for section in sections for field in section.fields]
    table = table_of(register.model).columns
    beside = [column for name, column in BESIDE.items() if name in table]
    if register.personal:
        beside = [column for column in beside if column.name != "state"]
    return RegisterTable(register, land, [*fields, *beside])


def _column(field: FieldView) -> TableColumn:
    # 電話（公開します）: what stands in brackets is advice, and goes into the note.
    title, _, advice = field.label.partition("（")
    hint = field.hint or advice.removesuffix("）")
    return TableColumn(
        field.name, title, field.widget, each_once(field.choices), hint, field.longest
    )


def mark_of(session: Session, code: str, asked: str) -> str:
    """The point of the log from which others' changes count, and what the list had been asked."""
    return f"{last_deed(session, code)} {asked}".strip()


def last_deed(session: Session, code: str) -> int:
    """The number of the newest deed in the log; 0: none yet."""
    found: Any = frames.read(session, history.last_deed(code)).iloc[0, 0]
    return int(found or 0)


def is_own_table(header: Sequence[str]) -> bool:
    """Whether a file is a register's table that left from here."""
    return NUMBER in header and MARK in header


@dataclass(frozen=True)
class RecordNumber:
    """Which record a row says it is (拠り所番号)."""

    code: str
    """The municipality's."""
    register: str
    number: int


def numbers_in(cells: Series) -> Series:
    """A `RecordNumber` a row; None where it has none, or one that nobody can read."""
    return cells.map(_numbered).astype(object)


def _numbered(cell: Any) -> RecordNumber | None:
    found = NUMBERED.fullmatch(str(cell or "").strip())
    return RecordNumber(found[1], found[2], int(found[3])) if found else None


def mark_in(cells: Series) -> tuple[int, str]:
    """Since which deed others' changes count, and which list this was; the oldest of several."""
    marks = [MARKED.fullmatch(str(cell).strip()) for cell in cells if str(cell or "").strip()]
    known = [(int(mark[1]), mark[2] or "") for mark in marks if mark]
    return min(known, default=(0, ""))
