"""A key for each person, by which what is about them is encrypted.

What is there is encrypted by the program when it next opens the home: only it has the key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sealed_key",
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )
    op.add_column(
        "home_key",
        sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # Names are no longer in order there.
    op.drop_index("ix_person_event_name", "person_event")
