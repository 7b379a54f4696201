"""Getting published copies removed."""
