"""Which social network an address is of."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from consent.domain.channels import Channel

# The words are looked for in a channel's id and label.
_SITES = {
    "Facebook": ("facebook.com", "fb.com", "fb.me", "fb.watch"),
    "Instagram": ("instagram.com", "instagr.am"),
    "X": ("x.com", "twitter.com"),
    "YouTube": ("youtube.com", "youtu.be"),
    "LinkedIn": ("linkedin.com", "lnkd.in"),
    "Bluesky": ("bsky.app", "bsky.social"),
    "TikTok": ("tiktok.com",),
    "Threads": ("threads.net", "threads.com"),
    "Flickr": ("flickr.com", "flic.kr"),
    "Pinterest": ("pinterest.com", "pin.it"),
}


def network_of(url: str) -> str:
    """Return the network that an address is of; empty if it is of none that is known."""
    try:
        host = (urlsplit(url.strip()).hostname or "").casefold()
    except ValueError:
        return ""
    for network, sites in _SITES.items():
        if any(host == site or host.endswith(f".{site}") for site in sites):
            return network
    return ""


def another_network(url: str, channel: Channel) -> str:
    """Return the network that an address is of if the channel is not it; else an empty string."""
    network = network_of(url)
    own = re.split(r"[\W_]+", f"{channel.id} {channel.label}".casefold())
    return "" if not network or network.casefold() in own else network
