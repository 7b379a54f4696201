"""Tokens by which the files of vectors beside the database know what they hold."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A later migration that makes the table `face_encoding` anew must make these anew too;
# tests/contract/test_vectors_of_the_index.py notices.
SQLITE = """
CREATE TRIGGER face_encoding_{event} AFTER {event} ON face_encoding BEGIN
    DELETE FROM face_token;
    INSERT INTO face_token (token) VALUES (lower(hex(randomblob(16))));
END
"""
POSTGRES = (
    """
    CREATE FUNCTION face_encoding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM face_token;
        INSERT INTO face_token (token) VALUES (replace(gen_random_uuid()::text, '-', ''));
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER face_encoding_changed AFTER UPDATE OR DELETE OR TRUNCATE ON face_encoding
    FOR EACH STATEMENT EXECUTE FUNCTION face_encoding_changed()
    """,
)


def upgrade() -> None:
    """Apply."""
    tokens = op.create_table(
        "face_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_face_token_token", "face_token", ["token"])
    # For the encodings that are there already.
    op.bulk_insert(tokens, [{"token": uuid4().hex}])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(event=event))
    elif op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
