"""Codex's own memories as a backend: read from its files, searched in a private copy of them.

Texts are changed in Codex's files only while none of its jobs writes there, and a note tells Codex
to forget what was removed. What Codex would make again is refused. Its ``.git`` and its databases
are never written to.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.capabilities import CODEX
from mem0_tui.backends.codexmemories.editor import FolderEditor
from mem0_tui.backends.codexmemories.folder import MemoryFolder
from mem0_tui.backends.codexmemories.passage import Passage
from mem0_tui.backends.codexmemories.writing import Copies
from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.entity import Entity, EntityRef
from mem0_tui.model.errors import InvalidRequestError, Mem0TuiError, NotFoundError, StaleError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Draft, Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchResult, Sort
from mem0_tui.store.store import open_store

if TYPE_CHECKING:
    from mem0_tui.store.embedding.embedder import Embedder


class CodexBackend:
    """Implements :class:`~mem0_tui.backends.base.Backend` over ``$CODEX_HOME/memories``."""

    name = "codex"
    capabilities = CODEX

    def __init__(
        self,
        codex_home: Path,
        state: Path,
        *,
        clock: Clock | None = None,
        embedder_factory: Callable[[], Embedder] | None = None,
    ) -> None:
        """Begin to use the memories of the Codex whose home is *codex_home*.

        Args:
            codex_home: Codex's own folder; nothing need be there yet.
            state: where copies of changed files are kept.
            clock: tells the time of notes.
            embedder_factory: called at the first search; without one, search goes by words.
        """
        self._clock = clock or SystemClock()
        self._folder = MemoryFolder(codex_home / "memories")
        self._editor = FolderEditor(codex_home, self._folder, Copies(state), self._clock)
        self._embedder_factory = embedder_factory
        self._temporary = tempfile.TemporaryDirectory(prefix="mem0-tui-")
        path = Path(self._temporary.name) / "copy.db"
        store = open_store(path, self._clock, durable=False)
        self._copy = LocalBackend(store, embedder_factory=embedder_factory)
        self._stamps: object = None
        self._passages: dict[str, Passage] = {}
        self._reading = asyncio.Lock()

    async def info(self) -> BackendInfo:
        return BackendInfo(self.name, str(self._folder.path))

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        await self._look(again=cursor is None)
        return await self._copy.list(
            condition, sort=sort, cursor=cursor, limit=limit, include_expired=include_expired
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
        await self._look()
        if self._embedder_factory is not None:
            from mem0_tui.store.search.indexer import Indexer

            indexer = Indexer(self._copy.store, self._embedder_factory)
            await asyncio.to_thread(indexer.run_pending)
        return await self._copy.search(
            text, condition, limit=limit, threshold=threshold, include_expired=include_expired
        )

    async def get(self, memory_id: str) -> Memory:
        await self._look()
        return await self._copy.get(memory_id)

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        await self._look()
        return await self._copy.get_many(memory_ids)

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """Codex keeps none: its repository has a single commit."""
        del memory_id
        return ()

    async def entities(self) -> tuple[Entity, ...]:
        await self._look()
        return await self._copy.entities()

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        await self._look()
        return await self._copy.kind_counts(condition, include_expired=include_expired)

    async def add(self, draft: Draft) -> Memory:
        """Write a note, which the next consolidation takes in."""
        if not draft.text.strip():
            raise InvalidRequestError("a note needs text")
        if draft.expires_on is not None or draft.immutable or draft.categories:
            raise InvalidRequestError("a note for Codex is text only: no type, metadata or expiry")
        async with self._reading:
            name = await asyncio.to_thread(self._editor.add_note, draft.text)
        await self._look()
        return await self.get(next(i for i, p in self._passages.items() if p.file == name))

    async def restore(self, memory: Memory) -> Memory:
        """Put a deleted memory back at its place, with the same id; one that is there stays."""
        await self._look()
        passage = self._passages.get(memory.id)
        if passage is not None and passage.text == memory.text:
            return await self.get(memory.id)
        async with self._reading:
            await asyncio.to_thread(self._editor.put_back, memory)
        await self._look()
        return await self.get(memory.id)

    def restore_obstacle(self, memory: Memory) -> str:
        """Why *memory*, once deleted, could not be put back; blank where it can."""
        del memory
        return ""

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        """Change the text of one memory, in Codex's file."""
        before = await self.get(memory_id)
        if seen is not None and before.content_hash != seen:
            raise StaleError("it has changed since it was read", hint="look again")
        if edit.metadata is not None and dict(edit.metadata) != dict(before.metadata):
            self.capabilities.require(Capability.EDIT_METADATA, self.name)
        if edit.expires_on is not UNSET and edit.expires_on is not None:
            self.capabilities.require(Capability.EDIT_EXPIRY, self.name)
        if edit.categories:
            self.capabilities.require(Capability.EDIT_CATEGORIES, self.name)
        if edit.scope is not None and edit.scope != before.scope:
            self.capabilities.require(Capability.EDIT_SCOPE, self.name)
        if edit.text is None or edit.text == before.text:
            return before
        passage = self._passages[memory_id]
        async with self._reading:
            await asyncio.to_thread(self._editor.rewrite, memory_id, passage, edit.text)
        await self._look()
        await self._copy.store.sweep()  # the old text may be a secret that is taken out
        return await self.get(memory_id)

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Take memories out of Codex's files, and leave a note that says to forget them."""
        return await self._remove(memory_ids, seen, forever=False)

    async def delete_forever(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Take memories out of Codex's files without a copy or a note, which would quote them; so
        Codex may write them again from its sessions."""
        outcome = await self._remove(memory_ids, seen, forever=True)
        await self._copy.store.sweep()
        return outcome

    async def _remove(
        self, memory_ids: Sequence[str], seen: Mapping[str, str] | None, *, forever: bool
    ) -> Mapping[str, Mem0TuiError | None]:
        there = await self.get_many(memory_ids)
        outcome: dict[str, Mem0TuiError | None] = {}
        chosen: dict[str, Passage] = {}
        for id_ in memory_ids:
            if id_ not in there:
                outcome[id_] = NotFoundError(f"there is no memory {id_}")
            elif seen and id_ in seen and there[id_].content_hash != seen[id_]:
                outcome[id_] = StaleError("it has changed since it was read")
            else:
                chosen[id_] = self._passages[id_]
        async with self._reading:
            outcome |= await asyncio.to_thread(self._editor.remove, chosen, forever=forever)
        await self._look()
        for id_ in chosen:
            if outcome[id_] is None and id_ in self._passages:
                outcome[id_] = StaleError("Codex has rewritten it in the meantime")
        return {id_: outcome[id_] for id_ in memory_ids}

    async def delete_scope(self, entity: EntityRef) -> None:
        """Memories of Codex's are deleted by id."""
        del entity
        self.capabilities.require(Capability.DELETE_SCOPE, self.name)

    async def delete_entity(self, entity: EntityRef) -> None:
        """Memories of Codex's are deleted by id."""
        del entity
        self.capabilities.require(Capability.DELETE_ENTITY, self.name)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        del limit
        self.capabilities.require(Capability.EVENTS, self.name)
        return ()

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        del memory_id, verdict, reason
        self.capabilities.require(Capability.FEEDBACK, self.name)

    async def aclose(self) -> None:
        await self._copy.aclose()
        self._temporary.cleanup()

    async def _look(self, *, again: bool = True) -> None:
        """Bring the copy up to date with Codex's files, where they have changed."""
        async with self._reading:
            stamps = await asyncio.to_thread(self._folder.stamps)
            if not again or stamps == self._stamps:
                return
            passages = await asyncio.to_thread(self._folder.passages)
            ids = await asyncio.to_thread(self._editor.ids, passages)
            await self._take(dict(zip(ids, passages, strict=True)))
            self._stamps = stamps

    async def _take(self, passages: dict[str, Passage]) -> None:
        store = self._copy.store
        fresh = {id_: passage.memory(id_) for id_, passage in passages.items()}
        have = await self._copy.get_many(list({*self._passages, *fresh}))
        changed = [id_ for id_, memory in have.items() if fresh.get(id_) != memory]
        if changed:
            await store.erase(changed)
        new = [memory for id_, memory in fresh.items() if id_ not in have or id_ in changed]
        if new:
            await store.restore(new)
        self._passages = passages
