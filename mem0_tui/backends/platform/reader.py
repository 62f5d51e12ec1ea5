"""Reading from the Platform: its pages, searches, single memories, history, entities, events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.capabilities import MOVING_PLATFORM, OWN_PLATFORM, PLATFORM
from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.numbered import (
    NumberedReader,
    entities_in,
    events_in,
    hits_in,
    page_in,
)
from mem0_tui.backends.paging.reader import ReadQuestion, history_in
from mem0_tui.model.capability import Capabilities
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import Entity
from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.model.memory import Event, HistoryEntry, JsonObject, Memory, canonical_json
from mem0_tui.model.page import SearchHit
from mem0_tui.wire.memory import memory_from_wire
from mem0_tui.wire.platform import MAX_PAGE_SIZE, PageDocument, Ping
from mem0_tui.wire.tofilters import FilterJson


class PlatformReader(NumberedReader):
    """The reading half of :class:`~mem0_tui.backends.platform.backend.PlatformBackend`."""

    def __init__(self, http: HttpClient, *, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.http = http
        self._own: bool | None = None
        self._moves = False

    @property
    def capabilities(self) -> Capabilities:
        """What the server can do; one of our own is known by its answer to the first ping."""
        if self._moves:
            return MOVING_PLATFORM
        return OWN_PLATFORM if self._own else PLATFORM

    async def info(self) -> BackendInfo:
        """Ping: which account the key belongs to."""
        ping = Ping.read(await self.http.request("GET", "/v1/ping/"))
        self._own, self._moves = ping.is_own, ping.moves
        return BackendInfo("platform", str(self.http.address), ping.account)

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """The changes of one memory, oldest first."""
        try:
            path = f"/v1/memories/{segment(memory_id)}/history/"
            answer = await self.http.request("GET", path)
        except (InvalidRequestError, NotFoundError):
            return ()
        return history_in(answer, memory_id)

    async def entities(self) -> tuple[Entity, ...]:
        """All entities; the Platform does not say how many memories they have."""
        return entities_in([row async for row in self._rows("/v1/entities/", MAX_PAGE_SIZE)])

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The latest jobs, newest first."""
        rows: list[JsonObject] = []
        async for row in self._rows("/v1/events/", min(max(1, limit), 100)):
            rows.append(row)
            if len(rows) >= limit:
                break
        return events_in(rows)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    async def _one(self, memory_id: str, expected: bool) -> Memory | None:
        """The Platform answers 400 to what is no UUID."""
        missing = (400, 404) if expected else ()
        try:
            path = f"/v1/memories/{segment(memory_id)}/"
            return memory_from_wire(await self.http.request("GET", path, expected=missing))
        except InvalidRequestError:
            return None

    async def _page(
        self, form: FilterJson, number: int, size: int, include_expired: bool
    ) -> PageDocument:
        answer = await self.http.request(
            "POST",
            "/v3/memories/",
            params={"page": number, "page_size": size},
            body={"filters": form, "show_expired": include_expired},
            repeatable=True,
        )
        return PageDocument.read(answer)

    async def _ranked(
        self, question: ReadQuestion, form: FilterJson, top_k: int
    ) -> list[SearchHit]:
        body = {
            "query": question.text,
            "top_k": top_k,
            "threshold": question.threshold,
            "show_expired": question.include_expired,
            "filters": form,
        }
        answer = await self.http.request("POST", "/v3/memories/search/", body=body, repeatable=True)
        return hits_in(answer)

    async def _rows(self, path: str, size: int) -> AsyncIterator[dict[str, Any]]:
        """The rows of all pages at *path*, each once."""
        page = 1
        seen: set[str] = set()
        while True:
            try:
                answer = await self.http.request(
                    "GET", path, params={"page": page, "page_size": size}
                )
            except NotFoundError:
                if page == 1:
                    raise
                return
            document = page_in(answer)
            fresh = {canonical_json(row): row for row in document.results}
            new = fresh.keys() - seen
            for text in fresh:
                if text in new:
                    yield fresh[text]
            seen |= new
            if document.next is None or not new:  # A page that brings nothing new would never end.
                return
            page += 1
