"""What happened: jobs (adds, scope deletes) and the history of all memories."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.errors import NotFoundError
from mem0_tui.server.requests.paging import page_ask
from mem0_tui.server.responses.answers import answer
from mem0_tui.server.responses.serializers import change_json
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service

NO_EVENT = "Event not found or you don't have permission to access it."


class EventRoutes:
    """Handlers of ``/v1/events/``, ``/v1/event/{id}/`` and ``/v1/memories/events/``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("GET", "/v1/events/", self.page)
        routes.add("GET", "/v1/event/{}/", self.get)
        routes.add("GET", "/v1/memories/events/", self.history)

    async def page(self, request: Request) -> Response:
        """Answer a page of jobs, newest first."""
        page = page_ask(request.query_params)
        events, count = await self._service.events(page)
        return answer(page.envelope(request, events, count))

    async def get(self, _request: Request, event_id: str) -> Response:
        """Answer one job."""
        try:
            return answer(self._service.event(str(UUID(event_id))))
        except (ValueError, NotFoundError) as error:
            raise NotFoundError(NO_EVENT) from error

    async def history(self, request: Request) -> Response:
        """Answer a page of changes of all memories, newest first."""
        page = page_ask(request.query_params, size_name="limit", most=1000)
        rows, count = await self._service.history_feed(page)
        wire = [change_json(entry, scope) for entry, scope in rows]
        return answer(page.envelope(request, wire, count))
