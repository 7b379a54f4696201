"""A data home backed up while it is in use, brought back, and examined."""
