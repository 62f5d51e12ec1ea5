"""The footer: the keys that work here, with the way to all of them always in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip

from mem0_tui.model.late import late_dataclass
from mem0_tui.tui.keys import NO_KEY, declared, is_action
from mem0_tui.tui.painting.direct_paint import DirectPaint

_HELP = "help"
"""The action whose key leads to all others."""


@late_dataclass(frozen=True)
class _Key:
    """A key that works where the focus is."""

    name: str
    """As Textual names it."""
    shown: str
    words: str
    action: str
    enabled: bool
    first: bool
    """Whether it is meant for the footer; others are shown where all of those have room."""

    @property
    def cells(self) -> int:
        return cell_len(f"{self.shown} {self.words}")


def _is_ours(node: DOMNode, binding: Binding) -> bool:
    """Whether *binding* is an action that this app describes, not one of Textual's own."""
    if binding.id is not None:
        return is_action(binding.id)
    return bool(binding.description) and binding in declared(type(node))


class KeyFooter(DirectPaint):
    """One line of keys and what they do; a click on one is as good as pressing it.

    Textual's own footer has a widget for each, and lays out the whole screen whenever the focus
    moves.
    """

    ALLOW_SELECT = False
    PREFIX = "key-footer"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-footer--key",
        "key-footer--words",
        "key-footer--hover",
        "key-footer--off",
    }

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_Key] = []
        self._hovered: _Key | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys of *screen*; the first time also in a terminal without the focus."""
        if screen is not self.screen or not (self.app.app_focus or not self._keys):
            return
        keys: dict[str, _Key] = {}
        foremost: Sequence[str] = getattr(screen, "foremost_keys", ())

        def rank(each: ActiveBinding) -> int:
            """Those that are meant for it come first; the others where there is room for more."""
            if each.binding.id in foremost:
                return foremost.index(each.binding.id)
            return len(foremost) + (not each.binding.show)

        offers: Callable[[str], bool] = getattr(self.app, "offers", lambda _: True)
        active = sorted(screen.active_bindings.values(), key=rank)
        for node, binding, enabled, _ in active:
            if binding.action in keys or binding.key == NO_KEY or not offers(binding.action):
                continue
            if binding.show or _is_ours(node, binding):
                shown = self.app.get_key_display(binding).partition(" ")[0]
                words, first = binding.description, binding.show or binding.id in foremost
                key = _Key(binding.key, shown, words, binding.action, enabled, first)
                keys[binding.action] = key
        if list(keys.values()) != self._keys:
            self._keys = list(keys.values())
            self.refresh()

    def _in_place(self) -> Iterator[tuple[int, _Key]]:
        """The keys for which there is room, each with the cell at which it begins.

        The one that leads to all others is at the right end, whatever else there is.
        """
        room, at = self.size.width, 0
        last = next((key for key in self._keys if key.action == _HELP), None)
        if last is not None:
            room -= last.cells + 1
        cut = False
        for key in self._keys:
            if key is last or (cut and not key.first):
                continue
            if at + key.cells <= room:
                yield at, key
                at += key.cells + 1
            else:
                cut = cut or key.first
        if last is not None:
            yield max(at, room + 1), last

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.whole()
        if y:
            return Strip.blank(width, base)
        segments: list[Segment] = []
        at = 0
        for start, key in self._in_place():
            segments.append(Segment(" " * (start - at), base))
            hovered = self.part("hover") if key == self._hovered else Style.null()
            off = Style.null() if key.enabled else self.part("off")
            segments.append(Segment(key.shown, base + self.part("key") + hovered + off))
            segments.append(Segment(f" {key.words}", base + self.part("words") + hovered + off))
            at = start + key.cells
        return Strip(segments).adjust_cell_length(width, base)

    def _key_at(self, cell: int) -> _Key | None:
        return next((k for at, k in self._in_place() if at <= cell < at + k.cells), None)

    def on_click(self, event: events.Click) -> None:
        key = self._key_at(event.x)
        if key is not None and key.enabled:
            self.app.simulate_key(key.name)
        elif key is not None:
            self.app.bell()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._key_at(event.x))

    def on_leave(self) -> None:
        self._hover(None)

    def _hover(self, key: _Key | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.refresh()
