"""Check photos before they are posted or printed."""
