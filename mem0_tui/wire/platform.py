"""The Platform's requests and answers, as its published OpenAPI document and its clients have them.

Requests are read leniently (clients send more than is documented) and written exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.memory import Event, JsonObject, as_moment
from mem0_tui.wire.document import (
    Document,
    LooseCount,
    LooseObject,
    LooseObjects,
    LooseText,
)
from mem0_tui.wire.memory import moment_to_wire

MAX_PAGE_SIZE = 200
MAX_TOP_K = 1000
MAX_BATCH = 1000


class Ping(Document):
    """Who a key belongs to."""

    status: LooseText = None
    org_id: LooseText = None
    project_id: LooseText = None
    user_email: LooseText = None

    @property
    def account(self) -> str | None:
        """Organization, project and e-mail address, as far as they are given."""
        place = "/".join(part for part in (self.org_id, self.project_id) if part)
        return " ".join(part for part in (place, self.user_email) if part) or None


class PageDocument(Document):
    """A page of anything."""

    count: LooseCount = None
    next: LooseText = None
    previous: LooseText = None
    results: list[dict[str, Any]]


class SearchAnswer(Document):
    """Search results, best first."""

    results: list[dict[str, Any]]


class AddAnswer(Document):
    """What an add came to; ``results`` only where it was synchronous."""

    event_id: LooseText = None
    status: LooseText = None
    message: LooseText = None
    results: LooseObjects = []


class Accepted(Document):
    """The answer to a write that goes on in the background."""

    message: LooseText = None
    event_id: LooseText = None


class EntityRow(Document):
    """One entity; its name is the id that memories carry."""

    id: LooseText = None
    name: LooseText = None
    type: LooseText = None
    created_at: LooseText = None
    updated_at: LooseText = None
    total_memories: LooseCount = None

    def to_entity(self) -> Entity | None:
        """The entity, or None where its kind or name is not one of ours."""
        name = self.name or self.id
        if not name or self.type not in {kind.value for kind in EntityKind}:
            return None
        return Entity(
            kind=EntityKind(self.type),
            id=name,
            memory_count=self.total_memories,
            created_at=as_moment(self.created_at),
            updated_at=as_moment(self.updated_at),
        )


class EventRow(Document):
    """One job."""

    id: str
    event_type: LooseText = None
    status: LooseText = None
    payload: LooseObject = {}
    results: LooseObjects = []
    created_at: LooseText = None
    completed_at: LooseText = None
    error: LooseText = None

    def to_event(self) -> Event:
        return Event(
            id=self.id,
            type=self.event_type or "",
            status=(self.status or "PENDING").upper(),
            created_at=as_moment(self.created_at),
            completed_at=as_moment(self.completed_at),
            error=self.error,
            results=tuple(self.results),
            raw=self.raw,
        )


def event_to_wire(event: Event) -> dict[str, Any]:
    """*event* as the Platform writes it; what its raw JSON has beyond that stays."""
    done = event.completed_at
    latency = (done - event.created_at).total_seconds() * 1000 if done and event.created_at else 0
    return {
        "payload": {},
        "metadata": None,
        "graph_status": None,
        **event.raw,
        "id": event.id,
        "event_type": event.type,
        "status": event.status,
        "results": [dict(result) for result in event.results],
        "created_at": moment_to_wire(event.created_at),
        "updated_at": moment_to_wire(done or event.created_at),
        "started_at": moment_to_wire(event.created_at),
        "completed_at": moment_to_wire(done),
        "latency": round(latency, 3),
        "error": event.error,
    }


class Message(Document):
    """One turn of a conversation."""

    role: Literal["user", "assistant", "system"]
    content: str


class AddRequest(Document):
    """Messages to remember. Ids stand at the top or, from one SDK helper, in ``filters``."""

    messages: list[Message] = Field(min_length=1)
    user_id: str | None = None
    agent_id: str | None = None
    app_id: str | None = None
    run_id: str | None = None
    metadata: dict[str, Any] | None = None
    infer: bool = True
    expiration_date: str | None = None
    timestamp: int | float | None = None
    immutable: bool | None = None
    custom_categories: list[dict[str, str]] | None = None
    filters: dict[str, Any] | None = None


class ListRequest(Document):
    """Conditions on a listing; ``page`` and ``page_size`` may also stand in the query string."""

    filters: dict[str, Any]
    show_expired: bool | None = None
    latest_only: bool | None = None
    start_date: str | None = None
    end_date: str | None = None
    categories: list[str] | None = None
    fields: list[str] | None = None
    keywords: str | None = None
    page: int | None = None
    page_size: int | None = None


class SearchRequest(Document):
    """A search; ``limit`` is what Mem0's own MCP server sends instead of ``top_k``."""

    query: str
    filters: dict[str, Any]
    top_k: int | None = Field(default=None, ge=1, le=MAX_TOP_K)
    limit: int | None = Field(default=None, ge=1, le=MAX_TOP_K)
    threshold: float | None = Field(default=None, ge=0, le=1)
    rerank: bool | None = None
    fields: list[str] | None = None
    categories: list[str] | None = None
    metadata: dict[str, Any] | None = None
    show_expired: bool | None = None
    latest_only: bool | None = None
    keyword_search: bool | None = None


class UpdateRequest(Document):
    """New values; a null ``expiration_date`` clears it, an absent one leaves it."""

    text: str | None = None
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = None
    timestamp: int | float | str | None = None


class BatchItem(Document):
    """One memory of a batch; text and metadata only in updates."""

    memory_id: str
    text: str | None = None
    metadata: dict[str, Any] | None = None


class BatchRequest(Document):
    """A batch of updates or deletes."""

    memories: list[BatchItem]


class FeedbackRequest(Document):
    """A verdict on a memory; null takes it back."""

    memory_id: str
    feedback: Literal["POSITIVE", "NEGATIVE", "VERY_NEGATIVE"] | None = None
    feedback_reason: str | None = None


class ExportRequest(Document):
    """An export to be prepared; ``schema`` says what its objects look like."""

    schema_: dict[str, Any] = Field(alias="schema")
    filters: dict[str, Any] | None = None
    export_instructions: str | None = None


class ExportQuery(Document):
    """Which prepared export to hand over."""

    memory_export_id: str | None = None
    filters: dict[str, Any] | None = None


def result_ids(results: Sequence[JsonObject]) -> list[str]:
    """The ids of the memories that a job's results name as added."""
    return [
        result["id"]
        for result in results
        if isinstance(result.get("id"), str) and result.get("event", "ADD") in ("ADD", None)
    ]
