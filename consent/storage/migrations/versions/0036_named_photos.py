"""Photos in whose words somebody is named."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "named_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("revocation_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("x1", sa.Integer(), nullable=True),
        sa.Column("y1", sa.Integer(), nullable=True),
        sa.Column("x2", sa.Integer(), nullable=True),
        sa.Column("y2", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["photo_sha256"], ["photo.sha256"]),
        sa.ForeignKeyConstraint(["revocation_id"], ["revocation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_named_photo_photo_sha256", "named_photo", ["photo_sha256"])
    op.create_index("ix_named_photo_revocation_id", "named_photo", ["revocation_id"])
