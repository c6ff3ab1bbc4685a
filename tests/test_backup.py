"""Backup and restore: the same rows back, on either database, or nothing changed at all."""

import datetime
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from databases import Shelf, SqliteShelf, only_migrated
from exchange_files import csv_file
from small_town import CODE, NAME, PLACES_HEADER, SALON, bring, degrees, everything, lat_lon
from sqlalchemy import JSON, Engine, Table, event, func, insert, null, select, text, update
from sqlmodel import Session, SQLModel

from api.actions.init_municipality import init_municipality
from api.store import backup, backup_file
from api.store.backup import (
    BackupExists,
    IsTheStore,
    NothingToKeep,
    StoreInUse,
    restore_backup,
    write_backup,
)
from api.store.backup_file import (
    CannotWriteBackup,
    DamagedBackup,
    NewerBackup,
    NotABackup,
    file_engine,
    make_tables,
    read_backup,
    seal_file,
)
from api.store.engine import open_engine
from api.store.table_words import TABLE_WORDS

TABLES: dict[str, Table] = dict(SQLModel.metadata.tables)
AT = datetime.datetime(2026, 3, 31, 23, 59, 59, 123456, tzinfo=datetime.UTC)
Rows = dict[str, list[dict[str, Any]]]


def engine_of(session: Session) -> Engine:
    engine = session.get_bind().engine
    session.rollback()
    return engine


def rows_in(engine: Engine) -> Rows:
    with Session(engine) as session:
        return everything(session)


def add(engine: Engine, table: str, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        for row in rows:
            connection.execute(insert(TABLES[table]).values(row))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work in a folder of one's own: a copy made before restoring may lie there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def town(a_small_town: Session) -> Engine:
    """四角市 whole, as a store."""
    return engine_of(a_small_town)


@pytest.fixture
def kept(town: Engine, tmp_path: Path) -> Path:
    """A backup of 四角市."""
    write_backup(town, tmp_path / "kept.sqlite")
    return tmp_path / "kept.sqlite"


@pytest.fixture
def empty(shelf: Shelf) -> Iterator[Engine]:
    """A migrated store without rows, of the same kind."""
    with shelf.copy(only_migrated) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def empty_sqlite(sqlite_shelf: SqliteShelf) -> Iterator[Engine]:
    """A migrated SQLite store without rows."""
    with sqlite_shelf.copy(only_migrated) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


# --- the same rows back --------------------------------------------------------------------------


def test_what_was_kept_comes_back_row_by_row(town: Engine, kept: Path, empty: Engine) -> None:
    restored = restore_backup(empty, kept)
    assert rows_in(empty) == rows_in(town)
    assert restored.rows == sum(map(len, rows_in(town).values())) > 50
    assert restored.safety_copy is None


@pytest.mark.databases("postgres")
def test_rows_cross_from_one_database_to_the_other_and_back(
    town: Engine, kept: Path, empty_sqlite: Engine, tmp_path: Path
) -> None:
    before = rows_in(town)
    restore_backup(empty_sqlite, kept)
    assert rows_in(empty_sqlite) == before
    write_backup(empty_sqlite, tmp_path / "again.sqlite")
    restore_backup(town, tmp_path / "again.sqlite", replace=True)
    (municipality,) = before["municipality"]
    municipality["revision"] += 1
    assert rows_in(town) == before


def test_values_come_back_to_the_last_digit(town: Engine, empty: Engine, tmp_path: Path) -> None:
    odd = {
        "municipality_code": CODE,
        "kind": "places",
        "credit": "改行\nと'引用符'と😀と\u3000",
        "dated": datetime.date(1868, 10, 23),
        "files": "",
        "sha256": "",
        "imported_at": AT.astimezone(datetime.timezone(datetime.timedelta(hours=9))),
        "actor": "cli",
    }
    add(town, "intake", odd)
    add(town, "population", {"municipality_code": CODE, "lon": 0.1 + 0.2, "people": 2**31 - 1})
    photo = {"municipality_code": CODE, "place_id": 1, "caption": "", "width": 1, "height": 1}
    add(town, "photo", {"id": 1, "state": "published", "version": 1, **photo})
    add(town, "photofile", {"photo_id": 1, "full": bytes(range(256)), "thumb": b""})
    before = rows_in(town)
    assert before["intake"][-1]["imported_at"] == AT
    write_backup(town, tmp_path / "odd.sqlite")
    restore_backup(empty, tmp_path / "odd.sqlite")
    assert rows_in(empty) == before


def test_a_json_null_and_no_value_stay_apart(town: Engine, empty: Engine, tmp_path: Path) -> None:
    side = TABLES["changedpublic"]
    with town.begin() as connection:
        first, second = connection.execute(select(side.c.change_id).limit(2)).scalars()
        for change, value in ((first, null()), (second, JSON.NULL)):
            found = side.c.change_id == change
            connection.execute(update(side).where(found).values(before=value))
    write_backup(town, tmp_path / "null.sqlite")
    restore_backup(empty, tmp_path / "null.sqlite")
    missing = select(side.c.change_id).where(side.c.before.is_(null()))
    with empty.connect() as connection:
        assert connection.execute(missing).scalars().all() == [first]


def test_a_row_may_point_to_a_later_one(town: Engine, empty: Engine, tmp_path: Path) -> None:
    """What was undone names the deed that undid it, which has the higher number."""
    deed = {"municipality_code": CODE, "at": AT, "actor": "cli", "what": "edit"}
    add(town, "deed", {"id": 101, **deed}, {"id": 102, "undoes_id": 101, **deed})
    with town.begin() as connection:
        of_first = TABLES["deed"].c.id == 101
        connection.execute(update(TABLES["deed"]).where(of_first).values(undone_by_id=102))
    before = rows_in(town)["deed"]
    write_backup(town, tmp_path / "deeds.sqlite")
    restore_backup(empty, tmp_path / "deeds.sqlite")
    assert rows_in(empty)["deed"] == before
    restore_backup(empty, tmp_path / "deeds.sqlite", replace=True)
    assert rows_in(empty)["deed"] == before


def test_more_rows_than_one_chunk_come_back(
    town: Engine, empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.backup.CHUNK", 3)
    assert (
        write_backup(town, tmp_path / "kept.sqlite")
        == restore_backup(empty, tmp_path / "kept.sqlite").rows
    )
    assert rows_in(empty) == rows_in(town)


def test_what_is_there_for_a_day_does_not_outlive_the_store(
    town: Engine, empty: Engine, tmp_path: Path
) -> None:
    add(town, "account", an_account(id=5))
    add(town, "signin", a_sign_in(account_id=5))
    add(town, "signinguess", {"key": "taro", "failures": 3, "last_at": AT})
    held = {"municipality_code": CODE, "account_id": 5, "parcel": "p", "name": "名簿.xlsx"}
    add(town, "heldfile", {**held, "content": b"PK", "held_at": AT})
    before = rows_in(town)
    write_backup(town, tmp_path / "kept.sqlite")
    restore_backup(empty, tmp_path / "kept.sqlite")
    assert rows_in(empty) == {**before, "heldfile": [], "signin": [], "signinguess": []}
    with closing(sqlite3.connect(tmp_path / "kept.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM signin").fetchone() == (0,)


def an_account(**other: Any) -> dict[str, Any]:
    known = {"municipality_code": CODE, "login": "taro", "name": "太郎", "role": "admin"}
    return {**known, "must_change": False, "created_at": AT, **other}


def a_sign_in(**other: Any) -> dict[str, Any]:
    return {"key_digest": "ab", "form_token": "cd", "started_at": AT, "seen_at": AT, **other}


def test_life_goes_on_after_a_restore(kept: Path, empty: Engine, tmp_path: Path) -> None:
    restore_backup(empty, kept)
    highest = max(row["id"] for row in rows_in(empty)["place"])
    more = csv_file(tmp_path / "more.csv", PLACES_HEADER, f"新しい会,,,{lat_lon(500, 500)},月")
    with Session(empty) as session:
        assert bring(session, "places", more).inserted == 1
    assert rows_in(empty)["place"][-1]["id"] == highest + 1


def test_an_empty_table_counts_from_one_after_a_restore(kept: Path, empty: Engine) -> None:
    restore_backup(empty, kept)
    add(empty, "landmark", {"municipality_code": CODE, "kind": "駅"})
    assert rows_in(empty)["landmark"][0]["id"] == 1


def test_the_spatial_index_finds_what_was_restored(kept: Path, empty: Engine) -> None:
    restore_backup(empty, kept)
    (salon,) = (row["id"] for row in rows_in(empty)["place"] if row["name"] == "ひだまりサロン")
    (west, south), (east, north) = (degrees(*(m + way * 5 for m in SALON)) for way in (-1, 1))
    queries = {
        "sqlite": "SELECT id FROM place_rtree WHERE max_lon >= :west AND min_lon <= :east"
        " AND max_lat >= :south AND min_lat <= :north",
        "postgresql": "SELECT id FROM place"
        " WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)",
    }
    box = {"west": west, "south": south, "east": east, "north": north}
    with empty.connect() as connection:
        query = text(queries[connection.dialect.name])
        assert connection.execute(query, box).scalars().all() == [salon]


def test_a_backup_of_older_tables_is_brought_up_to_date(engine: Engine, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    file = file_engine(old)
    with file.begin() as connection:
        make_tables(connection, "0001")
        new = "INSERT INTO municipality (code, name, revision) VALUES (?, ?, 7)"
        connection.exec_driver_sql(new, (CODE, NAME))
    seal_file(old, "0001", "sqlite")
    restore_backup(engine, old)
    (municipality,) = rows_in(engine)["municipality"]
    assert (municipality["name"], municipality["revision"]) == (NAME, 7)


# --- taking a backup -----------------------------------------------------------------------------


@pytest.mark.databases("sqlite")
def test_only_its_owner_may_read_the_file(kept: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.databases("sqlite")
def test_a_backup_is_one_file(kept: Path) -> None:
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.databases("sqlite")
def test_a_file_that_is_there_stays(town: Engine, tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_text("mine")
    with pytest.raises(BackupExists, match=r"list\.xlsx.*--overwrite"):
        write_backup(town, tmp_path / "list.xlsx")
    assert (tmp_path / "list.xlsx").read_text() == "mine"


@pytest.mark.databases("sqlite")
def test_it_is_replaced_where_that_is_meant(town: Engine, kept: Path, empty: Engine) -> None:
    add(town, "landmark", {"municipality_code": CODE, "kind": "駅"})
    write_backup(town, kept, overwrite=True)
    restore_backup(empty, kept)
    assert len(rows_in(empty)["landmark"]) == 1


@pytest.mark.databases("sqlite")
def test_the_store_itself_is_never_overwritten(town: Engine) -> None:
    before = rows_in(town)
    with pytest.raises(IsTheStore):
        write_backup(town, Path(str(town.url.database)), overwrite=True)
    assert rows_in(town) == before


@pytest.mark.databases("sqlite")
def test_an_empty_store_is_not_kept_for_it_is_the_wrong_one(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NothingToKeep, match="YORIDOKORO_DATABASE_URL"):
        write_backup(engine, tmp_path / "nothing.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.databases("sqlite")
def test_a_disk_that_is_full_leaves_the_old_file(
    town: Engine, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.read_bytes()

    def small_disk(path: Path) -> Engine:
        engine = file_engine(path)
        limit = "PRAGMA max_page_count=100"
        event.listen(engine, "connect", lambda connection, _: connection.execute(limit))
        return engine

    monkeypatch.setattr("api.store.backup.file_engine", small_disk)
    with pytest.raises(CannotWriteBackup, match="ディスクの空き"):
        write_backup(town, kept, overwrite=True)
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.databases("sqlite")
def test_a_folder_that_is_not_there_is_told(town: Engine, tmp_path: Path) -> None:
    with pytest.raises(CannotWriteBackup, match=r"kept\.sqlite に書き出せません"):
        write_backup(town, tmp_path / "nowhere" / "kept.sqlite")


def test_the_rows_are_those_of_one_moment(town: Engine, empty: Engine, tmp_path: Path) -> None:
    """Somebody writes while the copying is under way: either all of it is kept, or nothing."""
    before = rows_in(town)

    def meanwhile(words: str) -> None:
        if words.startswith(TABLE_WORDS["municipality"]):
            with Session(town) as session:
                init_municipality(session, "39998", "隣市")

    write_backup(town, tmp_path / "kept.sqlite", say=meanwhile)
    assert rows_in(town) != before
    restore_backup(empty, tmp_path / "kept.sqlite")
    assert rows_in(empty) == before


# --- files that are refused ----------------------------------------------------------------------


def swap(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content and len(old) == len(new)
    path.write_bytes(content.replace(old, new))


def altered(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a letter": lambda path: swap(path, "ひだまり".encode(), "ひだまる".encode()),
    "a coordinate": lambda path: altered(path, "UPDATE place SET min_lon = min_lon + 1e-12"),
    "a row less": lambda path: altered(path, "DELETE FROM population WHERE id = 1"),
    "a row more": lambda path: altered(
        path, f"INSERT INTO landmark (municipality_code, kind) VALUES ('{CODE}', '駅')"
    ),
    "a table less": lambda path: altered(path, "DROP TABLE areatown"),
    "a view in place of a table": lambda path: altered(
        path,
        "ALTER TABLE areatown RENAME TO others",
        "CREATE VIEW areatown AS SELECT * FROM others",
    ),
    "the seal": lambda path: swap(path, b'"store":"', b'"stare":"'),
    "a word of the seal": lambda path: swap(path, b'"store":"sq', b'"store":"qs'),
    "no seal": lambda path: altered(path, "DELETE FROM yoridokoro_backup"),
    "the second half gone": lambda path: path.write_bytes(
        path.read_bytes()[: path.stat().st_size // 2]
    ),
    "the last byte gone": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "all but the header gone": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "a page of zeros": lambda path: swap(path, path.read_bytes()[4096:8192], bytes(4096)),
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_backup_is_refused(
    kept: Path, empty: Engine, damage: Callable[[Path], object]
) -> None:
    damage(kept)
    with pytest.raises(DamagedBackup, match=r"kept\.sqlite は壊れています"):
        restore_backup(empty, kept)
    assert not any(rows_in(empty).values())


@pytest.mark.databases("sqlite")
def test_a_flipped_byte_is_noticed_or_does_no_harm(town: Engine, kept: Path) -> None:
    whole, before = kept.read_bytes(), rows_in(town)
    noticed = 0
    for place in range(50, len(whole), len(whole) // 60):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :])
        try:
            with read_backup(kept) as copy:
                assert rows_in(copy) == before
        except DamagedBackup:
            noticed += 1
    assert noticed


@pytest.mark.databases("sqlite")
def test_nothing_of_the_files_schema_is_run(kept: Path, empty: Engine) -> None:
    altered(
        kept,
        "CREATE TRIGGER evil AFTER INSERT ON place BEGIN DELETE FROM town; END",
        "CREATE TABLE stranger (id INTEGER)",
    )
    restore_backup(empty, kept)
    assert rows_in(empty)["town"] and rows_in(empty)["place"]


@pytest.mark.databases("sqlite")
def test_references_into_nowhere_are_refused(empty: Engine, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    file = file_engine(path)
    with file.begin() as connection:
        make_tables(connection, "0001")
        new = "INSERT INTO areascheme (municipality_code, name) VALUES ('00000', '圏域')"
        connection.exec_driver_sql(new)
    seal_file(path, "0001", "sqlite")
    with pytest.raises(DamagedBackup, match="つながり"):
        restore_backup(empty, path)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("content", [b"", "名称,種類\n".encode(), b"PK\x03\x04" * 50])
def test_another_file_is_no_backup(empty: Engine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.xlsx").write_bytes(content)
    with pytest.raises(NotABackup, match=r"list\.xlsx は、拠り所の控えではありません"):
        restore_backup(empty, tmp_path / "list.xlsx")


@pytest.mark.databases("sqlite")
def test_a_database_of_another_program_is_no_backup(kept: Path, empty: Engine) -> None:
    altered(kept, "PRAGMA application_id=1")
    with pytest.raises(NotABackup):
        restore_backup(empty, kept)


@pytest.mark.databases("sqlite")
def test_the_store_is_no_backup_of_itself(town: Engine) -> None:
    with pytest.raises(IsTheStore):
        restore_backup(town, Path(str(town.url.database)), replace=True)


@pytest.mark.databases("sqlite")
def test_a_backup_of_a_newer_format_is_refused(kept: Path, empty: Engine) -> None:
    altered(kept, f"PRAGMA user_version={backup_file.FORMAT + 1}")
    with pytest.raises(NewerBackup, match="新しい版"):
        restore_backup(empty, kept)


@pytest.mark.databases("sqlite")
def test_a_backup_of_newer_tables_is_refused(kept: Path, empty: Engine) -> None:
    altered(kept, "DROP TABLE yoridokoro_backup")
    seal_file(kept, "9999", "sqlite")
    with pytest.raises(NewerBackup, match="新しい版"):
        restore_backup(empty, kept)


# --- a store that holds something ----------------------------------------------------------------


def test_a_store_in_use_is_left_alone(town: Engine, kept: Path) -> None:
    add(town, "landmark", {"municipality_code": CODE, "kind": "駅"})
    before = rows_in(town)
    with pytest.raises(StoreInUse, match="--replace"):
        restore_backup(town, kept)
    assert rows_in(town) == before
    assert [path.name for path in kept.parent.iterdir() if path.name != kept.name] == []


def test_what_is_replaced_is_kept_aside(
    town: Engine, kept: Path, empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    earlier = rows_in(town)
    add(town, "landmark", {"municipality_code": CODE, "kind": "駅"})
    with Session(town) as session:
        init_municipality(session, CODE, "新四角市")
    replaced = rows_in(town)
    safety_copy = restore_backup(town, kept, replace=True).safety_copy
    now = rows_in(town)
    assert now["landmark"] == [] and now["municipality"][0]["name"] == NAME
    assert {name: rows for name, rows in now.items() if name != "municipality"} == {
        name: rows for name, rows in earlier.items() if name != "municipality"
    }
    assert safety_copy is not None
    assert stat.S_IMODE(safety_copy.stat().st_mode) == 0o600
    restore_backup(empty, safety_copy)
    assert rows_in(empty) == replaced
    safety_copy.unlink()


def test_a_restored_municipality_never_has_an_old_revision(town: Engine, kept: Path) -> None:
    """Browsers keep answers by it: revision 8 must not come twice with different contents."""
    (before,) = rows_in(town)["municipality"]
    with Session(town) as session:
        init_municipality(session, CODE, "新四角市")
    restore_backup(town, kept, replace=True)
    (now,) = rows_in(town)["municipality"]
    assert now["revision"] == before["revision"] + 2


def test_people_sign_in_again_after_a_restore(town: Engine, kept: Path) -> None:
    add(town, "account", an_account(id=5))
    add(town, "signin", a_sign_in(account_id=5))
    restore_backup(town, kept, replace=True)
    assert rows_in(town)["signin"] == rows_in(town)["account"] == []


class PowerCut(Exception):
    """Something goes wrong half-way."""


def test_a_restore_that_fails_leaves_the_store_as_it_was(
    town: Engine, kept: Path, tmp_path: Path
) -> None:
    add(town, "landmark", {"municipality_code": CODE, "kind": "駅"})
    before = rows_in(town)

    def fail(words: str) -> None:
        if words.startswith(TABLE_WORDS["population"]):
            raise PowerCut

    with pytest.raises(PowerCut):
        restore_backup(town, kept, replace=True, say=fail)
    assert rows_in(town) == before
    more = csv_file(tmp_path / "more.csv", PLACES_HEADER, f"新しい会,,,{lat_lon(500, 500)},月")
    with Session(town) as session:
        assert bring(session, "places", more).inserted == 1


def test_sequences_stay_when_a_restore_fails_at_its_very_end(
    town: Engine, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(town, "landmark", *({"municipality_code": CODE, "kind": "駅"} for _ in range(3)))
    restart = backup._restart_sequences

    def restart_and_fail(target: Any) -> None:
        restart(target)
        raise PowerCut

    monkeypatch.setattr(backup, "_restart_sequences", restart_and_fail)
    with pytest.raises(PowerCut):
        restore_backup(town, kept, replace=True)
    add(town, "landmark", {"municipality_code": CODE, "kind": "駅"})
    with town.connect() as connection:
        assert connection.execute(select(func.max(TABLES["landmark"].c.id))).scalar_one() == 4


def test_every_table_that_is_kept_has_a_name_people_know() -> None:
    kept = {table.name for table in SQLModel.metadata.sorted_tables} - backup_file.NOT_KEPT
    assert set(TABLE_WORDS) == kept
    assert all(re.fullmatch("[^a-z]+", words) for words in TABLE_WORDS.values())


# --- at the command line -------------------------------------------------------------------------


@pytest.mark.databases("sqlite")
def test_the_commands_keep_and_bring_back(in_town: CommandLine, a_small_town: Session) -> None:
    before = everything(a_small_town)
    ran = in_town("backup", "kept.sqlite")
    assert ran.code == 0 and "個人情報" in ran.out
    assert "人口：4 行" in ran.err
    assert not re.search("[a-z]：", ran.err), "tables are named as people call them"
    in_town("init", CODE, "新四角市")
    a_small_town.rollback()
    ran = in_town("restore", "kept.sqlite")
    assert (ran.code, ran.out) == (2, "") and "--replace" in ran.err
    ran = in_town("restore", "kept.sqlite", "--replace")
    assert ran.code == 0 and "before-restore-" in ran.out
    assert everything(a_small_town)["place"] == before["place"]
    assert in_town("backup", "kept.sqlite").code == 2
    assert in_town("backup", "kept.sqlite", "--overwrite").code == 0


@pytest.mark.databases("sqlite")
def test_the_commands_refuse_in_one_line(yoridokoro: CommandLine) -> None:
    csv_file(Path("list.csv"), PLACES_HEADER)
    for code, words in {
        1: [("restore", "list.csv"), ("backup", "kept.sqlite")],
        2: [("restore", "nowhere.sqlite"), ("backup", "nowhere/kept.sqlite"), ("backup", ".")],
    }.items():
        for command in words:
            ran = yoridokoro(*command)
            assert (ran.code, ran.out) == (code, ""), command
            assert ran.err.strip() and "Traceback" not in ran.err
