"""A pane: a part of the screen in a frame that tells whether the focus is in it.

In Textual's style sheets ``:focus-within`` tells that too; but then all that is in the pane is
styled and painted anew whenever the focus comes or goes, for nothing but the colour of the frame.
"""

from __future__ import annotations

from typing import Any, Self

from textual.containers import Vertical
from textual.geometry import Region
from textual.widget import Widget

from mem0_tui.tui.painting.direct_paint import DirectPaint, sides


class Framed(DirectPaint):
    """Has a frame, where it is of the class ``pane``; with the focus in it also of ``-focused``."""

    _only_frame = False

    def show_focus(self, focused: bool) -> None:
        """Show whether the focus is in here."""
        self._only_frame = True
        try:
            self.set_class(focused, "-focused", update=False)
            self.app.stylesheet.update_nodes([self])
        finally:
            self._only_frame = False

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """As in Textual, but only the frame where nothing else changes."""
        if self._only_frame and not (regions or layout):
            outside = self.outer_size.region.translate(-self.content_offset)
            regions = tuple(sides(outside, self.styles.border.spacing))
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def walk_children(self, *args: Any, **kwargs: Any) -> list[Any]:
        """All in here; none for whom the colour of the frame would mean anything."""
        return [] if self._only_frame else super().walk_children(*args, **kwargs)


class Pane(Vertical, Framed):
    """A pane that holds others below each other."""


def pane_of(widget: Widget | None) -> Framed | None:
    """The pane in which *widget* is, or which it is itself."""
    above = widget.ancestors_with_self if widget is not None else ()
    panes = (each for each in above if isinstance(each, Framed) and each.has_class("pane"))
    return next(panes, None)
