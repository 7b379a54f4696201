"""Print: pieces and their layouts, who was asked, and what an audit found."""
