"""What a patron takes home: receipts and forms."""
