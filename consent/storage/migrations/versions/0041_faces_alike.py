"""Whether the faces that a reference matches are one person's."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("reference_trial", sa.Column("alike", sa.Float(), nullable=True))
