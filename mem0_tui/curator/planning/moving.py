"""How a memory comes into another scope: in place where the backend can, else by a copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mem0_tui.backends.base import Backend, JudgesMoves
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Change, Edit, Update
from mem0_tui.model.errors import UnsupportedError, UsageError
from mem0_tui.model.memory import Memory


def moves_in_place(backend: Backend, edit: Edit, memory: Memory) -> bool:
    """Whether *backend* can give *memory* the scope of *edit* and leave it its id."""
    if edit.scope is None or edit.scope == memory.scope:
        return True
    if Capability.EDIT_SCOPE in backend.capabilities:
        return True
    return isinstance(backend, JudgesMoves) and backend.moves_in_place(memory, edit.scope)


def by_the_way_there_is(backend: Backend, change: Change, before: tuple[Memory, ...]) -> Change:
    """*change*, as one by a copy where *backend* cannot make it in place."""
    if not isinstance(change, Update) or not before:
        return change
    return replace(change, copies=not moves_in_place(backend, change.edit, before[0]))


def check_scope(change: Change, before: Iterable[Memory]) -> None:
    """Do nothing unless *change* moves a memory to where it could not be found or deleted again.

    Raises:
        UnsafeScopeError: one of the new ids is blank, a wildcard or the like.
        UsageError: the memory would belong to nobody.
    """
    if not isinstance(change, Update) or change.edit.scope is None:
        return
    if not change.edit.scope:
        raise UsageError(
            f"{change.memory_id} would belong to no entity",
            hint="a memory needs a user, an agent, an app or a run",
        )
    known = {entity for memory in before for entity in memory.scope}
    for entity in change.edit.scope:
        if entity not in known:
            entity.checked()


def check_way(backend: Backend, change: Update, before: Iterable[Memory]) -> None:
    """Do nothing if *backend* can still move the memories *before* the way that *change* says.

    Raises:
        UnsupportedError: it cannot.
    """
    if change.copies:
        return
    if not all(moves_in_place(backend, change.edit, memory) for memory in before):
        backend.capabilities.require(Capability.EDIT_SCOPE, backend.name)
        raise UnsupportedError(f"{backend.name} cannot {Capability.EDIT_SCOPE.value}")
