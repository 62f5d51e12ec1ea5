"""Paints lines that presenting wrote: a colour for each role, nothing but words without colour."""

from __future__ import annotations

from mem0_tui.cli.rendering.output import Output
from mem0_tui.presenting.spans import Line

_STYLES = {
    "title": ("bold",),
    "id": ("yellow",),
    "muted": ("dim",),
    "warning": ("yellow",),
    "removed": ("red",),
    "added": ("green",),
}


def paint(output: Output, line: Line, *, note: bool = False) -> str:
    """*line* in the styles of its roles, for stdout or, as a *note*, for stderr."""
    styled = output.styled_note if note else output.styled
    return "".join(styled(text, *style_of(role)) for text, role in line.spans)


def style_of(role: str) -> tuple[str, ...]:
    """The styles in which a role is printed."""
    return _STYLES.get(role, ())
