"""Compare a register's table with the register (表との見くらべ): what somebody changed in the file.

Every cell is compared with what stood there when the table left (the log knows) and with what
stands there now. What nobody touched in the file stays as it is now, whoever changed it meanwhile;
what both changed is a conflict.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
import shapely
from pandas import DataFrame, Series

from api.actions.find_records import Search, select_records
from api.actions.importing import Bench
from api.actions.locating import Land
from api.actions.register_table import (
    RecordNumber,
    RegisterTable,
    mark_in,
    numbers_in,
    register_table,
)
from api.actions.registers import REGISTERS, Register
from api.actions.show_history import as_values
from api.exchange.cells import written
from api.exchange.register_cells import MARK, NUMBER, TableColumn, alike, differ
from api.models.columns import table_of
from api.store import frames, history
from api.store.plain_values import typed
from api.store.visible import CONSOLE, KEEPER, OFFICE, Viewer, visible

Row = dict[str, Any]


@dataclass(frozen=True)
class Differences:
    """Cells of known records, by row of the file and our column's name."""

    theirs: DataFrame
    """What the file says, as texts that compare."""
    touched: DataFrame
    """Somebody changed this in the file."""
    conflicts: DataFrame
    """Somebody else changed it meanwhile, to something else."""
    ours: DataFrame
    """What the register says now."""


@dataclass(frozen=True)
class TableComparison:
    """A register's table that came back, beside the register as it is."""

    bench: Bench
    register: Register
    refused: set[Any] = field(default_factory=set)
    """Rows that cannot go in; each has been told."""

    @property
    def raw(self) -> DataFrame:
        """The file's cells as they stand, by its headers."""
        return self.bench.reading.frame

    @property
    def viewer(self) -> Viewer:
        """With whose eyes the records are read; people ask for more than the office's."""
        if not self.register.personal:
            return OFFICE
        member = self.bench.order.member
        return member.viewer if member else CONSOLE

    @cached_property
    def land(self) -> Land:
        """Towns and areas on the day of the import."""
        return Land(self.bench.session, self.bench.tenant, self.bench.order.today)

    @cached_property
    def table(self) -> RegisterTable:
        """The columns as they would leave today."""
        return register_table(self.bench.session, self.viewer, self.land, self.register)

    @cached_property
    def known(self) -> DataFrame:
        """The stored records, index: number."""
        rows = visible(self.register.model, self.viewer, self.bench.tenant.code)
        return frames.read(self.bench.session, rows).set_index("id", drop=False)

    def refuse(self, row: Any, title: str, read: Any, words: str) -> None:
        """Tell why a row cannot go in."""
        self.bench.tell(row, title, read, words)
        self.refused.add(row)

    def column(self, name: str) -> TableColumn:
        """One of our columns."""
        return next(column for column in self.table.columns if column.name == name)

    @cached_property
    def theirs(self) -> DataFrame:
        """The file's cells by our names, as texts that compare; what it lacks is left out."""
        raw = self.raw
        here = {c.name: raw[c.title] for c in self.table.columns if c.title in raw.columns}
        return self._texts(DataFrame({**here, **self._points()}, index=raw.index, dtype=object))

    def _points(self) -> dict[str, Series]:
        """Where the features of a layer lie; in a map program the point is what one moves."""
        shapes = self.bench.reading.source.geometry
        if shapes is None or not any(c.name == "lon" for c in self.table.columns):
            return {}
        points: Any = np.asarray(shapes.reindex(self.raw.index), dtype=object)
        return {
            name: Series(degrees(points), index=self.raw.index)
            for name, degrees in (("lon", shapely.get_x), ("lat", shapely.get_y))
        }

    def _texts(self, cells: DataFrame) -> DataFrame:
        return DataFrame(
            {name: alike(cells[name], self.column(str(name))) for name in cells.columns},
            index=cells.index,
            dtype=object,
        )

    @cached_property
    def left(self) -> tuple[int, str]:
        """After which deed the table left, and what its list had been asked."""
        return mark_in(self.raw[MARK])

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the table left from another installation: its numbers mean nothing here."""
        since, _ = self.left
        deed = history.deed_numbered(self.bench.tenant.code, since)
        return since > 0 and frames.read(self.bench.session, deed).empty

    @cached_property
    def numbers(self) -> Series:
        """The record each row is; None: a row without number. Others than ours are refused."""
        said = numbers_in(self.raw[NUMBER])
        for row, number in said.items():
            words = self._not_ours(number, self.raw.at[row, NUMBER])
            if words:
                self.refuse(row, NUMBER, self.raw.at[row, NUMBER], words)
        if self.is_foreign:
            self.bench.notes.append(
                "別の拠り所から書き出された表です。番号ではなく、名前と町で照らし合わせます。"
            )
            return Series(None, index=self.raw.index, dtype=object)
        numbers = said.map(lambda known: known and known.number).astype(object)
        twice = numbers.notna() & numbers.duplicated(keep=False)
        gone = numbers.notna() & ~numbers.isin(self.known.index) & ~twice
        word = self.register.word
        for bad, words in (
            (twice, "同じ番号の行が二つあります。"),
            (gone, f"この{word}は、もう台帳にありません。新しく足すなら、番号を消してください。"),
        ):
            for row in self.raw.index[bad & ~self.raw.index.isin(list(self.refused))]:
                self.refuse(row, NUMBER, self.raw.at[row, NUMBER], words)
        return numbers

    def _not_ours(self, number: RecordNumber | None, cell: Any) -> str:
        """Why a row's number does not fit here; empty where it does, or where there is none."""
        if number is None:
            return (
                "番号を読めません。新しく足すなら、番号を消してください。" if written(cell) else ""
            )
        if number.code != self.bench.tenant.code:
            return f"別の市町村（{number.code}）の表の行です。"
        if number.register != self.register.key:
            word = REGISTERS[number.register].word if number.register in REGISTERS else "別"
            return f"これは{word}の表の行です。"
        return ""

    def differences(self) -> Differences:
        """What the file changes in known records."""
        numbers = self.numbers.dropna().drop(index=list(self.refused), errors="ignore").astype(int)
        theirs = self.theirs.loc[numbers.index]
        names = list(theirs.columns)
        now = self.known.loc[numbers.to_numpy()].set_axis(numbers.index)
        ours = self._texts(self.table.cells(now)[names])
        base = self._texts(self.table.cells(self._as_it_left(now, numbers))[names])
        columns = self.table.columns
        touched = differ(theirs, base, columns) & differ(theirs, ours, columns)
        return Differences(theirs, touched, touched & differ(base, ours, columns), ours)

    def _as_it_left(self, now: DataFrame, numbers: Series) -> DataFrame:
        """The records as they were when the table left, by what the log says of them since."""
        before: dict[int, Row] = {}
        model = table_of(self.register.model)
        for _, change in frames.each(self._changes_since()):
            was, became = (as_values(change[key]) for key in ("before", "after"))
            older = before.setdefault(int(change["entity_id"]), {})
            first = {name: was.get(name) for name in {*was, *became} if name not in older}
            older |= typed(model, first)
        left = now.copy()
        for row, number in numbers.items():
            for name, value in _with_point(before.get(number, {})).items():
                left.at[row, name] = value
        return left

    def _changes_since(self) -> DataFrame:
        """What the log says of these records since, one class of data after the other."""
        code, entity, since = self.bench.tenant.code, self.register.entity, self.left[0]
        parts = [
            frames.read(
                self.bench.session, history.changes_since(KEEPER, code, data_class, entity, since)
            )
            for data_class in sorted(KEEPER.classes)
        ]
        whole = pd.concat(parts, ignore_index=True)
        return whole[whole["deed_id"] != self.bench.hand.deed_id]

    def gone(self) -> DataFrame:
        """Records of the list the table was, that stand in no row of the file any more.

        Those somebody changed meanwhile are not told: the list may hold them only since. What was
        stale when a list left cannot be known any more.
        """
        said = dict(parse_qsl(self.left[1]))
        if self.is_foreign or self.numbers.isna().all() or "stale" in said:
            return self.known.iloc[:0]
        search = Search(
            words=said.get("q", ""),
            area=said.get("area"),
            kind=said.get("kind"),
            state=said.get("state"),
            closed="closed" in said,
        )
        listed = select_records(
            self.bench.session,
            self.viewer,
            self.land,
            self.register,
            search,
            stale_before=date.min,
        )
        changed = self._changes_since()["entity_id"].astype(int)
        return listed[~listed["id"].isin(changed) & ~listed["id"].isin(self.numbers.dropna())]


def _with_point(before: Row) -> Row:
    """Columns as they were; where the point was, said as the form's degrees are."""
    if before.get("wkb") is None:
        return before
    (lon, lat) = shapely.get_coordinates(shapely.from_wkb(before["wkb"]))[0]
    return before | frames.stored_point(float(lon), float(lat))
