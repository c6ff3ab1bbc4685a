"""The file of a backup (控え): a SQLite database of the same tables, sealed against damage.

Whoever brings such a file may have changed it. Nothing of its schema is therefore run or believed:
its rows are read by the names our own migrations give, and copied into tables of our own.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from api.store.engine import MIGRATIONS

NOT_KEPT = frozenset({"heldfile", "signin", "signinguess"})
"""Sessions, counts of wrong guesses, files held for a day: a backup must not revive them."""
SQLITE, APPLICATION, FORMAT = b"SQLite format 3\0", b"Yori", 1
READ_SEAL = "SELECT seal, sha256 FROM yoridokoro_backup"


class NotABackup(Exception):
    """The file was not made by `yoridokoro backup`, or cannot be read at all."""


class DamagedBackup(Exception):
    """Something in the file is missing or not as it was written."""


class NewerBackup(Exception):
    """A newer version of the program made the file."""


class CannotWriteBackup(Exception):
    """There is no room, or no right to write there."""


class TableSeal(BaseModel):
    """What a table of the file holds."""

    rows: int
    sha256: str
    """Over `repr` of its rows, in the order of the key."""


class Seal(BaseModel):
    """What the file is, and what it must hold. It shows damage; it is no signature."""

    made_at: datetime
    store: str
    """The kind of database it came from."""
    revision: str
    tables: dict[str, TableSeal]


@dataclass(frozen=True)
class Shape:
    """Names of a table's columns, and of those that are its key."""

    name: str
    columns: list[str]
    key: list[str]

    def read(self, connection: sqlite3.Connection) -> sqlite3.Cursor:
        """The rows as SQLite stores them, in the order of the key."""
        return connection.execute(
            f"SELECT {_listed(self.columns)} FROM {_listed([self.name])} "
            f"ORDER BY {_listed(self.key)}"
        )

    def fill(self, connection: sqlite3.Connection, rows: Iterable[Any]) -> None:
        """Write rows as `read` gives them."""
        blanks = ", ".join("?" * len(self.columns))
        table = f"{_listed([self.name])} ({_listed(self.columns)})"
        connection.executemany(f"INSERT INTO {table} VALUES ({blanks})", rows)


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def file_engine(path: Path) -> Engine:
    """Connect to a file that is ours alone; without WAL it stays one file."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        # Whoever keeps the file syncs it once, when it is whole.
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def make_tables(connection: Connection, revision: str) -> None:
    """Make the tables of `revision`, or bring older ones there."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def seal_file(path: Path, revision: str, store: str) -> Seal:
    """Write into the finished file what it is and what it holds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        seal = Seal(
            made_at=datetime.now(UTC),
            store=store,
            revision=revision,
            tables={shape.name: _seal_of_rows(shape.read(file)) for shape in _shapes(file)},
        )
        text = seal.model_dump_json()
        file.execute("CREATE TABLE yoridokoro_backup (seal TEXT, sha256 TEXT)")
        file.execute("INSERT INTO yoridokoro_backup VALUES (?, ?)", (text, _sha256(text)))
        file.execute(f"PRAGMA application_id={int.from_bytes(APPLICATION)}")
        file.execute(f"PRAGMA user_version={FORMAT}")
    return seal


def _seal_of_rows(rows: Iterable[Any]) -> TableSeal:
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(repr(row).encode())
        count += 1
    return TableSeal(rows=count, sha256=digest.hexdigest())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _shapes(ours: sqlite3.Connection) -> list[Shape]:
    """The tables a backup holds, told by a file of our own making."""
    tables = ours.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [str(name) for (name,) in tables]
    left_out = {"alembic_version", *NOT_KEPT}
    return [_shape(ours, n) for n in names if n not in left_out and "_rtree" not in n]


def _shape(ours: sqlite3.Connection, table: str) -> Shape:
    columns = ours.execute(f"PRAGMA table_info({table})").fetchall()
    return Shape(table, [c[1] for c in columns], [c[1] for c in columns if c[5]])


# --- reading a file somebody brings --------------------------------------------------------------


@contextmanager
def read_backup(path: Path) -> Iterator[Engine]:
    """Give the backup as a database of our own, at the newest revision, every row verified.

    Raises
    ------
    NotABackup, DamagedBackup, NewerBackup
    CannotWriteBackup : there is no room for the copy.
    """
    _refuse_what_is_not_ours(path)
    with TemporaryDirectory() as folder:
        copy = file_engine(Path(folder) / "copy.sqlite")
        with told_when_full("一時フォルダー"), closing(_open_read_only(path)) as file:
            with _damage_told(path):
                seal = _seal_in(file, path)
            with copy.begin() as connection:
                make_tables(connection, seal.revision)
                _copy_verified(file, _driver_of(connection), seal, path)
            with copy.begin() as connection:
                make_tables(connection, "head")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise _damaged(path, "記録どうしのつながりが切れています")
        yield copy


def _refuse_what_is_not_ours(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise NotABackup(f"{path.name} を読めません。") from error
    if not header.startswith(SQLITE) or header[68:72] != APPLICATION:
        raise NotABackup(
            f"{path.name} は、拠り所の控えではありません。"
            "「yoridokoro backup」で作ったファイルを指定してください。"
        )
    if int.from_bytes(header[60:64]) > FORMAT:
        raise _newer(path)


def _open_read_only(path: Path) -> sqlite3.Connection:
    # Windows writes C:\… and \\server\…; SQLite wants file:///C:/… and file:////server/….
    plain = path.resolve().as_posix()
    address = f"file://{'' if plain.startswith('/') else '/'}{quote(plain)}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def _seal_in(file: sqlite3.Connection, path: Path) -> Seal:
    if file.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise _damaged(path, "SQLite の検査に通りません")
    _refuse_view(file, "yoridokoro_backup", path)
    text, sha256 = file.execute(READ_SEAL).fetchone() or ("", "")
    try:
        seal = Seal.model_validate_json(str(text))
    except ValidationError as error:
        raise _damaged(path, "何の控えかが読めません") from error
    if _sha256(str(text)) != sha256:
        raise _damaged(path, "何の控えかが書きかわっています")
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if seal.revision not in known:
        raise _newer(path)
    return seal


def _copy_verified(
    file: sqlite3.Connection, ours: sqlite3.Connection, seal: Seal, path: Path
) -> None:
    shapes = _shapes(ours)
    for shape in shapes:
        with _damage_told(path):
            _refuse_view(file, shape.name, path)
            if _seal_of_rows(shape.read(file)) != seal.tables.get(shape.name):
                raise _damaged(path, f"{shape.name} の行が、書いたときと違います")
    for shape in shapes:
        shape.fill(ours, shape.read(file))


def _refuse_view(file: sqlite3.Connection, name: str, path: Path) -> None:
    """A view or a virtual table would run what somebody else wrote; they have no page."""
    where = "type = 'table' AND rootpage > 0 AND name = ?"
    if not file.execute(f"SELECT 1 FROM sqlite_master WHERE {where}", (name,)).fetchone():
        raise _damaged(path, f"{name} がありません")


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("a backup is copied into SQLite")
    return driver


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _damaged(path, "SQLite として読めません") from error


@contextmanager
def told_when_full(where: str) -> Iterator[None]:
    """Say in plain words that nothing can be written there."""
    try:
        yield
    except (OSError, sqlite3.OperationalError, OperationalError) as error:
        driver = getattr(error, "orig", error)
        full = getattr(driver, "sqlite_errorname", "") == "SQLITE_FULL"
        if not full and not isinstance(error, OSError):
            raise
        raise CannotWriteBackup(
            f"{where} に書き出せません。ディスクの空きと、書き込みの権利を確かめてください。"
        ) from error


def _damaged(path: Path, why: str) -> DamagedBackup:
    return DamagedBackup(
        f"{path.name} は壊れています（{why}）。何も書き込んでいません。別の控えを使ってください。"
    )


def _newer(path: Path) -> NewerBackup:
    return NewerBackup(
        f"{path.name} は、この拠り所より新しい版で作られています。"
        "拠り所を新しくしてから、もう一度実行してください。"
    )
