"""Shared by the pages: guard, errors, forms, pictures, words."""
