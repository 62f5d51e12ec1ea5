"""Exports and summaries: made at once and without a language model, so verbatim and countable."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.model.filter import EVERYTHING
from mem0_tui.server.requests.body import json_object, optional_object, optional_text
from mem0_tui.server.requests.query import scope_filters
from mem0_tui.server.responses.answers import answer, refusal
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service
from mem0_tui.wire.filters import parse_filters

NO_SCHEMA = "Schema is required and must be a valid object"
NO_FILTER = "One of the filters: app_id, user_id, agent_id, run_id, memory_export_id is required!"
NO_EXPORT = "No memory export request found"


class ExportRoutes:
    """Handlers of ``/v1/exports/`` and ``/v1/summary/``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("POST", "/v1/exports/", self.create)
        routes.add("POST", "/v1/exports/get/", self.get)
        routes.add("POST", "/v1/summary/", self.summary)

    async def create(self, request: Request) -> Response:
        """Export the memories of a scope as they are now; the schema is kept, not filled in."""
        body = await json_object(request)
        if not _is_schema(body.get("schema")):
            return refusal(400, NO_SCHEMA, message=NO_SCHEMA)
        optional_text(body.get("export_instructions"), "export_instructions")
        filters = scope_filters(body, missing=NO_FILTER)
        request_kept = {"filters": filters, "schema": body["schema"]}
        export_id = await self._service.make_export(parse_filters(filters), request_kept)
        message = "Memory export request received. The export will be ready in a few seconds."
        return answer({"message": message, "id": export_id}, 201)

    async def get(self, request: Request) -> Response:
        """Answer an export by its id, or the latest one of the same filters."""
        body = await json_object(request, optional=True)
        export_id = optional_text(body.get("memory_export_id"), "memory_export_id")
        if export_id is None:
            condition = parse_filters(scope_filters(body, missing=NO_FILTER))
            export_id = await self._service.latest_export_id(condition)
        if not export_id:
            raise NotFoundError(NO_EXPORT)
        try:
            return answer(await self._service.export(export_id))
        except NotFoundError as error:
            raise NotFoundError(NO_EXPORT) from error

    async def summary(self, request: Request) -> Response:
        """Answer what there is of the memories that pass the filters, in numbers."""
        body = await json_object(request)
        filters = optional_object(body.get("filters"), "filters")
        if filters is None:
            raise InvalidRequestError("filters is required.")
        condition = parse_filters(filters) if filters else EVERYTHING
        counts = await self._service.kind_counts(condition)
        total = sum(counts.values())
        by_type = {name or "untyped": count for name, count in counts.items()}
        listed = ", ".join(f"{count} {name}" for name, count in by_type.items())
        text = f"{total} memories" + (f": {listed}" if listed else "")
        return answer([{"summary": text, "count": total, "types": by_type}])


def _is_schema(value: Any) -> bool:
    """Whether *value* is an object, or the text of one, as the SDK's signature suggests."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return False
    return isinstance(value, dict)
