"""The log of requests that the screen's `@` shows: the last few hundred, without secrets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RequestLogEntry:
    """One attempt at one request."""

    method: str
    path: str
    """Path and query, redacted."""
    status: int | None
    """The HTTP status; None when there was no answer."""
    ms: float
    attempt: int
    """1 for the first try."""
    at: datetime
    trouble: str | None = None
    """Why there was no answer, in a few words."""
    expected: bool = False
    """Whether an error status is the answer that was hoped for: 404 once something is deleted."""
    withdrawn: bool = False
    """Whether nobody waits for the answer any more: the cursor moved on, or the user gave up."""
    number: int = 0
    """Counted from 1 over all attempts, also those that the log has dropped."""

    @property
    def failed(self) -> bool:
        """Whether it brought no answer to somebody who waited, or an error not expected."""
        expected = self.expected or self.withdrawn
        return not expected and (self.status is None or self.status >= 400)


Listener: TypeAlias = Callable[[RequestLogEntry], None]


class RequestLog:
    """The latest entries, oldest first, and those who want to hear of new ones."""

    def __init__(self, size: int = 500) -> None:
        self._entries: deque[RequestLogEntry] = deque(maxlen=size)
        self._listeners: list[Listener] = []
        self._added = 0

    @property
    def entries(self) -> tuple[RequestLogEntry, ...]:
        return tuple(self._entries)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with every new entry until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, entry: RequestLogEntry) -> None:
        """Append *entry*, numbered, and tell the listeners."""
        self._added += 1
        entry = replace(entry, number=self._added)
        self._entries.append(entry)
        for listener in tuple(self._listeners):
            listener(entry)
