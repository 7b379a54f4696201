"""How well lit a face is, and how bare; unknown for those indexed before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("contrast", "burnt_out", "bare"):
        op.add_column("face", sa.Column(name, sa.Float(), nullable=True))
