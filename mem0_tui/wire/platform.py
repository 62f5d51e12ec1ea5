"""The Platform's answers and limits, as its OpenAPI document and its clients have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.memory import Event, JsonObject, as_moment
from mem0_tui.wire.document import (
    LooseCount,
    LooseObject,
    LooseObjects,
    LooseText,
    WireDocument,
)

MAX_PAGE_SIZE = 200
"""Rows of a page."""
MAX_TOP_K = 1000
"""Hits of a search."""
MAX_BATCH = 1000
"""Memories of one batch call."""


OWN_ORGANIZATION = "mem0-tui"
"""The organization, of one project, that mem0-tui's own server answers with."""

MOVES: Final = "moves"
"""What that server says in its answer to a ping if an update takes a ``scope``: the ids that the
memory has then."""

NO_CATEGORY: Final = "There is no category"
"""How that server begins to refuse an add under what its project does not know."""


class Ping(WireDocument):
    """Who a key belongs to."""

    status: LooseText = None
    org_id: LooseText = None
    project_id: LooseText = None
    user_email: LooseText = None
    mem0_tui: LooseObject = {}
    """What mem0-tui's own server says that it can do beyond the Platform."""

    @property
    def moves(self) -> bool:
        """Whether it moves a memory to another scope in place."""
        return self.is_own and self.mem0_tui.get(MOVES) is True

    @property
    def is_own(self) -> bool:
        """Whether mem0-tui's own server answered, and no server of Mem0's."""
        return self.org_id == OWN_ORGANIZATION

    @property
    def account(self) -> str | None:
        """Organization, project and e-mail address, as far as they are given."""
        place = "/".join(part for part in (self.org_id, self.project_id) if part)
        return " ".join(part for part in (place, self.user_email) if part) or None


class PageDocument(WireDocument):
    """A page of anything."""

    count: LooseCount = None
    next: LooseText = None
    previous: LooseText = None
    results: list[dict[str, Any]]


class SearchAnswer(WireDocument):
    """Search results, best first."""

    results: list[dict[str, Any]]


class AddAnswer(WireDocument):
    """What an add came to; ``results`` only where it was synchronous."""

    event_id: LooseText = None
    status: LooseText = None
    message: LooseText = None
    results: LooseObjects = []


class Accepted(WireDocument):
    """The answer to a write that goes on in the background."""

    message: LooseText = None
    event_id: LooseText = None


class EntityRow(WireDocument):
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


class EventRow(WireDocument):
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


class Message(WireDocument):
    """One turn of a conversation."""

    role: Literal["user", "assistant", "system"]
    content: str


def result_ids(results: Sequence[JsonObject]) -> list[str]:
    """The ids of the memories that a job's results name as added."""
    return [
        result["id"]
        for result in results
        if isinstance(result.get("id"), str) and result.get("event", "ADD") in ("ADD", None)
    ]
