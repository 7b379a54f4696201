"""How much of a face is in few tones; unknown for those indexed before."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("face", sa.Column("few_tones", sa.Float(), nullable=True))
