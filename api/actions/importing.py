"""What the imports share: the order, the bench an importer works at, and the outcome.

Each kind of data has a module `import_<kind>.py` with one function that takes a `Bench`, writes the
good rows and says per row what became of it. `import_files.py` runs them in one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session, SQLModel

from api.accounts.members import Member
from api.actions.find_municipality import Tenant
from api.exchange.problems import RowProblem
from api.exchange.reading import Reading
from api.store import frames
from api.store.changes import Hand
from api.store.visible import OFFICE, visible
from api.store.writing import write_records

MAIN_SCHEME = "圏域"
"""The scheme of areas used where none is named (日常生活圏域)."""

Progress = Callable[[str], None]
Look = Callable[[int], None]


@dataclass(frozen=True)
class Order:
    """What to import, and how."""

    kind: str
    files: tuple[Path, ...]
    today: date
    constants: Mapping[str, str] = field(default_factory=dict)
    """--set: a value for every row, by our column's name."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """--mapping: our column → theirs."""
    scheme: str = MAIN_SCHEME
    valid_from: date | None = None
    """The first day of redrawn areas: the old ones stay for reports about earlier days."""
    draft: bool = False
    dry_run: bool = False
    keep_good: bool = False
    """--rejects: good rows go in, bad ones are handed back."""
    actor: str = "cli"
    account_id: int | None = None
    member: Member | None = None
    """Who brings a register's table; only what they may write goes in. None: the console."""
    own_only: bool = False
    """Nothing but a register's own table is taken."""
    prefer_file: bool = False
    """What others changed since a table left gives way to the file."""
    close_gone: bool = False
    """Records of a table's list that are not in it any more are closed today."""


@dataclass
class Outcome:
    """What became of an import: inserted + updated + unchanged + rejected = rows read."""

    rows_read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per file, our columns and the headers they were read from."""
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Per file, its headers as written."""
    rejects: list[DataFrame] = field(default_factory=list)
    """Per file, the raw cells of its bad rows, with the reasons in front."""
    gone: list[str] = field(default_factory=list)
    """Records of a table's list that are not in the file; people are not named."""
    closed: int = 0
    """How many of them were closed."""
    written: bool = False

    @property
    def rejected(self) -> int:
        """Rows refused."""
        return self.rows_read - self.inserted - self.updated - self.unchanged

    @property
    def refused(self) -> list[RowProblem]:
        """Problems that keep a row (or everything) out."""
        return [p for p in self.problems if p.severity == "error"]

    def is_refused(self, *, keep_good: bool) -> bool:
        """Whether nothing may be written because a row is bad."""
        return bool(self.rejected or self.refused) and not keep_good

    @property
    def warnings(self) -> list[RowProblem]:
        """Problems that do not."""
        return [p for p in self.problems if p.severity == "warning"]


@dataclass
class Bench:
    """What an importer works with: the transaction, the municipality, the file being read."""

    session: Session
    tenant: Tenant
    hand: Hand
    order: Order
    reading: Reading
    seen_before: bool = False
    """The same file has been imported already."""
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    closed: int = 0

    def known(self, model: type[SQLModel], *where: Any, only: list[str] | None = None) -> DataFrame:
        """The stored records of the municipality."""
        return frames.read(
            self.session, visible(model, OFFICE, self.tenant.code, *where, only=only)
        )

    def say(self, rows: Series, column: str, expected: str, **how: Any) -> None:
        """Tell one problem for each row of `rows` (index: row number, values: what was read)."""
        for row, read in rows.items():
            self.tell(row, column, read, expected, **how)

    def tell(self, row: Any, column: str, read: Any, expected: str, **how: Any) -> None:
        """Tell one problem of one row."""
        source = self.reading.source
        self.problems.append(
            RowProblem(
                source.file,
                source.sheet,
                int(row),
                self._header(column),
                _shown(read),
                expected,
                **how,
            )
        )

    def _header(self, column: str) -> str:
        """What the file calls our column; a file may hold both coordinates in one."""
        columns = self.reading.columns
        together = ("latlon", "lonlat") if column in ("lat", "lon") else ()
        return next((columns[name] for name in (column, *together) if name in columns), column)

    def write(
        self,
        model: type[SQLModel],
        incoming: DataFrame,
        existing: DataFrame,
        *,
        erase: bool = False,
    ) -> DataFrame:
        """Write records with their log; columns `id` and `status`, indexed like `incoming`."""
        return write_records(self.session, self.hand, model, incoming, existing, erase=erase)


Importer = Callable[[Bench], Series]
"""Writes the good rows of the bench's reading; their status by row number."""


def reject_duplicates(bench: Bench, key: Series, content: DataFrame, column: str) -> Series:
    """Rows to keep when several share a key (同じ記録が二度).

    Rows that say the same count once, at the first; rows that differ are all rejected.

    Returns
    -------
    For each row, the row that stands for it; rejected rows are left out.
    """
    same_key = key[key.duplicated(keep=False)]
    if same_key.empty:
        return Series(key.index, index=key.index)
    together = content.loc[same_key.index].assign(**{"(key)": same_key.map(repr)}).map(repr)
    differ = together.drop_duplicates()["(key)"].value_counts()
    quarrel = together["(key)"].map(differ) > 1
    rows = quarrel.index[quarrel]
    bench.say(
        content.loc[rows, column],
        column,
        "同じものとみなされる行がこのファイルにもう一つあり、内容が違います。どちらかを直すか消してください。",
    )
    first = key.map(repr).drop(index=rows)
    return first.index.to_series().groupby(first).transform("first")


def _shown(value: Any) -> str:
    return "" if value is None or value != value else str(value)[:60]
