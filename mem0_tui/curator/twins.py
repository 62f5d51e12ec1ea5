"""Finds memories that are already equal in content to one about to be added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mem0_tui.backends.base import Backend
from mem0_tui.curator.reading import read_all
from mem0_tui.model.change import Add, Change, Merge, Restore
from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import Compare, Field, Filter, Op, all_of, any_of, belongs_to
from mem0_tui.model.memory import Draft, Memory

_BY_TEXT = 20
"""Up to so many memories are looked for by their texts; more, by reading their scopes whole."""


def stand_in(change: Change) -> Memory | None:
    """The memory that *change* would add, as far as it is known before."""
    match change:
        case Add(draft) | Merge(draft=draft):
            return memory_of(draft)
        case Restore(memory):
            return memory
        case _:
            return None


def memory_of(draft: Draft) -> Memory:
    """*draft* as a memory that has no id yet."""
    return Memory(
        id="",
        text=draft.text,
        scope=draft.scope,
        metadata=draft.metadata,
        expires_on=draft.expires_on,
        created_at=draft.created_at,
        immutable=draft.immutable,
    )


async def find_twins(backend: Backend, wanted: Sequence[Memory]) -> Mapping[str, tuple[str, ...]]:
    """Content hash to the ids of the memories that have it, for the hashes of *wanted*."""
    if not wanted:
        return {}
    hashes = {memory.content_hash for memory in wanted}
    found: dict[str, list[str]] = defaultdict(list)
    for memory in await read_all(backend, _condition(wanted)):
        if memory.content_hash in hashes:
            found[memory.content_hash].append(memory.id)
    return {content: tuple(ids) for content, ids in found.items()}


def _condition(wanted: Sequence[Memory]) -> Filter:
    if len(wanted) <= _BY_TEXT:
        return any_of(
            all_of([_within(memory.scope), Compare(Field.TEXT, Op.EQ, memory.text)])
            for memory in wanted
        )
    return any_of(_within(scope) for scope in sorted({memory.scope for memory in wanted}, key=str))


def _within(scope: Scope) -> Filter:
    return all_of(belongs_to(entity) for entity in scope)
