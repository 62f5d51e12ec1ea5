"""One item of a plan: its line in the list, and in full what it does."""

from __future__ import annotations

from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.wording import VERBS
from mem0_tui.model.change import (
    UNSET,
    Add,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Kind,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.memory import scope_name, type_name
from mem0_tui.presenting.signs import MISSING
from mem0_tui.presenting.spans import Line, line
from mem0_tui.presenting.word_diff import diff_lines
from mem0_tui.review.staged import edit_letter
from mem0_tui.tui.render import shorten

_LETTERS = {
    Kind.ADD: "A",
    Kind.UPDATE: "E",
    Kind.DELETE: "D",
    Kind.RESTORE: "R",
    Kind.MERGE: "M",
    Kind.DELETE_SCOPE: "S",
    Kind.DELETE_ENTITY: "S",
}

_EDIT_VERBS = {"T": "retype", "X": "expire", "P": "pin", "E": VERBS[Kind.UPDATE]}


def headline(item: PlanItem) -> str:
    kind = item.change.kind
    letter, verb = _LETTERS[kind], VERBS[kind]
    match item.change:
        case Update(_, edit) if item.before:
            text = item.before[0].text
            letter = edit_letter(item.before[0], edit)
            unpins = letter == "P" and item.before[0].pinned
            verb = "unpin" if unpins else _EDIT_VERBS[letter]
        case Add(draft) | Merge(draft, _):
            text = draft.text
        case Restore(memory):
            text = memory.text
        case DeleteScope(entity, ids) | DeleteEntity(entity, ids):
            text = f"{entity}: {plural(len(ids), 'memory')}"
        case _:
            text = item.before[0].text if item.before else ""
    flag = "! " if item.warnings else "  "
    return f"{letter} {verb:<8} {flag}{shorten(text, 300)}"


def describe(item: PlanItem) -> list[Line]:
    """*item* in full: its diff, warnings, and what an undo cannot give back."""
    lines = [line((f"! {warning}", "warning"), indent=2) for warning in item.warnings]
    if item.final:
        lines.append(line((f"! cannot be undone here: {item.final}", "warning"), indent=2))
    elif item.losses:
        lines.append(
            line(("undo cannot give back: " + ", ".join(item.losses), "warning"), indent=2)
        )
    match item.change:
        case Update(_, edit):
            for memory in item.before:
                lines += [_about(memory), *describe_edit(memory, edit)]
                if edit.text is None:
                    lines += [line(), *_text(memory.text, "muted")]
        case Add(draft):
            lines += [_about_draft(draft), *_text(draft.text, "added")]
        case Restore(memory):
            lines += _whole(memory, "added")
        case Merge(draft, _):
            lines += [_about_draft(draft), *_text(draft.text, "added")]
            for memory in item.before:
                lines += _whole(memory, "removed")
        case Delete():
            for memory in item.before:
                lines += _whole(memory, "removed")
        case DeleteScope() | DeleteEntity():
            lines += [line((f"- {shorten(memory.text, 200)}", "removed")) for memory in item.before]
    return lines


def _whole(memory: Memory, name: str) -> list[Line]:
    return [_about(memory), *_text(memory.text, name)]


def _about_draft(draft: Draft) -> Line:
    new = Memory("", draft.text, draft.scope, draft.metadata, draft.categories)
    about = f"{type_name(new.kind)} · {scope_name(draft.scope)} · new"
    if draft.categories:
        about += f" · categories {one_line(', '.join(draft.categories))}"
    if draft.expires_on:
        about += f" · expires {draft.expires_on}"
    return line((about, "muted"))


def _about(memory: Memory) -> Line:
    scope = scope_name(memory.scope)
    about = f"{type_name(memory.kind)} · {scope} · {one_line(memory.id)}"
    return line((about, "muted"))


def _text(text: str, name: str) -> list[Line]:
    return [line((part, name)) for part in visible(text).split("\n")]


def describe_edit(memory: Memory, edit: Edit) -> list[Line]:
    """What *edit* changes in *memory*, as lines."""
    lines: list[Line] = []
    if edit.text is not None:
        lines += diff_lines(memory.text, edit.text)
    if edit.metadata is not None:
        for key in sorted({*memory.metadata, *edit.metadata}):
            old, new = memory.metadata.get(key), edit.metadata.get(key)
            if old != new:
                lines.append(
                    line(
                        (f"{one_line(key)}: ", "key"),
                        (one_line(str(old)) if key in memory.metadata else MISSING, "removed"),
                        " → ",
                        (one_line(str(new)) if key in edit.metadata else MISSING, "added"),
                    )
                )
    if edit.expires_on is not UNSET:
        old_day, new_day = memory.expires_on or "never", edit.expires_on or "never"
        lines.append(
            line(("expires: ", "key"), (str(old_day), "removed"), " → ", (str(new_day), "added"))
        )
    if edit.categories is not None:
        was, now = (
            one_line(", ".join(names)) or MISSING for names in (memory.categories, edit.categories)
        )
        lines.append(line(("categories: ", "key"), (was, "removed"), " → ", (now, "added")))
    return lines
