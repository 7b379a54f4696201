"""What a placed picture shows that another one shows already, so that it is counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("placed_photo") as batch:
        batch.add_column(sa.Column("repeats", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(
            sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("placed_photo") as batch:
        batch.alter_column("repeats", server_default=None)
        batch.alter_column("counted", server_default=None)
