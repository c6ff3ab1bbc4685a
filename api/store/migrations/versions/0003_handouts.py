"""What was given out on paper (配った紙); readings of landmarks, and one set of words for kinds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = {
    "役所": ("市役所",),
    "学校": ("小学校", "中学校", "高校"),
    "交番・警察": ("交番",),
}
"""Words of landmarks as they were stored before there was one table of them."""


def upgrade() -> None:
    """Make the new table, and bring landmarks to their kinds."""
    text, whole, day = sa.String(), sa.Integer(), sa.Date()
    op.create_table(
        "handout",
        sa.Column("id", whole, nullable=False),
        sa.Column("municipality_code", text, nullable=False),
        sa.Column("area_code", text, nullable=True),
        sa.Column("sheet", text, nullable=False),
        sa.Column("paper", text, nullable=True),
        sa.Column("issued_on", day, nullable=False),
        sa.Column("given_on", day, nullable=False),
        sa.Column("copies", whole, nullable=True),
        sa.Column("occasion", text, nullable=True),
        sa.Column("given_by", text, nullable=True),
        sa.Column("places", text, nullable=False),
        sa.Column("services", text, nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handout_municipality_code", "handout", ["municipality_code"])
    op.create_index("ix_handout_area_code", "handout", ["area_code"])
    op.add_column("landmark", sa.Column("kana", text, nullable=True))
    landmark = sa.table("landmark", sa.column("kind", text))
    for kind, former in KINDS.items():
        op.execute(landmark.update().where(landmark.c.kind.in_(former)).values(kind=kind))


def downgrade() -> None:
    """Going back would lose what people have written since."""
    raise RuntimeError("restore a backup instead")
