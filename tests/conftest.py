"""What tests ask for by name. Whatever a test changes is made for it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from throwaway_postgres import Cluster, NotInstalled, find_programs, running_cluster


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that half of the store's tests could not run, and what brings them."""
    try:
        find_programs()
    except NotInstalled as missing:
        terminalreporter.write_line(str(missing), yellow=True)
