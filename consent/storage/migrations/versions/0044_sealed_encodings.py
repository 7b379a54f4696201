"""Encodings of faces in photos are encrypted: those of before wait in a table of their own.

They are encrypted at the start that follows, which has the keys, and the table is dropped then: its
pages are written over, and no part of what was plain stays between the rows of one that goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_PLAIN = "face_encoding_plain"
# As migration 0008 has it.
_TRIGGER = """
CREATE TRIGGER face_encoding_{event} AFTER {event} ON face_encoding BEGIN
    DELETE FROM face_token;
    INSERT INTO face_token (token) VALUES (lower(hex(randomblob(16))));
END
"""
_POSTGRES_TRIGGER = """
CREATE TRIGGER face_encoding_changed AFTER UPDATE OR DELETE OR TRUNCATE ON face_encoding
FOR EACH STATEMENT EXECUTE FUNCTION face_encoding_changed()
"""


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM face_encoding LIMIT 1")).first() is None:
        return
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        op.execute("DROP TRIGGER face_encoding_changed ON face_encoding")
        op.execute(
            f"ALTER TABLE face_encoding RENAME CONSTRAINT face_encoding_pkey TO {_PLAIN}_pkey"
        )
    else:
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER face_encoding_{event}")
    op.rename_table("face_encoding", _PLAIN)
    op.create_table(
        "face_encoding",
        sa.Column("face_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["face_id"], ["face.id"]),
        sa.PrimaryKeyConstraint("face_id", "model_id"),
    )
    if postgres:
        op.execute(_POSTGRES_TRIGGER)
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(_TRIGGER.format(event=event))
