"""Turns changes into plan items: reads what they are aimed at, and says what to know beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying.equal_memories import find_equal, stand_in
from mem0_tui.curator.applying.yielding import unhurried
from mem0_tui.curator.planning.moving import by_the_way_there_is, check_scope, check_way
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.planning.reversal import judged, obstacle, unpinning
from mem0_tui.curator.reading import read_many
from mem0_tui.model.capability import Capability, Loss
from mem0_tui.model.change import (
    UNSET,
    Add,
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
    aimed_at,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import NotFoundError, RefusedError, UnsupportedError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import has_hidden
from mem0_tui.store.journal.rows import Counterpart


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change to be planned, with what is known of its memories already."""

    change: Change
    before: tuple[Memory, ...] = ()
    """The memories as the user saw them; where they are missing they are read."""
    reverses: Counterpart | None = None
    warnings: tuple[str, ...] = ()
    """What is known already that a person should know before saying yes."""


def edit_of(change: Change) -> Edit:
    """The edit that *change* makes; an empty one where it makes none."""
    return change.edit if isinstance(change, Update) else Edit()


def kept_edit(backend: Backend, merge: Merge, survivor: Memory) -> Edit:
    """The edit by which *merge* makes of its *survivor* what it is to be."""
    edit = merge.edit_of(survivor)
    # Where they cannot be set, the server sets them, perhaps since the plan was made.
    filed = Capability.EDIT_CATEGORIES in backend.capabilities
    return edit if filed else replace(edit, categories=None)


def require(backend: Backend, change: Change, before: Sequence[Memory]) -> None:
    """Do nothing if *backend* can do *change*.

    Raises:
        UnsupportedError: it cannot; names what is missing.
    """
    for capability in _needed(backend, change, before):
        backend.capabilities.require(capability, backend.name)
    if isinstance(change, Merge) and (survivor := change.survivor(before)) is not None:
        check_way(backend, Update(survivor.id, kept_edit(backend, change, survivor)), [survivor])
    if isinstance(change, Update):
        check_way(backend, change, before)
    copy = stand_in(change, before) if isinstance(change, Update) else None
    if copy is not None and (why := obstacle(backend, copy)):
        raise UnsupportedError(f"{copy.id} cannot be moved there: {why}")


def _needed(backend: Backend, change: Change, before: Sequence[Memory]) -> list[Capability]:
    match change:
        case Merge(keep=str() as keep) if (survivor := change.survivor(before)) is not None:
            edit = kept_edit(backend, change, survivor)
            return _needed(backend, Update(keep, edit), [survivor])
        case Update(copies=True):
            return [Capability.ADD_VERBATIM]
        case Add(draft) | Merge(draft=draft) if draft.categories:
            return [Capability.ADD_VERBATIM, Capability.EDIT_CATEGORIES]
        case Add() | Restore() | Merge():
            return [Capability.ADD_VERBATIM]
        case DeleteEntity():
            return [Capability.DELETE_ENTITY]
        case Update(_, edit):
            needed = [Capability.EDIT_TEXT] if edit.text is not None else []
            if edit.metadata is not None:
                needed.append(Capability.EDIT_METADATA)
                kept = edit.metadata.keys()
                if any(memory.metadata.keys() - kept for memory in before):
                    needed.append(Capability.REMOVE_METADATA)
            if edit.expires_on is not UNSET:
                needed.append(Capability.EDIT_EXPIRY)
            if edit.categories is not None:
                needed.append(Capability.EDIT_CATEGORIES)
            return needed
        case Delete() | DeleteScope():
            return []


def restored_ids(backend: Backend, changes: Iterable[Change]) -> list[str]:
    """The ids under which *changes* put memories back, where the backend keeps ids."""
    if Capability.KEEP_ID not in backend.capabilities:
        return []
    return [change.memory.id for change in changes if isinstance(change, Restore)]


async def plan_items(
    backend: Backend, wanted: Sequence[Wanted], *, today: date, strict: bool = True
) -> tuple[PlanItem, ...]:
    """The items that do what is *wanted*, with warnings and losses.

    Raises:
        NotFoundError: memories are gone that the caller has not seen either.
        UnsupportedError: the backend cannot do one of the changes, and *strict* is on; otherwise
            the item has a warning.
        UsageError: two changes are aimed at one memory, or one changes nothing.
    """
    _check_once(wanted)
    restored = restored_ids(backend, [w.change for w in wanted])
    ids = [memory_id for w in wanted for memory_id in aimed_at(w.change)]
    now = await read_many(backend, [*ids, *restored])
    known = {memory.id for w in wanted for memory in w.before}
    missing = [each for each in ids if each not in now and each not in known]
    if missing:
        raise NotFoundError(f"no such memory: {', '.join(missing[:5])}")
    bound = [_bound(backend, w, now) for w in wanted]
    results = [stand_in(change, before) for change, before in bound]
    twins = await find_equal(backend, [result for result in results if result])
    items = []
    async for w, (change, before), result in unhurried(zip(wanted, bound, results, strict=True)):
        item = PlanItem(change, before, reverses=w.reverses)
        warnings = [
            *w.warnings,
            *_about_before(item, now, today),
            *_about_after(backend, item, now, today),
        ]
        if strict:
            check_scope(change, before)
        try:
            require(backend, change, before)
        except UnsupportedError as error:
            if strict:
                raise
            warnings.append(f"{error.message}: it will be refused")
        if result:
            others = [t for t in twins.get(result.content_hash, ()) if t not in aimed_at(change)]
            if others and (result.id not in now or isinstance(change, Update)):
                warnings.append(f"an identical memory exists already: {others[0]}")
        items.append(judged(backend, replace(item, warnings=tuple(warnings))))
    return tuple(items)


def _bound(
    backend: Backend, wanted: Wanted, now: Mapping[str, Memory]
) -> tuple[Change, tuple[Memory, ...]]:
    """What is *wanted* the way in which *backend* can do it, and what it is aimed at."""
    seen = {memory.id: memory for memory in wanted.before}
    edit = edit_of(wanted.change)
    aims = aimed_at(wanted.change)
    before = tuple(_seen(edit, seen.get(each), now.get(each)) for each in aims)
    change = by_the_way_there_is(backend, wanted.change, before)
    return unpinning(backend, change, before), before


def _seen(edit: Edit, shown: Memory | None, now: Memory | None) -> Memory:
    """The memory as it was shown; as it was read now where that says the same and more."""
    if shown is None or (now is not None and edit.same(shown, now)):
        assert now is not None
        return now
    return shown


def _check_once(wanted: Sequence[Wanted]) -> None:
    taken: set[str] = set()
    for w in wanted:
        if isinstance(w.change, Update) and not (w.change.edit or w.change.redacts):
            raise UsageError(f"the edit of {w.change.memory_id} changes nothing")
        if isinstance(w.change, Merge) and len(set(w.change.memory_ids)) < 2:
            raise UsageError("a merge takes at least two memories")
        for memory_id in aimed_at(w.change):
            if memory_id in taken:
                raise UsageError(f"two changes of one plan are aimed at {memory_id}")
            taken.add(memory_id)


def _about_before(item: PlanItem, now: Mapping[str, Memory], today: date) -> list[str]:
    warnings = []
    gone = [memory for memory in item.before if memory.id not in now]
    edit = edit_of(item.change)
    changed = [m for m in item.before if m.id in now and not edit.same(m, now[m.id])]
    if gone:
        warnings.append("gone since it was seen: it will be refused")
    if changed:
        warnings.append("changed since it was seen: it will be refused")
    if pinned := sum(memory.pinned for memory in item.before):
        warnings.append(_some(pinned, "pinned", item))
    in_place = isinstance(item.change, Update) and not (item.change.copies or edit.only_moves)
    if in_place and any(memory.immutable for memory in item.before):
        warnings.append("immutable: the server may refuse the edit")
    if expired := sum(memory.expired(today) for memory in item.before):
        warnings.append(f"{_some(expired, 'expired', item)}: not shown by list and search")
    if isinstance(item.change, Merge) and len({memory.scope for memory in item.before}) > 1:
        warnings.append("the merged memories are of different scopes")
    return warnings


def _some(count: int, kind: str, item: PlanItem) -> str:
    """That *count* of the memories that *item* is about are of a *kind*."""
    return kind if len(item.before) == 1 else f"{plural(count, f'{kind} memory')} among them"


def _about_after(
    backend: Backend, item: PlanItem, now: Mapping[str, Memory], today: date
) -> list[str]:
    match item.change:
        case Restore(memory):
            return _about_restore(backend, memory, now, today)
        case Update(_, edit, redacts=True) if not edit:
            return ["it holds no secret any more, but its history or the journal does"]
        case Update(_, edit, copies):
            moved = _about_copy(backend) if copies else []
            return [*moved, *_about_edit(edit, item.before, today)]
        case Add(draft) | Merge(draft=draft):
            warnings = ["its text holds hidden characters"] if has_hidden(draft.text) else []
            if not draft.text.strip():
                warnings.append("its text is blank")
            if not draft.scope:
                warnings.append("it belongs to no entity")
            if draft.expires_on and draft.expires_on < today:
                warnings.append("its expiry is past: list and search will not show it")
            if draft.created_at and Capability.BACKDATE not in backend.capabilities:
                warnings.append("it gets a new creation date")
            return warnings
        case _:
            return []


def _about_restore(
    backend: Backend, memory: Memory, now: Mapping[str, Memory], today: date
) -> list[str]:
    warnings = []
    if memory.id in now:
        warnings.append("it exists already: it will be refused")
    if Capability.KEEP_ID not in backend.capabilities:
        warnings.append("it comes back under a new id")
    if others := _other_losses(backend):
        warnings.append(f"not put back: {', '.join(others)}")
    if reason := obstacle(backend, memory):
        warnings.append(f"it will be refused: {reason}")
    if memory.expired(today):
        warnings.append("expired: list and search no longer show it")
    return warnings


def _other_losses(backend: Backend) -> list[str]:
    return [loss for loss in backend.capabilities.restore_losses if loss != Loss.ID]


def _about_copy(backend: Backend) -> list[str]:
    warnings = ["it is moved by a copy, which gets a new id"]
    if others := _other_losses(backend):
        warnings.append(f"the copy does not have: {', '.join(others)}")
    return warnings


def _about_edit(edit: Edit, before: tuple[Memory, ...], today: date) -> list[str]:
    warnings = []
    if edit.text is not None and has_hidden(edit.text):
        warnings.append("its new text holds hidden characters")
    if edit.text is not None and not edit.text.strip():
        warnings.append("its new text is blank")
    if edit.expires_on is not UNSET and edit.expires_on and edit.expires_on < today:
        warnings.append("its new expiry is past: list and search will not show it")
    if all(edit.same(memory, edit.applied_to(memory)) for memory in before):
        warnings.append("it changes nothing")
    return warnings


def refuse_scopes(changes: Iterable[Change]) -> None:
    """Raise RefusedError if *changes* hold a scope delete, which has a plan of its own."""
    if any(isinstance(change, (DeleteScope, DeleteEntity)) for change in changes):
        raise RefusedError("a scope is deleted through its own preview only")
