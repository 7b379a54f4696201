"""Sizes of files and times of their change, which are too large for PostgreSQL's INTEGER."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WIDE = {
    "photo": ("byte_size",),
    "place": ("byte_size", "mtime_ns"),
    "problem": ("byte_size", "mtime_ns"),
    "evidence": ("byte_size",),
}


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name != "postgresql":
        # SQLite's INTEGER is as wide as it must be.
        return
    for table, columns in WIDE.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.BigInteger())
