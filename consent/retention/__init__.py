"""What is kept, until when, and the proof of it: the log, erasure, disposal."""
