"""What each of Mem0's MCP tools does, on the same service as the REST interface.

A scope delete has a scope in full or is refused, and every delete can be taken back in the app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from mem0_tui.model.errors import InvalidRequestError, Mem0TuiError, NotFoundError
from mem0_tui.model.filter import all_of, belongs_to
from mem0_tui.model.memory import Memory
from mem0_tui.server.mcp.arguments import (
    Arguments,
    add_body,
    doomed_entity,
    doomed_scope,
    question_body,
    storable,
)
from mem0_tui.server.requests.add import read_add
from mem0_tui.server.requests.client_name import is_codex
from mem0_tui.server.requests.paging import PageAsk, page_ask
from mem0_tui.server.requests.query import read_question, read_search
from mem0_tui.server.responses.serializers import (
    entity_json,
    entity_totals,
    hit_json,
    memory_json,
    only,
)
from mem0_tui.server.rest.events import NO_EVENT
from mem0_tui.server.rest.listing import VERBATIM
from mem0_tui.server.rest.memories import read_edit
from mem0_tui.server.service import NO_MEMORY, Service
from mem0_tui.store.rows import memory_of
from mem0_tui.wire.tools import (
    TOOLS_BY_NAME,
    GetEventStatus,
    OneMemory,
    tool_failure,
    tool_result,
)

_EVENTS = 50
"""Jobs of a page, unless another number is asked for."""

Answer: TypeAlias = dict[str, Any]
Call: TypeAlias = Callable[[Arguments, str], Awaitable[Answer]]


class ToolCalls:
    """The tools of one service."""

    def __init__(self, service: Service, default_user: str) -> None:
        """*default_user* is whose memories they are where a call names nobody."""
        self._service = service
        self._default_user = default_user
        self._calls: Mapping[str, Call] = {
            "add_memory": self._add,
            "search_memories": self._search,
            "get_memories": self._list,
            "get_memory": self._get,
            "update_memory": self._update,
            "delete_memory": self._delete,
            "delete_all_memories": self._delete_all,
            "list_entities": self._entities,
            "delete_entities": self._delete_entity,
            "list_events": self._events,
            "get_event_status": self._event,
        }

    async def call(self, name: str, arguments: Mapping[str, Any] | None, *, actor: str) -> Answer:
        """The result of ``tools/call``, in which what is refused says so and why.

        Args:
            name: the tool.
            arguments: as the client sent them.
            actor: who is recorded as the author of changes.
        """
        call = self._calls.get(name)
        if call is None:
            return tool_failure(
                f"there is no tool of that name; there are {', '.join(self._calls)}"
            )
        try:
            given = storable(arguments)
            TOOLS_BY_NAME[name].arguments.parse(given)
            return tool_result(await call(given, actor))
        except Mem0TuiError as error:
            return tool_failure(error.message)

    async def _add(self, arguments: Arguments, actor: str) -> Answer:
        asked = read_add(add_body(arguments, self._default_user))
        event_id, results = await self._service.add(asked, note=VERBATIM, actor=actor)
        return {
            "message": VERBATIM if asked.infer else "Memories stored verbatim.",
            "status": "SUCCEEDED",
            "event_id": event_id,
            "results": results,
        }

    async def _search(self, arguments: Arguments, actor: str) -> Answer:
        asked = read_search(question_body(arguments, self._default_user))
        held_back = 0
        if is_codex(actor):
            hits, held_back = await self._service.recall(asked)
        else:
            hits = await self._service.search(asked)
        results = [_lean(hit_json(hit), asked.question.fields) for hit in hits]
        return {"results": results, **({"held_back": held_back} if held_back else {})}

    async def _list(self, arguments: Arguments, _actor: str) -> Answer:
        question = read_question(question_body(arguments, self._default_user))
        page = page_ask({}, arguments)
        found, count = await self._service.page(
            question.condition, page, include_expired=question.include_expired
        )
        rows = [_lean(memory_json(memory_of(row)), question.fields) for row in found]
        return _envelope(page, rows, count)

    async def _get(self, arguments: Arguments, _actor: str) -> Answer:
        return memory_json(await self._named(arguments))

    async def _update(self, arguments: Arguments, actor: str) -> Answer:
        names = ("text", "metadata", "categories")
        given = {name: arguments[name] for name in names if arguments.get(name) is not None}
        if "expiration_date" in arguments:
            given["expiration_date"] = arguments["expiration_date"]
        edit = read_edit(given)
        if not edit:
            raise InvalidRequestError(
                "give a text, metadata, categories or expiration_date to change"
            )
        memory = await self._named(arguments)
        return memory_json(await self._service.update(memory.id, edit, None, actor=actor))

    async def _delete(self, arguments: Arguments, actor: str) -> Answer:
        memory = await self._named(arguments)
        if not await self._service.delete([memory.id], actor=actor):
            raise NotFoundError(NO_MEMORY)
        return {"message": "Memory deleted successfully!", "memory_id": memory.id}

    async def _delete_all(self, arguments: Arguments, actor: str) -> Answer:
        entities = doomed_scope(arguments)
        scope = {entity.kind.id_field: entity.id for entity in entities}
        condition = all_of(belongs_to(entity) for entity in entities)
        return self._deleted(await self._service.delete_all(condition, scope, actor=actor))

    async def _delete_entity(self, arguments: Arguments, actor: str) -> Answer:
        entity = doomed_entity(arguments)
        return self._deleted(await self._service.delete_entity(entity, actor=actor))

    def _deleted(self, event_id: str) -> Answer:
        count = self._service.event(event_id)["metadata"]["deleted"]
        noun = "memory" if count == 1 else "memories"
        return {"message": f"{count} {noun} deleted.", "deleted": count, "event_id": event_id}

    async def _entities(self, _arguments: Arguments, _actor: str) -> Answer:
        entities = await self._service.entities()
        rows = [entity_json(entity) for entity in entities]
        page = PageAsk(1, max(1, len(rows)))
        return {**_envelope(page, rows, len(rows)), **entity_totals(entities)}

    async def _events(self, arguments: Arguments, _actor: str) -> Answer:
        page = page_ask({}, arguments, default=_EVENTS)
        rows, count = await self._service.events(page)
        return _envelope(page, rows, count)

    async def _event(self, arguments: Arguments, _actor: str) -> Answer:
        try:
            return self._service.event(str(UUID(GetEventStatus.parse(arguments).event_id)))
        except (ValueError, NotFoundError) as error:
            raise NotFoundError(NO_EVENT) from error

    async def _named(self, arguments: Arguments) -> Memory:
        """The memory whose id, or beginning of an id, the arguments hold."""
        return await self._service.named(OneMemory.parse(arguments).memory_id)


def _lean(record: Answer, fields: tuple[str, ...] | None) -> Answer:
    """*record* without the creation date in pieces, of which a model has no use."""
    record.pop("structured_attributes", None)
    return only(fields, record)


def _envelope(page: PageAsk, rows: list[Answer], count: int) -> Answer:
    """A page as the REST interface answers it; its neighbours are what to ask for next."""
    if page.number > 1 and page.offset >= count:
        raise NotFoundError("Invalid page.")

    def neighbour(number: int) -> str:
        return f"?page={number}&page_size={page.size}"

    more = page.offset + page.size < count
    return {
        "count": count,
        "next": neighbour(page.number + 1) if more else None,
        "previous": neighbour(page.number - 1) if page.number > 1 else None,
        "results": rows,
    }
