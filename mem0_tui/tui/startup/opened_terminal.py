"""The terminal between the start of the program and that of Textual: it shows a picture meanwhile.

Importing Textual and building its screen takes far longer than drawing a picture of that screen.
What is typed meanwhile is not echoed, and stays there for the app to read.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from rich.color import ColorSystem
from rich.segment import Segment

from mem0_tui.presenting.ascii import ascii_wanted
from mem0_tui.tui.plain_signs import to_ascii

if sys.platform != "win32":
    import termios
    import tty

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
"""To the alternate screen and back, with the cursor where it was."""
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_DEPTHS = {
    "kitty": ColorSystem.EIGHT_BIT,
    "256color": ColorSystem.EIGHT_BIT,
}
"""How many colours a terminal has, by the end of its TERM; as Rich (15) judges."""

Lines = Sequence[Sequence[Segment]]


class OpenedTerminal:
    """A terminal that shows a picture until an app takes it over."""

    def __init__(self, screen: TextIO, keyboard: int) -> None:
        self._screen, self._keyboard = screen, keyboard
        self.attributes: list[Any] = termios.tcgetattr(keyboard)
        """Those of the terminal line, as the shell left them."""
        self.shows_picture = False

    def show(self, draw: Callable[[int, int], Lines], environ: Mapping[str, str]) -> None:
        """Show what *draw* returns for the terminal's columns and rows."""
        lines = draw(*shutil.get_terminal_size())
        termios.tcsetattr(self._keyboard, termios.TCSANOW, self._for_an_app())
        self.shows_picture = True
        self._screen.write(f"{ENTER}{_HIDE}{_written(lines, environ, self._screen.encoding)}")
        self._screen.flush()

    def _for_an_app(self) -> list[Any]:
        """The attributes of a line whose keys go to an app, as Textual (8.2) sets them."""
        changed = [*self.attributes]
        changed[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        changed[tty.IFLAG] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
        )
        return changed

    def give_back(self) -> None:
        """Show what was there before, unless an app has taken it over."""
        if self.shows_picture:
            self.shows_picture = False
            self._screen.write(f"{LEAVE}{_SHOW}")
            self._screen.flush()
            termios.tcsetattr(self._keyboard, termios.TCSANOW, self.attributes)


@contextmanager
def opened_terminal(environ: Mapping[str, str]) -> Iterator[OpenedTerminal | None]:
    """The terminal that Textual is going to use; None where it is none that a picture can be shown
    on. Inside, it shows one; afterwards it is as before."""
    terminal = _find(environ)
    try:
        yield terminal
    finally:
        if terminal is not None:
            with suppress(OSError, termios.error):  # the terminal has gone away
                terminal.give_back()


def _find(environ: Mapping[str, str]) -> OpenedTerminal | None:
    screen, keyboard = sys.__stderr__, sys.__stdin__  # as Textual (8.2) has it
    if sys.platform == "win32" or screen is None or keyboard is None:
        return None
    if environ.get("TEXTUAL_DRIVER") or environ.get("TEXTUAL_COLOR_SYSTEM", "auto") != "auto":
        return None
    if environ.get("TERM", "").lower() in ("", "dumb", "unknown"):
        return None
    if not (screen.isatty() and keyboard.isatty()):
        return None
    try:
        return OpenedTerminal(screen, keyboard.fileno())
    except (OSError, ValueError, termios.error):
        return None


def _written(lines: Lines, environ: Mapping[str, str], encoding: str) -> str:
    """What writes *lines*, each in its place."""
    depth = _depth(environ)
    plain = ascii_wanted(environ, encoding)
    written = []
    for y, line in enumerate(lines, 1):
        written.append(f"\x1b[{y};1H")
        for text, style, _ in line:
            shown = to_ascii(text) if plain else text
            if style is None or depth is None:
                written.append(shown)
            else:
                written.append(style.render(shown, color_system=depth))
    return "".join(written)


def _depth(environ: Mapping[str, str]) -> ColorSystem | None:
    if "NO_COLOR" in environ:
        return None
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    kind = environ.get("TERM", "").strip().lower().rpartition("-")[2]
    return _DEPTHS.get(kind, ColorSystem.STANDARD)
