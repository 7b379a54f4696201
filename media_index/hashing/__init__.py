"""What a picture looks like, as hashes and spots."""
