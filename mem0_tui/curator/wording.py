"""How changes are said in words: one table for every front end and for the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mem0_tui.model.change import (
    Change,
    ChangeKind,
    DeleteEntity,
    DeleteScope,
    Merge,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line

VERBS = {
    ChangeKind.ADD: "add",
    ChangeKind.UPDATE: "edit",
    ChangeKind.DELETE: "delete",
    ChangeKind.RESTORE: "put back",
    ChangeKind.MERGE: "merge",
    ChangeKind.MOVE: "move",
    ChangeKind.REDACT: "redact",
    ChangeKind.DELETE_SCOPE: "delete all of",
    ChangeKind.DELETE_ENTITY: "delete",
}
IMPORT = "import"
PAST = {
    ChangeKind.ADD: "added",
    ChangeKind.UPDATE: "edited",
    ChangeKind.DELETE: "deleted",
    ChangeKind.RESTORE: "put back",
    ChangeKind.MOVE: "moved",
    ChangeKind.REDACT: "redacted",
}
"""Of what is done to one memory."""


def phrase(change: DeleteScope | DeleteEntity) -> str:
    """What a scope delete does: ``delete all 12 memories of user:kim``; safe to print."""
    memories = plural(len(change.memory_ids), "memory")
    entity = one_line(str(change.entity))
    if is_empty_entity(change):
        return f"delete {entity}, which holds no memory"
    if isinstance(change, DeleteEntity):
        return f"delete {entity} with its {memories}"
    return f"delete all {memories} of {entity}"


def summary(changes: Iterable[Change], *, imports: bool = False) -> str:
    """What *changes* do, in one phrase: ``delete 3 memories, edit 1 memory``; safe to print.

    What is put back from a file was, for all that is known, never there: it is imported.
    """
    parts: list[str] = []
    counts: Counter[ChangeKind] = Counter()
    merged = 0
    empty: list[DeleteEntity] = []
    for change in changes:
        if isinstance(change, DeleteEntity) and is_empty_entity(change):
            empty.append(change)
        elif isinstance(change, (DeleteScope, DeleteEntity)):
            parts.append(phrase(change))
        else:
            counts[change.kind] += 1
            merged += len(change.memory_ids) if isinstance(change, Merge) else 0
    if len(empty) > 1:
        parts.append(f"delete {len(empty):,} entities that hold no memory")
    else:
        parts += map(phrase, empty)
    for kind, number in sorted(counts.items()):
        if kind is ChangeKind.MERGE:
            parts.append(f"{VERBS[kind]} {plural(merged, 'memory')} into {number:,}")
        else:
            verb = IMPORT if imports and kind is ChangeKind.RESTORE else VERBS[kind]
            parts.append(f"{verb} {plural(number, 'memory')}")
    return ", ".join(parts) or "nothing"
