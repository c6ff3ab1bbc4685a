"""Databases for tests: every test gets one of its own, copied from one made ready once."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, event
from throwaway_postgres import Cluster

from api.store.engine import migrate, open_engine

Prepare = Callable[[Engine], None]
"""What is done to a migrated database, once, before tests get copies of it."""


def only_migrated(engine: Engine) -> None:
    """No rows: the tables alone."""


class Shelf(Protocol):
    """Databases of one kind."""

    def copy(self, prepare: Prepare) -> AbstractContextManager[str]:
        """The address of a fresh copy of a database that has been prepared so."""

    def kept(self, prepare: Prepare) -> str:
        """The address of one that was prepared so and that all share: nobody may change it."""


class SqliteShelf:
    """A file a database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies = 0

    @contextmanager
    def copy(self, prepare: Prepare) -> Iterator[str]:
        """The address of a fresh copy."""
        self._copies += 1
        copy = shutil.copy(self._ready(prepare), self._folder / f"copy_{self._copies}.sqlite")
        yield f"sqlite:///{copy}"
        for part in self._folder.glob(f"{Path(copy).name}*"):
            part.unlink()

    def kept(self, prepare: Prepare) -> str:
        """The address of one that all share."""
        return f"sqlite:///{self._ready(prepare)}"

    def _ready(self, prepare: Prepare) -> Path:
        ready = self._folder / f"{prepare.__name__}.sqlite"
        if not ready.exists():
            half = ready.with_suffix(".half")
            half.unlink(missing_ok=True)
            _make_ready(f"sqlite:///{half}", prepare)
            half.rename(ready)
        return ready


class PostgresShelf:
    """A database of the cluster each, copied by PostgreSQL itself."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._made: set[str] = set()

    @contextmanager
    def copy(self, prepare: Prepare) -> Iterator[str]:
        """The address of a fresh copy."""
        with self._cluster.database(self._ready(prepare)) as name:
            yield self._cluster.url(name)

    def kept(self, prepare: Prepare) -> str:
        """The address of one that all share; a copy, for a template must have no visitors."""
        name = f"kept_{prepare.__name__}"
        if name not in self._made:
            self._cluster.copy_database(name, self._ready(prepare))
            self._made.add(name)
        return self._cluster.url(name)

    def _ready(self, prepare: Prepare) -> str:
        ready = prepare.__name__
        if ready not in self._made:
            with self._cluster.database() as half:
                _make_ready(self._cluster.url(half), prepare)
                self._cluster.copy_database(ready, half)
            self._made.add(ready)
        return ready


def _make_ready(url: str, prepare: Prepare) -> None:
    engine = open_engine(url)
    try:
        migrate(engine)
        prepare(engine)
    finally:
        engine.dispose()


def forbid_writing(engine: Engine) -> None:
    """Let the database itself refuse every change made through this engine."""

    def prepare(connection: Any, _record: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.read_only = True

    event.listen(engine, "connect", prepare)
