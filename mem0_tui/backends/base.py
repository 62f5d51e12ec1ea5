"""The protocol that every backend speaks. A backend never guesses: a total, a count or a date that
it does not know is None, and a write that it cannot verify raises.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from mem0_tui.model.capability import Capabilities
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Entity, EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Draft, Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchResult, Sort
from mem0_tui.model.tally import Tallies


@late_dataclass(frozen=True)
class BackendInfo:
    """Which memories these are; plans and journal entries are bound to it."""

    backend: str
    """``local``, ``platform``, ``selfhosted``, ``mcp`` or ``codex``."""
    target: str
    """The path of the store or folder, or the server's URL without credentials."""
    account: str | None = None
    """The account or project, where the server names one."""

    def __str__(self) -> str:
        return f"{self.backend} {self.target}" + (f" ({self.account})" if self.account else "")


@late_dataclass(frozen=True)
class Background:
    """What is kept of one memory beside itself."""

    history: tuple[HistoryEntry, ...]
    """Its changes, oldest first."""
    damaged: bool = False
    """Whether its text is known not to be what was stored."""


class Backend(Protocol):
    """A place that holds memories.

    Every method may raise :class:`~mem0_tui.model.errors.BackendError`, and
    :class:`~mem0_tui.model.errors.UnsupportedError` where the capability is missing.
    """

    @property
    def name(self) -> str:
        """``local``, ``platform``, ``selfhosted``, ``mcp`` or ``codex``."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def info(self) -> BackendInfo:
        """Which memories these are; for a remote one, this is also the ping that checks the key."""
        ...

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page of the memories that pass *condition*, which holds for every row returned
        (conditions that the server cannot evaluate are evaluated here). A page may then have fewer
        than *limit* rows although more follow: only ``next`` says whether there is another.

        Args:
            condition: what a memory must be like.
            sort: the order of the whole listing, of which this is a page.
            cursor: the ``next`` of the page before; None for the first page.
            limit: rows of a page at most, from 1 up; a server may have a lower maximum.
            include_expired: whether memories past their expiry count.
        """
        ...

    async def search(
        self,
        text: str,
        condition: Filter = EVERYTHING,
        *,
        limit: int = 20,
        threshold: float = 0.1,
        include_expired: bool = False,
    ) -> SearchResult:
        """The memories nearest in meaning to *text* among those passing *condition*, best first.

        Args:
            text: what to search for; not blank.
            condition: what a memory must be like.
            limit: hits at most, from 1 up.
            threshold: the lowest score of a hit, from 0 to 1; a score only orders one answer.
            include_expired: whether memories past their expiry count.
        """
        ...

    async def get(self, memory_id: str) -> Memory:
        """One memory, also an expired one.

        Raises:
            NotFoundError: there is none of that id.
        """
        ...

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        """The memories of these ids as they are now; ids that are gone are missing from it."""
        ...

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first; empty where none are known."""
        ...

    async def entities(self) -> tuple[Entity, ...]:
        """All entities, by kind, then the most recently active first."""
        ...

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        """How many memories of each kind pass *condition*; None counts those without one."""
        ...

    async def add(self, draft: Draft) -> Memory:
        """Add *draft* verbatim and return it as stored, read back."""
        ...

    async def restore(self, memory: Memory) -> Memory:
        """Put a deleted memory back as exactly as this backend can (see ``restore_losses``);
        the id of what is returned differs where ids cannot be kept."""
        ...

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        """Change one memory and return it as it is afterwards, read back.

        Args:
            memory_id: the memory.
            edit: the new values.
            seen: the content hash that the user saw, for backends that can compare atomically.

        Raises:
            NotFoundError: it is gone.
            StaleError: it no longer is what was seen.
        """
        ...

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Delete these memories (at most ``batch_size``) and verify that they are gone.

        Returns:
            For every id None when it is gone now, or the error that says why not: NotFoundError
            when it was gone before, StaleError when it differs from *seen*, ServerError when the
            server said yes but it is still there.
        """
        ...

    async def delete_scope(self, entity: EntityRef) -> None:
        """Delete every memory of one entity, in one call, and wait until the backend is done.

        Raises:
            UnsafeScopeError: the id is blank, a wildcard or the like; nothing was sent.
        """
        ...

    async def delete_entity(self, entity: EntityRef) -> None:
        """Delete one entity with its memories, and wait until the backend is done.

        Raises:
            UnsafeScopeError: the id is blank, a wildcard or the like; nothing was sent.
        """
        ...

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The backend's latest jobs, newest first."""
        ...

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        """Rate a memory: ``POSITIVE``, ``NEGATIVE``, ``VERY_NEGATIVE``, or None to take it back."""
        ...

    async def aclose(self) -> None:
        """Finish what was begun and let go of connections and files."""
        ...


@runtime_checkable
class MarkedRows(Protocol):
    """A backend that tells with one request, without any memory, which entities have changed."""

    async def marks(self) -> Mapping[EntityRef, object]:
        """For each entity a value that differs once one of its memories was added, changed or
        removed; empty where the server tells none."""
        ...


@runtime_checkable
class Paged(Protocol):
    """A backend whose server gives any page of everything, newest first, by one request."""

    async def changed_since(self, moment: datetime) -> Page[Memory] | None:
        """One page of what was added or edited at *moment* or later, by the server's clock; None
        where the server cannot tell."""
        ...

    async def numbered(self, number: int) -> Page[Memory]:
        """The *number*-th page of everything, counted from 1."""
        ...


@runtime_checkable
class JudgesRestores(Protocol):
    """A backend that can put back most memories, but not each."""

    def restore_obstacle(self, memory: Memory) -> str:
        """Why *memory*, once deleted, could not be put back, as a clause; blank where it can."""
        ...


@runtime_checkable
class DeletesForever(Protocol):
    """A backend whose own deletes keep something of what they delete, here or beside it."""

    async def delete_forever(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """As :meth:`Backend.delete`, without keeping anything of them."""
        ...


@runtime_checkable
class JudgesMoves(Protocol):
    """A backend that can move some memories in place, but not each."""

    def moves_in_place(self, memory: Memory, scope: Scope) -> bool:
        """Whether *memory* can be given *scope* and keep its id."""
        ...


@runtime_checkable
class ChecksTexts(Protocol):
    """A backend that can tell whether texts are still what was stored."""

    async def damaged_texts(self, chosen: Filter | Sequence[str]) -> tuple[str, ...]:
        """The ids of those memories, also expired ones, whose text is not what was stored."""
        ...

    async def background(self, memory_id: str) -> Background:
        """The changes of one memory, and whether its text is damaged, in one read."""
        ...


@runtime_checkable
class Tallied(Protocol):
    """A backend that counts by day, kind and source without handing over every memory."""

    async def tallies(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Tallies:
        """How many memories that pass *condition* there are of each day, kind and source."""
        ...


async def scan(
    backend: Backend,
    condition: Filter = EVERYTHING,
    *,
    sort: Sort = Sort.NEWEST,
    include_expired: bool = False,
) -> AsyncIterator[Memory]:
    """All memories that pass *condition*, page by page, each id once."""
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        page = await backend.list(
            condition,
            sort=sort,
            cursor=cursor,
            limit=backend.capabilities.page_size,
            include_expired=include_expired,
        )
        for memory in page.items:
            if memory.id not in seen:
                seen.add(memory.id)
                yield memory
        cursor = page.next
        if cursor is None:
            return
