"""A piece is signed off although its layout was not seen again: who saw to it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "print_step",
        sa.Column("layout_unseen", sa.String(), nullable=False, server_default=sa.text("''")),
    )
