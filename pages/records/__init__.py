"""What records officers answer."""
