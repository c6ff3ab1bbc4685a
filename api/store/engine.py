"""Open the database, on SQLite or PostgreSQL, and bring its tables up to date."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"


class NoPlaceForStore(Exception):
    """The folder a SQLite file should lie in cannot be made."""


def open_engine(url: str) -> Engine:
    """Connect to `url`; a SQLite file's folder is made where it is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        _make_folder(Path(parsed.database).parent)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlaceForStore(str(folder)) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would otherwise open transactions by its own rules, and too late for DDL.
    connection.isolation_level = None
    # secure_delete: what somebody has asked to be erased is overwritten, not only unlinked.
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def leave_no_traces(session: Session) -> None:
    """After an erasure: write the log file of SQLite into the database, and empty it.

    It would otherwise keep pages as they were before. PostgreSQL does so by its own vacuum.
    """
    engine = session.get_bind().engine
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest migration; nothing happens where they are there already."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
