"""Who may talk to the server: the key, and against DNS rebinding the Host and Origin names.

Nothing behind :class:`Gate` sees a request whose Host is not ours, whose Origin is another site, or
whose key is wrong. Keys are compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mem0_tui.server.responses.answers import refusal

_NO_KEY = "Authentication credentials were not provided."
_WRONG_KEY = "Invalid API key. It must be the key that mem0-tui serve was started with."
_ASK_FOR_KEY = {"WWW-Authenticate": 'Token realm="mem0-tui"'}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to the server."""

    key: str | None = field(repr=False)
    """The key that every request must show; None lets everybody on this machine in."""
    bound_to: str = "127.0.0.1"
    """The address that the server listens on."""
    hosts: frozenset[str] = frozenset()
    """Further host names that clients may use, lower case."""


class Gate:
    """ASGI middleware that lets only those requests through that :class:`Access` allows."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._digest = _digest(access.key.encode()) if access.key is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refused = self._check(dict(scope["headers"]))
            if refused is not None:
                await refused(scope, receive, send)
                return
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    def _check(self, headers: dict[bytes, bytes]) -> Response | None:
        if not self._known_host(_host_name(headers.get(b"host", b""))):
            return refusal(421, "This server does not answer to that Host name; see --allow-host.")
        origin = headers.get(b"origin")
        if origin is not None and not self._known_origin(origin):
            return refusal(403, "Requests from that Origin are not allowed.")
        if self._digest is None:
            return None
        scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() not in (b"token", b"bearer") or not key.strip():
            return refusal(401, _NO_KEY, headers=_ASK_FOR_KEY)
        if not hmac.compare_digest(_digest(key.strip()), self._digest):
            return refusal(401, _WRONG_KEY, headers=_ASK_FOR_KEY)
        return None

    def _known_host(self, name: str | None) -> bool:
        if name is None:
            return False
        if name in self._access.hosts or name == self._access.bound_to.lower():
            return True
        if is_loopback(name):
            return True
        # An address cannot be rebound to another machine, a name can.
        return not is_loopback(self._access.bound_to) and _is_address(name)

    def _known_origin(self, origin: bytes) -> bool:
        try:
            parts = urlsplit(origin.decode("ascii"))
            return parts.scheme in ("http", "https") and self._known_host(parts.hostname)
        except ValueError:
            return False


def is_loopback(host: str) -> bool:
    """Whether *host*, a name or an address, can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _host_name(header: bytes) -> str | None:
    """The name in a Host header, without port and brackets, lower case; None if there is none."""
    try:
        parts = urlsplit("//" + header.decode("ascii"))
        _ = parts.port
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return parts.hostname


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
