"""How many frames an animation has, and how many were looked at; of photos, neither.

Files that were refused because they hold several pictures, or because a GIF may move, are looked at
again when their folder is indexed next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("photo", sa.Column("frames", sa.Integer(), nullable=True))
    op.add_column("photo", sa.Column("frames_seen", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE problem SET byte_size = -1, mtime_ns = -1 WHERE code = 'several_pictures' "
        "OR reason LIKE 'A GIF, which may move%'"
    )
