"""How much the encoder sees of a face, unknown for those indexed before; and how large it is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("face", sa.Column("norm", sa.Float(), nullable=True))
    op.add_column("face", sa.Column("prominence", sa.Float(), nullable=False, server_default="1.0"))
