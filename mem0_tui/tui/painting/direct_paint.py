"""Widgets that paint what changes in them by themselves.

Textual gathers what has changed and paints it at the next of its sixty frames a second, and asks
every widget near by for all its lines, to find what lies over what. Where nothing lies over a
widget, neither is needed: its lines go to the terminal as soon as it has no more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import CompositorUpdate
from textual.geometry import Offset, Region, Spacing
from textual.strip import Strip

from mem0_tui.tui.painting.component_styles import ComponentStyles

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


class DirectPaint(ComponentStyles):
    """Stands behind the class it is mixed into: ``class Box(Input, DirectPaint)``."""

    def _check_refresh(self) -> None:
        if self._repaint_required and self._paint():
            self._repaint_required = False
        super()._check_refresh()

    def _paint(self) -> bool:
        """Paint what has changed; False leaves all of it to Textual."""
        place = self._place()
        if place is None:
            return False
        dirty, whole, gutter = self._repaint_regions, self.outer_size.region, self.styles.gutter
        # Scroll bars paint themselves.
        inside = whole.shrink(gutter).shrink(self.scrollbar_gutter)
        runs = _runs(each.intersection(inside) for each in dirty)
        frame = [side for side in sides(whole, gutter) if side and any(map(side.overlaps, dirty))]
        parts = [part.translate(place.offset) for part in (*runs, *frame)]
        if any(part.overlaps(each) for each in self._above() for part in parts):
            return False
        lines = [line for run in runs for line in self._placed(run)]
        if frame:
            lines += self._frame_lines(whole, gutter)
        dirty.clear()
        if lines:
            placed = [(offset + place.offset, strip) for offset, strip in lines]
            self.app._display(self.screen, LinesUpdate(placed))
        return True

    def _placed(self, region: Region) -> Iterator[PlacedLine]:
        places = (Offset(region.x, y) for y in region.line_range)
        return zip(places, self.render_lines(region), strict=True)

    def _frame_lines(self, whole: Region, gutter: Spacing) -> Iterator[PlacedLine]:
        """Border and padding on all sides. Left and right are the same on each line: one is drawn
        for all, so that none of what they surround is."""
        above, below, left, right = sides(whole, gutter)
        yield from self._placed(above)
        yield from self._placed(below)
        if left or right:
            (line,) = self.render_lines(Region(0, left.y, whole.width, 1))
            for side in (left, right):
                strip = line.crop(side.x, side.right)
                yield from ((Offset(side.x, y), strip) for y in side.line_range if side)

    def _place(self) -> Region | None:
        """Where the widget stands on the screen.

        None if it cannot be painted there by itself: it is cut off, it shines through, or all is
        about to stand elsewhere.
        """
        if self._layout_required or self._scroll_required or self._refresh_styles_required:
            return None
        if not self.is_attached or self.app._batch_count or self.opacity != 1.0:
            return None
        screen = self.screen
        if not screen.is_active or screen._layout_required or screen._scroll_required:
            return None
        region, clip = screen._compositor.visible_widgets.get(self, (Region(), Region()))
        return region if region and clip.contains_region(region) else None

    def _above(self) -> list[Region]:
        """Where on the screen something lies over the widget, or may come to."""
        bars = (self.vertical_scrollbar, self.horizontal_scrollbar)
        topmost_first = self.screen._compositor.visible_widgets.items()
        higher = takewhile(lambda item: item[0] is not self, topmost_first)
        return [region.intersection(clip) for each, (region, clip) in higher if each not in bars]


def sides(region: Region, widths: Spacing) -> list[Region]:
    """The parts of *region* at its sides: above, below, and between these left and right."""
    top, right, bottom, left = widths
    between = region.y + top, max(0, region.height - top - bottom)
    return [
        Region(region.x, region.y, region.width, top),
        Region(region.x, region.bottom - bottom, region.width, bottom),
        Region(region.x, between[0], left, between[1]),
        Region(region.right - right, between[0], right, between[1]),
    ]


def _runs(regions: Iterable[Region]) -> list[Region]:
    """*regions* as such that no line stands in two of them."""
    spans: dict[int, tuple[int, int]] = {}
    for region in filter(None, regions):
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
