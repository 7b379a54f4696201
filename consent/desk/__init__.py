"""A revocation on its way into the register: what is asked back, and which face is meant."""
