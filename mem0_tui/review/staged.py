"""What staged changes are called, and what one of them takes the place of.

| the key stages | before: nothing | the same kind  | another edit   | a delete or merge |
|----------------|-----------------|----------------|----------------|-------------------|
| a delete       | delete          | taken back     | replaced, said | replaced, said    |
| an edit        | edit            | the later one  | both           | replaced, said    |
| nothing (⌫)    | nothing         | taken back     | taken back     | taken back        |

A merge is staged or taken back whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from mem0_tui.curator.planning.staging import Staged
from mem0_tui.model.change import UNSET, Change, Delete, Edit, Merge, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line


class StagedKind(StrEnum):
    """What can be staged for a memory; a text can be edited and an expiry set at the same time."""

    DELETE = "delete"
    MERGE = "merge"
    TEXT = "text edit"
    TYPE = "type change"
    PIN = "pin change"
    METADATA = "metadata edit"
    EXPIRY = "expiry change"
    CATEGORIES = "category change"
    SCOPE = "move"


def kinds_of(change: Change | None, seen: Memory) -> frozenset[StagedKind]:
    """What *change* does to *seen*, the memory as it is."""
    match change:
        case Delete():
            return frozenset({StagedKind.DELETE})
        case Merge():
            return frozenset({StagedKind.MERGE})
        case Update(_, edit):
            return _kinds_of_edit(edit, seen)
        case _:
            return frozenset()


def _kinds_of_edit(edit: Edit, seen: Memory) -> frozenset[StagedKind]:
    after = edit.applied_to(seen)
    kinds = set()
    if after.type != seen.type or after.kind != seen.kind:
        kinds.add(StagedKind.TYPE)
    if after.pinned != seen.pinned:
        kinds.add(StagedKind.PIN)
    if _other_metadata(after) != _other_metadata(seen):
        kinds.add(StagedKind.METADATA)
    if edit.text is not None:
        kinds.add(StagedKind.TEXT)
    if edit.expires_on is not UNSET:
        kinds.add(StagedKind.EXPIRY)
    if after.categories[1:] != seen.categories[1:] or (
        after.categories != seen.categories and StagedKind.TYPE not in kinds
    ):
        kinds.add(StagedKind.CATEGORIES)
    if after.scope != seen.scope:
        kinds.add(StagedKind.SCOPE)
    return frozenset(kinds)


def _other_metadata(memory: Memory) -> dict[str, object]:
    return {key: value for key, value in memory.metadata.items() if key not in ("type", "pinned")}


def replaced(
    before: Staged, after: Staged, *, own: StagedKind | None = None
) -> Mapping[StagedKind, int]:
    """How many changes of each kind were staged before and are not after.

    Those of the kind *own* are left out: a key may take back or renew what it staged itself.
    """
    count: Counter[StagedKind] = Counter()
    left, there = _by_memory(before), _by_memory(after)
    for memory_id, kinds in left.items():
        count.update(kinds - there.get(memory_id, frozenset()) - {own, StagedKind.MERGE})
    if own is not StagedKind.MERGE:
        count[StagedKind.MERGE] = sum(merge not in after.merges for merge in before.merges)
    return {kind: count[kind] for kind in StagedKind if count[kind]}


def _by_memory(staged: Staged) -> dict[str, frozenset[StagedKind]]:
    return {
        memory_id: kinds_of(change, staged.seen[memory_id])
        for memory_id, change in staged.changes.items()
    }


def replaced_words(counts: Mapping[StagedKind, int]) -> str:
    """*counts* as a sentence's end: ``in place of 35 type changes and 2 pin changes``."""
    parts = [plural(number, kind.value) for kind, number in counts.items()]
    return f"in place of {' and '.join(parts)}" if parts else ""


def letter_of(change: Change | None, seen: Memory) -> str:
    """The gutter letter: D delete, M merge, V move, T type, X expiry, P pin, E any other edit."""
    return _letter(kinds_of(change, seen))


def _letter(kinds: frozenset[StagedKind]) -> str:
    return next((letter for kind, letter in _LETTERS if kind in kinds), " ")


_LETTERS = (
    (StagedKind.DELETE, "D"),
    (StagedKind.MERGE, "M"),
    (StagedKind.SCOPE, "V"),
    (StagedKind.TEXT, "E"),
    (StagedKind.TYPE, "T"),
    (StagedKind.PIN, "P"),
    (StagedKind.METADATA, "E"),
    (StagedKind.EXPIRY, "X"),
    (StagedKind.CATEGORIES, "E"),
)
"""The letter of the first kind that is among what is staged."""


def words_of(change: Change | None, seen: Memory) -> tuple[str, ...]:
    """What *change* does to *seen*, in words."""
    match change:
        case Delete():
            return ("delete",)
        case Merge(memory_ids=ids):
            return (f"merge of {len(ids)}",)
        case Update(_, edit):
            return tuple(_edit_words(edit, seen))
        case _:
            return ()


def _edit_words(edit: Edit, seen: Memory) -> Iterable[str]:
    after = edit.applied_to(seen)
    kinds = _kinds_of_edit(edit, seen)
    if StagedKind.TEXT in kinds:
        yield "text edited"
    if StagedKind.TYPE in kinds:
        word = "type" if after.type != seen.type else "category"
        yield f"{word} → {(after.type if word == 'type' else after.kind) or 'untyped'}"
    if StagedKind.PIN in kinds:
        yield "pin" if after.pinned else "unpin"
    if StagedKind.METADATA in kinds:
        yield "metadata edited"
    if StagedKind.EXPIRY in kinds:
        yield f"expires → {edit.expires_on or 'never'}"
    if StagedKind.CATEGORIES in kinds:
        yield f"categories → {one_line(', '.join(after.categories)) or 'none'}"
    for kind in EntityKind:
        if (now := after.scope.get(kind)) != seen.scope.get(kind):
            yield f"{kind} → {one_line(now or 'none')}"
