"""Pictures put back into a print piece, and by which rules layouts were read and audited."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "placed_photo_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placed_id", sa.String(length=32), nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["placed_id"], ["placed_photo.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_placed_photo_step_placed_id", "placed_photo_step", ["placed_id"])
    op.execute(
        "INSERT INTO placed_photo_step (placed_id, taken_out, at, actor_id, reason) "
        "SELECT placed_id, true, at, actor_id, '' FROM placed_photo_removal ORDER BY at"
    )
    op.drop_table("placed_photo_removal")
    for table in ("print_layout", "print_audit"):
        op.add_column(
            table, sa.Column("rules", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
