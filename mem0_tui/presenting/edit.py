"""What an edit of a memory is called, and what it changes: a line for each part."""

from __future__ import annotations

from collections.abc import Sequence

from mem0_tui.curator.wording import VERBS
from mem0_tui.model.change import UNSET, ChangeKind, Edit
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.memory import HistoryEntry, Memory
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.signs import MISSING, NEVER
from mem0_tui.presenting.spans import Line, line
from mem0_tui.presenting.word_diff import diff_lines

MOVES = "V"
"""The letter of a move; M is a merge."""


def edit_verb(memory: Memory, edit: Edit) -> tuple[str, str]:
    """The letter and the verb of *edit*: of several things that it does to *memory*, the one that
    weighs most."""
    after = edit.applied_to(memory)
    if after.scope != memory.scope:
        return MOVES, VERBS[ChangeKind.MOVE]
    plain = "E", VERBS[ChangeKind.UPDATE]
    if edit.text is not None:
        return plain
    if (after.type, after.kind) != (memory.type, memory.kind):
        return "T", "retype"
    if after.pinned != memory.pinned:
        return "P", "pin" if after.pinned else "unpin"
    others = after.metadata != memory.metadata or after.categories != memory.categories
    return plain if others or edit.expires_on is UNSET else ("X", "expire")


def edit_lines(memory: Memory | None, edit: Edit, masking: Masking = MASKED) -> list[Line]:
    """What *edit* changes in *memory*; None where nobody knows what it is like before."""
    old = memory or Memory("", "")
    lines: list[Line] = []
    if edit.text is not None:
        first, *rest = diff_lines(old.text, edit.text, masking)
        lines += [Line((("text: ", "key"), *first.spans)), *rest]
    if edit.scope is not None:
        lines += scope_lines(old.scope, edit.scope)
    if edit.metadata is not None:
        for key in sorted({*old.metadata, *edit.metadata}):
            was, now = (
                masking.value(key, str(values[key])) if key in values else None
                for values in (old.metadata, edit.metadata)
            )
            if old.metadata.get(key) != edit.metadata.get(key):
                lines.append(_changed(key, was, now))
    if edit.expires_on is not UNSET:
        lines.append(
            _changed("expires", str(old.expires_on or NEVER), str(edit.expires_on or NEVER))
        )
    if edit.categories is not None:
        lines.append(_changed("categories", _names(old.categories), _names(edit.categories)))
    return lines


def scope_lines(old: Scope, new: Scope) -> list[Line]:
    """What is another where a memory is moved from *old* to *new*."""
    kinds = [kind for kind in EntityKind if old.get(kind) != new.get(kind)]
    return [_changed(kind.value, old.get(kind), new.get(kind)) for kind in kinds]


def beyond_text(history: Sequence[HistoryEntry]) -> list[list[Line]]:
    """For each entry of *history*, the oldest first, what it changed beyond the text, as far as
    that is recorded: owners and categories; or that the text stayed the same."""
    found: list[list[Line]] = []
    scope: Scope | None = None
    categories: tuple[str, ...] | None = None
    for entry in history:
        lines: list[Line] = []
        if scope is not None and entry.scope is not None:
            lines += scope_lines(scope, entry.scope)
        if None not in (categories, entry.categories) and categories != entry.categories:
            lines.append(
                _changed("categories", _names(categories or ()), _names(entry.categories or ()))
            )
        if not lines and entry.old_text is not None and entry.old_text == entry.new_text:
            lines.append(line(("the text stayed the same", "muted")))
        found.append(lines)
        scope = entry.scope or scope
        categories = categories if entry.categories is None else entry.categories
    return found


def _names(categories: Sequence[str]) -> str | None:
    return ", ".join(categories) or None


def _changed(name: str, was: str | None, now: str | None) -> Line:
    return line(
        (f"{one_line(name)}: ", "key"),
        (MISSING if was is None else one_line(was), "removed"),
        " → ",
        (MISSING if now is None else one_line(now), "added"),
    )
