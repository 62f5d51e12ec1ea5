"""Shows what deleting a whole entity would remove, before its name is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mem0_tui.cli.rendering.json_documents import memory_document
from mem0_tui.cli.rendering.layout import cells
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.presenting.memory import scope_name
from mem0_tui.presenting.scope import preview_lines

if TYPE_CHECKING:
    from mem0_tui.curator.applying.scopes import ScopePreview


def printed_preview(output: Output, preview: ScopePreview) -> list[str]:
    """The preview as narration, after the entity's name; safe to print."""
    first, *others = preview_lines(preview, output.masking)
    name = f"{scope_name(preview.scope)} has "
    room = max(10, output.width - cells(name))
    lines = [output.styled_note(name, "bold") + paint(output, first, note=True, width=room)]
    for each in others:
        painted = paint(output, each, note=True, width=output.width - 2)
        lines.append(f"  {painted}".rstrip())
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
