"""What the handlers ask of the store, in their own words: one tenant, one store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mem0_tui.backends.local import LocalBackend
from mem0_tui.backends.reference import resolve
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Entity, EntityRef, Scope
from mem0_tui.model.errors import NotFoundError, ReadOnlyError, StoreError
from mem0_tui.model.filter import Filter, belongs_to
from mem0_tui.model.holding_back import is_held_back
from mem0_tui.model.memory import HistoryEntry, JsonObject, Memory
from mem0_tui.model.page import SearchHit
from mem0_tui.server.requests.add import NewMemories
from mem0_tui.server.requests.catalogue import Catalogue
from mem0_tui.server.requests.paging import PageAsk
from mem0_tui.server.requests.query import SearchQuestion
from mem0_tui.server.responses.serializers import event_json, memory_json
from mem0_tui.store import events, history, jobs, memories, project
from mem0_tui.store.embedding.embedder import loading_once
from mem0_tui.store.history import Recorded
from mem0_tui.store.jobs import Job
from mem0_tui.store.query.filters import where
from mem0_tui.store.rows import Row
from mem0_tui.store.search.indexer import Indexer
from mem0_tui.store.store import MemoryStore, open_store
from mem0_tui.wire.platform import MAX_TOP_K

log = logging.getLogger(__name__)

NO_MEMORY = "Memory not found!"

_FEW = 200
"""Memories of a page that is read without another thread, if nothing makes that slow."""

_SPARE = 10
"""Hits that are looked at beyond those asked for, in case some are held back."""

_AT_ONCE = 8
"""Memories that a search gives their vectors first: a twentieth of a second of work."""

History = list[tuple[HistoryEntry, Scope]]


class Service:
    """The store as a Mem0 project."""

    def __init__(
        self,
        backend: LocalBackend,
        indexer: Indexer | None = None,
        *,
        read_only: bool = False,
        kept_texts: Path | None = None,
    ) -> None:
        """
        Args:
            backend: the store.
            indexer: gives new memories their vectors in the background, if there is one.
            read_only: whether every change is refused.
            kept_texts: the file of what people judged «keep» although it has hard signs of a
                planted order; None holds nothing back from Codex.
        """
        self._backend = backend
        self.read_only = read_only
        self._kept_texts = kept_texts
        self._store: MemoryStore = backend.store
        self._indexer = indexer
        self._searches = 0
        self._embedded: int | None = None
        """The place in the feed of changes up to which new memories were given their vectors."""
        self._embedding = asyncio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Index in the background meanwhile; close the store at the end."""
        if self._indexer is not None:
            self._indexer.start(warm=True)
        try:
            yield
        finally:
            self.close()

    def row(self, memory_id: str) -> Row:
        """The row of one memory, also of an expired one; NotFoundError if there is none."""
        found = self._store.database.read_now(lambda c: memories.row(c, memory_id), statements=1)
        if found is None:
            raise NotFoundError(NO_MEMORY)
        return found

    def knows(self, memory_id: str) -> bool:
        """Whether *memory_id*, as it stands, is the id of a memory, or of one that is gone."""
        database = self._store.database
        return database.read_now(
            lambda c: memories.row(c, memory_id) is not None or history.knows(c, memory_id),
            statements=2,
        )

    async def named(self, reference: str) -> Memory:
        """The memory of an id, or of the only id that begins so; NotFoundError, UsageError."""
        try:
            return await resolve(self._backend, reference)
        except NotFoundError as error:
            raise NotFoundError(NO_MEMORY) from error

    async def page(
        self, condition: Filter, page: PageAsk, *, include_expired: bool
    ) -> tuple[list[Row], int]:
        """The rows of one page, newest first, and how many there are in all."""
        selection = self._store.selection(condition, include_expired=include_expired)
        return await self._store.database.aread(
            lambda c: (
                memories.window_rows(c, selection, offset=page.offset, limit=page.size),
                self._store.counted(c, selection),
            ),
            short=page.size <= _FEW,
        )

    async def search(self, asked: SearchQuestion) -> Sequence[SearchHit]:
        """The best hits, best first."""
        self._searches += 1
        await self._embed_newest()
        result = await self._backend.search(
            asked.query,
            asked.question.condition,
            limit=asked.top_k,
            threshold=asked.threshold,
            include_expired=asked.question.include_expired,
        )
        return result.hits

    async def recall(self, asked: SearchQuestion) -> tuple[Sequence[SearchHit], int]:
        """The best hits to put into Codex's context, and how many better ones were left out since
        they hide or disguise an order."""
        if self._kept_texts is None:
            return await self.search(asked), 0
        more = min(asked.top_k + _SPARE, MAX_TOP_K)
        given: list[SearchHit] = []
        held_back = 0
        for hit in await self.search(replace(asked, top_k=more)):
            if len(given) == asked.top_k:
                break
            if self._is_held_back(hit.memory.text):
                held_back += 1
            else:
                given.append(hit)
        return given, held_back

    def _is_held_back(self, text: str) -> bool:
        if self._kept_texts is None or not is_held_back(text, ""):
            return False
        try:
            kept = self._kept_texts.read_text(encoding="utf-8")
        except (OSError, ValueError):
            kept = ""
        return is_held_back(text, kept)

    async def _embed_newest(self) -> None:
        """What was added a moment ago is found by meaning too, rather than a second later."""
        if self._indexer is None:
            return
        async with self._embedding:  # a search that comes meanwhile needs the same vectors
            newest = self._store.database.read_now(history.last_seq, statements=1)
            if newest == self._embedded:
                return
            await asyncio.to_thread(self._embed_few)
            self._embedded = newest

    def _embed_few(self) -> None:
        assert self._indexer is not None
        try:
            self._indexer.run_pending(limit=_AT_ONCE)
        except StoreError as error:
            log.warning("new memories are found by their words only: %s", error)

    async def add(
        self, asked: NewMemories, *, note: str, actor: str
    ) -> tuple[str, list[JsonObject]]:
        """Store what is new and worth it; the event's id and its results."""
        self._check_writable()
        settings = self._store.database.read_now(project.settings, statements=1)
        candidates = asked.filed(Catalogue.read(settings.get("custom_categories")))
        ids = asked.scope.ids()
        metadata = {"inference": "none", "note": note} if asked.infer else {"inference": "off"}
        job = Job("ADD", self._store.author(actor), {**ids, **asked.options}, metadata)
        return await self._store.database.awrite(
            lambda c: jobs.add(c, candidates, job, self._store.clock, any_run=asked.infer)
        )

    async def update(
        self, memory_id: str, edit: Edit, created_at: datetime | None, *, actor: str
    ) -> Memory:
        """Change one memory and return it as it is then."""
        self._check_writable()
        try:
            return await self._store.update(memory_id, edit, actor=actor, created_at=created_at)
        except NotFoundError as error:
            raise NotFoundError(NO_MEMORY) from error

    async def update_many(self, edits: Mapping[str, Edit], *, actor: str) -> None:
        """Change several memories, all or none."""
        self._check_writable()
        author = self._store.author(actor)
        await self._store.database.awrite(
            lambda c: jobs.update_all(c, edits, author, self._store.clock)
        )

    async def superseded_by(self, memory_id: str) -> list[str]:
        """The ids of all memories that this one replaced."""
        return await self._store.database.aread(lambda c: jobs.superseded_by(c, memory_id))

    async def delete(self, memory_ids: Sequence[str], *, actor: str) -> list[str]:
        """Delete these memories; the ids of those that were there."""
        self._check_writable()
        outcome = await self._store.delete(memory_ids, actor=actor)
        return [memory_id for memory_id, error in outcome.items() if error is None]

    async def delete_all(self, condition: Filter, payload: JsonObject, *, actor: str) -> str:
        """Delete what passes *condition*, also what has expired; the event's id."""
        self._check_writable()
        job = Job("DELETE_ALL", self._store.author(actor), payload, {})
        chosen = where(condition)
        return await self._store.database.awrite(lambda c: jobs.delete_where(c, chosen, job))

    async def delete_entity(self, entity: EntityRef, *, actor: str) -> str:
        """Delete an entity with its memories; the event's id."""
        self._check_writable()
        payload = {entity.kind.id_field: entity.id}
        job = Job("DELETE_USER", self._store.author(actor), payload, {})
        chosen = where(belongs_to(entity))
        return await self._store.database.awrite(
            lambda c: jobs.delete_where(c, chosen, job, entity)
        )

    async def history(self, memory_id: str) -> History:
        """The changes of one memory, oldest first, with the scope it had."""
        return _as_history(self._store.history_now(memory_id))

    async def history_feed(self, page: PageAsk) -> tuple[History, int]:
        """A page of the changes of all memories, newest first, and how many there are."""
        found, count = await self._store.database.aread(
            lambda c: (history.latest(c, page.offset, page.size), jobs.history_count(c))
        )
        return _as_history(found), count

    async def inputs(self, memory_ids: Sequence[str]) -> dict[str, list[Any]]:
        """Per memory the messages that it was made of, where they are known."""
        return await self._store.database.aread(lambda c: jobs.inputs(c, memory_ids))

    async def entities(self) -> Sequence[Entity]:
        """All entities."""
        return await self._backend.entities()

    async def events(self, page: PageAsk) -> tuple[list[dict[str, Any]], int]:
        """A page of jobs, newest first, and how many are remembered."""
        found, count = await self._store.database.aread(
            lambda c: (events.latest(c, offset=page.offset, limit=page.size), events.count(c))
        )
        return [event_json(stored) for stored in found], count

    def event(self, event_id: str) -> dict[str, Any]:
        """One job; NotFoundError if there is none."""
        return event_json(self._store.database.read_now(lambda c: events.get(c, event_id)))

    async def feedback(self, memory_id: str, verdict: str | None, reason: str) -> str:
        """Rate a memory; the rating's id."""
        self._check_writable()
        now = self._store.clock.now()
        try:
            return await self._store.database.awrite(
                lambda c: project.add_feedback(c, memory_id, verdict, reason, now)
            )
        except NotFoundError as error:
            raise NotFoundError(NO_MEMORY) from error

    async def make_export(self, condition: Filter, request: JsonObject) -> str:
        """Keep the memories that pass *condition* as they are now; the export's id."""
        self._check_writable()
        selection = self._store.selection(condition)
        result = await self._store.database.aread(
            lambda c: _export(memories.window(c, selection, limit=-1))
        )
        kept = {**request, "condition": repr(condition)}
        now = self._store.clock.now()
        return await self._store.database.awrite(lambda c: jobs.keep_export(c, kept, result, now))

    async def export(self, export_id: str) -> JsonObject:
        """One export; NotFoundError if there is none."""
        return await self._store.database.aread(lambda c: project.export(c, export_id))

    async def latest_export_id(self, condition: Filter) -> str | None:
        """The newest export of exactly this condition."""
        return await self._store.database.aread(lambda c: jobs.latest_export(c, repr(condition)))

    async def kind_counts(self, condition: Filter) -> Mapping[str | None, int]:
        """How many memories of each type pass *condition*."""
        return await self._backend.kind_counts(condition)

    async def count(self) -> int:
        """How many memories there are, expired ones included."""
        return await self._backend.count(include_expired=True)

    async def event_counts(self) -> tuple[int, int]:
        """Adds that are remembered, and searches since the server was started."""
        return await self._store.database.aread(jobs.add_count), self._searches

    async def project(self) -> dict[str, Any]:
        """The project's settings that were ever set."""
        return await self._store.database.aread(project.settings)

    async def change_project(self, changes: Mapping[str, Any]) -> None:
        """Set some of the project's settings."""
        self._check_writable()
        await self._store.database.awrite(lambda c: project.set_settings(c, changes))

    def _check_writable(self) -> None:
        if self.read_only:
            raise ReadOnlyError("This server was started read-only.")

    def close(self) -> None:
        """Finish what was begun and close the store."""
        if self._indexer is not None:
            self._indexer.stop()
            if self._indexer.error is not None:
                log.warning("search by meaning stopped: %s", self._indexer.error)
        self._store.close()


def open_service(path: Path, *, read_only: bool = False, kept_texts: Path | None = None) -> Service:
    """The service of the store at *path*, made if it is missing; see :class:`Service`.

    Raises:
        StoreError: it cannot be opened.
    """
    store = open_store(path, actor="api")
    load = loading_once()
    backend = LocalBackend(store, embedder_factory=load)
    return Service(backend, Indexer(store, load), read_only=read_only, kept_texts=kept_texts)


def _as_history(recorded: Sequence[Recorded]) -> History:
    return [(each.entry, each.scope) for each in recorded]


def _export(found: Sequence[Memory]) -> dict[str, Any]:
    return {"memories": [memory_json(memory) for memory in found], "count": len(found)}
