"""Lets a picture that is on the terminal stay there until the app paints over it.

Textual blanks the terminal when it starts. With another driver than the one known here it still
does, and the screen is blank for a moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.drivers.linux_driver import LinuxDriver

from mem0_tui.tui.startup.opened_terminal import ENTER

if TYPE_CHECKING:
    from textual.driver import Driver

    from mem0_tui.tui.startup.opened_terminal import OpenedTerminal


def driver_over(terminal: OpenedTerminal) -> type[Driver]:
    """Textual's driver, but it takes over *terminal* as it is."""

    class KeepsPicture(LinuxDriver):
        def start_application_mode(self) -> None:
            taken_over = terminal.shows_picture
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if taken_over:
                terminal.shows_picture = False
                self.attrs_before = terminal.attributes  # those that it found are not the shell's

        def write(self, data: str) -> None:
            if not (terminal.shows_picture and data == ENTER):
                super().write(data)

    return KeepsPicture
