"""How many rows the register should have, which register it is, and what a photo should hold."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_SEALED = (
    "person",
    "person_event",
    "revocation",
    "revocation_event",
    "template",
    "template_encoding",
    "sighting",
)


def upgrade() -> None:
    """Apply."""
    seal = op.create_table(
        "register_seal",
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part"),
    )
    mark = op.create_table(
        "home_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    connection = op.get_bind()
    counts = [
        {
            "part": part,
            "rows": connection.execute(
                sa.select(sa.func.count()).select_from(sa.table(part))
            ).scalar_one(),
        }
        for part in _SEALED
    ]
    op.bulk_insert(seal, counts)
    log = sa.table("audit_event", sa.column("at", sa.DateTime(timezone=True)), sa.column("place"))
    last = connection.execute(sa.select(log.c.at).order_by(log.c.place.desc()).limit(1)).scalar()
    op.bulk_insert(mark, [{"id": 1, "clock": last}])
    op.add_column("photo", sa.Column("face_count", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE photo SET face_count = "
        "(SELECT count(*) FROM face WHERE face.photo_sha256 = photo.sha256)"
    )
