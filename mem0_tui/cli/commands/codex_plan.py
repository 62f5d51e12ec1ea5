"""A plan of ``mem0-tui codex`` as text and as JSON: commands, files and diffs, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.codex.facts.paths import short
from mem0_tui.codex.report import FileEdit, Fix
from mem0_tui.codex.setup.install import SetupPlan
from mem0_tui.model.secret import redact
from mem0_tui.model.text import visible

_MANY = 3
"""Files of one step from which on only their number is shown."""


def render_plan(plan: SetupPlan, output: Output, home: str) -> list[str]:
    """The plan in numbered steps."""
    lines = [f"First {safe(text)}" for text in plan.first]
    for number, step in enumerate(plan.steps, 1):
        lines.append(f"{number}. {safe(redact(step.summary.replace(home + os.sep, '~/')))}")
        lines += [f"   {line}" for line in _details(step, output, home)]
    return lines


def plan_document(plan: SetupPlan, following: list[str], *, applied: bool) -> dict[str, object]:
    """The plan as ``--json`` prints it."""
    return {
        "applied": applied,
        "steps": [
            {
                "id": step.id,
                "summary": step.summary,
                "command": step.command,
                "files": [{"path": edit.path, "change": _change(edit)} for edit in step.edits],
                "diff": step.diff if len(step.edits) < _MANY else None,
            }
            for step in plan.steps
        ],
        "first": list(plan.first),
        "notes": list(plan.notes),
        "next": following,
    }


def _details(step: Fix, output: Output, home: str) -> Iterator[str]:
    if step.command is not None:
        yield f"$ {safe(step.command)}"
    if len(step.edits) >= _MANY:
        yield f"{len(step.edits)} files: {_counts(step)}"
        return
    for edit in step.edits:
        if edit.before is None:
            yield output.styled(f"+ {safe(short(edit.path, home))}", "green")
    for line in (step.diff or "").splitlines():
        if line.startswith(("---", "+++")) and any(e.before is None for e in step.edits):
            continue
        color = {"+": "green", "-": "red"}.get(line[:1], "")
        yield output.styled(visible(line), color) if color else visible(line)


def _counts(step: Fix) -> str:
    words = [_change(edit) for edit in step.edits]
    kinds = [(words.count(word), word) for word in ("add", "change", "remove")]
    return ", ".join(f"{count} to {word}" for count, word in kinds if count)


def _change(edit: FileEdit) -> str:
    if edit.before is None:
        return "add"
    return "remove" if edit.after is None else "change"
