"""Photos and encoders: what the index holds, and how it is kept up."""
