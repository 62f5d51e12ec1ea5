"""A memory as Mem0 writes it in JSON, both ways: what is read keeps its JSON verbatim.

The Platform calls a memory's run ``session_id`` in lists, by id and in history, and ``run_id`` in
search results; both are read everywhere. Rows may leave out what is null.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import HistoryEntry, Memory, as_day, as_moment
from mem0_tui.wire.document import (
    LooseFlag,
    LooseNames,
    LooseObject,
    LooseObjects,
    LooseScore,
    LooseText,
    WireDocument,
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class MemoryDocument(WireDocument):
    """One memory of a list, of a search, or by id."""

    id: str
    memory: LooseText = None
    user_id: LooseText = None
    agent_id: LooseText = None
    app_id: LooseText = None
    session_id: LooseText = None
    run_id: LooseText = None
    metadata: LooseObject = {}
    categories: LooseNames = []
    created_at: LooseText = None
    updated_at: LooseText = None
    expiration_date: LooseText = None
    immutable: LooseFlag = False
    replaced_by: LooseText = None
    synthesized: LooseFlag = False
    feedback: LooseText = None
    score: LooseScore = None
    score_breakdown: LooseObject = {}

    @property
    def scope(self) -> Scope:
        """The entities it belongs to; an empty id counts as none."""
        return Scope(
            user_id=self.user_id or None,
            agent_id=self.agent_id or None,
            app_id=self.app_id or None,
            run_id=self.run_id or self.session_id or None,
        )

    def to_memory(self) -> Memory:
        """The memory itself. A date that is malformed counts as absent, as it does at Mem0."""
        return Memory(
            id=self.id,
            text=self.memory or "",
            scope=self.scope,
            metadata=self.metadata,
            categories=tuple(self.categories),
            created_at=as_moment(self.created_at),
            updated_at=as_moment(self.updated_at),
            expires_on=as_day(self.expiration_date),
            immutable=self.immutable,
            replaced_by=self.replaced_by,
            synthesized=self.synthesized,
            feedback=self.feedback,
            raw=self.raw,
        )


class HistoryRow(WireDocument):
    """One change of a memory; the self-hosted server adds who made it."""

    id: str
    memory_id: LooseText = None
    event: LooseText = None
    old_memory: LooseText = None
    new_memory: LooseText = None
    input: LooseObjects = []
    metadata: LooseObject = {}
    categories: LooseNames = []
    created_at: LooseText = None
    updated_at: LooseText = None
    actor_id: LooseText = None
    role: LooseText = None

    def to_entry(self, memory_id: str) -> HistoryEntry:
        """The change itself; *memory_id* stands in where the row does not name its memory.

        The self-hosted server keeps the memory's first date in ``created_at`` and that of the
        change in ``updated_at``, so the later of the two is taken.
        """
        moments = [m for m in (as_moment(self.created_at), as_moment(self.updated_at)) if m]
        return HistoryEntry(
            id=self.id,
            memory_id=self.memory_id or memory_id,
            event=(self.event or "UPDATE").upper(),
            at=max(moments, default=None),
            old_text=self.old_memory,
            new_text=self.new_memory,
            metadata=self.metadata,
            categories=tuple(self.categories) or None,
            actor=self.actor_id or self.role,
            input=tuple(self.input),
            raw=self.raw,
        )


def memory_from_wire(value: object) -> Memory:
    """One memory's JSON object as a memory.

    Raises:
        ResponseError: it is no object, or has no id.
    """
    return MemoryDocument.read(value).to_memory()


def memory_to_wire(memory: Memory, *, run_field: str = "session_id") -> dict[str, Any]:
    """*memory* as the Platform writes it, with its run under *run_field*."""
    created = memory.created_at
    return {
        "id": memory.id,
        "memory": memory.text,
        "user_id": memory.scope.user_id,
        "agent_id": memory.scope.agent_id,
        "app_id": memory.scope.app_id,
        run_field: memory.scope.run_id,
        "metadata": dict(memory.metadata),
        "categories": list(memory.categories),
        "created_at": moment_to_wire(created),
        "updated_at": moment_to_wire(memory.updated_at or created),
        "expiration_date": memory.expires_on.isoformat() if memory.expires_on else None,
        "structured_attributes": structured_attributes(created),
        "immutable": memory.immutable,
        "replaced_by": memory.replaced_by,
        "synthesized": memory.synthesized,
        "feedback": memory.feedback,
    }


def history_to_wire(entry: HistoryEntry, *, scope: Scope) -> dict[str, Any]:
    """*entry* as the Platform writes it; *scope* is that of its memory."""
    return {
        "id": entry.id,
        "memory_id": entry.memory_id,
        "input": [dict(message) for message in entry.input],
        "old_memory": entry.old_text,
        "new_memory": entry.new_text if entry.new_text is not None else "",
        "event": entry.event,
        "user_id": scope.user_id or "",
        "agent_id": scope.agent_id,
        "app_id": scope.app_id,
        "session_id": scope.run_id,
        "categories": None if entry.categories is None else list(entry.categories),
        "metadata": dict(entry.metadata),
        "actor_id": entry.actor,
        "created_at": moment_to_wire(entry.at),
        "updated_at": moment_to_wire(entry.at),
    }


def moment_to_wire(moment: datetime | None) -> str | None:
    """*moment* (aware) as ISO 8601 in UTC, with ``Z``."""
    return _utc(moment).isoformat().replace("+00:00", "Z") if moment else None


def structured_attributes(moment: datetime | None) -> dict[str, Any] | None:
    """The Platform's breakdown of a creation date, which its filters and summaries show."""
    if moment is None:
        return None
    at = _utc(moment)
    return {
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "day_of_week": _DAYS[at.weekday()],
        "is_weekend": at.weekday() >= 5,
        "quarter": (at.month - 1) // 3 + 1,
        "week_of_year": at.isocalendar().week,
        "day_of_year": at.timetuple().tm_yday,
    }


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
