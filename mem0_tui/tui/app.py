"""The Textual app: themes, keys and screens. It holds wiring only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType

from mem0_tui.tui.keys import Where, bindings
from mem0_tui.tui.screens.browse import BrowseScreen
from mem0_tui.tui.theme import ANSI_THEME, COLOURS_ANSI, COLOURS_DARK, THEMES

if TYPE_CHECKING:
    from mem0_tui.backends.library import Library
    from mem0_tui.codex import Report
    from mem0_tui.curator.service import Curator


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
    default_user: str | None = None
    default_app: str | None = None


class Mem0App(App[int]):
    """The app."""

    TITLE = "mem0-tui"
    CSS_PATH: ClassVar[str] = "styles/app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.APP)
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = parts.theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of memory types, where the theme has none of its own."""
        return COLOURS_ANSI if self.theme == ANSI_THEME else COLOURS_DARK

    def on_mount(self) -> None:
        self.push_screen(BrowseScreen(self.parts))
