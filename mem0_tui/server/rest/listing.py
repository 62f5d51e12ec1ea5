"""Many memories: add, list, search, by entity, delete all of a scope."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.secret.memory import masked
from mem0_tui.server.requests.add import read_add
from mem0_tui.server.requests.body import JsonBody, json_object
from mem0_tui.server.requests.client_name import caller, masks, recalls_for_codex
from mem0_tui.server.requests.paging import PAGE_SIZE, page_ask
from mem0_tui.server.requests.query import read_delete_all, read_question, read_search
from mem0_tui.server.responses.answers import answer, answer_page
from mem0_tui.server.responses.row_json import memory_text
from mem0_tui.server.responses.serializers import hit_json, memory_json, only
from mem0_tui.server.rest.routing import Handler, Routes
from mem0_tui.server.service import Service
from mem0_tui.store.rows import memory_of

IN_PROGRESS = "Delete in progress. This may take some time."
"""What Mem0 says; here the memories are gone and the event has SUCCEEDED by then."""

VERBATIM = (
    "This server runs no language model: it kept as they are the messages that are worth recalling,"
    " and the event's results name the others with the reason."
)


class ListingRoutes:
    """Handlers of ``/v3/memories/``, of ``/v2/memories/`` and of the collections under
    ``/v1/memories/``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("POST", "/v3/memories/add/", self.add)
        routes.add("POST", "/v1/memories/", self.add)
        routes.add("POST", "/v3/memories/", self.page)
        routes.add("POST", "/v3/memories/search/", self.search)
        routes.add("POST", "/v2/memories/", self.page_or_end)
        routes.add("POST", "/v2/memories/search/", self.search)  # as older clients ask
        routes.add("DELETE", "/v1/memories/", self.delete_all)
        routes.add("GET", "/v1/memories/{}/{}/", self.of_unknown)
        for kind in EntityKind:
            routes.add("GET", f"/v1/memories/{kind.value}/{{}}/", self._of(kind))

    async def add(self, request: Request) -> Response:
        """Store the messages; the event that tells what became of them is there at once."""
        return await self._add(request, await json_object(request))

    async def _add(self, request: Request, body: JsonBody) -> Response:
        asked = read_add(body)
        event_id, results = await self._service.add(asked, note=VERBATIM, actor=caller(request))
        if asked.infer:
            return answer({"message": VERBATIM, "status": "PENDING", "event_id": event_id})
        return answer(
            {
                "message": "Memories stored verbatim.",
                "status": "SUCCEEDED",
                "event_id": event_id,
                "results": results,
            }
        )

    async def page(self, request: Request) -> Response:
        """Answer one page, newest first; 404 past the end."""
        return await self._page(request, await json_object(request))

    async def page_or_end(self, request: Request) -> Response:
        """Answer one page, newest first; past the end an empty one. Mem0's Codex plugin 0.3 reads
        on until a page is not full, and gives up its ``forget`` at a 404. A body with messages is
        an add, as older clients send it here."""
        body = await json_object(request)
        if "messages" in body:
            return await self._add(request, body)
        return await self._page(request, body, open_end=True)

    async def _page(self, request: Request, body: JsonBody, *, open_end: bool = False) -> Response:
        question = read_question(body)
        page = page_ask(request.query_params, body)
        rows, count = await self._service.page(
            question.condition, page, include_expired=question.include_expired
        )
        if masks(request):
            given = [memory_json(masked(memory_of(row))) for row in rows]
            results = [only(question.fields, each) for each in given]
            envelope = page.envelope(request, results, count, open_end=open_end)
            return answer({**envelope, "masked": True})
        if question.fields is None:
            place = page.place(request, count, open_end=open_end)
            return answer_page(place, map(memory_text, rows))
        results = [only(question.fields, memory_json(memory_of(row))) for row in rows]
        return answer(page.envelope(request, results, count, open_end=open_end))

    async def search(self, request: Request) -> Response:
        """Answer the best hits, best first."""
        asked = read_search(await json_object(request))
        held_back = 0
        if recalls_for_codex(request):
            hits, held_back = await self._service.recall(asked)
        else:
            hits = await self._service.search(asked)
        more: dict[str, object] = {"held_back": held_back} if held_back else {}
        if masks(request):
            hits = [replace(hit, memory=masked(hit.memory)) for hit in hits]
            more["masked"] = True
        results = [only(asked.question.fields, hit_json(hit)) for hit in hits]
        return answer({"results": results, **more})

    async def delete_all(self, request: Request) -> Response:
        """Delete the memories that have all the ids given; the entities stay."""
        condition = read_delete_all(request.query_params.multi_items())
        scope = {
            kind.id_field: request.query_params[kind.id_field]
            for kind in EntityKind
            if kind.id_field in request.query_params
        }
        event_id = await self._service.delete_all(condition, scope, actor=caller(request))
        return answer({"message": IN_PROGRESS, "event_id": event_id})

    async def of_unknown(self, _request: Request, _kind: str, _entity_id: str) -> Response:
        """Refuse a kind of entity that does not exist."""
        raise InvalidRequestError("Invalid entity type")

    def _of(self, kind: EntityKind) -> Handler:
        async def of_entity(request: Request, entity_id: str) -> Response:
            query = {"page": request.query_params["page"]} if "page" in request.query_params else {}
            page = page_ask(query, default=PAGE_SIZE)
            condition = belongs_to(EntityRef(kind, entity_id))
            found, count = await self._service.page(condition, page, include_expired=False)
            memories = [memory_of(row) for row in found]
            inputs = await self._service.inputs([memory.id for memory in memories])
            rows = [
                {
                    **memory_json(memory),
                    "input": inputs.get(memory.id, []),
                    "is_updated": memory.updated_at != memory.created_at,
                }
                for memory in memories
            ]
            return answer(page.envelope(request, rows, count))

        return of_entity
