"""What one look at the review queue shows."""
