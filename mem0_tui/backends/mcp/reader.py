"""Reading over MCP: lists, searches, single memories, entities, events.

The tools answer with the Platform's JSON, so rows and filters are the Platform's.
"""

from __future__ import annotations

import json
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.capabilities import MCP
from mem0_tui.backends.mcp.capabilities import capabilities_of
from mem0_tui.backends.mcp.session import McpSession, Offer
from mem0_tui.backends.paging.numbered import (
    NumberedReader,
    entities_in,
    events_in,
    hits_in,
    page_in,
)
from mem0_tui.backends.paging.reader import ReadQuestion, is_uuid
from mem0_tui.model.capability import Capabilities, Capability
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import Entity
from mem0_tui.model.errors import InvalidRequestError, ResponseError, ServerError
from mem0_tui.model.memory import Event, HistoryEntry, Memory
from mem0_tui.model.page import SearchHit
from mem0_tui.model.text import one_line
from mem0_tui.wire.memory import memory_from_wire
from mem0_tui.wire.platform import MAX_PAGE_SIZE, PageDocument
from mem0_tui.wire.tofilters import EVERY_ENTITY, FilterJson

_NAMED = 12
"""Tools of a server that are named where others are missing."""
_NEEDED = ("get_memories", "get_memory", "list_entities")


class McpReader(NumberedReader):
    """The reading half of :class:`~mem0_tui.backends.mcp.backend.McpBackend`."""

    name = "mcp"
    _no_listing = (InvalidRequestError, ServerError)

    def __init__(self, link: McpSession, *, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.link = link
        self._abilities: Capabilities | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What this server can do; before the first call, what any can."""
        return self._abilities or MCP

    async def info(self) -> BackendInfo:
        """Which server this is, and whether it takes the key: entities need one."""
        await self.entities()
        return BackendInfo("mcp", self.link.place)

    async def history(self, memory_id: str) -> tuple[HistoryEntry, ...]:
        """None is known: there is no tool for it."""
        del memory_id
        return ()

    async def entities(self) -> tuple[Entity, ...]:
        """All entities."""
        await self._offer()
        answer = await self.link.call("list_entities", {}, repeatable=True)
        return entities_in(page_in(answer).results)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """The latest jobs, newest first."""
        await self._offer()
        self.capabilities.require(Capability.EVENTS, self.name)
        asked = {"page": 1, "page_size": max(1, min(limit, MAX_PAGE_SIZE))}
        answer = await self.link.call("list_events", asked, repeatable=True)
        return events_in(page_in(answer).results)[:limit]

    async def aclose(self) -> None:
        """End the session."""
        await self.link.aclose()

    async def _offer(self) -> Offer:
        """What the server offers, and with that, what it can do.

        Raises:
            ResponseError: it has no memory tools.
        """
        offer = await self.link.offer()
        missing = [tool for tool in _NEEDED if tool not in offer.tools]
        if missing:
            lacks = f"{'tool' if len(missing) == 1 else 'tools'} {', '.join(missing)}"
            offered = sorted(map(one_line, offer.tools))
            rest = f" and {len(offered) - _NAMED:,} more" if len(offered) > _NAMED else ""
            offers = f"it offers {', '.join(offered[:_NAMED])}{rest}" if offered else "it has none"
            raise ResponseError(
                f"{self.link.place} lacks the {lacks}: {offers}",
                hint="name an MCP server with Mem0's tools",
            )
        if self._abilities is None:
            self._abilities = capabilities_of(offer)
        return offer

    async def _one(self, memory_id: str, expected: bool) -> Memory | None:
        if not is_uuid(memory_id):
            return await self._named_otherwise(memory_id)
        value = await self.link.call(
            "get_memory", {"memory_id": memory_id}, repeatable=True, expects_absence=expected
        )
        return None if value is None else memory_from_wire(value)

    async def _named_otherwise(self, memory_id: str) -> Memory | None:
        """The memory of an id that is no UUID, by a listing: servers may take what they are asked
        for by itself for the beginning of an id, or refuse it."""
        try:
            return (await self._listed([memory_id])).get(memory_id)
        except self._no_listing:
            return None

    async def _page(
        self, form: FilterJson, number: int, size: int, include_expired: bool
    ) -> PageDocument:
        if self._abilities is None:
            await self._offer()
        asked: dict[str, Any] = {"filters": _with_user(form), "page": number, "page_size": size}
        if include_expired and Capability.SHOW_EXPIRED in self.capabilities:
            asked["show_expired"] = True
        return page_in(await self.link.call("get_memories", asked, repeatable=True))

    async def _ranked(
        self, question: ReadQuestion, form: FilterJson, top_k: int
    ) -> list[SearchHit]:
        offer = await self._offer()
        count = "top_k" if offer.takes("search_memories", "top_k") else "limit"
        asked: dict[str, Any] = {
            "query": question.text,
            count: top_k,
            "filters": _with_user(form),
        }
        if offer.takes("search_memories", "threshold"):
            asked["threshold"] = question.threshold
        if question.include_expired and offer.takes("search_memories", "show_expired"):
            asked["show_expired"] = True
        hits = hits_in(await self.link.call("search_memories", asked, repeatable=True))
        return [hit for hit in hits if hit.score >= question.threshold]


def _with_user(form: FilterJson) -> FilterJson:
    """*form* in which a user is mentioned, without a change of meaning: Mem0's own server adds its
    default user to filters that mention none."""
    if '"user_id"' in json.dumps(form):
        return form
    return {"AND": [EVERY_ENTITY, *(form["AND"] if set(form) == {"AND"} else [form])]}
