"""The embedded store as a backend: exact in everything, and undoable for thirty days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from mem0_tui.backends.base import BackendInfo, Background
from mem0_tui.model.capability import Capabilities, Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Entity, EntityRef
from mem0_tui.model.errors import InvalidRequestError, Mem0TuiError
from mem0_tui.model.filter import EVERYTHING, Filter, belongs_to
from mem0_tui.model.memory import Draft, Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchResult, Sort
from mem0_tui.model.tally import Tallies
from mem0_tui.store import entities, events, memories, project, tallies
from mem0_tui.store.history import Recorded
from mem0_tui.store.store import MemoryStore
from mem0_tui.store.trash import DeletedRow

if TYPE_CHECKING:
    from mem0_tui.model.secret.removal import Removal, Said
    from mem0_tui.store.embedding.embedder import Embedder
    from mem0_tui.store.erasure.search import Held
    from mem0_tui.store.erasure.traces import Traces

_FEEDBACK = ("POSITIVE", "NEGATIVE", "VERY_NEGATIVE", None)

CAPABILITIES = Capabilities(can=frozenset(Capability), page_size=1000, batch_size=1000)
"""Everything; and what is put back is what was there, to the field."""


class LocalBackend:
    """Memories in a :class:`~mem0_tui.store.store.MemoryStore`, which it closes."""

    name = "local"
    capabilities = CAPABILITIES

    def __init__(
        self, store: MemoryStore, *, embedder_factory: Callable[[], Embedder] | None = None
    ) -> None:
        """*embedder_factory* is called at the first search; without one, search goes by words."""
        self.store = store
        self._embedder_factory = embedder_factory
        self._embedder: Embedder | None = None
        self._lock = Lock()

    async def info(self) -> BackendInfo:
        return BackendInfo("local", str(self.store.database.path))

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        return await self.store.page(
            condition,
            sort=sort,
            cursor=cursor,
            limit=max(1, min(limit, self.capabilities.page_size)),
            include_expired=include_expired,
        )

    async def search(
        self,
        text: str,
        condition: Filter = EVERYTHING,
        *,
        limit: int = 20,
        threshold: float = 0.1,
        include_expired: bool = False,
    ) -> SearchResult:
        if not text.strip():
            raise InvalidRequestError("there are no words to search for")

        def work() -> SearchResult:
            from mem0_tui.store.search.engine import hybrid_search

            return hybrid_search(
                self.store,
                text,
                condition,
                limit=limit,
                threshold=threshold,
                include_expired=include_expired,
                embedder=self._loaded_embedder(),
            )

        return await self.store.database.aread(lambda _: work())

    async def get(self, memory_id: str) -> Memory:
        return self.store.get_now(memory_id)

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        return await self.store.database.aread(lambda c: memories.get_many(c, memory_ids))

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        return tuple(recorded.entry for recorded in self.store.history_now(memory_id))

    async def entities(self) -> tuple[Entity, ...]:
        return await self.store.database.aread(entities.listed)

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        selection = self.store.selection(condition, include_expired=include_expired)
        counts = await self.store.database.aread(lambda c: memories.kind_counts(c, selection))
        return KindCounts(counts)

    async def tallies(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Tallies:
        """How many memories that pass *condition* there are of each day, kind and source."""
        return await tallies.asked(self.store, condition, include_expired=include_expired)

    async def add(self, draft: Draft) -> Memory:
        return (await self.store.add_many([draft]))[0]

    async def add_many(self, drafts: Sequence[Draft]) -> tuple[Memory, ...]:
        """Add *drafts*, all or none, and return the memories as stored."""
        return await self.store.add_many(drafts)

    async def restore(self, memory: Memory) -> Memory:
        return (await self.store.restore([memory]))[0]

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        return await self.store.update(memory_id, edit, seen=seen)

    async def update_many(
        self, edits: Mapping[str, Edit], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Memory | Mem0TuiError]:
        """Change several memories in one transaction: per id what it is now, or why not."""
        return dict(await self.store.update_many(edits, seen=seen))

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        return await self.store.delete(memory_ids, seen=seen)

    async def delete_scope(self, entity: EntityRef) -> None:
        await self.store.delete_where(belongs_to(entity.checked()))

    async def delete_entity(self, entity: EntityRef) -> None:
        await self.store.delete_where(belongs_to(entity.checked()), entity=entity)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        found = await self.store.database.aread(lambda c: events.latest(c, limit=limit))
        return tuple(stored.event for stored in found)

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        if verdict not in _FEEDBACK:
            raise InvalidRequestError(f"{verdict!r} is not a verdict", hint="POSITIVE, NEGATIVE, …")
        now = self.store.clock.now()
        await self.store.database.awrite(
            lambda c: project.add_feedback(c, memory_id, verdict, reason, now)
        )

    async def window(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        offset: int = 0,
        limit: int = 100,
        include_expired: bool = False,
    ) -> tuple[Memory, ...]:
        """The *limit* memories from *offset* on, for a list that shows a part of itself."""
        return await self.store.window(
            condition, sort=sort, offset=offset, limit=limit, include_expired=include_expired
        )

    async def count(self, condition: Filter = EVERYTHING, *, include_expired: bool = False) -> int:
        """How many memories pass *condition*."""
        return await self.store.count(condition, include_expired=include_expired)

    async def trash(self) -> tuple[DeletedRow, ...]:
        """What was deleted in the last thirty days, the latest first."""
        return await self.store.trash()

    async def restore_deleted(self, memory_ids: Sequence[str]) -> tuple[Memory, ...]:
        """Put memories back from the trash, all or none."""
        return await self.store.restore_deleted(memory_ids)

    async def erase(
        self,
        memory_ids: Sequence[str],
        *,
        seen: Mapping[str, str | None] | None = None,
        texts: Mapping[str, Collection[str]] | None = None,
    ) -> dict[str, Mem0TuiError | None]:
        """Take memories out of every table; see
        :meth:`~mem0_tui.store.store.MemoryStore.erase`."""
        return await self.store.erase(memory_ids, seen=seen, texts=texts)

    async def texts_of(self, memory_ids: Sequence[str]) -> Mapping[str, set[str]]:
        """Per memory, deleted or not, every text that it is known to have had."""
        return await self.store.texts_of(memory_ids)

    async def traces_of(self, memory_ids: Sequence[str], texts: Collection[str]) -> Traces:
        """What to look for where these memories are to be gone, who had these *texts*."""
        return await self.store.traces_of(memory_ids, texts)

    async def said(self, memory_ids: Sequence[str]) -> Said:
        """Every text that these memories are known to have had; see
        :meth:`~mem0_tui.store.store.MemoryStore.said`."""
        return await self.store.said(memory_ids)

    async def take_out(self, memory_ids: Sequence[str], removal: Removal) -> None:
        """Take *removal* out of all that is kept of these memories beside themselves."""
        await self.store.take_out(memory_ids, removal)

    async def sweep(self) -> bool:
        """Write the file anew without what was deleted; False if another process is reading an
        older state of it."""
        return await self.store.sweep()

    async def held(self, pieces: Collection[bytes]) -> tuple[Held, ...]:
        """The rows, of whatever table, that hold one of *pieces*."""
        return await self.store.held(pieces)

    async def changes_since(self, seq: int, *, limit: int = 1000) -> tuple[Recorded, ...]:
        """The changes after *seq* (0 for all), oldest first."""
        return await self.store.changes_since(seq, limit=limit)

    async def damaged_texts(self, chosen: Filter | Sequence[str]) -> tuple[str, ...]:
        """The ids of those memories, also expired ones, whose text is not what was stored."""
        return await self.store.damaged_texts(chosen)

    async def background(self, memory_id: str) -> Background:
        """The changes of one memory, and whether its text is damaged, in one read."""
        recorded, damaged = await self.store.background(memory_id)
        return Background(tuple(each.entry for each in recorded), damaged)

    async def aclose(self) -> None:
        self.store.close()

    def _loaded_embedder(self) -> Embedder | None:
        with self._lock:
            if self._embedder is None and self._embedder_factory is not None:
                self._embedder = self._embedder_factory()
            return self._embedder
