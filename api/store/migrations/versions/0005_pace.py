"""How fast an older walker is, chosen by the municipality (歩く速さ)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Fifty metres a minute, until somebody chooses otherwise."""
    column = sa.Column("walk_m_per_min", sa.Integer(), nullable=False, server_default="50")
    op.add_column("municipality", column)


def downgrade() -> None:
    """Forget the pace."""
    op.drop_column("municipality", "walk_m_per_min")
