"""The index in the database."""
