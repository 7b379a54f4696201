"""Photos that are planned for one post."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "scheduled_post",
        sa.Column("together", sa.String(length=32), nullable=False, server_default=sa.text("''")),
    )
