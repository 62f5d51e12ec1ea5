"""Entities: list them, look at one, delete one with its memories."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.server.requests.client_name import caller
from mem0_tui.server.requests.paging import page_ask
from mem0_tui.server.responses.answers import answer, refusal
from mem0_tui.server.responses.serializers import entity_json, entity_totals
from mem0_tui.server.rest.listing import IN_PROGRESS
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service

WRONG_KIND = "Invalid entity type"
EVENT_TYPES = (
    "ADD",
    "UPDATE",
    "DELETE",
    "SEARCH",
    "GET_ALL",
    "GET",
    "DELETE_ALL",
    "DELETE_USER",
)

_ALL = 1_000_000
"""Mem0's clients read the first page only, and reset by it: unasked, a page holds every entity."""


class EntityRoutes:
    """Handlers of ``/v1/entities/`` and ``/v2/entities/``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("GET", "/v1/entities/", self.page)
        routes.add("GET", "/v1/entities/filters/", self.filters)
        routes.add("GET", "/v2/entities/{}/{}/", self.get)
        routes.add("DELETE", "/v2/entities/{}/{}/", self.delete)
        routes.add("DELETE", "/v1/entities/{}/{}/", self.delete_numbered)

    async def page(self, request: Request) -> Response:
        """Answer all entities, or a page of them, with the totals of each kind."""
        entities = await self._service.entities()
        page = page_ask(request.query_params, default=_ALL, most=_ALL)
        rows = [entity_json(each) for each in entities[page.offset : page.offset + page.size]]
        body = page.envelope(request, rows, len(entities))
        return answer({**body, **entity_totals(entities)})

    async def filters(self, _request: Request) -> Response:
        """Answer what a dashboard can filter by."""
        entities = await self._service.entities()
        users = [entity.id for entity in entities if entity.kind is EntityKind.USER]
        return answer(
            {
                "event_type": list(EVENT_TYPES),
                "categories": await self._categories(),
                "users": users,
                "parameters": [_parameter(kind) for kind in EntityKind],
            }
        )

    async def get(self, _request: Request, kind: str, entity_id: str) -> Response:
        """Answer the entity as a list of one, or of none."""
        wanted = EntityRef(_kind(kind), entity_id)
        return answer([entity_json(each) for each in await self._find(wanted)])

    async def delete(self, request: Request, kind: str, entity_id: str) -> Response:
        """Delete the entity with all its memories; one that is gone already counts as deleted."""
        if kind not in tuple(EntityKind):
            return refusal(400, WRONG_KIND, message=WRONG_KIND)
        if not entity_id.strip() or entity_id.strip() == "*":
            raise InvalidRequestError("Not deleted: a blank id or a wildcard names no entity.")
        return await self._delete(EntityRef(EntityKind(kind), entity_id), request)

    async def delete_numbered(self, request: Request, kind: str, entity_id: str) -> Response:
        """Do the same by the deprecated path, whose ids Mem0 takes only as numbers."""
        if not entity_id.removeprefix("-").isdecimal():
            raise InvalidRequestError("Invalid entity ID. Must be an integer.")
        return await self._delete(EntityRef(_kind(kind), entity_id), request)

    async def _delete(self, entity: EntityRef, request: Request) -> Response:
        event_id = await self._service.delete_entity(entity, actor=caller(request))
        return answer({"message": IN_PROGRESS, "event_id": event_id})

    async def _categories(self) -> list[str]:
        catalogue = (await self._service.project()).get("custom_categories") or []
        return [name for entry in catalogue for name in entry]

    async def _find(self, wanted: EntityRef) -> list[Entity]:
        return [each for each in await self._service.entities() if each.ref == wanted]


def _kind(text: str) -> EntityKind:
    if text not in tuple(EntityKind):
        raise InvalidRequestError(WRONG_KIND)
    return EntityKind(text)


def _parameter(kind: EntityKind) -> dict[str, Any]:
    return {
        "name": kind.id_field,
        "label": f"{kind.value.capitalize()} ID",
        "type": "text",
        "placeholder": f"Filter by {kind.id_field}",
        "options": [],
    }
