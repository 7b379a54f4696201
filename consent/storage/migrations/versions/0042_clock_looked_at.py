"""The moment up to which the clock was seen twice, and the first look after a gap."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("home_mark", sa.Column("sure", sa.DateTime(timezone=True), nullable=True))
    op.add_column("home_mark", sa.Column("looked", sa.DateTime(timezone=True), nullable=True))
