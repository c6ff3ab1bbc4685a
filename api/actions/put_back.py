"""Put a register's table back (表をもどす): write what somebody changed in Excel, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pandas import DataFrame, Series

from api.actions.compare_table import Differences, Row, TableComparison
from api.actions.importing import Bench
from api.actions.records import NotYours, refuse_others
from api.actions.register_table import AS_STORED, BESIDE, CLOSING, ROUGHLY, SCHEDULE_DATA
from api.actions.registers import REGISTERS
from api.actions.registers.fields import WrongFields, read
from api.actions.save_record import as_shown, changed_columns
from api.exchange.names import name_keys
from api.exchange.register_cells import NUMBER, WrongCell, as_day, schedule_in_cell, value_of
from api.models.kinds import STATES


@dataclass(frozen=True)
class Wanted:
    """One row of the file that asks for something: its record (None: a new one), its columns."""

    row: Any
    stored: Row | None
    columns: Row


def put_back(bench: Bench) -> Series:
    """Write what a register's table changes; the status of its rows, refused ones left out."""
    return _PutBack(bench, TableComparison(bench, REGISTERS[bench.order.kind])).run()


@dataclass(frozen=True)
class _PutBack:
    bench: Bench
    compared: TableComparison

    def run(self) -> Series:
        compared = self.compared
        wanted = [*self._changed(compared.differences()), *self._added()]
        wanted = [each for each in wanted if self._is_theirs(each)]
        status = Series("unchanged", index=compared.raw.index, dtype=object)
        for written in (self._write_new(wanted), self._write_changed(wanted)):
            status.update(written)
        self._close_gone()
        return status.drop(index=list(compared.refused))

    def _changed(self, found: Differences) -> Iterator[Wanted]:
        """Rows of known records in which somebody changed something."""
        for row in found.touched.index[found.touched.any(axis=1).to_numpy()]:
            if self._is_in_conflict(row, found):
                continue
            number = self.compared.numbers[row]
            names = found.touched.columns[found.touched.loc[row]]
            said = {str(name): str(found.theirs.at[row, name]) for name in names}
            yield from self._read(row, _plain(self.compared.known.loc[number]), said)

    def _is_in_conflict(self, row: Any, found: Differences) -> bool:
        if self.bench.order.prefer_file:
            return False
        names = found.conflicts.columns[found.conflicts.loc[row]]
        for name in names:
            title = self.compared.column(str(name)).title
            there: Any = found.ours.at[row, name]
            words = (
                f"この表を書き出したあと、ほかの人が「{there or '空らん'}」に"
                "変えています。「ファイルのほうを使う」を選ぶか、この列をいまの値にしてください。"
            )
            self.compared.refuse(row, title, found.theirs.at[row, name], words)
        return len(names) > 0

    def _added(self) -> Iterator[Wanted]:
        """Rows without a number: the record of that name and place, or a new one."""
        compared = self.compared
        new = compared.numbers.isna() & ~compared.numbers.index.isin(list(compared.refused))
        met: set[Any] = set()
        for row in compared.raw.index[new]:
            cells = compared.theirs.loc[row]
            told = {str(name): str(cell) for name, cell in cells.items() if cell}
            said = self._exact(row, told)
            for wanted in self._read(row, None, said):
                yield from self._met_again(wanted, said, met)

    def _exact(self, row: Any, said: Row) -> Row:
        """What words cannot say of a row from elsewhere: its schedule, a point that was a guess."""
        raw = self.compared.raw
        data = str(raw.at[row, SCHEDULE_DATA] or "") if SCHEDULE_DATA in raw.columns else ""
        data = data.removeprefix(AS_STORED)
        if data and schedule_in_cell(data) == said.get("schedule"):
            said["schedule"] = data
        if said.get("approximate") == ROUGHLY and said.get("address"):
            said = {name: text for name, text in said.items() if name not in ("lon", "lat")}
        return said

    def _read(self, row: Any, stored: Row | None, said: Mapping[str, str]) -> Iterator[Wanted]:
        """The columns a row asks for, checked as a form is; nothing where it cannot be."""
        compared, values = self.compared, Row()
        for name, text in said.items():
            if name in BESIDE and name not in CLOSING:
                continue
            try:
                values[name] = value_of(compared.column(name), text)
            except WrongCell as wrong:
                compared.refuse(row, compared.column(name).title, text, str(wrong))
        if row in compared.refused or not values:
            return
        beside = {name: as_day(values.pop(name) or "") for name in CLOSING if name in values}
        try:
            yield Wanted(row, stored, self._columns(stored, values) | beside)
        except WrongFields as wrong:
            for name, words in wrong.problems.items():
                title = compared.column(name).title if name else NUMBER
                compared.refuse(row, title, said.get(name, ""), words)

    def _columns(self, stored: Row | None, values: Row) -> Row:
        register, land = self.compared.register, self.compared.land
        if stored is None:
            return register.columns(land, read(register.form, values))
        if not values:
            return {}
        whole = register.values(stored) | values
        columns = register.columns(land, read(register.form, whole))
        return changed_columns(stored, columns | as_shown(register, stored, columns))

    def _met_again(
        self, wanted: Wanted, said: Mapping[str, str], met: set[Any]
    ) -> Iterator[Wanted]:
        """A row without number that names a record we have is that record, once in a file."""
        mine = self._identity(DataFrame([wanted.columns], dtype=object)).iloc[0]
        same = self._identities.index[self._identities == mine]
        if mine in met or self.compared.numbers.isin(same).any():
            title = self.compared.column("name").title
            words = "同じものを指す行が、このファイルにもう一つあります。どちらかを消してください。"
            self.compared.refuse(wanted.row, title, said["name"], words)
            return
        met.add(mine)
        if same.empty:
            yield replace(wanted, columns=wanted.columns | self._beside(said))
        else:
            yield from self._read(wanted.row, _plain(self.compared.known.loc[same[0]]), said)

    def _beside(self, said: Mapping[str, str]) -> Row:
        """Facts of a new record that no form asks for."""
        draft = self.bench.order.draft or said.get("state") == STATES["draft"]
        facts: Row = {"state": "draft" if draft else "published"}
        return facts | (
            {"external_id": said["external_id"] or None} if "external_id" in said else {}
        )

    @cached_property
    def _identities(self) -> Series:
        return self._identity(self.compared.known)

    def _identity(self, rows: DataFrame) -> Series:
        """What makes two rows one record: name and town, or name and kind."""
        where = "town_id" if self.compared.register.key in ("places", "supporters") else "kind"
        pairs = zip(name_keys(rows["name"].astype("str")), rows[where], strict=True)
        return Series(list(pairs), index=rows.index, dtype=object)

    def _is_theirs(self, wanted: Wanted) -> bool:
        """Whether whoever brings the file may write that record."""
        stored = wanted.stored or wanted.columns
        why = self._why_not(stored, stored | wanted.columns) if wanted.columns else ""
        if why:
            self.compared.refuse(wanted.row, NUMBER, "", why)
        return not why

    def _why_not(self, *rows: Row) -> str:
        """Why whoever brings the file may not write these records; empty where they may."""
        member, compared = self.bench.order.member, self.compared
        if member is None:
            return ""
        try:
            refuse_others(member, compared.land, compared.register, *rows)
        except NotYours as wrong:
            return str(wrong)
        return ""

    def _write_new(self, wanted: list[Wanted]) -> Series:
        new = [each for each in wanted if each.stored is None]
        if not new:
            return Series(dtype=object)
        rows = DataFrame([w.columns for w in new], index=[w.row for w in new], dtype=object)
        incoming = rows.where(rows.notna(), None).assign(id=None)
        model = self.compared.register.model
        return self.bench.write(model, incoming, self.compared.known.iloc[:0])["status"]

    def _write_changed(self, wanted: list[Wanted]) -> Series:
        old = [(each, each.stored) for each in wanted if each.stored is not None and each.columns]
        if not old:
            return Series(dtype=object)
        names = sorted({name for each, _ in old for name in each.columns})
        cells = [{n: each.columns.get(n, stored[n]) for n in names} for each, stored in old]
        rows = DataFrame(cells, index=[w.row for w, _ in old], columns=names, dtype=object)
        incoming = rows.where(rows.notna(), None).assign(id=[stored["id"] for _, stored in old])
        existing = self.compared.known[["id", *names]].reset_index(drop=True)
        model = self.compared.register.model
        return self.bench.write(model, incoming, existing, erase=True)["status"]

    def _close_gone(self) -> None:
        """Tell which records of the list are not in the file; close them where that is asked."""
        gone = self.compared.gone()
        self.bench.gone = [] if self.compared.register.personal else gone["name"].tolist()
        if "closed_on" not in gone.columns or not self.bench.order.close_gone:
            return
        theirs = [not self._why_not(_plain(row)) for _, row in gone.iterrows()]
        there = gone[gone["closed_on"].isna() & Series(theirs, index=gone.index, dtype=bool)]
        if not there.empty:
            incoming = there[["id"]].assign(closed_on=self.bench.order.today)
            model = self.compared.register.model
            self.bench.write(model, incoming, there[["id", "closed_on"]], erase=True)
        self.bench.closed = len(there)


def _plain(row: Series) -> Row:
    return {str(name): value for name, value in row.items()}
