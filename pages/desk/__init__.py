"""The desk: revocations as they come in."""
