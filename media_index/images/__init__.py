"""Pictures decoded, read and drawn on."""
