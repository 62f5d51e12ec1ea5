"""Loaded by every Python of the client environment: refuses to leave the machine."""

from __future__ import annotations

import socket
from typing import Any

_connect = socket.socket.connect
_LOOPBACK = ("127.", "::1", "localhost")


def _only_loopback(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
        raise ConnectionRefusedError(f"a client tried to reach {address[0]}")
    _connect(self, address)


socket.socket.connect = _only_loopback  # type: ignore[method-assign, assignment]
