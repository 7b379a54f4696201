"""Copies that were made of photos: exported, or with somebody covered."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "made_copy",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("x1", sa.Integer(), nullable=True),
        sa.Column("y1", sa.Integer(), nullable=True),
        sa.Column("x2", sa.Integer(), nullable=True),
        sa.Column("y2", sa.Integer(), nullable=True),
        sa.Column("fill", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["photo_sha256"], ["photo.sha256"]),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index("ix_made_copy_photo_sha256", "made_copy", ["photo_sha256"])
    op.create_index("ix_made_copy_kind", "made_copy", ["kind"])
