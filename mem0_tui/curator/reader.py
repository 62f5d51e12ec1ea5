"""Looking at memories: lists, searches, single ones. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from mem0_tui.backends.base import Backend, BackendInfo, Background, ChecksTexts
from mem0_tui.backends.reference import resolve
from mem0_tui.backends.tallying import Counted, count
from mem0_tui.curator.hints import why_nothing
from mem0_tui.curator.reading import read_all
from mem0_tui.curator.transfer import export_pages
from mem0_tui.model.clock import Clock
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.errors import BackendError, ResponseError, UsageError
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Op
from mem0_tui.model.hints import unknown_values, widened
from mem0_tui.model.memory import Event, HistoryEntry, Memory
from mem0_tui.model.page import KindCounts, Page, SearchResult, Sort
from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.model.secret.memory import masked
from mem0_tui.store.formats.jsonl import ExportHeader

_UNRECORDED = Query((FieldTerm("used", ":", (Literal("none"),)),))


class Reader:
    """The reading half of the curator."""

    def __init__(self, backend: Backend, *, clock: Clock) -> None:
        self.backend = backend
        self.clock = clock
        self.recorded: Callable[[Query], Awaitable[Query]] | None = None
        """Tells a query what is recorded of memories elsewhere; None where nothing is."""

    async def known(self, query: Query) -> Query:
        """*query*, knowing what its terms about Codex mean, if it has any."""
        if self.recorded is None or not query.asks_records:
            return query
        return await self.recorded(query)

    async def info(self) -> BackendInfo:
        """Which memories these are; on a remote backend also the check that the key works."""
        return await self.backend.info()

    async def list(
        self,
        query: Query,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page of what matches *query*, of *limit* memories at most; only ``next``, which is
        the *cursor* of the next page, says whether there is another."""
        return await self.backend.list(
            (await self.known(query)).filter(self.clock.now()),
            sort=sort,
            cursor=cursor,
            limit=limit,
            include_expired=include_expired,
        )

    async def collect(
        self, query: Query, *, sort: Sort = Sort.NEWEST, include_expired: bool = True
    ) -> tuple[Memory, ...]:
        """Everything that matches *query*.

        Raises:
            IncompleteError: not all of it came.
        """
        condition = (await self.known(query)).filter(self.clock.now())
        return await read_all(self.backend, condition, sort=sort, include_expired=include_expired)

    async def search(
        self, query: Query, *, limit: int = 20, threshold: float = 0.1
    ) -> SearchResult:
        """The memories nearest in meaning to the query's words, among those that pass the rest:
        *limit* at most, with scores from *threshold* (0 to 1) up.

        Raises:
            UsageError: the query has no words.
        """
        if not query.words.strip():
            raise UsageError("a search needs words", hint="`list` takes conditions alone")
        query = await self.known(query)
        condition = query.conditions.filter(self.clock.now())
        return await self.backend.search(query.words, condition, limit=limit, threshold=threshold)

    async def get(self, reference: str) -> Memory:
        """The memory that *reference* names: an id, a unique beginning of one (four characters or
        more), or a citation such as ``[mem0:abcd1234]``.

        Raises:
            NotFoundError: there is none.
            UsageError: it is no id, or begins several, which the message names.
        """
        return await resolve(self.backend, reference)

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first."""
        return await self.backend.history(memory_id)

    async def background(self, memory_id: str) -> Background:
        """The changes of one memory, and whether its text is damaged as far as the backend can
        tell."""
        if isinstance(self.backend, ChecksTexts):
            return await self.backend.background(memory_id)
        return Background(await self.backend.history(memory_id))

    async def entities(self) -> tuple[Entity, ...]:
        """All entities, by kind, then the most recently active first."""
        return await self.backend.entities()

    async def hints(self, query: Query, *, found: bool) -> tuple[str, ...]:
        """Sentences on what may be wrong with *query*: why it finds nothing or, if it *found*
        something, what is added by it and which of its exclusions leave out nothing. None where
        the backend cannot say."""
        said = widened(query)
        if not query or (found and not any(term.negated for term in query.terms)):
            return tuple(said)
        try:
            values = await self._values()
            if found:
                return (*said, *unknown_values(query, values, negated=True))
            known = await self.known(query)
            reasons = await why_nothing(known, self._count, values)
            left_out = known.asks_records and not known.untold
            return (*reasons, *(await self._unrecorded() if left_out else ()))
        except BackendError:
            return ()

    async def _unrecorded(self) -> tuple[str, ...]:
        """Of how many memories it is not recorded what Codex did, if of any."""
        unknown = await self._count(_UNRECORDED)
        of = f"what Codex did with {plural(unknown, 'memory')} is not recorded"
        return (f"{of}; used:none finds these",) if unknown else ()

    async def _count(self, query: Query) -> int:
        return sum(_whole(await self.kind_counts(query)).values())

    async def _values(self) -> Mapping[str, Collection[str]]:
        """The kinds, types and ids that there are, expired memories' too."""
        values: dict[str, set[str]] = {}
        for field, condition in (("kind", EVERYTHING), ("type", Compare(Field.TYPE, Op.PRESENT))):
            kinds = _whole(await self.backend.kind_counts(condition, include_expired=True))
            values[field] = {name for name in kinds if name is not None}
        values |= {kind.value: set() for kind in EntityKind}
        for entity in await self.backend.entities():
            values[entity.kind.value].add(entity.id)
        return values

    async def kind_counts(self, query: Query) -> KindCounts:
        """How many memories of each kind match *query*; None counts those without one."""
        query = await self.known(query)
        return await self.backend.kind_counts(query.filter(self.clock.now()))

    async def count(
        self, query: Query, parts: Sequence[Query] = (), *, include_expired: bool = False
    ) -> Counted:
        """How many memories that match *query* there are of each day, kind and source; and how many
        of them match each of *parts*."""
        now = self.clock.now()
        asked = (query, *parts)
        told = iter((await self.known(Query(tuple(t for q in asked for t in q.terms)))).terms)
        found = [Query(tuple(next(told) for _ in each.terms)).filter(now) for each in asked]
        return await count(self.backend, found[0], found[1:], include_expired=include_expired)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The backend's latest jobs, newest first."""
        return await self.backend.events(limit=limit)

    async def export(
        self,
        query: Query,
        write: Callable[[str], object],
        *,
        markdown: bool = False,
        shown: Callable[[Memory], Memory] = masked,
    ) -> int:
        """Write everything that matches *query*, expired memories too, page by page as an export.

        Args:
            query: what to export.
            write: takes the lines, each with its newline, as they come.
            markdown: whether to write the plugin's blocks instead of JSON lines.
            shown: a memory as it is written; by default with its secrets masked.

        Returns:
            How many memories were written.

        Raises:
            IncompleteError: not all of it came; JSON lines then lack their end, so that ``import``
                refuses them.
        """
        now = self.clock.now()
        query = await self.known(query)
        info = await self.info()
        header = ExportHeader(info.backend, info.target, query=str(query))
        return await export_pages(
            self.backend, query.filter(now), header, write, markdown=markdown, shown=shown
        )


def _whole(counts: KindCounts) -> KindCounts:
    """*counts*; ResponseError if there may be more than were counted."""
    if counts.missing:
        raise ResponseError("not all memories were counted")
    return counts
