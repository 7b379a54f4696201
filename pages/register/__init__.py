"""The register: find a case, see it whole, change it."""
