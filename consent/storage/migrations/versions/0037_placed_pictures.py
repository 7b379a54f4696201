"""The picture that stands in a layout, beside the original that it was matched with."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("placed_photo", sa.Column("picture_sha256", sa.String(length=64), nullable=True))
