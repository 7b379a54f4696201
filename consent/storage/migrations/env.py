"""Alembic's environment: runs on the connection that bootstrap.py hands over."""

from alembic import context
from sqlmodel import SQLModel

import consent.storage.unit_of_work  # noqa: F401 - so that the metadata knows every table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    # SQLite cannot alter a column in place.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
