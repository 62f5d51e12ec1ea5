"""The log of requests that the screen's `@` shows: the last few hundred, without secrets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
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


Listener: TypeAlias = Callable[[RequestLogEntry], None]


class RequestLog:
    """The latest entries, oldest first, and those who want to hear of new ones."""

    def __init__(self, size: int = 500) -> None:
        self._entries: deque[RequestLogEntry] = deque(maxlen=size)
        self._listeners: list[Listener] = []

    @property
    def entries(self) -> tuple[RequestLogEntry, ...]:
        return tuple(self._entries)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with every new entry until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, entry: RequestLogEntry) -> None:
        """Append *entry* and tell the listeners."""
        self._entries.append(entry)
        for listener in tuple(self._listeners):
            listener(entry)
