"""Events of photos whose files were moved away: an event holds for the photo, not for the file."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "kept_event",
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.ForeignKeyConstraint(["photo_sha256"], ["photo.sha256"]),
        sa.PrimaryKeyConstraint("photo_sha256", "event_id"),
    )
    op.create_index("ix_kept_event_event_id", "kept_event", ["event_id"])
