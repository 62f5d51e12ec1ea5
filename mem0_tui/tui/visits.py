"""The app's ways to places that can be reached from everywhere: help, log, settings, themes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import ModalScreen

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.text import one_line
from mem0_tui.tui.keys import NO_KEY, key_for
from mem0_tui.tui.runtime.key_queue import KeyQueue
from mem0_tui.tui.runtime.notices import Notices
from mem0_tui.tui.theme import next_theme, theme_names

if TYPE_CHECKING:
    from mem0_tui.tui.parts import Parts

DEMO_WANTED = -1
"""What the app returns when it is to be opened again on the demo store."""


UNSAVED = "unsaved"
"""The kind of what a tab's app tells the server of ``mem0-tui web``."""
_IN_BROWSER = "There is no shell behind a browser's tab to go back to."
_OF_TERMINALS = frozenset(
    {"suspend_process", "screen.act('memory.editor')", "edit(True)", "screen.edit"}
)
"""Textual's action strings of what hands the terminal to another program."""
_NO_SHELL = "There is no shell behind this screen that could bring it back from the background."


def is_job() -> bool:
    """Whether a shell runs this program as a job, and so can continue what it stops.

    Such a shell gives each job a process group of its own. Without one, in a container or as
    the command of a terminal window, a stopped program would stay stopped.
    """
    return os.getpgrp() != os.getsid(0)


class Navigation(Notices, KeyQueue):
    """Opens what does not belong to one screen."""

    parts: Parts
    _unsaved = False

    @property
    def keymap(self) -> Mapping[str, str]:
        """The user's own keys, by action id."""
        return self.parts.keymap

    def action_help(self) -> None:
        """Every key that works on this screen."""
        from mem0_tui.tui.modals.help_view import HelpView

        self.push_screen(HelpView(self.screen, self.keymap, self.offers))

    def action_log_open(self) -> None:
        """Every call that was sent."""
        from mem0_tui.tui.modals.request_log import RequestLogView

        self.push_screen(RequestLogView(self.parts.requests))

    def action_settings_open(self) -> None:
        """Every setting and key: where it comes from, and how to change it."""
        from mem0_tui.tui.modals.settings.view import SettingsView

        self.push_screen(SettingsView(self.parts))

    def use_keys(self, keymap: Mapping[str, str]) -> None:
        """Use the keys of *keymap* from now on, on all screens."""
        self.parts.keymap.clear()
        self.parts.keymap.update(keymap)
        self.set_keymap({each: keys or NO_KEY for each, keys in keymap.items()})
        for screen in self.screen_stack:
            screen.refresh_bindings()

    def action_theme_next(self) -> None:
        """Use the next theme."""
        self.use_theme(next_theme(self.theme))
        self.notify(f"theme: {self.theme}", markup=False)

    def use_theme(self, name: str) -> None:
        """Use the theme *name*, now and the next time."""
        self.theme = name
        if self.parts.save_theme is None:
            return
        try:
            self.parts.save_theme(name)
        except Mem0TuiError as error:
            text = f"the theme could not be kept: {one_line(error.message)}"
            self.notify(text, severity="warning", markup=False)

    def tell_unknown_theme(self, name: str) -> None:
        """Say that the settings name a theme that there is not."""
        text = f"there is no theme {one_line(name)}: one of {', '.join(theme_names())}"
        self.notify(text, severity="warning", markup=False)

    async def action_quit(self) -> None:
        """Leave by way of the screen on top: it asks where something would be lost."""
        leave = "action_quit" if hasattr(self.screen, "action_quit") else "action_leave"
        if hasattr(self.screen, leave):
            await self.run_action(f"screen.{leave.removeprefix('action_')}")
        else:
            self.exit(0)

    def action_help_quit(self) -> None:
        """Ctrl+C: stop the apply that is going on; without one, say which key leaves."""
        from mem0_tui.tui.screens.browse import BrowseScreen

        main = [screen for screen in self.screen_stack if isinstance(screen, BrowseScreen)]
        if not any(screen.controllers.apply.stop() for screen in main):
            self.notify(f"{key_for('quit', self.keymap)} leaves", markup=False)

    def action_suspend_process(self) -> None:
        """Go to the background, with all that the shell started as this job.

        Textual's own action stops this process alone: the shell would go on waiting for a
        program between them, such as ``uv run``.
        """
        if self.is_web:
            undo = key_for("undo", self.keymap)
            self.notify(f"{_IN_BROWSER}\n{undo} takes back what was done last.", markup=False)
            return
        driver = self._driver
        if sys.platform == "win32" or driver is None or not driver.can_suspend or not is_job():
            from mem0_tui.tui.modals.message import MessageView

            self.push_screen(MessageView("Not suspended", _NO_SHELL))
            return
        self.app_suspend_signal.publish(self)
        os.killpg(os.getpgrp(), signal.SIGTSTP)  # returns once the job is continued
        self.awake_since = Message().time
        self.refresh(layout=True)

    def tell_unsaved(self, unsaved: bool) -> None:
        """Have the browser that shows this, if one does, ask before its tab is closed, for as long
        as something is *unsaved*."""
        if unsaved is not self._unsaved and self.is_web:
            self._unsaved = unsaved
            write = getattr(self._driver, "write_meta", None)
            if write is not None:
                write({"type": UNSAVED, "value": unsaved})

    def offers(self, action: str) -> bool:
        """Whether footer, help and palette name *action*; its key says why not."""
        return not (self.is_web and action.removeprefix("app.") in _OF_TERMINALS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The palette stays away from modals: what it offers is aimed at the screen below."""
        if action == "command_palette" and isinstance(self.screen, ModalScreen):
            return False
        return super().check_action(action, parameters)
