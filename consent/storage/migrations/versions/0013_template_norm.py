"""How much the encoder sees of a reference face, unknown for those recorded before."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("template", sa.Column("norm", sa.Float(), nullable=True))
