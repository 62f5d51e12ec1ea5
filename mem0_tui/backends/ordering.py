"""The orders of a listing, made here for servers that cannot sort."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort


def ordered(memories: Iterable[Memory], sort: Sort) -> list[Memory]:
    """*memories* in the order *sort*: ties by id, those without the value last."""
    by_id = sorted(memories, key=lambda memory: memory.id)
    having = [memory for memory in by_id if _value(memory, sort) is not None]
    lacking = [memory for memory in by_id if _value(memory, sort) is None]
    having.sort(
        key=lambda memory: _value(memory, sort), reverse=sort not in (Sort.OLDEST, Sort.TYPE)
    )
    return having + lacking


def _value(memory: Memory, sort: Sort) -> Any:
    match sort:
        case Sort.NEWEST | Sort.OLDEST:
            return memory.created_at
        case Sort.UPDATED:
            return memory.updated_at
        case Sort.TYPE:
            return memory.type
        case Sort.LENGTH:
            return len(memory.text)
        case Sort.CONFIDENCE:
            return memory.confidence
