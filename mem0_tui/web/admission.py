"""Who may come in: the token of the printed address, the cookie that it is changed for, and the
names that a request may use. No HTTP is handled here.

A token is good for one request, which sets a cookie in that browser. The cookie is limited to a
folder with a random name, because cookies ignore ports: other servers on this machine would
otherwise be sent it, too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from enum import Enum

_STRENGTH = 32
"""Random bytes of a token and of a cookie."""


class TokenUse(Enum):
    """What became of a token."""

    TAKEN = "taken"
    USED = "used"
    WRONG = "wrong"


class Admission:
    """The one token of a server, and the cookie of the browser that used it."""

    def __init__(self, host: str, port: int) -> None:
        """For a server that listens on *host* and *port*."""
        self.host = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        """The only Host header that is answered."""
        self.origin = f"http://{self.host}"
        self.folder = f"/{secrets.token_urlsafe(12)}"
        """The folder that everything but the entrance is in."""
        self.cookie_name = f"mem0-tui-{port}"
        self._cookie = secrets.token_urlsafe(_STRENGTH)
        self._token = secrets.token_urlsafe(_STRENGTH)
        self._used = False

    def __repr__(self) -> str:
        return f"Admission({self.origin!r})"

    @property
    def address(self) -> str:
        """What is opened in the browser, once."""
        return f"{self.origin}/?token={self._token}"

    @property
    def cookie(self) -> str:
        """The value of the cookie."""
        return self._cookie

    def take(self, token: str) -> TokenUse:
        """Use *token* up; only the first that is right is taken."""
        if not _equal(token, self._token):
            return TokenUse.WRONG
        if self._used:
            return TokenUse.USED
        self._used = True
        return TokenUse.TAKEN

    def knows(self, cookie: str | None) -> bool:
        """Whether *cookie* is that of the browser that was let in."""
        return cookie is not None and self._used and _equal(cookie, self._cookie)


def _equal(one: str, other: str) -> bool:
    """Compare in a time that depends neither on where the two differ nor on their lengths."""
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
