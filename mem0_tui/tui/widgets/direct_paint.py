"""Widgets that paint what changes in them by themselves.

Textual gathers what has changed and paints it at the next of its sixty frames a second, and asks
every widget near by for all its lines, to find what lies over what. Where nothing lies over a
widget, neither is needed: its lines go to the terminal as soon as it has no more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class DirectPaint(Widget):
    """Stands behind the class it is mixed into: ``class Box(Input, DirectPaint)``."""

    def _check_refresh(self) -> None:
        if self._repaint_required and self._paint():
            self._repaint_required = False
        super()._check_refresh()

    def _paint(self) -> bool:
        """Paint what has changed; False leaves all of it to Textual."""
        region = self._uncovered_region()
        if region is None:
            return False
        # Scroll bars paint themselves.
        own = region.shrink(self.styles.gutter).shrink(self.scrollbar_gutter) - region.offset
        framed = self.styles.gutter.totals != (0, 0)
        if framed and not all(own.contains_region(dirty) for dirty in self._repaint_regions):
            return False
        lines: list[PlacedLine] = []
        for run in _runs(dirty.intersection(own) for dirty in self._repaint_regions):
            places = (Offset(region.x + run.x, region.y + y) for y in run.line_range)
            lines.extend(zip(places, self.render_lines(run), strict=True))
        self._repaint_regions.clear()
        if lines:
            self.app._display(self.screen, LinesUpdate(lines))
        return True

    def _uncovered_region(self) -> Region | None:
        """Where the widget stands on the screen.

        None if it cannot be painted there by itself: something lies over it or may come to, it is
        cut off, it shines through, or all is about to stand elsewhere.
        """
        if self._layout_required or self._scroll_required or self._refresh_styles_required:
            return None
        if not self.is_attached or self.app._batch_count or self.opacity != 1.0:
            return None
        screen = self.screen
        if not screen.is_active or screen._layout_required or screen._scroll_required:
            return None
        bars = (self.vertical_scrollbar, self.horizontal_scrollbar)
        above: list[Region] = []
        for each, (region, clip) in screen._compositor.visible_widgets.items():  # topmost first
            if each is self:
                covered = any(other.overlaps(region) for other in above)
                return region if clip.contains_region(region) and not covered else None
            if each not in bars:
                above.append(region.intersection(clip))
        return None


def _runs(regions: Iterable[Region]) -> list[Region]:
    """*regions* as such that no line stands in two of them."""
    spans: dict[int, tuple[int, int]] = {}
    for region in regions:
        for y in region.line_range:
            left, right = spans.get(y, region.column_span)
            spans[y] = min(left, region.x), max(right, region.right)
    runs: list[Region] = []
    for y in sorted(spans):
        left, right = spans[y]
        last = runs[-1] if runs else Region()
        if last and last.bottom == y and last.column_span == spans[y]:
            runs[-1] = Region(left, last.y, last.width, last.height + 1)
        else:
            runs.append(Region(left, y, right - left, 1))
    return runs
