"""Verbal consents for single channels, by a guardian, and of the same face elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("verbal_consent") as batch:
        for name in ("name", "guardian"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("channels", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("same_as", sa.String(length=32), nullable=True))
    with op.batch_alter_table("verbal_consent") as batch:
        for name in ("name", "guardian", "channels"):
            batch.alter_column(name, server_default=None)
