"""Long work that a page starts and a process of its own does."""
