"""One secret in a text: where it is, what it is, and what may be shown of it."""

from __future__ import annotations

SHAPE, URL, ASSIGNED, PROSE = "shape", "url", "assigned", "prose"
"""How a secret was recognised: by its vendor's shape, as the password of a URL, as the value of a
name such as ``api_key``, or in a sentence."""

_RANDOM = 20
"""Characters behind the prefix from which on four may be shown: what is left cannot be guessed."""


class Hit:
    """A secret in a text. Without dataclasses: hooks load this, and start in milliseconds."""

    __slots__ = ("end", "example", "kind", "layer", "prefix", "start")

    def __init__(
        self,
        start: int,
        end: int,
        kind: str,
        layer: str,
        *,
        prefix: int | None = None,
        example: bool = False,
    ) -> None:
        self.start = start
        """Index of its first character in the text."""
        self.end = end
        """Index behind its last character."""
        self.kind = kind
        """What it is, such as ``GitHub token`` or ``password``."""
        self.layer = layer
        """:data:`SHAPE`, :data:`URL`, :data:`ASSIGNED` or :data:`PROSE`."""
        self.prefix = prefix
        """Characters at its beginning that say nothing but its kind; None where none does, so that
        nothing of the value may be shown."""
        self.example = example
        """Whether its vendor prints it in the documentation: it opens nothing."""

    def __repr__(self) -> str:
        return f"Hit({self.start}, {self.end}, {self.kind!r}, {self.layer!r})"

    def shown(self, text: str) -> str:
        """What may be shown in its place: ``ghp_…a1b2`` of a long key, else its kind alone."""
        value = text[self.start : self.end]
        if self.layer == URL:
            return "…"
        if self.prefix is None:
            return f"[{self.kind} …]"
        if self.kind.endswith("webhook"):  # the host before it says which one it is
            return f"{value[: self.prefix]}…"
        last = value[-4:] if len(value) - self.prefix >= _RANDOM else ""
        return f"{value[: self.prefix]}…{last}"

    def removed(self) -> str:
        """What a memory says in its place once it is taken out: ``[GitHub token removed]``."""
        if self.layer == URL:
            return f"[{self.kind.removesuffix(' in a URL')} removed]"
        return f"{'/' if self.kind.endswith('webhook') else ''}[{self.kind} removed]"
