"""The Textual app: themes, keys and screens. It holds wiring only."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.filter import LineFilter

from mem0_tui.tui.glyphs import AsciiFilter, ascii_wanted
from mem0_tui.tui.keys import Where, bindings
from mem0_tui.tui.screens.browse import BrowseScreen
from mem0_tui.tui.theme import ANSI_THEME, COLOURS_ANSI, COLOURS_DARK, THEMES
from mem0_tui.tui.visits import Visits

if TYPE_CHECKING:
    from textual.command import Provider

    from mem0_tui.backends.library import Library
    from mem0_tui.backends.requestlog import RequestLogEntry
    from mem0_tui.codex import Report
    from mem0_tui.codex.watch import HealthService
    from mem0_tui.curator.service import Curator
    from mem0_tui.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """What the app is put together from; ``cli.wiring`` makes it."""

    library: Library
    curator: Callable[[], Curator]
    """Made on first use: it brings modules that the first frame does not need."""
    doctor: Callable[[], Report]
    """Reads the install's files; milliseconds, run in a thread."""
    now: Callable[[], datetime]
    title: str
    """Which memories these are, in a few words."""
    target: str
    remote: bool = False
    theme: str = "mem0-dark"
    read_only: bool = False
    last_visit: datetime | None = None
    """When the app was last left; what is newer is in the Inbox."""
    searches: Mapping[str, str] = field(default_factory=dict)
    """The user's saved searches: name to query."""
    save_search: Callable[[str, str], None] | None = None
    started: Callable[[], None] | None = None
    """Called once the first rows are on the screen."""
    close: Callable[[], Awaitable[None]] | None = None
    """Called when the app ends."""
    default_user: str | None = None
    default_app: str | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys of the user's own, by action id; checked by ``settings.keymap``."""
    settings: Settings | None = None
    requests: Callable[[], Sequence[RequestLogEntry]] | None = None
    """The requests sent so far, oldest first; None for a backend that sends none."""
    install: Callable[[], HealthService] | None = None
    """The same install with its repairs, made on first use; None has no health screen."""
    first_run: bool = False
    """Whether nothing is set up: no settings file, no key, and the embedded store is used."""


def _palette_provider(name: str) -> type[Provider]:
    """A provider of the command palette, imported when the palette is first opened."""
    from mem0_tui.tui import palette

    provider: type[Provider] = getattr(palette, name)
    return provider


class Mem0App(Visits):
    """The app."""

    TITLE = "mem0-tui"
    CSS_PATH = ["styles/app.tcss", "styles/places.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.APP)
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
        (150, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {
        partial(_palette_provider, name)
        for name in ("Actions", "Scopes", "SavedSearches", "Themes", "Memories")
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = parts.theme if parts.theme in self.available_themes else THEMES[0].name
        self.set_keymap(dict(parts.keymap))
        self._ascii = AsciiFilter(ascii_wanted(os.environ, sys.stdout.encoding))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of memory types, where the theme has none of its own."""
        return COLOURS_ANSI if self.theme == ANSI_THEME else COLOURS_DARK

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What is done to each line before it is drawn; ASCII comes last."""
        return [*super().get_line_filters(), *([self._ascii] if self._ascii.enabled else [])]

    def on_mount(self) -> None:
        self.push_screen(BrowseScreen(self.parts))
        if self.theme != self.parts.theme:
            self.tell_unknown_theme(self.parts.theme)

    async def on_unmount(self) -> None:
        """Close what the app was given."""
        if self.parts.close is not None:
            await self.parts.close()
