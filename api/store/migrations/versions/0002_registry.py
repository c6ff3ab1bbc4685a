"""The registry: accounts, who is in charge, services, supporters, photos, and who did what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables, then add what existing ones now hold."""
    _make_accounts()
    _make_held_files()
    _make_log()
    _make_registry()
    _make_coordination()
    _make_people()
    _widen_what_there_is()
    if op.get_bind().dialect.name == "postgresql":
        _index_with_postgis("service")
    else:
        _index_with_rtree("service")


def downgrade() -> None:
    """Going back would lose what people have written since."""
    raise RuntimeError("restore a backup instead")


def _shape() -> tuple[sa.Column[bytes] | sa.Column[float], ...]:
    box = ("min_lon", "min_lat", "max_lon", "max_lat")
    return (sa.Column("wkb", sa.LargeBinary()), *(sa.Column(name, sa.Float()) for name in box))


def _make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled_on", sa.Date(), nullable=True),
        sa.Column("external_subject", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_code", "login"),
    )
    op.create_index("ix_account_external_subject", "account", ["external_subject"])
    op.create_index("ix_account_municipality_code", "account", ["municipality_code"])
    op.create_table(
        "signin",
        sa.Column("key_digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("key_digest"),
    )
    op.create_index("ix_signin_account_id", "signin", ["account_id"])
    op.create_table(
        "signinguess",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _make_held_files() -> None:
    op.create_table(
        "heldfile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("parcel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_heldfile_municipality_code", "heldfile", ["municipality_code"])
    op.create_index("ix_heldfile_parcel", "heldfile", ["parcel"])


def _make_log() -> None:
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["undoes_id"], ["deed.id"]),
        sa.ForeignKeyConstraint(["undone_by_id"], ["deed.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_deed_entity_id", "deed", ["entity_id"])
    op.create_index("ix_deed_municipality_code", "deed", ["municipality_code"])
    op.create_table(
        "viewing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_viewing_entity_id", "viewing", ["entity_id"])
    op.create_index("ix_viewing_municipality_code", "viewing", ["municipality_code"])


def _make_coordination() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assignment_account_id", "assignment", ["account_id"])
    op.create_index("ix_assignment_area_code", "assignment", ["area_code"])
    op.create_index("ix_assignment_municipality_code", "assignment", ["municipality_code"])
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("follow_up_due", sa.Date(), nullable=True),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_training_account_id", "training", ["account_id"])
    op.create_index("ix_training_municipality_code", "training", ["municipality_code"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_proposal_entity_id", "proposal", ["entity_id"])
    op.create_index("ix_proposal_municipality_code", "proposal", ["municipality_code"])
    op.create_index("ix_proposal_state", "proposal", ["state"])
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_activity_area_code", "activity", ["area_code"])
    op.create_index("ix_activity_municipality_code", "activity", ["municipality_code"])
    op.create_index("ix_activity_place_id", "activity", ["place_id"])
    op.create_index("ix_activity_series", "activity", ["series"])
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("restart_contact", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pause_municipality_code", "pause", ["municipality_code"])
    op.create_index("ix_pause_place_id", "pause", ["place_id"])


def _make_registry() -> None:
    op.create_table(
        "organization",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("office_find_key", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("office_note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("find_key", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("areas", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_organization_external_id", "organization", ["external_id"])
    op.create_index("ix_organization_find_key", "organization", ["find_key"])
    op.create_index("ix_organization_kind", "organization", ["kind"])
    op.create_index("ix_organization_municipality_code", "organization", ["municipality_code"])
    op.create_index("ix_organization_state", "organization", ["state"])
    op.create_table(
        "service",
        *_shape(),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("office_find_key", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("office_note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("find_key", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("areas", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("fee", sa.String(), nullable=True),
        sa.Column("capacity_people", sa.Integer(), nullable=True),
        sa.Column("monthly_users_people", sa.Integer(), nullable=True),
        sa.Column("has_room", sa.Boolean(), nullable=True),
        sa.Column("transport", sa.Boolean(), nullable=True),
        sa.Column("schedule_note", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_service_external_id", "service", ["external_id"])
    op.create_index("ix_service_find_key", "service", ["find_key"])
    op.create_index("ix_service_kind", "service", ["kind"])
    op.create_index("ix_service_municipality_code", "service", ["municipality_code"])
    op.create_index("ix_service_organization_id", "service", ["organization_id"])
    op.create_index("ix_service_state", "service", ["state"])
    op.create_index("ix_service_town_id", "service", ["town_id"])
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_photo_municipality_code", "photo", ["municipality_code"])
    op.create_index("ix_photo_place_id", "photo", ["place_id"])
    op.create_table(
        "photofile",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("full", sa.LargeBinary(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"]),
        sa.PrimaryKeyConstraint("photo_id"),
    )


def _make_people() -> None:
    op.create_table(
        "supporter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=True),
        sa.Column("office_find_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("areas", sa.String(), nullable=True),
        sa.Column("skills", sa.String(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("trainings", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"]),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_supporter_external_id", "supporter", ["external_id"])
    op.create_index("ix_supporter_municipality_code", "supporter", ["municipality_code"])
    op.create_index("ix_supporter_status", "supporter", ["status"])
    op.create_index("ix_supporter_town_id", "supporter", ["town_id"])
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_posting_municipality_code", "posting", ["municipality_code"])
    op.create_index("ix_posting_place_id", "posting", ["place_id"])
    op.create_table(
        "badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_badge_municipality_code", "badge", ["municipality_code"])
    op.create_index("ix_badge_place_id", "badge", ["place_id"])


def _widen_what_there_is() -> None:
    text, whole, yes_no = sa.String(), sa.Integer(), sa.Boolean()
    new: dict[str, list[sa.Column[Any]]] = {
        "areascheme": [sa.Column("series", text)],
        "intake": [sa.Column("undone", yes_no, nullable=False, server_default=sa.false())],
        "municipality": [
            sa.Column("reviewed", yes_no, nullable=False, server_default=sa.true()),
            sa.Column("stale_months", whole, nullable=False, server_default="12"),
        ],
        "place": [
            sa.Column("version", whole, nullable=False, server_default="1"),
            sa.Column("informal", yes_no, nullable=False, server_default=sa.false()),
            sa.Column("location_kind", text, nullable=False, server_default="point"),
            sa.Column("office_find_key", text, nullable=False, server_default=""),
            *(sa.Column(name, text) for name in NEW_TEXTS),
            sa.Column("office_lon", sa.Float()),
            sa.Column("office_lat", sa.Float()),
        ],
    }
    for table, columns in new.items():
        for new_column in columns:
            op.add_column(table, new_column)
    # Alembic would add the reference by itself afterwards, which SQLite cannot.
    for table, column, other in (
        ("change", "deed_id", "deed"),
        ("intake", "deed_id", "deed"),
        ("place", "organization_id", "organization"),
    ):
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {other} (id)")
    op.create_index("ix_change_deed_id", "change", ["deed_id"])
    op.create_index("ix_place_organization_id", "place", ["organization_id"])
    op.execute("UPDATE place SET office_find_key = find_key")
    op.execute("UPDATE areascheme SET series = name")


NEW_TEXTS = (
    "confirmed_by",
    "contact_name",
    "contact_phone",
    "office_note",
    "schedule",
    "functions",
    "audience",
    "public_area",
    "office_address",
)


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
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN geom geometry(Geometry, 4326) "
        "GENERATED ALWAYS AS (ST_GeomFromWKB(wkb, 4326)) STORED"
    )
    op.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")
