"""What a plan says, item by item: what is done to which memory, and what undo cannot give back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.curator.wording import IMPORT, VERBS, phrase
from mem0_tui.model.change import (
    Add,
    ChangeKind,
    Delete,
    DeleteEntity,
    DeleteScope,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.edit import MOVES, edit_lines, edit_verb
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.memory import BLANK, brief, scope_name, signed_headline, type_name
from mem0_tui.presenting.spans import Line, line

NEW = "new"
"""What stands for the id of a memory that is still to be made."""

_LETTERS = {
    ChangeKind.ADD: ("A", "added"),
    ChangeKind.UPDATE: ("E", "warning"),
    ChangeKind.DELETE: ("D", "removed"),
    ChangeKind.RESTORE: ("R", "added"),
    ChangeKind.MERGE: ("M", "added"),
    ChangeKind.MOVE: (MOVES, "warning"),
    ChangeKind.REDACT: ("E", "removed"),
    ChangeKind.DELETE_SCOPE: ("S", "removed"),
    ChangeKind.DELETE_ENTITY: ("S", "removed"),
}
"""The letter of each kind of change, as in the gutter of the list, and its role."""
_LINE = 200
"""Characters of a text that are shown in a line."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an item does to one memory or entity, in the pieces of a list's row; all safe."""

    letter: str
    verb: str
    role: str
    """The role of the two."""
    id: str
    """The memory's whole id; blank for an entity, or where nobody knows it."""
    type: str
    """The name of the memory's kind; blank where there is none to name."""
    text: str
    """The beginning of the memory's text, or what of the entity goes."""

    def line(self) -> Line:
        """All of it, two blanks between the pieces."""
        spans = [(f"{self.letter} {self.verb:<8}", self.role), (self.id, "id"), (self.type, "")]
        parted = [span for piece in spans if piece[0] for span in (piece, ("  ", ""))]
        return Line((*parted, (brief(self.text, _LINE), "")), indent=2)


def head(item: PlanItem, masking: Masking = MASKED, *, imports: bool = False) -> Head:
    """What *item* does, in a row; *imports*: what it puts back comes from a file."""
    change = item.change
    letter, role = _LETTERS[change.kind]
    before = item.before[0] if item.before else None
    match change:
        case DeleteScope() | DeleteEntity():
            verb = VERBS[ChangeKind.DELETE]
            return Head(letter, verb, role, "", "", phrase(change).removeprefix(f"{verb} "))
        case Add(draft) | Merge(draft, _):
            kept = change.keep if isinstance(change, Merge) else None
            return _of_memory(change.kind, _as_memory(draft), kept or NEW, masking)
        case Restore(memory):
            found = _of_memory(ChangeKind.RESTORE, memory, memory.id, masking, imports=imports)
        case Update(memory_id, edit) if before is not None:
            edited = None if change.redacts else edit_verb(before, edit)
            found = _of_memory(change.kind, before, memory_id, masking, edited=edited)
        case Update(memory_id, _) | Delete(memory_id):
            found = _of_memory(change.kind, before, memory_id, masking)
    return found


def members(item: PlanItem, masking: Masking = MASKED) -> list[Head]:
    """The memories that go with *item*, a row each: those of a scope, and those that are merged."""
    if not isinstance(item.change, (Merge, DeleteScope, DeleteEntity)):
        return []
    return [_of_memory(ChangeKind.DELETE, each, each.id, masking) for each in _going(item)]


def _going(item: PlanItem) -> list[Memory]:
    """The memories that *item* removes."""
    kept = item.change.keep if isinstance(item.change, Merge) else None
    return [memory for memory in item.before if memory.id != kept]


def changes(item: PlanItem, masking: Masking = MASKED) -> list[Line]:
    """What the edit *item* changes, part by part, or the merge in the memory that it keeps; nothing
    where it is neither."""
    if isinstance(item.change, Merge):
        survivor = item.change.survivor(item.before)
        return edit_lines(survivor, item.change.edit_of(survivor), masking) if survivor else []
    if not isinstance(item.change, Update):
        return []
    return edit_lines(item.before[0] if item.before else None, item.change.edit, masking)


def describe(item: PlanItem, masking: Masking = MASKED) -> list[Line]:
    """*item* in full: what to know before, whole texts, the diff of an edit."""
    lines = item_remarks(item)
    match item.change:
        case Update(_, edit):
            for memory in item.before:
                lines += [_about(memory), *changes(item, masking)]
                if edit.text is None:
                    lines += [line(), *_text(memory.text, "muted", masking)]
        case Add(draft):
            lines += [_about_draft(draft), *_text(draft.text, "added", masking)]
        case Restore(memory):
            lines += _whole(memory, "added", masking)
        case Merge(draft, _):
            kept = item.change.survivor(item.before)
            lines.append(_about(kept) if kept else _about_draft(draft))
            lines += changes(item, masking)
            if kept is None or kept.text == draft.text:
                lines += _text(draft.text, "added" if kept is None else "muted", masking)
            for memory in _going(item):
                lines += _whole(memory, "removed", masking)
        case Delete():
            for memory in item.before:
                lines += _whole(memory, "removed", masking)
        case DeleteScope() | DeleteEntity():
            lines += [each.line() for each in members(item, masking)]
    return lines


# -- what to know before


def item_remarks(item: PlanItem) -> list[Line]:
    """The warnings of *item*, and what undo cannot give back of it."""
    lines = [warning_line(each) for each in item.warnings]
    if item.final:
        lines.append(warning_line(final_words(item.final)))
    elif item.losses:
        lines.append(losses_line(item.losses))
    return lines


def plan_remarks(plan: Plan) -> list[Line]:
    """The same of a whole *plan*: each once, with the number of items that it is about."""
    lines = [warning_line(note) for note in plan.notes]
    counted = Counter(warning for item in plan.items for warning in item.warnings)
    lines += [warning_line(_of(number, plan) + each) for each, number in counted.items()]
    return [*lines, *undo_remarks(plan)]


def undo_remarks(plan: Plan) -> list[Line]:
    """What undo cannot give back of *plan*: what is final, and what would differ."""
    finals = Counter(item.final for item in plan.items if item.final)
    lines = [warning_line(_of(n, plan) + final_words(why)) for why, n in finals.items()]
    losses = dict.fromkeys(loss for item in plan.items if not item.final for loss in item.losses)
    return [*lines, losses_line(losses)] if losses else lines


def final_words(reason: str) -> str:
    """That something cannot be undone, and why."""
    return f"cannot be undone here: {reason}"


def warning_line(text: str) -> Line:
    """Something that a person should know before saying yes."""
    return line((f"! {one_line(text)}", "warning"), indent=2)


def losses_line(losses: Iterable[str]) -> Line:
    """What an undo would give back in another form, or not at all."""
    said = f"Undo cannot give back exactly: {one_line(', '.join(losses))}"
    return line((said, "warning"), indent=2)


def _of(number: int, plan: Plan) -> str:
    return f"{number:,} of {len(plan.items):,}: " if len(plan.items) > 1 else ""


# -- the pieces


def _of_memory(
    kind: ChangeKind,
    memory: Memory | None,
    memory_id: str,
    masking: Masking,
    *,
    imports: bool = False,
    edited: tuple[str, str] | None = None,
) -> Head:
    letter, role = _LETTERS[kind]
    verb = IMPORT if imports else VERBS[kind]
    letter, verb = edited or (letter, verb)
    if memory is None:
        return Head(letter, verb, role, one_line(memory_id), "", "")
    text = signed_headline(memory, masking)
    return Head(letter, verb, role, one_line(memory_id), type_name(memory.kind), text)


def _as_memory(draft: Draft) -> Memory:
    return Memory("", draft.text, draft.scope, draft.metadata, draft.categories)


def _about_draft(draft: Draft) -> Line:
    about = f"{type_name(_as_memory(draft).kind)} · {scope_name(draft.scope)} · {NEW}"
    if draft.categories:
        about += f" · categories {one_line(', '.join(draft.categories))}"
    if draft.expires_on:
        about += f" · expires {draft.expires_on}"
    return line((about, "muted"))


def _about(memory: Memory) -> Line:
    about = f"{type_name(memory.kind)} · {scope_name(memory.scope)} · {one_line(memory.id)}"
    return line((about, "muted"))


def _whole(memory: Memory, role: str, masking: Masking) -> list[Line]:
    return [_about(memory), *_text(memory.text, role, masking)]


def _text(text: str, role: str, masking: Masking) -> list[Line]:
    shown = visible(masking.text(text))
    return [line((part, role)) for part in (shown if text.strip() else BLANK).split("\n")]
