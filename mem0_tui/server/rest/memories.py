"""One memory, or a batch of them: get, update, delete, history, feedback."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import InvalidRequestError, NotFoundError, UnsafeScopeError
from mem0_tui.model.memory import JsonObject, as_moment
from mem0_tui.server.requests.add import expiry, unix_moment
from mem0_tui.server.requests.body import flag, json_object, optional_object, optional_text
from mem0_tui.server.requests.catalogue import read_categories
from mem0_tui.server.requests.client_name import caller
from mem0_tui.server.responses.answers import answer, answer_text
from mem0_tui.server.responses.row_json import memory_text
from mem0_tui.server.responses.serializers import change_json, memory_json
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service
from mem0_tui.wire.platform import MAX_BATCH

_AS_STORED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FEEDBACK = ("POSITIVE", "NEGATIVE", "VERY_NEGATIVE")


class MemoryRoutes:
    """Handlers of ``/v1/memories/{id}/``, ``/v1/batch/`` and ``/v1/feedback/``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("GET", "/v1/memories/{}/", self.get)
        routes.add("PUT", "/v1/memories/{}/", self.update)
        routes.add("DELETE", "/v1/memories/{}/", self.delete)
        routes.add("GET", "/v1/memories/{}/history/", self.history)
        routes.add("PUT", "/v1/batch/", self.batch_update)
        routes.add("DELETE", "/v1/batch/", self.batch_delete)
        routes.add("POST", "/v1/feedback/", self.feedback)

    async def get(self, _request: Request, memory_id: str) -> Response:
        """Answer one memory, also an expired one."""
        return answer_text(memory_text(self._service.row(self._checked(memory_id))))

    async def update(self, request: Request, memory_id: str) -> Response:
        """Change what the body names and answer the whole memory."""
        checked = self._checked(memory_id)
        body = await json_object(request)
        edit = replace(read_edit(body), scope=_scope(body))
        created_at = _timestamp(body.get("timestamp"))
        if not edit and created_at is None:
            raise InvalidRequestError(
                "At least one of text, metadata, timestamp, expiration_date, categories is"
                " required."
            )
        memory = await self._service.update(checked, edit, created_at, actor=caller(request))
        return answer(memory_json(memory))

    async def delete(self, request: Request, memory_id: str) -> Response:
        """Delete one memory; with ``delete_linked`` also those that it superseded."""
        checked = self._checked(memory_id)
        linked = flag(request.query_params.get("delete_linked"), "delete_linked", default=False)
        ids = await self._service.superseded_by(checked) if linked else []
        gone = await self._service.delete([checked, *ids], actor=caller(request))
        if checked not in gone:
            raise NotFoundError("Memory not found!")
        body: dict[str, Any] = {"message": "Memory deleted successfully!"}
        if linked:
            body["cascade_count"] = len(gone) - 1
        return answer(body)

    async def history(self, _request: Request, memory_id: str) -> Response:
        """Answer the changes of one memory, oldest first; they outlive it."""
        rows = await self._service.history(self._checked(memory_id))
        return answer([change_json(entry, scope) for entry, scope in rows])

    async def batch_update(self, request: Request) -> Response:
        """Change the text or metadata of up to 1,000 memories, all of them or none."""
        entries = _batch(await json_object(request), "updated")
        edits = {self._checked(entry.get("memory_id")): _batch_edit(entry) for entry in entries}
        await self._service.update_many(edits, actor=caller(request))
        return answer({"message": f"Successfully updated {len(edits)} memories"})

    async def batch_delete(self, request: Request) -> Response:
        """Delete up to 1,000 memories; the answer counts those that were there."""
        entries = _batch(await json_object(request), "deleted")
        ids = list(dict.fromkeys(self._checked(entry.get("memory_id")) for entry in entries))
        gone = await self._service.delete(ids, actor=caller(request))
        return answer({"message": f"Successfully deleted {len(gone)} memories"})

    async def feedback(self, request: Request) -> Response:
        """Rate a memory; null takes the rating back."""
        body = await json_object(request)
        try:
            memory_id = self._checked(body.get("memory_id"))
        except InvalidRequestError as error:
            raise InvalidRequestError("Invalid memory_id") from error
        verdict = body.get("feedback")
        if verdict is not None and verdict not in FEEDBACK:
            raise InvalidRequestError(f"feedback must be one of {', '.join(FEEDBACK)} or null.")
        reason = optional_text(body.get("feedback_reason"), "feedback_reason")
        feedback_id = await self._service.feedback(memory_id, verdict, reason or "")
        return answer({"id": feedback_id, "feedback": verdict, "feedback_reason": reason})

    def _checked(self, value: object) -> str:
        """*value* as the id of a memory, as the store writes it: any id that the store knows, also
        of a memory that is gone, else a UUID.

        Raises:
            InvalidRequestError: it is neither.
        """
        if isinstance(value, str):
            if _AS_STORED.fullmatch(value) or self._service.knows(value):
                return value
            if len(value) in (32, 36):
                with contextlib.suppress(ValueError):
                    return str(UUID(value))
        raise InvalidRequestError("memory_id should be a valid UUID")


def read_edit(body: JsonObject) -> Edit:
    text = optional_text(body.get("text"), "text")
    if text is not None and not text.strip():
        raise InvalidRequestError("text must not be blank.")
    optional_text(body.get("source"), "source")
    return Edit(
        text=text,
        metadata=optional_object(body.get("metadata"), "metadata"),
        expires_on=expiry(body["expiration_date"]) if "expiration_date" in body else UNSET,
        categories=read_categories(body),
    )


def _scope(body: JsonObject) -> Scope | None:
    """The whole new scope, which is no field of the Platform's: its clients cannot mean it.

    Raises:
        InvalidRequestError: it names nobody, or what no memory can belong to.
    """
    ids = optional_object(body.get("scope"), "scope")
    if ids is None:
        return None
    if not ids or not ids.keys() <= {kind.id_field for kind in EntityKind}:
        raise InvalidRequestError("scope takes user_id, agent_id, app_id and run_id, one at least.")
    given = {name: optional_text(ids[name], name) for name in ids}
    try:
        for kind in EntityKind:
            if kind.id_field in given:
                EntityRef(kind, given[kind.id_field] or "").checked()
    except UnsafeScopeError as error:
        raise InvalidRequestError(error.message) from error
    return Scope(**given)


def _timestamp(value: object) -> Any:
    if isinstance(value, str):
        moment = as_moment(value)
        if moment is None:
            raise InvalidRequestError("timestamp must be a Unix time or an ISO 8601 date-time.")
        return moment
    return unix_moment(value, "timestamp")


def _batch(body: JsonObject, done: str) -> list[dict[str, Any]]:
    """The entries of a batch."""
    entries = body.get("memories")
    if not isinstance(entries, list):
        raise InvalidRequestError("memories is required and must be a list.")
    if len(entries) > MAX_BATCH:
        raise InvalidRequestError(
            f"Maximum of {MAX_BATCH} memories can be {done} in a single request"
        )
    if not all(isinstance(entry, dict) for entry in entries):
        raise InvalidRequestError("memories must be a list of {memory_id: …}.")
    return entries


def _batch_edit(entry: JsonObject) -> Edit:
    names = ("text", "metadata", "categories")
    edit = read_edit({name: entry[name] for name in names if name in entry})
    if not edit:
        raise InvalidRequestError("Each memory needs a text, metadata or categories.")
    return edit
