"""Shows what deleting a whole entity would remove, before its name is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mem0_tui.cli.rendering.json_documents import memory_document
from mem0_tui.cli.rendering.layout import cut
from mem0_tui.cli.rendering.memories import memory_table
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.model.counting import plural
from mem0_tui.presenting.memory import type_name
from mem0_tui.presenting.plan import undo_remarks

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.curator.applying.scopes import ScopePreview


def preview_lines(output: Output, preview: ScopePreview, now: datetime) -> list[str]:
    """Counts by type, what is pinned, what else shares the memories, and the newest five."""
    entity = safe(preview.scope)
    styled = output.styled_note
    lines = [f"{styled(entity, 'bold')} has {plural(preview.total, 'memory')}", ""]
    if not preview.total:
        return lines
    types = sorted(preview.by_type.items(), key=lambda pair: -pair[1])
    if types:
        counts = " · ".join(f"{type_name(name)} {number:,}" for name, number in types)
        lines.append(cut(f"  types    {counts}", output.width))
    if preview.shared:
        shared = " · ".join(f"{safe(ref)} {number:,}" for ref, number in preview.shared.items())
        lines.append(cut(f"  also of  {shared}", output.width))
    warnings = [*preview.plan.notes, *preview.warnings()]
    lines += [styled(f"  ! {safe(each)}", "yellow") for each in dict.fromkeys(warnings)]
    lines += [f"  {paint(output, each, note=True)}" for each in undo_remarks(preview.plan)]
    if preview.newest:
        plain = Output(
            output.stdout,
            output.stderr,
            width=output.width - 2,
            show_secrets=output.show_secrets,
        )
        lines += ["", "  newest"]
        lines += [f"  {line}" for line in memory_table(plain, preview.newest, now)[1:]]
    return [*lines, ""]


def preview_document(preview: ScopePreview) -> dict[str, Any]:
    """The preview as ``--json`` prints it."""
    return {
        "entity": str(preview.scope),
        "total": preview.total,
        "by_type": [{"type": name, "count": n} for name, n in preview.by_type.items()],
        "newest": [memory_document(memory) for memory in preview.newest],
        "pinned": [memory.id for memory in preview.pinned],
        "shared": {str(ref): number for ref, number in preview.shared.items()},
    }
