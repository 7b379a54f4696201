"""Alembic's environment: runs on the connection that bootstrap.py hands over."""

from alembic import context
from sqlmodel import SQLModel

import consent.tables
import consent.tables_print
import consent.tables_publications
import consent.tables_takedowns  # noqa: F401 - see above
import media_index.tables  # noqa: F401 - see above

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
