"""The Textual app: themes, keys and screens. It holds wiring only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste
from textual.filter import LineFilter

from mem0_tui.presenting.ascii import ascii_wanted
from mem0_tui.tui.colours import ANSI_THEME, COLOURS_ANSI, COLOURS_DARK
from mem0_tui.tui.glyphs import AsciiFilter, spelt_keys
from mem0_tui.tui.keys import NO_KEY, KeyContext, bindings, written
from mem0_tui.tui.painting.crash import TellsCrash
from mem0_tui.tui.painting.quiet_start import QuietStart
from mem0_tui.tui.style_sheets import MAIN_STYLES
from mem0_tui.tui.theme import THEMES
from mem0_tui.tui.visits import Navigation

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.driver import Driver
    from textual.screen import Screen

    from mem0_tui.tui.parts import Parts


_PATIENCE = 1.0
"""Seconds after which the main screen is shown even without rows."""


def _palette_provider(name: str) -> type[Provider]:
    """A provider of the command palette, imported when the palette is first opened."""
    from mem0_tui.tui import palette

    provider: type[Provider] = getattr(palette, name)
    return provider


class Mem0App(TellsCrash, Navigation):
    """The app."""

    TITLE = "mem0-tui"
    CSS_PATH = MAIN_STYLES
    BINDINGS: ClassVar[list[BindingType]] = bindings(KeyContext.APP)
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (80, "-slim"),
        (100, "-normal"),
        (120, "-wide"),
        (150, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall"), (30, "-roomy")]
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {
        partial(_palette_provider, name)
        for name in ("Actions", "Scopes", "SavedSearches", "Themes", "MemoryCommands")
    }

    def __init__(self, parts: Parts, *, over: type[Driver] | None = None) -> None:
        """An app of these parts. With *over*, a driver that takes over a terminal which shows a
        picture of the main screen, it paints once it has rows to show."""
        super().__init__()
        self.parts = parts
        self._over_picture = over is not None
        """Whether the main screen is not to be seen yet."""
        self._typed_early: list[Event] = []
        self._leaving = False
        self._held = ExitStack()
        if over is not None:
            self.driver_class = over
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = parts.theme if parts.theme in self.available_themes else THEMES[0].name
        self.set_keymap({each: keys or NO_KEY for each, keys in parts.keymap.items()})
        self._ascii = AsciiFilter(ascii_wanted(os.environ, sys.stdout.encoding))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of memory types, where the theme has none of its own."""
        return COLOURS_ANSI if self.theme == ANSI_THEME else COLOURS_DARK

    def get_key_display(self, binding: Binding) -> str:
        """How a key is written in the footer: as in the help."""
        shown = binding.key_display or written(binding.key)
        return spelt_keys(shown) if self._ascii.enabled else shown

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What is done to each line before it is drawn; ASCII comes last."""
        return [*super().get_line_filters(), *([self._ascii] if self._ascii.enabled else [])]

    def refresh_css(self, animate: bool = True) -> None:
        """Style all anew, as after a change of theme; before there is a screen, only take the
        theme's colours, so that the style sheets are parsed once."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """The main screen, below which there is none."""
        from mem0_tui.tui.screens.browse import BrowseScreen

        screen = BrowseScreen(self.parts, self._end_opening)
        screen.add_class(*self._breakpoints(), update=False)
        return screen

    def on_mount(self) -> None:
        if self._over_picture:
            self._held.enter_context(self.batch_update())
            self.set_timer(_PATIENCE, self._end_opening)
        if self.theme != self.parts.theme:
            self.tell_unknown_theme(self.parts.theme)

    def _breakpoints(self) -> Iterator[str]:
        """The classes for this size; a screen that has them from the start is styled once."""
        for cells, breakpoints in (
            (self.size.width, self.HORIZONTAL_BREAKPOINTS),
            (self.size.height, self.VERTICAL_BREAKPOINTS),
        ):
            yield max((least, name) for least, name in breakpoints if cells >= least)[1]

    def _end_opening(self) -> None:
        """Let the main screen be seen."""
        if not self._over_picture:
            return
        self._held.close()
        if not self.screen_stack:  # the app was left before it had a screen
            return
        self.screen.refresh()
        # Until then it has no pane with the focus, and a key would go to whatever gets it first.
        self.screen.call_after_refresh(self._let_keys_in)
        if isinstance(self.screen, QuietStart):
            self.screen.paint_at_once()

    def _let_keys_in(self) -> None:
        """Let the main screen have the keys that were typed before it could take them."""
        self._over_picture = False
        early, self._typed_early = self._typed_early, []
        for event in early:
            self.post_message(event)

    def on_exit_app(self) -> None:
        """Keep what is typed where somebody else ends the app: a browser's tab is closed, or a
        signal comes."""
        if not self._leaving:
            self.keep_typed()

    def exit(
        self, result: object = None, return_code: int = 0, message: object | None = None
    ) -> None:
        """Leave, as the user wants to."""
        self._leaving = True
        super().exit(result, return_code, message)  # type: ignore[arg-type]

    def keep_typed(self) -> None:
        """Keep in a file what is typed and not sent; called when the terminal has gone away."""
        if self.parts.typed_folder is None:
            return
        from mem0_tui.tui.typed import keep, typed_work

        text = typed_work(self)
        if text:
            keep(self.parts.typed_folder, text)

    def watch_app_focus(self, focus: bool) -> None:
        """Tell the screens that somebody looks at them again; only the app hears of it.

        A screen that was opened while the terminal was behind others has no focus of its own yet.
        """
        if not focus or not self.screen_stack:
            return
        from mem0_tui.tui.runtime.workers import WorkScreen

        if self.screen.focused is None and self.screen.AUTO_FOCUS:
            self.screen.focus_next(self.screen.AUTO_FOCUS)
        self.screen.refresh_bindings()  # a footer shows no keys of its panes before
        for screen in self.screen_stack:
            if isinstance(screen, WorkScreen):
                screen.looked_at_again()

    async def on_event(self, event: Event) -> None:
        """Keep what is typed while the picture is shown for the main screen."""
        if self._over_picture and isinstance(event, (Key, Paste)):
            self._typed_early.append(event)
        else:
            await super().on_event(event)

    async def on_unmount(self) -> None:
        """Close what the app was given."""
        if self.parts.close is not None:
            await self.parts.close()
