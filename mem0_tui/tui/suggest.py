"""Completion of the query that is being typed: field names, then the values there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.suggester import Suggester

from mem0_tui.model.late_pattern import late
from mem0_tui.model.query import Literal
from mem0_tui.model.terms import FIELDS

_LAST = late(r'(?:^|\s)(-?)([A-Za-z_]+)(?:(:)([^\s,"]*(?:,[^\s,"]*)*))?$')
_FIXED = {
    "pinned": ("yes", "no"),
    "shared": ("yes", "no"),
    "expired": ("yes", "no"),
    "superseded": ("yes", "no"),
    "has": ("category", "expiry", "confidence", "source", "branch", "session", "file", "type"),
    "created": ("today", "7d..", "30d.."),
    "age": ("..7d", "30d..", "90d.."),
}


class QuerySuggester(Suggester):
    """Suggests how the last word of a query may go on."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.values: Mapping[str, tuple[str, ...]] = {}
        """Known values by field: types, users, apps, …"""

    def know(self, field: str, values: Iterable[str]) -> None:
        """Offer *values* for *field*."""
        self.values = {**self.values, field: tuple(values)}

    def learn(self, field: str, values: Iterable[str]) -> None:
        """Offer *values* for *field* besides those that are offered already."""
        self.know(field, dict.fromkeys([*self.values.get(field, ()), *values]))

    async def get_suggestion(self, value: str) -> str | None:
        """*value* completed, or None."""
        found = _LAST.search(value)
        if not found:
            return None
        _, name, colon, written = found.groups()
        if colon is None:
            return _complete(value, name, [f"{field}:" for field in FIELDS if field != "meta"])
        known = self.values.get(name.casefold(), _FIXED.get(name.casefold(), ()))
        last = (written or "").rpartition(",")[2]
        return _complete(value, last, [str(Literal(each)) for each in known])


def _complete(value: str, start: str, choices: Iterable[str]) -> str | None:
    for choice in choices:
        if len(choice) > len(start) and choice.casefold().startswith(start.casefold()):
            return value[: len(value) - len(start)] + choice
    return None
