"""The two databases, the migrations that make them, and the spatial index that follows the rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from small_town import CODE, NAME, SALON, by_name, degrees, everything
from sqlalchemy import Engine, Table, delete, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from api.models import Municipality, Place, Town
from api.store.engine import MIGRATIONS, migrate, open_engine

SHAPED = ("area", "town", "place", "road", "landmark", "service")
place: Table = SQLModel.metadata.tables[str(Place.__tablename__)]
municipality: Table = SQLModel.metadata.tables[str(Municipality.__tablename__)]


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[Any]:
    """What alembic would change to bring the tables in line with the models."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for table in SHAPED:  # alembic does not know the type; the migrations alone make it
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN geom"))
        context = MigrationContext.configure(
            connection, opts={"include_name": is_ours, "compare_type": True}
        )
        return list(compare_metadata(context, SQLModel.metadata))


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether the models should know it."""
    others = ("spatial_ref_sys", "alembic_version")
    return kind != "table" or ("_rtree" not in str(name) and name not in others)


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    assert differences(engine) == []


def test_the_comparison_would_see_a_column_too_many(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE road ADD COLUMN width INTEGER"))
    ((deed, _, table, column),) = differences(engine)
    assert (deed, table, column.name) == ("remove_column", "road", "width")


def test_the_comparison_would_see_an_index_that_is_missing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_place_find_key"))
    ((deed, index),) = differences(engine)
    assert (deed, index.name) == ("add_index", "ix_place_find_key")


def test_migrating_twice_is_nothing(a_small_town: Session) -> None:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    before = everything(a_small_town)
    migrate(engine)
    assert everything(a_small_town) == before


def test_an_empty_database_has_every_table_after_migrating(empty: Engine) -> None:
    assert not set(SQLModel.metadata.tables) & set(inspect(empty).get_table_names())
    migrate(empty)
    assert set(SQLModel.metadata.tables) <= set(inspect(empty).get_table_names())


def test_landmarks_of_before_come_to_the_kinds_of_the_table(empty: Engine) -> None:
    """Else the same file, imported again, would add every school a second time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        known = {"code": CODE, "name": NAME, "on": True}
        connection.execute(
            text(
                "INSERT INTO municipality (code, name, revision, reviewed, stale_months)"
                " VALUES (:code, :name, 0, :on, 12)"
            ),
            known,
        )
        for kind in ("小学校", "市役所", "水面", "文化財"):
            row = {"code": CODE, "kind": kind}
            connection.execute(
                text("INSERT INTO landmark (municipality_code, kind) VALUES (:code, :kind)"), row
            )
    migrate(empty)
    with empty.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM landmark ORDER BY id")).scalars().all()
    assert list(kinds) == ["学校", "役所", "水面", "文化財"]


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'new.sqlite'}")
    migrate(engine)
    engine.dispose()
    assert (tmp_path / "var" / "new.sqlite").exists()


def test_a_folder_with_a_percent_sign_is_no_trouble(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/100%/new.sqlite")
    migrate(engine)
    engine.dispose()
    assert (tmp_path / "100%" / "new.sqlite").exists()


def test_a_row_of_an_unknown_municipality_is_refused_by_the_database(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(place).values(**a_place(municipality_code="00000")))


def test_sqlite_writes_ahead_so_that_readers_never_wait(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    engine.dispose()


def test_a_change_of_tables_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with pytest.raises(RuntimeError, match="stop"), empty.begin() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError("stop")
    assert "half" not in inspect(empty).get_table_names()


# --- the spatial index -------------------------------------------------------------------------


def a_place(x: float = 100, y: float = 100, **other: Any) -> dict[str, Any]:
    """The columns of a place at a point in metres."""
    lon, lat = degrees(x, y)
    return {
        "municipality_code": CODE,
        "name": "試し",
        "find_key": "試シ",
        "kind": "other",
        "approximate": False,
        "state": "published",
        **shape_at(lon, lat),
        **other,
    }


def shape_at(lon: float, lat: float) -> dict[str, Any]:
    point = shapely.Point(lon, lat)
    box = dict(zip(("min_lon", "min_lat", "max_lon", "max_lat"), point.bounds, strict=True))
    return {"wkb": shapely.to_wkb(point), **box}


def found_near(engine: Engine, x: float, y: float, table: str = "place") -> list[int]:
    """Ids the spatial index gives for the ten metres around a point."""
    (west, south), (east, north) = degrees(x - 5, y - 5), degrees(x + 5, y + 5)
    on_sqlite = (
        f"SELECT id FROM {table}_rtree WHERE max_lon >= :west AND min_lon <= :east"
        " AND max_lat >= :south AND min_lat <= :north ORDER BY id"
    )
    on_postgres = (
        f"SELECT id FROM {table} WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
        " ORDER BY id"
    )
    query = on_sqlite if engine.dialect.name == "sqlite" else on_postgres
    box = {"west": west, "south": south, "east": east, "north": north}
    with engine.connect() as connection:
        return list(connection.execute(text(query), box).scalars())


@pytest.fixture
def with_a_place(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(insert(municipality).values(code=CODE, name=NAME, revision=0))
        connection.execute(insert(place).values(id=7, **a_place(100, 100)))
    return engine


def test_the_index_finds_a_new_place(with_a_place: Engine) -> None:
    assert found_near(with_a_place, 100, 100) == [7]
    assert found_near(with_a_place, 200, 100) == []


def test_the_index_follows_a_place_that_moves(with_a_place: Engine) -> None:
    with with_a_place.begin() as connection:
        connection.execute(update(place).values(**shape_at(*degrees(200, 100))))
    assert found_near(with_a_place, 100, 100) == []
    assert found_near(with_a_place, 200, 100) == [7]


def test_the_index_forgets_a_place_that_loses_its_point(with_a_place: Engine) -> None:
    nowhere = dict.fromkeys(("wkb", "min_lon", "min_lat", "max_lon", "max_lat"))
    with with_a_place.begin() as connection:
        connection.execute(update(place).values(nowhere))
    assert found_near(with_a_place, 100, 100) == []


def test_the_index_takes_a_place_that_gets_a_point_later(with_a_place: Engine) -> None:
    nowhere = dict.fromkeys(("wkb", "min_lon", "min_lat", "max_lon", "max_lat"))
    with with_a_place.begin() as connection:
        connection.execute(insert(place).values(id=8, **{**a_place(), **nowhere}))
        connection.execute(
            update(place).where(place.c.id == 8).values(**shape_at(*degrees(300, 100)))
        )
    assert found_near(with_a_place, 300, 100) == [8]


def test_the_index_forgets_a_place_that_is_deleted(with_a_place: Engine) -> None:
    with with_a_place.begin() as connection:
        connection.execute(delete(place))
    assert found_near(with_a_place, 100, 100) == []


@pytest.mark.parametrize("table", SHAPED)
def test_every_table_with_shapes_has_its_index(engine: Engine, table: str) -> None:
    assert found_near(engine, 0, 0, table) == []


def test_an_imported_town_is_in_the_index(four_towns: Session) -> None:
    engine = four_towns.get_bind()
    assert isinstance(engine, Engine)
    north_west = by_name(four_towns, Town)["北西町"]["id"]
    assert found_near(engine, 250, 1750, "town") == [north_west]


def test_an_imported_place_is_in_the_index(a_small_town: Session) -> None:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    salon = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    assert found_near(engine, *SALON) == [salon]


def test_the_index_holds_the_very_shape_of_every_row(a_small_town: Session) -> None:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    on_sqlite = (
        "SELECT count(*) FROM {0} LEFT JOIN {0}_rtree AS tree USING (id) WHERE wkb IS NOT NULL"
        " AND (tree.id IS NULL OR tree.min_lon > {0}.min_lon OR tree.max_lat < {0}.max_lat"
        " OR tree.max_lon - tree.min_lon > {0}.max_lon - {0}.min_lon + 1e-4)"
    )
    on_postgres = (
        "SELECT count(*) FROM {0} WHERE (wkb IS NULL) <> (geom IS NULL)"
        " OR ST_AsBinary(geom) <> wkb OR ST_SRID(geom) <> 4326 OR ST_XMin(geom) <> min_lon"
    )
    wrong = on_sqlite if engine.dialect.name == "sqlite" else on_postgres
    with engine.connect() as connection:
        for table in SHAPED:
            assert connection.execute(text(wrong.format(table))).scalar_one() == 0
