"""Takedowns."""
