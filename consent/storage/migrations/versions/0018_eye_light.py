"""How light the eyes of a face are; unknown for those indexed before."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("face", sa.Column("eye_light", sa.Float(), nullable=True))
