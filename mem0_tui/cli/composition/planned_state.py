"""What a plan would do to the memories, for a look at what Codex would be given afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from mem0_tui.codex.prompt.planned import Planned
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.change import (
    Add,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.memory import Memory


def planned_state(plan: Plan) -> Planned:
    """The state of the memories after *plan*."""
    gone: set[str] = set()
    edits: list[tuple[Memory, Edit]] = []
    added = moved = 0
    for item in plan.items:
        match item.change:
            case Delete(memory_id):
                gone.add(memory_id)
            case DeleteScope(memory_ids=ids) | DeleteEntity(memory_ids=ids):
                gone.update(ids)
            case Update(memory_id, edit):
                if edit.scope is not None:
                    gone.add(memory_id)
                    moved += 1
                edits += [(memory, edit) for memory in item.before]
            case Merge() as merge:
                gone.update(id_ for id_ in merge.memory_ids if id_ != merge.keep)
                added += merge.keep is None
                edits += [(m, merge.edit_of(m)) for m in item.before if m.id == merge.keep]
            case Add() | Restore():
                added += 1
    today = plan.created_at.date()
    after = [(memory, edit.applied_to(memory)) for memory, edit in edits]
    gone.update(memory.id for memory, now in after if now.expired(today))
    return Planned(frozenset(gone), _texts(after), _kinds(after), added, moved)


def _texts(after: Iterable[tuple[Memory, Memory]]) -> dict[str, str]:
    return {memory.id: now.text for memory, now in after if now.text != memory.text}


def _kinds(after: Iterable[tuple[Memory, Memory]]) -> dict[str, str]:
    kinds = {
        memory.id: (memory.metadata.get("type"), now.metadata.get("type")) for memory, now in after
    }
    return {id_: str(new or "") for id_, (old, new) in kinds.items() if new != old}
