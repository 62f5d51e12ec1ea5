"""A backend without a file: a dictionary behind the protocol, with switchable abilities.

It stands for servers that give a restored memory a new id, take one id per call, lack whole
operations or fail on demand: what no real part can be made to do. Everything it does is honest:
nothing is reported that did not happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from mem0_tui.backends.base import BackendInfo
from mem0_tui.model.capability import Capabilities, Capability
from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Entity, EntityRef
from mem0_tui.model.errors import InvalidRequestError, Mem0TuiError, NotFoundError, StaleError
from mem0_tui.model.filter import EVERYTHING, Filter, belongs_to, matches
from mem0_tui.model.memory import Draft, Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchHit, SearchMode, SearchResult, Sort

START = datetime(2026, 5, 1, 12, tzinfo=UTC)

ALL = frozenset(Capability) - {Capability.TRASH, Capability.CHANGE_FEED}
REMOTE = ALL - {Capability.KEEP_ID, Capability.BACKDATE, Capability.EDIT_SCOPE}
"""What a server can do that makes ids and dates itself."""


class MemoryBackend:
    """See the module. ``before_call`` is told the name of each write first and may raise;
    ``after_call`` runs when the write has happened, and may raise as a lost answer would."""

    name = "local"

    def __init__(
        self,
        memories: Iterable[Memory] = (),
        *,
        can: frozenset[Capability] = ALL,
        batch_size: int = 100,
        page_size: int = 50,
        target: str = "memory",
    ) -> None:
        self.memories = {memory.id: memory for memory in memories}
        losses = () if Capability.KEEP_ID in can else ("the id", "the creation date")
        self.capabilities = Capabilities(
            can, restore_losses=losses, page_size=page_size, batch_size=batch_size
        )
        self.target = target
        self.calls: list[str] = []
        self.before_call: Callable[[str], None] = lambda _: None
        self.after_call: Callable[[str], None] = lambda _: None
        self.dedupes = False
        self.hide: Callable[[Memory], bool] = lambda _: False
        self.counts = True
        """Whether listings come with a total."""
        self._ids = count(1)
        self._time = START

    async def info(self) -> BackendInfo:
        return BackendInfo(self.name, self.target)

    async def list(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        assert sort is not None
        found = [
            memory
            for memory in sorted(self.memories.values(), key=_age)
            if matches(condition, memory)
            and (include_expired or not memory.expired(START.date()))
            and not self.hide(memory)
        ]
        start = int(cursor or 0)
        end = start + min(limit, self.capabilities.page_size)
        total = sum(matches(condition, memory) for memory in self.memories.values())
        return Page(
            tuple(found[start:end]),
            total=(total if include_expired else len(found)) if self.counts else None,
            next=str(end) if end < len(found) else None,
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
        assert threshold >= 0
        page = await self.list(condition, include_expired=include_expired)
        hits = [SearchHit(memory, 1.0) for memory in page.items if text in memory.text]
        return SearchResult(tuple(hits[:limit]), SearchMode.KEYWORD)

    async def get(self, memory_id: str) -> Memory:
        if memory_id not in self.memories:
            raise NotFoundError(f"no memory {memory_id}")
        return self.memories[memory_id]

    async def get_many(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        self.before_call("get_many")
        return {each: self.memories[each] for each in memory_ids if each in self.memories}

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        assert memory_id
        return ()

    async def entities(self) -> tuple[Entity, ...]:
        counts = Counter(ref for memory in self.memories.values() for ref in memory.scope)
        return tuple(Entity(ref.kind, ref.id, counts[ref]) for ref in sorted(counts))

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> KindCounts:
        page = await self.list(condition, include_expired=include_expired)
        return KindCounts(Counter(memory.type for memory in page.items))

    async def add(self, draft: Draft) -> Memory:
        self._call("add")
        memory = Memory(
            id="",
            text=draft.text,
            scope=draft.scope,
            metadata=draft.metadata,
            expires_on=draft.expires_on,
            immutable=draft.immutable,
            categories=draft.categories,
            created_at=draft.created_at if self._can(Capability.BACKDATE) else None,
        )
        for twin in self.memories.values():
            if self.dedupes and twin.content_hash == memory.content_hash:
                return twin
        return self._keep(memory, "add")

    async def restore(self, memory: Memory) -> Memory:
        self._call("restore")
        if self._can(Capability.KEEP_ID):
            if memory.id in self.memories:
                raise InvalidRequestError(f"{memory.id} is there")
            self.memories[memory.id] = memory
            self.after_call("restore")
            return memory
        return self._keep(replace(memory, id="", created_at=None, updated_at=None), "restore")

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        self._call("update")
        memory = await self.get(memory_id)
        if seen is not None and memory.content_hash != seen:
            raise StaleError(f"{memory_id} changed")
        self.memories[memory_id] = edit.applied_to(memory)
        self.after_call("update")
        return self.memories[memory_id]

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        assert len(memory_ids) <= self.capabilities.batch_size
        assert seen is not None
        self._call("delete")
        gone: dict[str, Mem0TuiError | None] = {}
        for each in memory_ids:
            found = self.memories.pop(each, None)
            gone[each] = None if found else NotFoundError(f"no memory {each}")
        self.after_call("delete")
        return gone

    async def delete_scope(self, entity: EntityRef) -> None:
        self._call("delete_scope")
        for memory in [m for m in self.memories.values() if matches(belongs_to(entity), m)]:
            del self.memories[memory.id]
        self.after_call("delete_scope")

    async def delete_entity(self, entity: EntityRef) -> None:
        self._call("delete_entity")
        await self.delete_scope(entity)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        assert limit
        return ()

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        assert memory_id or verdict or reason

    async def aclose(self) -> None:
        return None

    def _call(self, name: str) -> None:
        self.calls.append(name)
        self.before_call(name)

    def _can(self, capability: Capability) -> bool:
        return capability in self.capabilities

    def _keep(self, memory: Memory, call: str) -> Memory:
        self._time += timedelta(seconds=1)
        number = next(self._ids)
        new_id = f"{number:08x}-0000-4000-8000-00000000beef"
        memory = replace(memory, id=new_id, created_at=memory.created_at or self._time)
        self.memories[new_id] = memory
        self.after_call(call)
        return memory


def _age(memory: Memory) -> tuple[float, str]:
    return (-(memory.created_at or START).timestamp(), memory.id)
