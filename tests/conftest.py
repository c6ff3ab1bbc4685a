"""What tests ask for by name. Whatever a test changes is made for it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import CommandLine
from databases import (
    PostgresShelf,
    Prepare,
    Shelf,
    SqliteShelf,
    forbid_writing,
    only_migrated,
)
from small_town import bring_everything, bring_land
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient
from throwaway_postgres import Cluster, NotInstalled, find_programs, running_cluster

from api.main import create_app
from api.store.engine import open_engine

BOTH = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """Give the PostgreSQL of this test run, started when the first test asks."""
    try:
        find_programs()
    except NotInstalled as missing:
        pytest.skip(str(missing))
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database: the test runs once on SQLite, once on PostGIS."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'yoridokoro.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with cluster.database() as name:
        yield cluster.url(name)


@pytest.fixture(scope="session")
def sqlite_shelf(tmp_path_factory: pytest.TempPathFactory) -> SqliteShelf:
    """Give SQLite databases that were made ready once."""
    return SqliteShelf(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_shelf(postgres_cluster: Cluster) -> PostgresShelf:
    """Give PostgreSQL databases that were made ready once."""
    return PostgresShelf(postgres_cluster)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once on SQLite and once on PostGIS, unless it is marked otherwise."""
    if "shelf" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("shelf", mark.args if mark else BOTH, indirect=True)


@pytest.fixture
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Give databases of one kind."""
    found: Shelf = request.getfixturevalue(f"{request.param}_shelf")
    return found


@contextmanager
def opened(shelf: Shelf, prepare: Prepare) -> Iterator[Engine]:
    """A copy of a database that was made ready, and the engine on it."""
    with shelf.copy(prepare) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def engine(shelf: Shelf) -> Iterator[Engine]:
    """Give an engine on migrated tables without rows."""
    with opened(shelf, only_migrated) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give a session on migrated tables without rows."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def four_towns(shelf: Shelf) -> Iterator[Session]:
    """Give a session on 四角市 with its boundary and towns, nothing else."""
    with opened(shelf, bring_land) as engine, Session(engine) as session:
        yield session


@pytest.fixture
def a_small_town(shelf: Shelf) -> Iterator[Session]:
    """Give a session on 四角市 whole: see `small_town`."""
    with opened(shelf, bring_everything) as engine, Session(engine) as session:
        yield session


@pytest.fixture
def town_to_read(shelf: Shelf) -> Iterator[Session]:
    """Give a session on 四角市 whole that all tests share: it cannot be written to."""
    engine = open_engine(shelf.kept(bring_everything))
    forbid_writing(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def client(a_small_town: Session) -> Iterator[TestClient]:
    """Give a visitor of the pages of 四角市, who has not signed in."""
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def yoridokoro(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> CommandLine:
    """Give the command line, in a folder and on a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YORIDOKORO_DATABASE_URL", raising=False)
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def in_town(yoridokoro: CommandLine, a_small_town: Session) -> CommandLine:
    """Give the command line on 四角市 whole."""
    return yoridokoro.on(a_small_town)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that half of the store's tests could not run, and what brings them."""
    try:
        find_programs()
    except NotInstalled as missing:
        terminalreporter.write_line(str(missing), yellow=True)
