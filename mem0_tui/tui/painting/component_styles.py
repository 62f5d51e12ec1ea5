"""The styles of the parts of a widget that draws its own lines."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from rich.style import Style
from textual.geometry import Region
from textual.widget import Widget


class ComponentStyles(Widget):
    """Has a component class ``PREFIX--NAME`` for each of its parts.

    Textual works a style out whenever it is asked for it, that is for each piece of each line. Here
    each is worked out once, until Textual says that it may have become another.
    """

    PREFIX: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._parts: dict[str, Style] = {}
        super().__init__(*args, **kwargs)

    def part(self, name: str) -> Style:
        """What the part *name* adds to the widget's own style."""
        style = self._parts.get(name)
        if style is None:
            style = self.get_component_rich_style(f"{self.PREFIX}--{name}", partial=True)
            self._parts[name] = style
        return style

    def whole(self, name: str = "") -> Style:
        """The style of the part *name*; the widget's own where *name* is empty."""
        key = f"={name}"
        style = self._parts.get(key)
        if style is None:
            style = self.rich_style + self.part(name) if name else self.rich_style
            self._parts[key] = style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._parts.clear()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        if not regions:  # as when a component's style has changed
            self._parts.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
