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
from mem0_tui.model.change import (
    DeleteEntity,
    DeleteScope,
)
from mem0_tui.presenting.memory import UNTYPED
from mem0_tui.presenting.plan import Head, changes, head, members, plan_remarks
from mem0_tui.presenting.report import (
    differences,
    done_lines,
    in_numbers,
    item_lines,
    new_id,
    not_tried,
    problems_first,
    redacted_lines,
    sign,
)
from mem0_tui.presenting.spans import line
from mem0_tui.settings.locations import tilde

_TOLD = 10
"""Items whose outcome is told one by one."""
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
    """What became of a plan: what was done, why the rest was not, new ids.

    *imports*: what it put back came from a file.
    """
    lines = [paint(output, each) for each in done_lines(report, imports=imports)]
    lines += _rest_lines(output, report)
    in_sum = [item for item in report.items if in_numbers(item)]
    lines += [f"  {said}" for said in map(new_id, in_sum) if said]
    lines += [f"  {paint(output, each)}" for each in differences(report)]
    found = redacted_lines(report.redacted) if report.redacted else []
    return lines + [paint(output, each) for each in found]


def _rest_lines(output: Output, report: Report) -> list[str]:
    """Item by item what one phrase cannot say, as far as anybody reads it; the rest in numbers."""
    told = [item for item in problems_first(report) if not in_numbers(item)]
    summed = report.counts[Outcome.CANCELLED] > BRIEF
    if summed:
        told = [item for item in told if item.outcome is not Outcome.CANCELLED]
    found = item_lines(told[:_TOLD], output.masking, hints=False)
    shown = [paint(output, each) for lines in found for each in lines]
    hidden = Counter(_kind(item) for item in told[_TOLD:])
    shown += [f"  … and {number:,} more {kind}" for kind, number in hidden.items()]
    if summed:
        shown.append(paint(output, line(sign(Outcome.CANCELLED), not_tried(report))))
    return shown


def _kind(report: ItemReport) -> str:
    """What became of an item, without anything that is only about this one."""
    return f"{report.outcome.words}{f': {safe(report.error.title)}' if report.error else ''}"
