"""Which memories a queue's tab shows, as a condition that is joined to the rest of the view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.filter import NOTHING, Compare, Field, Filter, Not, Op, any_of
from mem0_tui.model.late import late_dataclass


@late_dataclass(frozen=True, eq=False)
class Members:
    """The memories of one queue; each is equal to itself only, for comparing many ids takes
    time."""

    queue: Queue
    ids: frozenset[str]
    """Those that it holds; of the Inbox, those that it does not."""
    found: frozenset[str] = frozenset()
    """Those of a queue with an order of its own that a person is to decide on: not the one that
    its repeats are compared with, for example."""
    looks: frozenset[str] = frozenset()
    """The same of what is only worth a look."""
    known: bool = True
    """Whether it is known what it holds: before the first scan, nothing is shown."""

    @property
    def excludes(self) -> bool:
        """Whether it holds all but :attr:`ids`."""
        return self.queue is Queue.INBOX

    @property
    def ordered(self) -> bool:
        """Whether it has an order of its own."""
        return not self.excludes

    def holds(self, memory_id: str) -> bool:
        """Whether a memory is in it."""
        return self.known and (memory_id in self.ids) is not self.excludes

    def only(self, ids: frozenset[str]) -> Members:
        """The same queue with no more than *ids*."""
        return replace(self, ids=ids)

    @cached_property
    def condition(self) -> Filter:
        """The condition that its memories pass."""
        if not self.known:
            return NOTHING
        named = _among(self.ids)
        return Not(named) if self.excludes else named


def _among(ids: Iterable[str]) -> Filter:
    return any_of(Compare(Field.ID, Op.EQ, memory_id) for memory_id in sorted(ids))
