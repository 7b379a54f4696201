"""Whom an audit cannot find for sure, in sentences."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "print_audit", sa.Column("by_eye", sa.JSON(), nullable=False, server_default="[]")
    )
