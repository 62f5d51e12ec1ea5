"""Shows a plan and what became of it: every change with its exact id, and what undo cannot do."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from mem0_tui.cli.rendering.layout import GAP, cells, cut
from mem0_tui.cli.rendering.memories import type_style
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.curator.wording import IMPORT, PAST, phrase
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
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.memory import signed_headline, type_name
from mem0_tui.presenting.signs import MISSING, NEVER
from mem0_tui.presenting.word_diff import diff_line
from mem0_tui.settings.locations import tilde

_SIGNS = {
    Kind.DELETE: ("D", "red"),
    Kind.UPDATE: ("E", "yellow"),
    Kind.ADD: ("A", "green"),
    Kind.RESTORE: ("R", "green"),
}
_OUTCOMES = {
    Outcome.DONE: ("✓", "green"),
    Outcome.REFUSED: ("✗", "yellow"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.UNKNOWN: ("?", "red"),
    Outcome.CANCELLED: ("·", "dim"),
}
SHOWN, BRIEF = 20, 3
"""Items shown with a question, and where nothing is asked; ``--dry-run`` shows all of them."""


def _target(plan: Plan) -> str:
    target = plan.target
    account = f" ({target.account})" if target.account else ""
    return safe(f"{target.backend} {tilde(target.target, os.environ)}{account}")


def plan_lines(output: Output, plan: Plan, *, note: bool, most: int | None = SHOWN) -> list[str]:
    """The plan, item by item, with its warnings and losses; safe to print.

    Args:
        output: for its width and styles.
        plan: the plan.
        note: whether it goes to stderr.
        most: how many items to show; None for all.
    """
    styled = output.styled_note if note else output.styled
    shown = plan.items if most is None else plan.items[:most]
    lines = [f"{styled('Plan:', 'bold')} {plan.summary} on {_target(plan)}", ""]
    for item in shown:
        lines += _item_lines(output, item, note=note, most=most)
    hidden = len(plan.items) - len(shown)
    if hidden:
        lines.append(f"  … and {hidden:,} more (--dry-run lists all of them)")
    lines += [styled(f"  ! {safe(note)}", "yellow") for note in plan.notes]
    counted = Counter(warning for item in plan.items for warning in item.warnings)
    for warning, number in counted.items():
        many = f"{number:,} of {len(plan.items):,}: " if len(plan.items) > 1 else ""
        lines.append(styled(f"  ! {many}{safe(warning)}", "yellow"))
    lines += final_lines(output, plan, note=note)
    losses = _each_once(loss for item in plan.items if not item.final for loss in item.losses)
    if losses:
        lines.append(f"  Undo cannot give back exactly: {safe(', '.join(losses))}")
    return [*lines, ""]


def final_lines(output: Output, plan: Plan, *, note: bool) -> list[str]:
    """That changes of *plan* cannot be undone here, and why; safe to print."""
    styled = output.styled_note if note else output.styled
    lines = []
    for reason, number in Counter(item.final for item in plan.items if item.final).items():
        many = f"{number:,} of {len(plan.items):,}: " if len(plan.items) > 1 else ""
        words = f"  ! {many}cannot be undone here: {safe(reason)}"
        lines.append(styled(words, "bold", "red"))
    return lines


def _item_lines(output: Output, item: PlanItem, *, note: bool, most: int | None) -> list[str]:
    kind = item.change.kind
    match item.change:
        case Delete(memory_id):
            memory = item.before[0] if item.before else None
            return _memory_lines(output, kind, memory_id, memory, note=note)
        case Restore(memory):
            return _memory_lines(output, kind, memory.id, memory, note=note)
        case Update(memory_id, edit):
            head = _memory_lines(output, kind, memory_id, None, note=note)
            return head + [f"      {x}" for x in edit_lines(output, item.before, edit, note=note)]
        case Add(draft):
            memory = Memory("(new)", draft.text, draft.scope, draft.metadata, draft.categories)
            return _memory_lines(output, kind, memory.id, memory, note=note)
        case Merge(draft, _):
            merged = Memory("(new)", draft.text, draft.scope, draft.metadata, draft.categories)
            lines = _memory_lines(output, Kind.ADD, merged.id, merged, note=note)
            for memory in item.before:
                lines += _memory_lines(output, Kind.DELETE, memory.id, memory, note=note)
            return lines
        case DeleteScope() | DeleteEntity():
            memories = item.before if most is None else item.before[:5]
            lines = [f"  {phrase(item.change)}"]
            for memory in memories:
                lines += _memory_lines(output, Kind.DELETE, memory.id, memory, note=note)
            if len(memories) < len(item.before):
                lines.append(f"  … and {len(item.before) - len(memories):,} more")
            return lines


def _memory_lines(
    output: Output, kind: Kind, memory_id: str, memory: Memory | None, *, note: bool
) -> list[str]:
    """The sign, the whole id and, where known, type and text; in two lines where it is narrow."""
    styled = output.styled_note if note else output.styled
    sign, style = _SIGNS[kind]
    head = f"  {styled(sign, 'bold', style)} {styled(safe(memory_id), 'yellow')}"
    if memory is None:
        return [head]
    name = type_name(memory.kind)
    used = 4 + cells(safe(memory_id)) + 2 * len(GAP) + 14
    tag = styled(f"{cut(name, 14):<14}", type_style(memory.kind))
    text = signed_headline(memory, output.masking)
    if output.width - used >= 30:
        room = output.width - used if output.cut or note else 10_000
        return [f"{head}{GAP}{tag}{GAP}{cut(text, room)}".rstrip()]
    room = output.width - 6 if output.cut or note else 10_000
    return [f"{head}{GAP}{tag}".rstrip(), f"      {cut(text, room)}"]


def edit_lines(output: Output, before: tuple[Memory, ...], edit: Edit, *, note: bool) -> list[str]:
    """What *edit* changes in the memory, a line per part."""
    old = before[0] if before else Memory("", "")
    lines: list[str] = []
    if edit.text is not None:
        lines.append(
            "text: " + paint(output, diff_line(old.text, edit.text, output.masking), note=note)
        )
    if edit.metadata is not None:
        for key in sorted({*old.metadata, *edit.metadata}):
            was, now = old.metadata.get(key), edit.metadata.get(key)
            if was != now:
                lines.append(
                    f"{safe(key)}: {_value(output, key, was)} → {_value(output, key, now)}"
                )
    if edit.expires_on is not UNSET:
        lines.append(f"expires: {old.expires_on or NEVER} → {edit.expires_on or NEVER}")
    if edit.categories is not None:
        was_filed, filed = (safe(", ".join(each)) for each in (old.categories, edit.categories))
        lines.append(f"categories: {was_filed or MISSING} → {filed or MISSING}")
    return lines


def _value(output: Output, key: str, value: object) -> str:
    return MISSING if value is None else safe(output.masking.value(key, str(value)))


def report_lines(output: Output, report: Report, *, imports: bool = False) -> list[str]:
    """What became of a plan: what was done, why the rest was not, new ids, how to take it back.

    *imports*: what it put back came from a file.
    """
    lines: list[str] = []
    done = Counter(item.item.change.kind for item in report.items if item.outcome is Outcome.DONE)
    for kind, number in sorted(done.items()):
        if kind in PAST:
            what = plural(number, "memory")
            if kind is Kind.ADD and number <= BRIEF:
                added = [safe(item.added_id) for item in report.items if item.added_id]
                what = ", ".join(added)
            verb = f"{IMPORT}ed" if imports and kind is Kind.RESTORE else PAST[kind]
            lines.append(output.styled("✓ ", "green") + f"{verb} {what}")
    if gone := sum(map(_emptied, report.items)):
        what = f"{gone:,} {'entity' if gone == 1 else 'entities'} without memories"
        lines.append(output.styled("✓ ", "green") + f"deleted {what}")
    lines += _rest_lines(output, report)
    lines += [f"  {safe(old)} is now {safe(new)}" for old, new in report.id_map.items()]
    undeclared = Counter(part for item in report.items for part in item.undeclared)
    every = Counter(part for item in report.items for part in item.differences)
    if declared := every - undeclared:
        lines.append(output.styled(f"  As declared, it differs in: {_parts(declared)}", "dim"))
    if undeclared:
        words = f"  ! Read back, it differs in: {_parts(undeclared)}"
        lines.append(output.styled(words, "yellow"))
    return lines


def _emptied(report: ItemReport) -> bool:
    """Whether an entity without memories was deleted, and nothing more is to be said of it."""
    done = report.outcome is Outcome.DONE and not report.remaining
    return done and is_empty_entity(report.item.change)


def _parts(differing: Counter[str]) -> str:
    return ", ".join(f"{safe(part)} ({number:,})" for part, number in differing.items())


def _rest_lines(output: Output, report: Report) -> list[str]:
    """Item by item what one phrase cannot say, as far as anybody reads it; the rest in numbers."""
    stopped = [item for item in report.items if item.outcome is Outcome.CANCELLED]
    others = [item for item in report.items if item.outcome is not Outcome.CANCELLED]
    told = [(item, lines) for item in others if (lines := _outcome_lines(output, item))]
    shown = [line for _, lines in told[:SHOWN] for line in lines]
    hidden = Counter(_kind(item) for item, _ in told[SHOWN:])
    shown += [f"  … and {number:,} more {kind}" for kind, number in hidden.items()]
    if len(stopped) > BRIEF:
        sign, style = _OUTCOMES[Outcome.CANCELLED]
        reason = next((f" ({safe(i.error.title)})" for i in stopped if i.error), "")
        words = f"{Outcome.CANCELLED.words}: {plural(len(stopped), 'change')}{reason}"
        return [*shown, f"{output.styled(sign, style)} {words}"]
    return shown + [line for item in stopped for line in _outcome_lines(output, item)]


def _kind(report: ItemReport) -> str:
    """What became of an item, without anything that is only about this one."""
    return f"{report.outcome}{f': {report.error.title}' if report.error else ''}"


def _why(report: ItemReport) -> str:
    return f"{report.outcome.words}{f': {safe(report.error.message)}' if report.error else ''}"


def _outcome_lines(output: Output, report: ItemReport) -> list[str]:
    sign, style = _OUTCOMES[report.outcome]
    if report.outcome is Outcome.DONE:
        if report.item.change.kind in PAST or _emptied(report):
            return []
        left = f", {report.remaining:,} are there again" if report.remaining else ""
        lines = [f"{output.styled(sign, style)} {_name(output, report.item)}: done{left}"]
        if report.snapshot:
            lines.append(f"  snapshot: {safe(tilde(report.snapshot, os.environ))}")
        return lines
    left = f" ({report.remaining:,} still there)" if report.remaining else ""
    return [f"{output.styled(sign, style)} {_name(output, report.item)}: {_why(report)}{left}"]


def _name(output: Output, item: PlanItem) -> str:
    match item.change:
        case Delete(memory_id) | Update(memory_id, _):
            return safe(memory_id)
        case Restore(memory):
            return safe(memory.id)
        case Add(draft):
            return f"new «{cut(safe(output.memory_text(draft.text)), 40)}»"
        case Merge(_, ids):
            return f"merge of {plural(len(ids), 'memory')}"
        case DeleteScope() | DeleteEntity():
            return phrase(item.change)


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
