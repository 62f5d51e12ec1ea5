"""Whose machine a URL names: Mem0's own, this one, or another."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z]+://([\w.-]+)(?::\d*)?(?=[/?#]|\Z)", re.ASCII | re.IGNORECASE)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def host_of(url: str) -> str:
    """The host in lower case without a port; empty where *url* has none."""
    if plain := _PLAIN.match(url):
        return plain[1].lower()
    from urllib.parse import urlsplit  # some milliseconds, and hardly ever needed

    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_mem0s(host: str) -> bool:
    """Whether *host* is Mem0's own service."""
    return host == "mem0.ai" or host.endswith(".mem0.ai")


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine."""
    return host in _LOOPBACK
