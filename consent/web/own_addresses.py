"""Addresses that somebody may be sent to after the sign-in."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_address(address: str) -> str:
    """Return an address of our own as it is, and the first page in place of any other."""
    try:
        found = urlsplit(address)
    except ValueError:
        return "/"
    own = address.startswith("/") and not address.startswith("//") and "\\" not in address
    if not own or found.netloc or found.scheme or not address.isprintable():
        return "/"
    return "/" if address.startswith(("/sign-", "/account/")) else address
