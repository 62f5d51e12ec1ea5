"""How many memories there are of each day, kind and source: what statistics are counted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from mem0_tui.model.filter import text_form
from mem0_tui.model.memory import Memory

_FIRST = date(1970, 1, 1)
_EMPTY: tuple[object, ...] = (None, "", {})
"""What counts as no value, as in :attr:`~mem0_tui.model.filter.Op.PRESENT`."""


class Tally(NamedTuple):
    """The memories of one day (UTC), kind and source."""

    day: int | None
    """Days from 1970-01-01 to the creation; None without a date."""
    kind: str | None
    sources: tuple[str, ...]
    """The texts in ``metadata.source``: one, or those of a list."""
    has_source: bool
    """Whether there is any value, which need not be a text."""
    amount: int


class Tallies(tuple[Tally, ...]):
    """All tallies of a question, in no order; several may be of one day, kind and source."""

    missing: tuple[str, ...] = ()
    """Why there may be more memories than were counted, as short clauses."""

    @property
    def total(self) -> int:
        """How many memories were counted."""
        return sum(each.amount for each in self)


def sources_in(source: Any) -> tuple[tuple[str, ...], bool]:
    """The texts in a ``metadata.source``, and whether it has any value."""
    values = source if isinstance(source, (list, tuple)) else (source,)
    texts = dict.fromkeys(filter(None, map(text_form, values)))
    return tuple(texts), any(each not in _EMPTY for each in values)


class Counting:
    """Counts memories that come in parts."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int | None, str | None, tuple[str, ...], bool]] = Counter()

    def add(self, memories: Iterable[Memory]) -> None:
        """Count *memories*, too."""
        for memory in memories:
            day = None if memory.created_at is None else day_number(memory.created_at)
            self._counts[day, memory.kind, *sources_in(memory.metadata.get("source"))] += 1

    def tallies(self) -> Tallies:
        """What was counted so far."""
        return Tallies(Tally(*key, count) for key, count in self._counts.items())


def tallied(memories: Iterable[Memory]) -> Tallies:
    """*memories*, counted."""
    counting = Counting()
    counting.add(memories)
    return counting.tallies()


def day_number(moment: datetime) -> int:
    """The day of *moment* (aware), in UTC, as days from 1970-01-01."""
    return (moment.astimezone(UTC).date() - _FIRST).days


def number_of(day: date) -> int:
    """*day* as days from 1970-01-01."""
    return (day - _FIRST).days


def day_of(number: int) -> date:
    """The day that many days after 1970-01-01."""
    return _FIRST + timedelta(days=number)
