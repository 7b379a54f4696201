"""The register compared with photos: faces beside reference faces, and copies of known photos."""
