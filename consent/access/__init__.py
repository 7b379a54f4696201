"""Who comes in: accounts, sign-in, sessions and tokens."""
