"""How a photo is said to be turned; unknown for those indexed before, also whose clock it was."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("photo", sa.Column("turning", sa.String(length=16), nullable=True))
