"""Shared by the pages: guard, errors, pictures, badges."""
