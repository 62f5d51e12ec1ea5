"""Memories, hits, history and entities as the JSON objects that Mem0's clients read from a server.

The run is ``session_id`` everywhere but in search results, where Mem0 documents ``run_id``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mem0_tui.model.entity import Entity, EntityKind, Scope
from mem0_tui.model.memory import HistoryEntry, JsonObject, Memory
from mem0_tui.model.page import SearchHit
from mem0_tui.store.events import StoredEvent
from mem0_tui.store.rows import text_hash
from mem0_tui.wire.memory import history_to_wire, memory_to_wire, moment_to_wire

OWNER = "mem0-tui"
"""The owner that entities are said to have: the server has one tenant."""


def memory_json(memory: Memory, *, run_field: str = "session_id") -> dict[str, Any]:
    """*memory* as list, get and update answer it."""
    record = memory_to_wire(memory, run_field=run_field)
    record["hash"] = text_hash(memory.text)
    record["lifecycle_state"] = "superseded" if memory.replaced_by else "active"
    return record


def hit_json(hit: SearchHit) -> dict[str, Any]:
    """*hit* as search answers it, with what its score is made of."""
    return {
        **memory_json(hit.memory, run_field="run_id"),
        "score": hit.score,
        "score_breakdown": {
            "semantic": _number(hit.parts, "semantic"),
            "bm25": _number(hit.parts, "words"),
            "entity": 0.0,
        },
    }


def event_json(stored: StoredEvent) -> dict[str, Any]:
    """*stored* as the event list and the event by id answer it; latency in milliseconds."""
    event, started = stored.event, stored.started_at
    ended = event.completed_at
    latency = (ended - started).total_seconds() * 1000 if ended and started else None
    return {
        "id": event.id,
        "event_type": event.type,
        "status": event.status,
        "payload": dict(stored.payload),
        "metadata": dict(stored.metadata),
        "results": [dict(result) for result in event.results],
        "created_at": moment_to_wire(event.created_at),
        "updated_at": moment_to_wire(ended or started or event.created_at),
        "started_at": moment_to_wire(started or event.created_at),
        "completed_at": moment_to_wire(ended),
        "latency": latency or 0.0,
        "graph_status": None,
        "error": event.error,
    }


def change_json(entry: HistoryEntry, scope: Scope) -> dict[str, Any]:
    """*entry* as the history answers it; what was put back counts as added, as Mem0 would say."""
    row = history_to_wire(entry, scope=scope)
    if entry.event not in ("ADD", "UPDATE", "DELETE"):
        row["event"] = "ADD"
    return row


def entity_json(entity: Entity) -> dict[str, Any]:
    """*entity* as the entity list answers it; its id there is its name."""
    created = moment_to_wire(entity.created_at or entity.updated_at)
    return {
        "id": entity.id,
        "name": entity.id,
        "type": entity.kind.value,
        "owner": OWNER,
        "metadata": None,
        "total_memories": entity.memory_count,
        "created_at": created,
        "updated_at": moment_to_wire(entity.updated_at) or created,
    }


def entity_totals(entities: Iterable[Entity]) -> dict[str, int]:
    """How many entities of each kind there are."""
    totals = {f"total_{kind.value}s": 0 for kind in EntityKind}
    for entity in entities:
        totals[f"total_{entity.kind.value}s"] += 1
    return totals


def only(fields: Iterable[str] | None, record: dict[str, Any]) -> dict[str, Any]:
    """*record* with no more than *fields* and what every memory must have; all of it if None."""
    if fields is None:
        return record
    kept = {*fields, "id", "memory", "created_at"}
    return {name: value for name, value in record.items() if name in kept}


def _number(parts: JsonObject, name: str) -> float:
    value = parts.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0
