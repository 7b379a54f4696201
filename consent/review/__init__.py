"""What nobody has decided yet, and the decisions."""
