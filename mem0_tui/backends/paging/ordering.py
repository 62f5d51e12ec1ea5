"""The orders that are made here: of a listing where a server cannot sort, of several searches,
of entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import SearchHit, SearchMode, SearchResult, Sort


def ordered(memories: Iterable[Memory], sort: Sort) -> list[Memory]:
    """*memories* in the order *sort*: ties by id, those without the value last."""
    by_id = sorted(memories, key=lambda memory: memory.id)
    having = [memory for memory in by_id if _value(memory, sort) is not None]
    lacking = [memory for memory in by_id if _value(memory, sort) is None]
    having.sort(
        key=lambda memory: _value(memory, sort), reverse=sort not in (Sort.OLDEST, Sort.TYPE)
    )
    return having + lacking


def best_hits(
    answers: Iterable[Iterable[SearchHit]], passes: Callable[[Memory], bool], limit: int
) -> SearchResult:
    """Of several *answers* to one question, the best *limit* hits that pass, each memory once."""
    best: dict[str, SearchHit] = {}
    for hit in (hit for hits in answers for hit in hits):
        known = best.get(hit.memory.id)
        if passes(hit.memory) and (known is None or hit.score > known.score):
            best[hit.memory.id] = hit
    hits = sorted(best.values(), key=lambda hit: (-hit.score, hit.memory.id))
    return SearchResult(tuple(hits[: max(1, limit)]), SearchMode.REMOTE)


def by_kind_and_activity(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """*entities* by kind, then the most recently active first."""
    kinds = list(EntityKind)

    def key(entity: Entity) -> tuple[int, float, str]:
        active = entity.updated_at or entity.created_at
        return kinds.index(entity.kind), -active.timestamp() if active else 0.0, entity.id

    return tuple(sorted(entities, key=key))


def _value(memory: Memory, sort: Sort) -> Any:
    match sort:
        case Sort.NEWEST | Sort.OLDEST:
            return memory.created_at
        case Sort.UPDATED:
            return memory.updated_at
        case Sort.TYPE:
            return memory.kind
        case Sort.LENGTH:
            return len(memory.text)
        case Sort.CONFIDENCE:
            return memory.confidence
