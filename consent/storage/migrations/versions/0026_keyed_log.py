"""The log: keyed digests, the rows written with each entry, and no change of what is written."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("audit_event", "log_row")
# A later migration that makes one of the tables anew must make these anew too.
SQLITE = """
CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN
    SELECT RAISE(ABORT, 'the log is only appended to');
END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION log_only_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is only appended to';
END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION log_only_appended()
"""


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "audit_event",
        sa.Column("rows", sa.String(length=64), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "audit_event",
        sa.Column("scheme", sa.Integer(), nullable=False, server_default=sa.text("1")),
    )
    op.create_table(
        "log_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("row_key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_log_row_sequence", "log_row", ["sequence"])
    op.create_table(
        "home_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keyed_from", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for event in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, event=event))
    else:
        op.execute(POSTGRES_FUNCTION)
        for table in TABLES:
            op.execute(POSTGRES.format(table=table))
