"""Tables of takedowns and appeals. Rows are appended."""
