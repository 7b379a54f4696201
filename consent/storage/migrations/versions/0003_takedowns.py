"""Takedowns and appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "takedown",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.String(length=32), nullable=False),
        sa.Column("revocation_id", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.ForeignKeyConstraint(["revocation_id"], ["revocation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publication_id", "revocation_id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_takedown_due_on", "takedown", ["due_on"])
    op.create_index("ix_takedown_publication_id", "takedown", ["publication_id"])
    op.create_index("ix_takedown_revocation_id", "takedown", ["revocation_id"])
    op.create_table(
        "takedown_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("takedown_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=True),
        sa.Column("stop_reprint", sa.Boolean(), nullable=True),
        sa.Column("stock", sa.String(), nullable=False),
        sa.Column("kept_copy", sa.String(length=64), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedown.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_takedown_event_takedown_id", "takedown_event", ["takedown_id"])
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("takedown_id", sa.String(length=32), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedown.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_appeal_due_on", "appeal", ["due_on"])
    op.create_table(
        "appeal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_appeal_step_appeal_id", "appeal_step", ["appeal_id"])
