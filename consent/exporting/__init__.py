"""Copies of photos to hand out: of what stands cleared, or with somebody covered."""
