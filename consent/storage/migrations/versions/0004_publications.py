"""Scheduled posts, reuse of customers' posts, and how a publication was found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("publication") as batch:
        for name in ("source_url", "found_how"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("found_as", sa.String(length=64), nullable=True))
    with op.batch_alter_table("publication") as batch:
        for name in ("source_url", "found_how"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "source_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.String(length=32), nullable=False),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_source_check_publication_id", "source_check", ["publication_id"])
    op.create_table(
        "scheduled_post",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("piece", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_sha256"], ["photo.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_scheduled_post_photo_sha256", "scheduled_post", ["photo_sha256"])
    op.create_index("ix_scheduled_post_planned_on", "scheduled_post", ["planned_on"])
    op.create_table(
        "scheduled_post_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["scheduled_post.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_scheduled_post_step_post_id", "scheduled_post_step", ["post_id"])
