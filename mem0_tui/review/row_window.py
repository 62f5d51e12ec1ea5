"""The rows behind the list: the order of all of them, and the memories of the few that are seen.

Keys are the store's row numbers; a million of them take eight megabytes. Memories are kept for as
many rows as a few screens hold.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, Sort
from mem0_tui.presenting.age import age
from mem0_tui.presenting.signs import MISSING
from mem0_tui.review.order import Order

if TYPE_CHECKING:
    from mem0_tui.review.queues.rows import QueueRow


class RowWindow:
    """An ordered set of rows of which only those near the eye are loaded."""

    CAPACITY = 600
    """How many memories are kept."""

    def __init__(
        self,
        keys: Sequence[int] = (),
        *,
        hits: Mapping[int, SearchHit] | None = None,
        known: Mapping[int, Memory] | None = None,
        matching: int | None = None,
        whole: bool = True,
        sort: Order = Sort.NEWEST,
    ) -> None:
        """Rows of which not all need be known yet.

        Args:
            keys: the row keys, from the top.
            hits: the search hit of each row key, when the rows are a search's.
            known: memories that are loaded already, by row key.
            matching: how many of the first rows match the query; None where all do.
            whole: whether these are all rows, and not only the first of them.
            sort: what the rows are in the order of.
        """
        self.keys = keys if isinstance(keys, array) else array("q", keys)
        self.hits = hits or {}
        """The search hit of each row, when the rows are a search's."""
        self.matching = len(self.keys) if matching is None else matching
        """How many of the first rows match the query; what follows is only alike."""
        self.whole = whole
        """Whether these are all rows, and not only the first of them."""
        self.sort = sort
        """What the rows are in the order of."""
        self._memories: OrderedDict[int, Memory] = OrderedDict(known or {})

    @property
    def count(self) -> int | None:
        """How many rows match; None where only the first of them are here."""
        return self.matching if self.whole else None

    def __len__(self) -> int:
        return len(self.keys)

    def at(self, index: int) -> Memory | None:
        """The memory of row *index*, or None when it is not loaded (yet)."""
        if not 0 <= index < len(self.keys):
            return None
        return self._memories.get(self.keys[index])

    def key(self, index: int) -> int | None:
        """The key of row *index*."""
        return self.keys[index] if 0 <= index < len(self.keys) else None

    def why(self, index: int) -> QueueRow | None:  # noqa: ARG002
        """Why row *index* is in a queue; None where these are no queue's rows."""
        return None

    def position(self, key: int | None) -> int | None:
        """The row of *key*, or None when it is not among them."""
        if key is None:
            return None
        try:
            return self.keys.index(key)
        except ValueError:
            return None

    def again(self, before: RowWindow, index: int) -> int | None:
        """The row in which what was in row *index* of *before* is now, or None."""
        return self.position(before.key(index))

    def missing(self, start: int, stop: int) -> list[int]:
        """The keys of the rows from *start* to *stop* that are not loaded."""
        start, stop = max(0, start), min(len(self.keys), stop)
        return [key for key in self.keys[start:stop] if key not in self._memories]

    def put(self, memories: Mapping[int, Memory], *, near: slice = slice(0)) -> None:
        """Keep *memories*, and let go of those that were put longest ago; but what there is of the
        rows *near* counts as put now, for somebody may look at it."""
        for key in self.keys[near]:
            if key in self._memories:
                self._memories.move_to_end(key)
        for key, memory in memories.items():
            self._memories[key] = memory
            self._memories.move_to_end(key)
        while len(self._memories) > max(self.CAPACITY, len(memories)):
            self._memories.popitem(last=False)

    def loaded(self) -> Mapping[int, Memory]:
        """The memories that are kept, by key."""
        return self._memories


def sorted_by(memory: Memory, sort: Order, now: datetime) -> str:
    """The value by which *sort* puts *memory* in its place, in at most four cells.

    That is when it was last written, how many characters it has (``980``, ``12k``) or how sure its
    writer was; for all other orders how long ago it was created.
    """
    match sort:
        case Sort.UPDATED:
            return age(memory.updated_at or memory.created_at, now)
        case Sort.LENGTH:
            return _short(len(memory.text))
        case Sort.CONFIDENCE:
            return MISSING if memory.confidence is None else f"{memory.confidence:.2f}"[:4]
        case _:
            return age(memory.created_at, now)


def _short(count: int) -> str:
    for unit in ("", "k", "M"):
        if count < 1000:
            return f"{count}{unit}"
        count //= 1000
    return f"{count}G"
