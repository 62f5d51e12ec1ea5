"""How several memories become one: which of them stays, and whether it can be edited to be the one
that is wanted, or a new one has to be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mem0_tui.backends.base import Backend
from mem0_tui.curator.planning.planner import kept_edit, require
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Merge, Update
from mem0_tui.model.errors import UnsupportedError, UsageError
from mem0_tui.model.memory import Draft, Memory

_FIRST = datetime.min.replace(tzinfo=UTC)


def survivor_of(memories: Sequence[Memory]) -> Memory:
    """That of *memories* (not empty) which is best kept: a pinned one, else the one that is
    trusted most, else the newest."""
    return max(memories, key=_weight)


def _weight(memory: Memory) -> tuple[bool, float, datetime, str]:
    trust = memory.confidence
    return (
        memory.pinned,
        -1.0 if trust is None else trust,
        memory.created_at or _FIRST,
        memory.id,
    )


def merged(backend: Backend, survivor: Memory, memories: Sequence[Memory], wanted: Memory) -> Merge:
    """The merge of *memories*, among them *survivor*, into what *wanted* says.

    The survivor keeps its id and history where *backend* can make that of it; else a new memory
    takes the place of all.

    Raises:
        UsageError: these are fewer than two memories.
    """
    ids = tuple(dict.fromkeys([survivor.id, *(memory.id for memory in memories)]))
    if len(ids) < 2:
        raise UsageError("a merge takes at least two memories")
    if Capability.EDIT_CATEGORIES not in backend.capabilities:
        wanted = replace(wanted, categories=())
    merge = Merge(Draft.again(wanted), ids, keep=survivor.id)
    edit = kept_edit(backend, merge, survivor)
    try:
        require(backend, Update(survivor.id, edit), [survivor])
    except UnsupportedError:
        return replace(merge, keep=None)
    return replace(merge, keep=None) if edit and survivor.immutable else merge
