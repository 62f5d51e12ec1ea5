"""The second layer: the password between ``user:`` and ``@host`` in a URL."""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import is_placeholder, is_reference
from mem0_tui.model.secret.hit import URL, Hit

_URL = late(
    r"(?i)(?<![a-z0-9])([a-z][a-z0-9+.\-]{1,30}):(?://)(?!/)"
    r"([^\s/:@\"'<>`\[\]()]{0,100}):([^\s/\"'<>`]{1,200})@(?=[\w\[{$<.\-])"
)
_TEMPLATE = late(r"(?i)(?:<[^>]*>|\{[^}]*\}|\$\{?\w+\}?|%\w+%|%\(\w+\)s|\[[^\]]*\]|\*+|x{3,})")


def find(text: str) -> Iterator[Hit]:
    """The passwords of URLs in *text*."""
    for found in _URL.finditer(text):
        user, password = found.group(2), found.group(3)
        if "://" in password:  # two URLs that touch: the nearer one counts
            continue
        if not stands_for_password(user, password):
            yield Hit(found.start(3), found.end(3), "password in a URL", URL)


def stands_for_password(user: str, password: str) -> bool:
    """Whether *password*, of *user*, is a template, or a default login such as the user's name."""
    if _TEMPLATE.fullmatch(password) or _TEMPLATE.fullmatch(user) or "…" in password:
        return True
    if password.lower() == user.lower() and password.isalpha():
        return True
    return is_placeholder(password) or (is_reference(password) and password[:1] not in "@!&*/~.")
