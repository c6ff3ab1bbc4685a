"""Backup and restore (控えをとる・もどす): all rows into one file, and back, on either database."""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)
from sqlmodel import SQLModel

import api.models  # noqa: F401  fills the metadata
from api.clock import TOKYO
from api.store.backup_file import (
    NOT_KEPT,
    file_engine,
    make_tables,
    read_backup,
    seal_file,
    told_when_full,
)
from api.store.table_words import TABLE_WORDS

CHUNK, CHUNK_OF_PICTURES = 2_000, 20
"""Rows in memory at a time."""

Progress = Callable[[str], None]
Row = dict[str, Any]


class BackupExists(Exception):
    """The name is taken, and nobody said that it may be overwritten."""


class IsTheStore(Exception):
    """The name is that of the database itself."""


class NothingToKeep(Exception):
    """The store is empty: most likely it is not the one that was meant."""


class StoreInUse(Exception):
    """The store holds rows, and nobody said that they may be replaced."""


@dataclass(frozen=True)
class Restored:
    """What became of a restore: how many rows, and where what was there before lies now."""

    rows: int
    safety_copy: Path | None


def write_backup(
    engine: Engine, path: Path, *, overwrite: bool = False, say: Progress = lambda _: None
) -> int:
    """Write every row of the migrated store into the file `path`; how many there were.

    The rows are those of one moment, whoever writes meanwhile. The file is there whole or not at
    all, and readable for its owner alone.

    Raises
    ------
    BackupExists, IsTheStore, NothingToKeep, CannotWriteBackup
    """
    _refuse_the_store(engine, path)
    with _at_one_moment(engine) as source:
        if not _holds_rows(source):
            raise NothingToKeep(
                "データベースに何も入っていないので、控えをとりませんでした。"
                "YORIDOKORO_DATABASE_URL と、実行したフォルダーを確かめてください。"
            )
        return _write(source, path, say, overwrite=overwrite)


def restore_backup(
    engine: Engine, path: Path, *, replace: bool = False, say: Progress = lambda _: None
) -> Restored:
    """Put the rows of the file `path` into the migrated store, in one transaction.

    With `replace`, what the store holds is written to a backup of its own first. A municipality
    that was there already gets a revision it never had: what browsers keep of either is no longer
    valid.

    Raises
    ------
    NotABackup, DamagedBackup, NewerBackup, StoreInUse, IsTheStore, CannotWriteBackup
    """
    _refuse_the_store(engine, path)
    say(f"{path.name} を確かめています")
    with read_backup(path) as backup, backup.connect() as source, engine.begin() as target:
        _lock(target)
        safety_copy = None
        if _holds_rows(target):
            if not replace:
                raise StoreInUse(
                    "データベースには、すでにデータが入っています。入れ替えてよければ --replace を"
                    "付けてください（いまのデータは、先に別のファイルに控えます）。"
                )
            safety_copy = _keep_what_is_there(target, say)
        before = _revisions(target)
        for table in reversed(SQLModel.metadata.sorted_tables):
            target.execute(table.delete())
        rows = _copy(source, target, say)
        _raise_revisions(target, before)
        _restart_sequences(target)
    return Restored(rows, safety_copy)


# --- the source and the file ---------------------------------------------------------------------


def _refuse_the_store(engine: Engine, path: Path) -> None:
    store = _file_of(engine)
    if store is not None and store.exists() and path.exists() and store.samefile(path):
        raise IsTheStore(
            f"{path.name} は、使っているデータベースそのものです。別の名前にしてください。"
        )


def _file_of(engine: Engine) -> Path | None:
    on_sqlite = engine.dialect.name == "sqlite" and engine.url.database
    return Path(str(engine.url.database)) if on_sqlite else None


@contextmanager
def _at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees what its first SELECT saw, to its end."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def _write(source: Connection, path: Path, say: Progress, *, overwrite: bool = False) -> int:
    if path.exists() and not overwrite:
        raise BackupExists(
            f"{path.name} は、もうあります。別の名前にするか、上書きしてよければ --overwrite を"
            "付けてください。"
        )
    revision = MigrationContext.configure(source).get_current_revision()
    with told_when_full(path.name), _half(path) as half:
        file = file_engine(half)
        with file.begin() as target:
            make_tables(target, str(revision))
            rows = _copy(source, target, say)
        seal_file(half, str(revision), source.dialect.name)
    return rows


@contextmanager
def _half(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its name when it is whole, and else goes away."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}.half")
    os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield half
        with half.open("r+b") as file:
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
        half.with_name(f"{half.name}-journal").unlink(missing_ok=True)


# --- rows ----------------------------------------------------------------------------------------


def _copy(source: Connection, target: Connection, say: Progress) -> int:
    """Copy all that is kept, parents first, one line of progress a table; how many rows."""
    total = 0
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in NOT_KEPT:
            rows = _copy_table(table, source, target)
            say(f"{TABLE_WORDS[table.name]}：{rows:,} 行")
            total += rows
    return total


def _copy_table(table: Table, source: Connection, target: Connection) -> int:
    """Copy one table; references among its own rows come last, for they may point ahead."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    rows = select(*map(_read, table.columns)).order_by(*table.primary_key.columns)
    blanks = {column.name: _blank(column) for column in table.columns}
    count, later = 0, []
    found = source.execute(rows, execution_options={"yield_per": _chunk(table)})
    for chunk in found.partitions():
        values = [_exact(table, row) for row in chunk]
        later += [dict(row) for row in values if any(row[f"b_{name}"] is not None for name in own)]
        nothing = {f"b_{name}": None for name in own}
        target.execute(insert(table).values(blanks), [{**row, **nothing} for row in values])
        count += len(values)
    if later:
        where = [column == _blank(column) for column in table.primary_key.columns]
        references = update(table).where(*where).values({name: blanks[name] for name in own})
        target.execute(references, later)
    return count


def _read(column: Column[Any]) -> ColumnElement[Any]:
    # As text, or a JSON null and no value at all would be the same.
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _blank(column: Column[Any]) -> ColumnElement[Any]:
    exact = JSON(none_as_null=True) if isinstance(column.type, JSON) else column.type
    return bindparam(f"b_{column.name}", type_=exact)


def _exact(table: Table, row: Iterable[Any]) -> Row:
    read = zip(table.columns, row, strict=True)
    return {f"b_{column.name}": _value(column, value) for column, value in read}


def _value(column: Column[Any], read: Any) -> Any:
    if read is None or not isinstance(column.type, JSON):
        return read
    return JSON.NULL if read == "null" else json.loads(read)


def _chunk(table: Table) -> int:
    pictures = [c for c in table.columns if isinstance(c.type, LargeBinary) and c.name != "wkb"]
    return CHUNK_OF_PICTURES if pictures else CHUNK


# --- the store that is restored into -------------------------------------------------------------


def _lock(target: Connection) -> None:
    """Let whoever else writes wait: what is kept aside is then all there was."""
    municipality = SQLModel.metadata.tables["municipality"]
    # Every import begins with this table: whoever has it holds nothing else back.
    names = [municipality.name, *(t.name for t in SQLModel.metadata.sorted_tables)]
    if target.dialect.name == "postgresql":
        target.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
    else:
        target.execute(update(municipality).values(revision=municipality.c.revision))


def _holds_rows(store: Connection) -> bool:
    kept = [table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_KEPT]
    return any(store.execute(select(table).limit(1)).first() for table in kept)


def _keep_what_is_there(target: Connection, say: Progress) -> Path:
    store = _file_of(target.engine)
    folder = Path() if store is None else store.parent
    path = folder / f"before-restore-{datetime.now(TOKYO):%Y%m%d-%H%M%S-%f}.sqlite"
    _write(target, path, lambda _: None)
    say(f"いまのデータを {path} に控えました")
    return path


def _revisions(target: Connection) -> dict[str, int]:
    table = SQLModel.metadata.tables["municipality"]
    return {row.code: row.revision for row in target.execute(select(table))}


def _raise_revisions(target: Connection, before: Mapping[str, int]) -> None:
    table = SQLModel.metadata.tables["municipality"]
    for code, revision in _revisions(target).items():
        if code in before:
            unheard = max(revision, before[code]) + 1
            target.execute(update(table).where(table.c.code == code).values(revision=unheard))


def _restart_sequences(target: Connection) -> None:
    """Let the next id follow the highest; SQLite does by itself."""
    if target.dialect.name != "postgresql":
        return
    for table in SQLModel.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = select(func.pg_get_serial_sequence(table.name, column.name))
            following = select(func.coalesce(func.max(column), 0) + 1)
            # Not setval(): that would stay even if this transaction did not.
            target.exec_driver_sql(
                f"ALTER SEQUENCE {target.execute(sequence).scalar_one()} "
                f"RESTART WITH {target.execute(following).scalar_one()}"
            )
