"""What a placed picture shows that another one shows already, so that it is counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "placed_photo", sa.Column("repeats", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "placed_photo",
        sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
