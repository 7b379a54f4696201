"""What a patron takes home: receipts and blank forms, in words and on paper."""
