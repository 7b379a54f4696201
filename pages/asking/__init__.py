"""Asking people at an event."""
