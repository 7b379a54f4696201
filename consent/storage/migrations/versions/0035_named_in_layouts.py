"""Where the text of a layout names somebody who asked not to be named."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "print_layout", sa.Column("named", sa.JSON(), nullable=False, server_default="[]")
    )
