"""The tables of the register beside the first ones, and what reads and writes them."""
