"""Indexes by which the review queue is read in its order, and counted."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_review_pair_settled", "review_pair")
    urgency = ["settled", "published_on", "checked_at", "taken_at", "score"]
    op.create_index("ix_review_pair_urgency", "review_pair", urgency)
    op.create_index("ix_review_pair_asked", "review_pair", ["settled", "kind", "photo_sha256"])
