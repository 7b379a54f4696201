"""The register: who revoked what, and what may be used."""
