"""Cases and people as they are found, read and written out."""
