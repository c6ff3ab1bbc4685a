"""A PostgreSQL cluster that lives as long as the test run: one socket, no network, nothing kept."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

DEBIAN_PACKAGES = "postgresql postgresql-15-postgis-3"
SUPERUSER = "yoridokoro"
TEMPLATE = "with_postgis"
START_SECONDS = 30
ROOM_FOR_COPIES = 2 * 1024**3

# Its input is a pipe that only the test run holds: however that ends, the pipe closes, and the
# cluster goes with it. SIGQUIT, because there is nothing to save.
KEEPER = """
"$1/postgres" -D "$2/data" >"$2/log" 2>&1 &
cat >/dev/null
kill -QUIT $! 2>/dev/null
wait
rm -rf "$2"
"""

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{directory}'
max_connections = 60
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
"""


class NotInstalled(Exception):
    """PostgreSQL or PostGIS is not on this machine; says which, and what brings it."""


class DidNotStart(Exception):
    """The programs are there, but the cluster did not come up; holds its last words."""


@dataclass
class Cluster:
    """A running cluster, from which every test gets a database of its own."""

    directory: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection of the superuser, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.directory), user=SUPERUSER, dbname=database, autocommit=True
        )

    def url(self, database: str) -> str:
        """Return the address of a database as SQLAlchemy wants it."""
        return f"postgresql+psycopg:///{database}?host={self.directory}&user={SUPERUSER}"

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Make a fresh database from a template, give its name, and drop it."""
        name = f"test_{next(self._numbers)}"
        self.copy_database(name, template)
        try:
            yield name
        finally:
            with self.connect() as connection:
                drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))

    def copy_database(self, name: str, template: str) -> None:
        """Make a database from a template that nobody is connected to."""
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self.connect() as connection:
            connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


def find_programs() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS, or raise NotInstalled."""
    servers = [folder for folder in _program_folders() if (folder / "postgres").exists()]
    for folder in servers:
        if _has_postgis(folder):
            return folder
    missing = "PostGIS" if servers else "PostgreSQL"
    raise NotInstalled(
        f"{missing} is not installed, so its half of the tests is skipped; "
        f"this brings it:  sudo apt-get install {DEBIAN_PACKAGES}"
    )


def _program_folders() -> list[Path]:
    """List where initdb may be: Debian keeps it off the PATH, others put a link there."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_first = sorted(debian, key=lambda path: int(path.parts[-3].split(".")[0]), reverse=True)
    on_path = shutil.which("initdb")
    found = [*newest_first, *([Path(on_path).resolve()] if on_path else [])]
    return [] if os.name == "nt" else [path.parent for path in found]


def _has_postgis(folder: Path) -> bool:
    """Tell whether this PostgreSQL can CREATE EXTENSION postgis."""
    try:
        shared = subprocess.check_output([folder / "pg_config", "--sharedir"], text=True)
    except OSError:
        return False
    return (Path(shared.strip()) / "extension" / "postgis.control").exists()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster with a PostGIS template in it, and leave nothing of it behind."""
    folder = find_programs()
    user = _unprivileged_user()
    directory = Path(tempfile.mkdtemp(prefix="yp-", dir=_quick_folder()))
    try:
        _initdb(folder, directory, user)
    except BaseException:
        shutil.rmtree(directory)
        raise
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", folder, directory],
        stdin=subprocess.PIPE,
        cwd=directory,
        user=user,
        start_new_session=True,  # so that Ctrl-C reaches the tests first
    )
    cluster = Cluster(directory)
    try:
        _wait_until_it_answers(cluster)
        cluster.copy_database(TEMPLATE, "template0")
        with cluster.connect(TEMPLATE) as connection:
            connection.execute("CREATE EXTENSION postgis")
        yield cluster
    finally:
        keeper.communicate()


def _quick_folder() -> str:
    """Return a short path, as a socket wants it: in memory where there is room for copies."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_COPIES
    return str(memory) if roomy else "/tmp"


def _unprivileged_user() -> str | None:
    """Return whom to run as: PostgreSQL refuses root, and anyone else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initdb(folder: Path, directory: Path, user: str | None) -> None:
    """Lay the files of a cluster that trusts whoever reaches its socket, a folder of mode 700."""
    if user is not None:
        shutil.chown(directory, user)
    command: list[str | Path] = [
        folder / "initdb",
        "--pgdata",
        directory / "data",
        "--username",
        SUPERUSER,
    ]
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    run = subprocess.run(
        [*command, *options], capture_output=True, text=True, cwd=directory, user=user
    )
    if run.returncode != 0:
        raise DidNotStart(run.stderr)
    with (directory / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS.format(directory=directory))


def _wait_until_it_answers(cluster: Cluster) -> None:
    """Return as soon as the cluster takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            cluster.connect().close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                log = (cluster.directory / "log").read_text(errors="replace")
                raise DidNotStart(log[-2000:]) from error
            time.sleep(0.02)
        else:
            return
