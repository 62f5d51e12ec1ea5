"""What of a change can be taken back on a backend: one definition, for plans, reports and undo.

Nothing is promised that cannot be done. What an undo would not give back exactly is a plan item's
``losses``; why it could give back nothing at all is its ``final``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from mem0_tui.backends.base import Backend, JudgesRestores
from mem0_tui.curator.planning.moving import moves_in_place
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.capability import Capability, Loss
from mem0_tui.model.change import (
    Add,
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory

NO_MEMORY = "an entity without memories comes back only with a memory that names it"
"""Why nothing brings back an entity that held none."""

REDACTED = "the secrets are taken out of the history and the journal, too"
"""Why nothing brings back what a redaction takes out."""

_PIN = "pinned"

_FIELDS: Mapping[str, str] = {
    Loss.ID: "id",
    Loss.CREATED: "created at",
    Loss.CREATED_FRACTION: "created at",
    Loss.UPDATED: "updated at",
    Loss.CATEGORIES: "categories",
    Loss.CATEGORIES_ANEW: "categories",
    Loss.IMMUTABLE: "immutable",
    Loss.FEEDBACK: "feedback",
    Loss.LINKS: "replaced by",
    Loss.EXPIRY: "expires on",
}
"""Which difference of a memory that was put back each loss declares."""


def judged(backend: Backend, item: PlanItem) -> PlanItem:
    """*item* with what an undo of it on *backend* could not give back, or that it could nothing."""
    return replace(item, losses=_losses(backend, item), final=_final(backend, item))


def obstacle(backend: Backend, memory: Memory) -> str:
    """Why *backend* could not put *memory* back; blank where it can."""
    capabilities = backend.capabilities
    if Capability.ADD_VERBATIM not in capabilities:
        note = capabilities.notes.get(Capability.ADD_VERBATIM)
        what = f"{backend.name} cannot {Capability.ADD_VERBATIM.value}"
        return f"{what}: {note}" if note else what
    return backend.restore_obstacle(memory) if isinstance(backend, JudgesRestores) else ""


def within_reach(backend: Backend, edit: Edit, memory: Memory) -> Edit:
    """*edit* of *memory* as far as *backend* can make it.

    Where it cannot remove metadata keys, they keep their values; a pin is switched off instead.
    """
    stay = _staying(backend, edit, memory)
    if edit.metadata is None or not stay:
        return edit
    wanted = replace(edit, metadata={**edit.metadata, **stay})
    return Edit.between(memory, wanted.applied_to(memory))


def staying_keys(backend: Backend, edit: Edit, memory: Memory) -> list[str]:
    """The metadata keys that *edit* of *memory* would remove and *backend* cannot."""
    return sorted(key for key in _staying(backend, edit, memory) if key != _PIN)


def unpinning(backend: Backend, change: Change, before: tuple[Memory, ...]) -> Change:
    """*change*, with a pin that it removes switched off where *backend* cannot remove keys."""
    if not isinstance(change, Update) or change.edit.metadata is None or not before:
        return change
    if change.copies:  # what is added anew need not hold what was there
        return change
    if _PIN not in _staying(backend, change.edit, before[0]):
        return change
    metadata = {**change.edit.metadata, _PIN: False}
    return replace(change, edit=replace(change.edit, metadata=metadata))


def undeclared(
    backend: Backend, wanted: Memory, stored: Memory, differences: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of the *differences* of *stored* from *wanted*, an added memory, that the backend's
    losses do not declare."""
    losses = set(backend.capabilities.restore_losses)
    declared = {_FIELDS[loss] for loss in losses if loss in _FIELDS}
    if Loss.ID in losses:
        declared.add("updated at")  # a memory under a new id is a new one
    dates_itself = Capability.BACKDATE not in backend.capabilities or Loss.CREATED in losses
    if not dates_itself and wanted.created_at and stored.created_at:
        whole = wanted.created_at.replace(microsecond=0), stored.created_at.replace(microsecond=0)
        if whole[0] != whole[1]:
            declared.discard("created at")
    elif dates_itself:
        declared.add("created at")
    return tuple(each for each in differences if each not in declared)


def _staying(backend: Backend, edit: Edit, memory: Memory) -> dict[str, object]:
    """The metadata that is left of what *edit* would remove, where keys cannot be removed."""
    if edit.metadata is None or Capability.REMOVE_METADATA in backend.capabilities:
        return {}
    left = {key: memory.metadata[key] for key in memory.metadata if key not in edit.metadata}
    return {**left, _PIN: False} if _PIN in left else left


def _way_back(backend: Backend, change: Update, before: Memory) -> tuple[Edit, list[str]]:
    """The edit that takes *change* back as far as can be, and the keys that stay."""
    after = change.edit.applied_to(before)
    edit = Edit.between(after, before)
    return within_reach(backend, edit, after), staying_keys(backend, edit, after)


def _losses(backend: Backend, item: PlanItem) -> tuple[str, ...]:
    match item.change:
        case Update(copies=True) | Delete() | Merge() | DeleteScope() | DeleteEntity():
            reasons = Counter(reason for m in item.before if (reason := obstacle(backend, m)))
            whole = [f"{plural(count, 'memory')} ({why})" for why, count in reasons.items()]
            kept = _kept_losses(backend, item)
            return tuple(dict.fromkeys([*whole, *backend.capabilities.restore_losses, *kept]))
        case Update(redacts=True):
            return ()
        case Update() if item.before:
            return _edit_losses(backend, item.change, item.before[0])
        case _:
            return ()


def _kept_losses(backend: Backend, item: PlanItem) -> tuple[str, ...]:
    """What an undo of a merge could not give back of the memory that is edited."""
    if not isinstance(item.change, Merge):
        return ()
    survivor = item.change.survivor(item.before)
    if survivor is None or not (edit := item.change.edit_of(survivor)):
        return ()
    return _edit_losses(backend, Update(survivor.id, edit), survivor)


def _edit_losses(backend: Backend, change: Update, before: Memory) -> tuple[str, ...]:
    back, keys = _way_back(backend, change, before)
    lost: list[str] = [Loss.UPDATED]
    if not moves_in_place(backend, back, change.edit.applied_to(before)):
        lost = list(backend.capabilities.restore_losses)
    if keys:
        name = "key" if len(keys) == 1 else "keys"
        lost.append(f"the absence of the added metadata {name} {', '.join(keys)}")
    return tuple(lost)


def _final(backend: Backend, item: PlanItem) -> str:
    match item.change:
        case Add() | Restore() | Merge():
            return ""
        case Update(redacts=True):
            return REDACTED
        case Update(copies=False) if item.before:
            edit, keys = _way_back(backend, item.change, item.before[0])
            if edit or not keys:
                return ""
            return f"{backend.name} cannot {Capability.REMOVE_METADATA.value}"
        case _:
            if is_empty_entity(item.change):
                return NO_MEMORY
            reasons = [obstacle(backend, memory) for memory in item.before]
            return reasons[0] if reasons and all(reasons) else ""
