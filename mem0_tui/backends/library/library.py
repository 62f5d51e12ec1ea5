"""Random access to a long listing, for screens: the order of all rows first, memories as seen."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from mem0_tui.backends.library.entities import EntityList
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.model.tally import Tallies
from mem0_tui.store.facets import Carried


@late_dataclass(frozen=True)
class RowOrder:
    """Rows, and what has changed since earlier ones were read."""

    keys: array[int]
    """The row keys of the memories, in order."""
    revision: int
    """The revision that they are of."""
    changed: Collection[str] | None
    """The ids of the memories that were added, changed or removed since the earlier one; None
    where those are many, or not known."""


@late_dataclass(frozen=True)
class Overview:
    """What there is in a library, all of it of the same moment."""

    kinds: Mapping[str | None, int]
    """How many memories there are of each kind, of those that were asked for; None stands for
    those without one."""
    entities: EntityList
    """All entities, and the same list again as long as nothing has changed."""
    total: int | None
    """How many memories there are in all, expired ones too; None where nobody knows."""
    revision: int
    """The revision that it is of."""


class Library(Protocol):
    """Memories by row key, a number that stays with a memory as long as it exists."""

    def keys(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
    ) -> asyncio.Future[array[int]]:
        """The row keys of the memories that pass *condition*, in order; the first *limit*.

        They are read from now on, not only once they are awaited.
        """
        ...

    def order(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
        since: int | None = None,
    ) -> asyncio.Future[RowOrder]:
        """:meth:`keys`, and what has changed since the revision *since*."""
        ...

    async def memories(self, keys: Sequence[int]) -> Mapping[int, Memory]:
        """The memories of these keys; those that are gone are missing from it."""
        ...

    async def keys_of(self, memory_ids: Sequence[str]) -> Mapping[str, int]:
        """The row keys of memories by id; those that are gone are missing from it."""
        ...

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str | None, int]:
        """How many memories of each kind pass *condition*; None counts those without one."""
        ...

    async def entity_counts(
        self, kind: EntityKind, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str, int]:
        """How many memories of each entity of *kind* pass *condition*, of those that have any."""
        ...

    async def carried_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[Carried, int]:
        """How many memories that pass *condition* carry each category, folder and the like."""
        ...

    async def tallies(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Tallies:
        """How many memories that pass *condition* there are of each day, kind and source."""
        ...

    async def entities(self) -> EntityList:
        """All entities with their counts; the same list again as long as nothing has changed."""
        ...

    async def overview(
        self,
        condition: Filter = EVERYTHING,
        *,
        include_expired: bool = False,
        all_runs: bool = True,
    ) -> Overview:
        """The kinds of the memories that pass *condition*, all entities and the total; unless
        *all_runs* are wanted, the entities may lack these, where there are many."""
        ...

    async def total(self) -> int | None:
        """How many memories there are in all, expired ones too; None where nobody knows."""
        ...

    @property
    def partial(self) -> bool:
        """Whether memories are known to be missing: still loading, or beyond a server's cap."""
        ...

    @property
    def lag(self) -> int:
        """After how many refreshes with *changes_only* any edit by somebody else is sure to be
        here; 1 is at once."""
        ...

    async def revision(self) -> int:
        """A number that changes whenever anybody, in any process, changed a memory."""
        ...

    async def changed_since(self, revision: int) -> Collection[str] | None:
        """The ids of the memories that were added, changed or removed since *revision*; None where
        those are many, or not known."""
        ...

    async def refresh(
        self,
        memory_ids: Sequence[str] | None = None,
        *,
        changes_only: bool = False,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Read everything again, or only *memory_ids*, where this is a copy of what is elsewhere.

        With *changes_only*, everything is read only where a page does not show what has changed.
        *progress* is told how many have been read, and of how many where that is known.
        """
        ...

    async def aclose(self) -> None:
        """Let go of files that are this library's own."""
        ...
