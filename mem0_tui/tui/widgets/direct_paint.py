"""Writes lines of a widget to the terminal as soon as they are other ones.

Textual gathers what has changed and paints it at the next of its sixty frames a second, and asks
every widget near by for all its lines, to find what lies over what. A line over which nothing lies
needs neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import CompositorUpdate
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

PlacedLine: TypeAlias = tuple[Offset, Strip]
"""Where on the screen a line begins, and what it shows."""


class LinesUpdate(CompositorUpdate):
    """Some lines of the screen, or parts of them."""

    def __init__(self, lines: Sequence[PlacedLine]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, _options: ConsoleOptions) -> RenderResult:
        for place, strip in self.lines:
            yield Control.move_to(*place)
            yield from strip

    def render_segments(self, console: Console) -> str:
        """The lines with what puts each in its place, for a terminal."""
        return "".join(
            f"{Control.move_to(*place).segment.text}{strip.render(console)}"
            for place, strip in self.lines
        )


def uncovered_region(widget: Widget) -> Region | None:
    """Where *widget* stands on the screen, without its scroll bars.

    None if it may not be painted there by itself: something lies over it or may come to, it is cut
    off, it shines through, or it is about to stand elsewhere.
    """
    screen, app = widget.screen, widget.app
    if not screen.is_active or app._batch_count or widget.opacity != 1.0:
        return None
    if screen._layout_required or screen._scroll_required or widget._layout_required:
        return None
    own = (widget.vertical_scrollbar, widget.horizontal_scrollbar)
    above: list[Region] = []
    for each, (region, clip) in screen._compositor.visible_widgets.items():  # the topmost first
        if each is widget:
            inner = widget.scrollable_content_region.reset_offset.translate(region.offset)
            covered = any(region.overlaps(inner) for region in above)
            return inner if clip.contains_region(region) and not covered else None
        if each not in own:
            above.append(region.intersection(clip))
    return None


def paint(widget: Widget, lines: Sequence[PlacedLine]) -> None:
    """Write *lines* of *widget*, placed in an :func:`uncovered_region`, to the terminal."""
    widget.app._display(widget.screen, LinesUpdate(lines))
