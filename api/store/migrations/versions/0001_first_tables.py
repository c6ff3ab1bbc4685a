"""The first tables, with a spatial index on every shape.

SQLite gets an R*Tree per table, kept by triggers; PostgreSQL a generated PostGIS column with a GiST
index. Both follow from `wkb` and its bounding box, so the application writes one thing only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SHAPED = ("area", "town", "place", "road", "landmark")


def upgrade() -> None:
    """Make the tables, then the spatial indexes."""
    _make_tenants_and_log()
    _make_towns_and_areas()
    _make_places_and_ground()
    index = _index_with_postgis if op.get_bind().dialect.name == "postgresql" else _index_with_rtree
    for table in SHAPED:
        index(table)


def downgrade() -> None:
    """There is nothing before the first tables."""
    raise RuntimeError("restore a backup instead")


def _shape() -> tuple[sa.Column[bytes] | sa.Column[float], ...]:
    box = ("min_lon", "min_lat", "max_lon", "max_lat")
    return (sa.Column("wkb", sa.LargeBinary()), *(sa.Column(name, sa.Float()) for name in box))


def _index_with_rtree(table: str) -> None:
    columns = "id, min_lon, max_lon, min_lat, max_lat"
    new = "NEW.id, NEW.min_lon, NEW.max_lon, NEW.min_lat, NEW.max_lat"
    add = f"INSERT INTO {table}_rtree ({columns}) SELECT {new} WHERE NEW.min_lon IS NOT NULL;"
    drop = f"DELETE FROM {table}_rtree WHERE id = OLD.id;"
    op.execute(f"CREATE VIRTUAL TABLE {table}_rtree USING rtree({columns})")
    box = "min_lon, min_lat, max_lon, max_lat"
    for event, deed in (
        ("INSERT", add),
        (f"UPDATE OF {box}", drop + add),
        ("DELETE", drop),
    ):
        name = f"{table}_rtree_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {deed} END")


def _index_with_postgis(table: str) -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN geom geometry(Geometry, 4326) "
        "GENERATED ALWAYS AS (ST_GeomFromWKB(wkb, 4326)) STORED"
    )
    op.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")


def _make_tenants_and_log() -> None:
    op.create_table(
        "municipality",
        *_shape(),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefecture", sa.String(), nullable=True),
        sa.Column("plane_epsg", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_intake_municipality_code", "intake", ["municipality_code"])
    op.create_index("ix_intake_sha256", "intake", ["sha256"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("data_class", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_change_entity_id", "change", ["entity_id"])
    op.create_index("ix_change_intake_id", "change", ["intake_id"])
    op.create_index("ix_change_municipality_code", "change", ["municipality_code"])
    op.create_table(
        "changedoffice",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"]),
        sa.PrimaryKeyConstraint("change_id"),
    )
    op.create_table(
        "changedpersonal",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"]),
        sa.PrimaryKeyConstraint("change_id"),
    )
    op.create_table(
        "changedpublic",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"]),
        sa.PrimaryKeyConstraint("change_id"),
    )


def _make_towns_and_areas() -> None:
    op.create_table(
        "areascheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_code", "name"),
    )
    op.create_index("ix_areascheme_municipality_code", "areascheme", ["municipality_code"])
    op.create_table(
        "area",
        *_shape(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["scheme_id"], ["areascheme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme_id", "code"),
    )
    op.create_index("ix_area_municipality_code", "area", ["municipality_code"])
    op.create_index("ix_area_scheme_id", "area", ["scheme_id"])
    op.create_table(
        "town",
        *_shape(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("key_code", sa.String(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("points", sa.String(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_code", "name_key"),
    )
    op.create_index("ix_town_municipality_code", "town", ["municipality_code"])
    op.create_table(
        "areatown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["scheme_id"], ["areascheme.id"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme_id", "town_id"),
    )
    op.create_index("ix_areatown_area_id", "areatown", ["area_id"])
    op.create_index("ix_areatown_municipality_code", "areatown", ["municipality_code"])
    op.create_index("ix_areatown_scheme_id", "areatown", ["scheme_id"])
    op.create_index("ix_areatown_town_id", "areatown", ["town_id"])
    op.create_table(
        "population",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("mesh_code", sa.String(), nullable=True),
        sa.Column("survey_date", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("people_65", sa.Integer(), nullable=True),
        sa.Column("people_75", sa.Integer(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_population_municipality_code", "population", ["municipality_code"])
    op.create_index("ix_population_survey_date", "population", ["survey_date"])
    op.create_index("ix_population_town_id", "population", ["town_id"])


def _make_places_and_ground() -> None:
    op.create_table(
        "place",
        *_shape(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("find_key", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("building", sa.String(), nullable=True),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("organization", sa.String(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=True),
        sa.Column("opens_at", sa.String(), nullable=True),
        sa.Column("closes_at", sa.String(), nullable=True),
        sa.Column("schedule_note", sa.String(), nullable=True),
        sa.Column("capacity_people", sa.Integer(), nullable=True),
        sa.Column("participants_people", sa.Integer(), nullable=True),
        sa.Column("fee", sa.String(), nullable=True),
        sa.Column("transport", sa.Boolean(), nullable=True),
        sa.Column("accessibility", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_place_external_id", "place", ["external_id"])
    op.create_index("ix_place_find_key", "place", ["find_key"])
    op.create_index("ix_place_kind", "place", ["kind"])
    op.create_index("ix_place_municipality_code", "place", ["municipality_code"])
    op.create_index("ix_place_state", "place", ["state"])
    op.create_index("ix_place_town_id", "place", ["town_id"])
    op.create_table(
        "road",
        *_shape(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_road_municipality_code", "road", ["municipality_code"])
    op.create_table(
        "landmark",
        *_shape(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_landmark_kind", "landmark", ["kind"])
    op.create_index("ix_landmark_municipality_code", "landmark", ["municipality_code"])
