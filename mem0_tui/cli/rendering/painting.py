"""Paints lines that presenting wrote: a colour for each role, nothing but words without colour."""

from __future__ import annotations

from mem0_tui.cli.rendering.layout import cells, cut
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


def paint(output: Output, line: Line, *, note: bool = False, width: int | None = None) -> str:
    """*line* in the styles of its roles, for stdout or, as a *note*, for stderr; cut to *width*
    cells if that is given."""
    styled = output.styled_note if note else output.styled
    painted: list[str] = []
    for text, role in line.spans:
        shown = text if width is None else cut(text, width)
        painted.append(styled(shown, *style_of(role)))
        if width is not None:
            width -= cells(shown)
    return "".join(painted)


def style_of(role: str) -> tuple[str, ...]:
    """The styles in which a role is printed."""
    return _STYLES.get(role, ())
