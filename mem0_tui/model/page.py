"""Pieces of a longer answer: pages of a listing, hits of a search, and the order they come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import JsonObject, Memory

T = TypeVar("T")


class Sort(StrEnum):
    """Orders of a listing; ties break by id, memories without the value come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    UPDATED = "updated"
    TYPE = "type"
    """By kind, see :attr:`~mem0_tui.model.memory.Memory.kind`."""
    LENGTH = "length"
    """Longest first."""
    CONFIDENCE = "confidence"
    """Highest first."""


@late_dataclass(frozen=True)
class Page(Generic[T]):
    """One page; *total* and *next* say how much more there is, never guessed."""

    items: tuple[T, ...]
    total: int | None = None
    """How many there are in all; None where the backend does not say."""
    next: str | None = None
    """Opaque cursor of the following page; None after the last."""
    missing: tuple[str, ...] = ()
    """After the last page: why there may be more than came, as short clauses."""

    @property
    def complete(self) -> bool:
        """Whether this is the last page, and its total is known and leaves nothing out."""
        return self.next is None and self.total is not None and not self.missing


class KindCounts(dict[str | None, int]):
    """How many memories of each kind there are; None counts those without one."""

    missing: tuple[str, ...] = ()
    """Why there may be more than were counted, as short clauses."""


class Grade(StrEnum):
    """How far a hit stands out among all memories for this query; never a probability."""

    STRONG = "strong"
    GOOD = "good"
    WEAK = "weak"
    MORE = "more"


class SearchMode(StrEnum):
    """What ranked the hits."""

    HYBRID = "hybrid"
    """Meaning and words together."""
    KEYWORD = "keyword"
    """Words only: there are no embeddings (yet), or their model does not know the query's words."""
    REMOTE = "remote"
    """The server's own ranking."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A memory that a search found."""

    memory: Memory
    score: float
    """0 to 1, order-keeping; comparable within one answer only."""
    grade: Grade | None = None
    """None below 20 memories and where the backend gives no ground for it."""
    parts: JsonObject = field(default_factory=dict)
    """What the score is made of, where known: ``semantic``, ``words``, ``trigrams``, and
    ``literal`` where the text holds what was typed."""


@late_dataclass(frozen=True)
class SearchResult:
    """The answer to a search, best first."""

    hits: tuple[SearchHit, ...]
    mode: SearchMode
    embedded: int | None = None
    """How many memories had an embedding; None where that is the server's business."""
    searched: int | None = None
    """How many memories were ranked."""

    @property
    def unknown_words(self) -> bool:
        """Whether words alone ranked it because the model knows nothing of what was asked."""
        return self.mode is SearchMode.KEYWORD and bool(self.embedded)
