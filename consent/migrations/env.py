"""Alembic's environment: runs on the connection that bootstrap.py hands over."""

from alembic import context
from sqlmodel import SQLModel

import consent.storage.tables_print
import consent.storage.tables_publications
import consent.storage.tables_takedowns
import consent.tables  # noqa: F401 - so that the metadata knows every table
import media_index.tables  # noqa: F401 - as above

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
