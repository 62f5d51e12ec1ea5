"""The styles of the parts of a widget that draws its own lines."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from rich.style import Style
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.geometry import Region
from textual.widget import Widget


class ComponentStyles(Widget):
    """Has a component class ``PREFIX--NAME`` for each of its parts.

    Textual works a style out whenever it is asked for it, that is for each piece of each line. Here
    each is worked out once, until Textual says that it may have become another. And it looks up the
    rules for all component classes whenever a widget is styled; here, for those that were drawn.
    """

    PREFIX: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._parts: dict[str, Style] = {}
        super().__init__(*args, **kwargs)

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]
        """Those that Textual styles along with the widget: the ones that were asked for."""
        return frozenset(self._component_styles)

    def get_component_styles(self, *names: str) -> RenderStyles:
        for name in names:
            if name not in self._component_styles and name in super()._get_component_classes():
                part = DOMNode(classes=name)
                part._attach(self)
                self.app.stylesheet.apply(part)
                self._component_styles[name] = part.styles
        return super().get_component_styles(*names)

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
