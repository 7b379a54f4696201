"""Print pieces."""
