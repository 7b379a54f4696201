"""The Statement of Concern as a file, and who entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("appeal", sa.Column("statement", sa.String(length=64), nullable=True))
    op.add_column(
        "appeal",
        sa.Column("statement_name", sa.String(), nullable=False, server_default=sa.text("''")),
    )
