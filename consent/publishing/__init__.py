"""What is out, or will be: planned posts, reused posts, takedowns and appeals."""
