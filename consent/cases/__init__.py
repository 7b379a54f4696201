"""One life of a revocation, from the desk to the archive: opened, changed, found, shown."""
