"""Shows a plan and what became of it: every change with its exact id, and what undo cannot do."""

from __future__ import annotations

import os
from collections import Counter

from mem0_tui.cli.rendering.layout import GAP, cells, cut
from mem0_tui.cli.rendering.memories import type_style
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.painting import paint, style_of
from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.curator.wording import IMPORT, PAST, phrase
from mem0_tui.model.change import (
    Add,
    Delete,
    DeleteEntity,
    DeleteScope,
    Kind,
    Merge,
    Restore,
    Update,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.presenting.memory import UNTYPED
from mem0_tui.presenting.plan import Head, changes, head, members, plan_remarks
from mem0_tui.settings.locations import tilde

_OUTCOMES = {
    Outcome.DONE: ("✓", "green"),
    Outcome.REFUSED: ("✗", "yellow"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.UNKNOWN: ("?", "red"),
    Outcome.CANCELLED: ("·", "dim"),
}
_SCOPE_SHOWN = 5
"""Memories of a scope that are shown with a question."""
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
        lines += _item_lines(output, item, note=note, most=most, imports=plan.imports)
    hidden = len(plan.items) - len(shown)
    if hidden:
        lines.append(f"  … and {hidden:,} more (--dry-run lists all of them)")
    lines += [f"  {paint(output, each, note=note)}" for each in plan_remarks(plan)]
    return [*lines, ""]


def _item_lines(
    output: Output, item: PlanItem, *, note: bool, most: int | None, imports: bool
) -> list[str]:
    lines = _head_lines(output, head(item, output.masking, imports=imports), note=note)
    lines += [f"      {paint(output, x, note=note)}" for x in changes(item, output.masking)]
    others = members(item, output.masking)
    is_scope = isinstance(item.change, (DeleteScope, DeleteEntity))
    shown = others[:_SCOPE_SHOWN] if is_scope and most is not None else others
    for each in shown:
        lines += _head_lines(output, each, note=note)
    if len(shown) < len(others):
        lines.append(f"  … and {len(others) - len(shown):,} more")
    return lines


def _head_lines(output: Output, said: Head, *, note: bool) -> list[str]:
    """Letter, verb, the whole id and, where known, type and text; in two lines where it is
    narrow."""
    styled = output.styled_note if note else output.styled
    start = f"  {styled(f'{said.letter} {said.verb:<8}', 'bold', *style_of(said.role))}"
    used = 12
    for piece, size, style in ((said.id, cells(said.id), "yellow"), (said.type, 14, None)):
        if piece:
            fitted = f"{cut(piece, size):<{size}}"
            start += GAP + styled(
                fitted, type_style(None if piece == UNTYPED else piece) if style is None else style
            )
            used += len(GAP) + size
    if not said.text:
        return [start.rstrip()]
    two_lines = said.id and output.width - used - len(GAP) < 30
    room = output.width - (6 if two_lines else used + len(GAP))
    text = cut(said.text, room) if output.cut or note else said.text
    return [start.rstrip(), f"      {text}"] if two_lines else [f"{start}{GAP}{text}"]


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
