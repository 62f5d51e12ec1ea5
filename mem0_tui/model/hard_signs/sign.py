"""One hard sign: what it is and where in the text it is."""

from __future__ import annotations

HIDDEN = "hidden characters"
DIRECTION = "reversed text direction"
SCRIPTS = "mixed scripts"
ENCODED = "encoded order"
DISGUISED = "disguised order"
LINK = "link that carries data out"
ROLE = "fake role"
MARKUP = "hidden markup"

KINDS = (HIDDEN, DIRECTION, SCRIPTS, ENCODED, DISGUISED, LINK, ROLE, MARKUP)


class HardSign:
    """A part of a text that is a hard sign. No dataclass: hooks load this."""

    __slots__ = ("detail", "end", "kind", "start")

    def __init__(self, kind: str, start: int, end: int, detail: str) -> None:
        self.kind = kind
        """One of :data:`KINDS`."""
        self.start = start
        """Index of its first character."""
        self.end = end
        """Index behind its last character."""
        self.detail = detail
        """What was found, in words; may quote the text as it is."""

    def __repr__(self) -> str:
        return f"HardSign({self.kind!r}, {self.start}, {self.end}, {self.detail!r})"
