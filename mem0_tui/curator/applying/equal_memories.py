"""Finds memories that are already equal in content to one about to be added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mem0_tui.backends.base import Backend
from mem0_tui.curator.reading import read_shown
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Merge, Restore, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.filter import Compare, Field, Filter, Op, all_of, any_of, belongs_to
from mem0_tui.model.memory import Draft, Memory

_FEW = 20
"""Up to so many memories are looked for by their texts; more, by reading their scopes whole."""
_HITS = 20
"""Of a search for a text, so many hits are compared with it."""


def stand_in(change: Change, before: Sequence[Memory] = ()) -> Memory | None:
    """The memory that *change* of the memories *before* would add, as far as it is known."""
    match change:
        case Update(_, edit, copies=True) if before:
            return edit.applied_to(before[0])
        case Add(draft) | Merge(draft=draft, keep=None):
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
        categories=draft.categories,
    )


async def find_equal(
    backend: Backend,
    wanted: Sequence[Memory],
    *,
    thorough: bool = False,
    seen: set[str] | None = None,
) -> Mapping[str, tuple[str, ...]]:
    """Content hash to the ids of the memories that have it, for the hashes of *wanted*.

    For a few memories on a server, its search is asked instead of reading everything, unless the
    answer has to be *thorough*. Every id that was come across is added to *seen*.
    """
    if not wanted:
        return {}
    hashes = {memory.content_hash for memory in wanted}
    found: dict[str, set[str]] = defaultdict(set)
    for memory in await _candidates(backend, wanted, thorough=thorough):
        if seen is not None:
            seen.add(memory.id)
        if memory.content_hash in hashes:
            found[memory.content_hash].add(memory.id)
    return {content: tuple(sorted(ids)) for content, ids in found.items()}


async def _candidates(
    backend: Backend, wanted: Sequence[Memory], *, thorough: bool
) -> Sequence[Memory]:
    remote = Capability.KEEP_ID not in backend.capabilities
    searches = Capability.SEMANTIC_SEARCH in backend.capabilities
    if thorough or not remote or not searches or len(wanted) > _FEW:
        return (await read_shown(backend, _condition(wanted))).memories
    found: list[Memory] = []
    try:
        for memory in wanted:
            if memory.text.strip():
                result = await backend.search(
                    memory.text,
                    _within(memory.scope),
                    limit=_HITS,
                    threshold=0.0,
                    include_expired=True,
                )
                found.extend(hit.memory for hit in result.hits)
    except InvalidRequestError:  # such as a text that is too long for a search
        return (await read_shown(backend, _condition(wanted))).memories
    return found


def _condition(wanted: Sequence[Memory]) -> Filter:
    if len(wanted) <= _FEW:
        return any_of(
            all_of([_within(memory.scope), Compare(Field.TEXT, Op.EQ, memory.text)])
            for memory in wanted
        )
    return any_of(_within(scope) for scope in sorted({memory.scope for memory in wanted}, key=str))


def _within(scope: Scope) -> Filter:
    return all_of(belongs_to(entity) for entity in scope)
