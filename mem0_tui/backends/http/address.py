"""A server's address: where requests go, and what may be said there.

A key is never sent in clear text to another machine unless the user allows it, and an id never
becomes anything but one path segment.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mem0_tui.model.errors import InvalidRequestError, SettingsError
from mem0_tui.model.text import one_line

_PORTS = {"http": 80, "https": 443}
KEPT_IDLE = 3.0
"""Seconds for which a connection is kept for the next request: less than the five after which
uvicorn (Mem0's own servers) and Node.js close one, so that no request meets a closing one."""


@dataclass(frozen=True, slots=True)
class Address:
    """A base URL: scheme, host, port and base path."""

    scheme: str
    host: str
    port: int
    base: str
    """The base path, without a slash at its end; empty at the root."""

    @classmethod
    def parse(cls, url: str) -> Address:
        """The address that *url* names.

        Raises:
            SettingsError: it is no http(s) URL, or holds credentials, a query or a fragment.
        """
        shown = one_line(url.rpartition("@")[2] or url)
        hint = "give a URL such as https://api.mem0.ai or http://127.0.0.1:8765"
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise SettingsError(f"{shown!r} is not a URL", hint=hint) from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise SettingsError(f"{shown!r} is not an http or https URL", hint=hint)
        if parts.username is not None or parts.password is not None:
            raise SettingsError("the URL contains credentials", hint="set MEM0_API_KEY instead")
        if parts.query or parts.fragment:
            raise SettingsError(f"{shown!r} has a query or a fragment", hint=hint)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            base=parts.path.rstrip("/"),
        )

    def __str__(self) -> str:
        return f"{self.origin}{self.base}"

    @property
    def origin(self) -> str:
        """Scheme, host and, where it is not the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def private(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.scheme == "https" or self.loopback

    def same_place(self, url: str) -> bool:
        """Whether *url* (absolute) has this scheme, host and port."""
        try:
            other = Address.parse(urlsplit(url)._replace(query="", fragment="").geturl())
        except SettingsError:
            return False
        return (other.scheme, other.host, other.port) == (self.scheme, self.host, self.port)


def segment(id_: str) -> str:
    """*id_* as one path segment, with nothing in it that a path gives a meaning to.

    Raises:
        InvalidRequestError: it is blank or a dot segment, and would address something else.
    """
    if not id_.strip() or id_ in (".", ".."):
        raise InvalidRequestError(f"{one_line(repr(id_))} is not an id")
    try:
        return quote(id_, safe="")
    except UnicodeEncodeError:
        raise InvalidRequestError(f"{one_line(repr(id_))} is not an id") from None
