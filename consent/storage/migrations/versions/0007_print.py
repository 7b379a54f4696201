"""Print pieces, their layouts and audits; publications that are only planned."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("publication") as batch:
        batch.add_column(
            sa.Column("planned", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("publication") as batch:
        batch.alter_column("planned", server_default=None)
    op.create_table(
        "print_piece",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("print_on", sa.Date(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("editor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "print_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signed_as", sa.String(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["piece_id"], ["print_piece.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_print_step_piece_id", "print_step", ["piece_id"])
    op.create_table(
        "print_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["print_piece.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_print_layout_piece_id", "print_layout", ["piece_id"])
    op.create_table(
        "placed_photo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=True),
        sa.Column("found", sa.String(length=32), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("x1", "y1", "x2", "y2")),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["layout_id"], ["print_layout.id"]),
        sa.ForeignKeyConstraint(["photo_sha256"], ["photo.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_placed_photo_layout_id", "placed_photo", ["layout_id"])
    op.create_index("ix_placed_photo_photo_sha256", "placed_photo", ["photo_sha256"])
    op.create_table(
        "placed_photo_removal",
        sa.Column("placed_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["placed_id"], ["placed_photo.id"]),
        sa.PrimaryKeyConstraint("placed_id"),
    )
    op.create_table(
        "print_audit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("piece_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("register_version", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["print_piece.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_print_audit_piece_id", "print_audit", ["piece_id"])
