"""Copies in which several people are covered."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "made_copy", sa.Column("other_boxes", sa.JSON(), nullable=False, server_default="[]")
    )
