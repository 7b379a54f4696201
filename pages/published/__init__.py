"""What is planned and what is out: posts, reuse, customers' photos; copies to get down."""
