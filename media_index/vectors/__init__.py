"""Encodings of all faces, laid out to be searched."""
