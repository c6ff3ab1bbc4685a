"""What a reader gives back, and the desk at which it works: columns in, findings out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pandas import DataFrame, Series

from api.exchange.aliases import TABLES
from api.exchange.cells import TOO_LONG, municipality_codes, shown, sure, tidy, too_long
from api.exchange.headers import recognise
from api.exchange.problems import RowProblem, Unreadable, refuse
from api.exchange.source import Source


@dataclass
class Reading:
    """Clean rows of one file, and what was wrong with the others (読み取り結果)."""

    frame: DataFrame
    """Typed columns; index: row number in the file. Bad rows are left out."""
    problems: list[RowProblem]
    rows_read: int
    """Good and bad rows; blank rows and totals are not rows."""
    columns: dict[str, str]
    """Our columns → the headers they were read from."""
    source: Source
    codes: Series
    """Municipality code of every row read, good or bad; NA where the file does not say."""
    present: frozenset[str] = frozenset()
    """Our columns the file (or --set) has: an absent column never erases anything."""
    survey_date: date | None = None
    """Date of the figures, where one date holds for the whole file."""


def as_it_stands(source: Source) -> Reading:
    """The raw cells of a table that left from here; its own columns say what they are."""
    return Reading(
        frame=source.frame,
        problems=list(source.problems),
        rows_read=len(source.frame),
        columns={name: name for name in source.header},
        source=source,
        codes=Series(None, index=source.frame.index, dtype=object),
    )


NOT_COLUMNS = ("source", "survey_date")
"""What --set may say about the whole file."""


def _refuse_unknown(source: Source, constants: Mapping[str, str]) -> None:
    usable = (*TABLES[source.kind], *NOT_COLUMNS)
    for ours in constants:
        if ours not in usable:
            names = "、".join(dict.fromkeys(usable))
            raise refuse(
                source.file,
                f"--set の「{ours}」は列の名前ではありません。使えるのは {names} です。",
            )


@dataclass
class Desk:
    """Where a reader works on one source: takes columns by our names, notes problems by row."""

    source: Source
    constants: Mapping[str, str]
    columns: dict[str, str]
    problems: list[RowProblem] = field(default_factory=list)
    rows: Series = field(default_factory=lambda: Series(dtype=object))
    """The rows that count, as a Series of NA indexed by row number."""

    @classmethod
    def open(
        cls,
        source: Source,
        constants: Mapping[str, str] | None = None,
        mapping: Mapping[str, str] | None = None,
    ) -> "Desk":
        """Set up for one source; its own mapping holds unless another is given."""
        _refuse_unknown(source, constants or {})
        columns = source.columns
        if mapping is not None and dict(mapping) != dict(source.mapping):
            columns = recognise(source.header, source.kind, mapping)
        rows = Series(None, index=source.frame.index, dtype=object)
        return cls(source, dict(constants or {}), dict(columns), list(source.problems), rows)

    def drop(self, rows: Series) -> None:
        """Take rows out that are none (totals, water): a mask over the rows that count."""
        self.rows = self.rows[~rows]

    def has(self, column: str) -> bool:
        """Whether the file or --set has this column."""
        return column in self.columns or column in self.constants

    def raw(self, column: str) -> Series:
        """Cells of our column as they stand in the file, --set's value where they are blank."""
        cells = self.rows
        if column in self.columns:
            cells = self.source.frame[self.columns[column]]
            cells = cells[cells.index.isin(self.rows.index)]
        constant = self.constants.get(column)
        if constant is not None:
            cells = cells.where(tidy(cells).notna(), constant)
        return cells

    def cells(self) -> DataFrame:
        """All columns of the rows that count, by the file's own headers."""
        return self.source.frame[self.source.frame.index.isin(self.rows.index)]

    def text(self, column: str) -> Series:
        """Our column as text kept as written, NA where blank."""
        return tidy(self.raw(column))

    def header(self, column: str) -> str | None:
        """What the file calls our column."""
        return self.columns.get(column)

    def tell(
        self,
        rows: Series,
        column: str | None,
        expected: str,
        severity: Literal["error", "warning"] = "error",
        read: Series | None = None,
    ) -> None:
        """Note a problem for each row of a mask; what was read comes from the raw column."""
        bad = rows.index[sure(rows)]
        if bad.empty:
            return
        cells = self.raw(column) if read is None and column else read
        for row in bad:
            value = "" if cells is None else shown(cells[row])
            self.problems.append(self.problem(row, column, value, expected, severity))

    def problem(
        self,
        row: Any,
        column: str | None,
        read: str,
        expected: str,
        severity: Literal["error", "warning"] = "error",
    ) -> RowProblem:
        """One problem at one row, with their header as the column's name."""
        source = self.source
        return RowProblem(
            source.file, source.sheet, int(row), self._shown(column), read, expected, severity
        )

    def _shown(self, column: str | None) -> str | None:
        """How a column is called to people: by the file's own header, never by ours."""
        if column in self.columns:
            return self.columns[column]
        if column in self.source.header:
            return column
        return f"--set {column}" if column in self.constants else None

    def require(self, column: str, expected: str) -> None:
        """Refuse the file unless it has this column, naming the headers it does have."""
        if not self.has(column):
            raise self.refuse(f"{expected}見出しは {self.headers_found()} です。")

    def names(self, missing: str, ask: str = "名称を入れてください。") -> Series:
        """What each row is called: the file must have a column of names, and a row one of them.

        `missing` says which headers would do; `ask` what to do about a row without a name.
        """
        self.require("name", missing)
        names = self.text("name")
        self.tell(names.isna(), "name", ask)
        self.tell(too_long(names), "name", TOO_LONG)
        return names

    def headers_found(self) -> str:
        """The file's headers, as many as fit a message."""
        named = [h for h in self.source.header if h.strip()]
        more = "…" if len(named) > 12 else ""
        return "、".join(f"「{shown(h)}」" for h in named[:12]) + more

    def refuse(self, expected: str, row: Any = None, column: str | None = None) -> Unreadable:
        """The exception that refuses this file as a whole."""
        return refuse(
            self.source.file,
            expected,
            sheet=self.source.sheet,
            row=None if row is None else int(row),
            column=column,
        )

    def codes(self) -> Series:
        """Five-digit municipality codes; a broken code is a problem of its row."""
        codes, bad = municipality_codes(self.raw("code"))
        self.tell(bad, "code", "市区町村コード（5桁または検査数字つきの6桁）ではありません。")
        return codes

    def close(self, frame: DataFrame, codes: Series, **more: Any) -> Reading:
        """The reading: rows with an error go out of the frame, and stay in the count."""
        failed = {p.row for p in self.problems if p.severity == "error"}
        kept = frame[~frame.index.isin(list(failed))]
        return Reading(
            frame=kept,
            problems=sorted(self.problems, key=lambda p: (p.row is not None, p.row or 0)),
            rows_read=len(self.rows),
            columns=self.columns,
            source=self.source,
            codes=codes,
            present=frozenset({*self.columns, *self.constants}),
            **more,
        )
