"""A rule that knows secrets by their shape, and how a table of such rules is searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mem0_tui.model.secret.hit import SHAPE, Hit

BEFORE, AFTER = r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9])"
"""What a key cannot touch. In prose a full stop, a comma or a bracket follows it."""


class Rule:
    """One vendor's shape; its expression is compiled when a text first holds its keyword."""

    __slots__ = ("_compiled", "_expression", "keyword", "kind", "prefix")

    def __init__(self, kind: str, keyword: str, expression: str, prefix: int | None) -> None:
        self.kind = kind
        self.keyword = keyword
        """What every such secret holds, or stands behind, in lower case."""
        self.prefix = prefix
        self._expression = expression
        self._compiled: re.Pattern[str] | None = None

    def search(self, text: str) -> Iterator[Hit]:
        """The hits in *text*; the expression's group, where it has one, is the secret."""
        if self._compiled is None:
            self._compiled = re.compile(self._expression)
        for found in self._compiled.finditer(text):
            group = found.lastindex and 1 or 0
            yield Hit(found.start(group), found.end(group), self.kind, SHAPE, prefix=self.prefix)


def search(rules: Iterable[Rule], text: str, lower: str) -> Iterator[Hit]:
    """What *rules* find in *text*, which is *lower* in lower case."""
    for rule in rules:
        if rule.keyword in lower:
            yield from rule.search(text)
