import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import throwaway_postgres
from sqlalchemy import create_engine, make_url, text
from throwaway_postgres import Cluster, NotInstalled, find_programs

TESTS = Path(__file__).parent


def test_a_database_is_empty_and_takes_a_table(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE places (name TEXT)"))
        connection.execute(text("INSERT INTO places VALUES ('いこいの家')"))
        assert connection.execute(text("SELECT name FROM places")).scalar_one() == "いこいの家"
    engine.dispose()


def test_postgis_answers(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as name, postgres_cluster.connect(name) as connection:
        row = connection.execute("SELECT ST_AsText(ST_Point(135, 35, 4326))").fetchone()
    assert row == ("POINT(135 35)",)


def test_it_listens_on_no_network_and_lets_nobody_else_in(postgres_cluster: Cluster) -> None:
    with postgres_cluster.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert postgres_cluster.directory.stat().st_mode & 0o077 == 0


def test_a_fresh_database_costs_less_than_the_test_that_uses_it(postgres_cluster: Cluster) -> None:
    started = time.perf_counter()
    with postgres_cluster.database() as name:
        assert name in postgres_cluster.url(name)
    assert time.perf_counter() - started < 1  # 0.1 s on a quiet machine


def test_a_database_left_open_is_dropped_all_the_same(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as name:
        connection = postgres_cluster.connect(name)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_a_run_that_is_killed_leaves_no_cluster(postgres_cluster: Cluster) -> None:
    assert postgres_cluster.directory.exists()  # skipped where there is no PostgreSQL
    script = (
        "from throwaway_postgres import running_cluster\n"
        "with running_cluster() as cluster:\n"
        "    print(cluster.directory, flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        directory = Path(run.stdout.readline().strip())
        assert directory.name.startswith("yp-") and directory.exists()
        run.kill()
    deadline = time.monotonic() + 20
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not directory.exists()


@pytest.mark.parametrize(("postgres", "missing"), [(True, "PostGIS"), (False, "PostgreSQL")])
def test_what_is_missing_is_named_with_the_line_that_brings_it(
    postgres: bool, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if postgres:
        (tmp_path / "postgres").touch()
    monkeypatch.setattr(throwaway_postgres, "_program_folders", lambda: [tmp_path])
    with pytest.raises(NotInstalled, match=rf"^{missing} is .* apt-get install postgresql"):
        find_programs()


def test_the_address_is_one_that_sqlalchemy_reads() -> None:
    url = make_url(Cluster(Path("/tmp/yp-here")).url("test_0"))
    assert (url.database, url.query["host"], url.query["user"]) == (
        "test_0",
        "/tmp/yp-here",
        "yoridokoro",
    )
