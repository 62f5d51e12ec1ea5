"""What stands on the terminal after each key is what a paint of everything would put there.

Only lines that look different are painted; a line that was forgotten would stay as it was.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import pyte

from tests.perf.terminal import Area, Terminal
from tests.tui.test_dying import fill

pytestmark = pytest.mark.slow

COLUMNS, ROWS = 120, 32
QUIET = 0.3
"""Seconds: longer than the pauses after which look-alikes and details are read, and shorter than
those between two blinks of a cursor."""
ATTEMPTS = 1 if sys.platform == "linux" else 3
"""Where the system does not tell who is at work, a busy machine paints some things too late."""
NOTICE = "▌"
"""The edge of a notice, which goes by itself at its own time."""
PANE_TOPS = Area(2, 2, 1, COLUMNS)
"""The upper edges of the panes."""
KEYS = {
    "down": b"\x1b[B",
    "page down": b"\x1b[6~",
    "mark": b" ",
    "range": b"vjjj",
    "end of range": b"\x1b",
    "delete": b"d",
    "find": b"/",
    "two letters": b"de",
    "a third letter": b"p",
    "a letter less": b"\x7f",
    "by meaning": b"\t",
    "to the list": b"\r",
    "first": b"g",
    "clear the search": b"\x1b",
    "types": b"F",
    "toggle a type": b"\x1b[C ",
    "back to the list": b"2",
    "sort": b"s",
    "last": b"G",
    "detail": b"3",
    "scroll the detail": b"j",
    "scope": b"1",
    "only one": b"jj\r",
    "undo the stage": b"2gu",
}


class Seen:
    """A terminal as a person sees it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)

    def feed(self, written: bytes) -> None:
        self._stream.feed(written)

    def rows(self) -> list[list[tuple[object, ...]]]:
        """Each cell's character and colours, without the line in which a cursor blinks."""
        blinking = self.screen.cursor.y
        return [
            [(cell.data, cell.fg, cell.bg, cell.bold, cell.reverse) for cell in self._cells(y)]
            for y in range(ROWS)
            if y != blinking
        ]

    def _cells(self, y: int) -> list[pyte.screens.Char]:
        return [self.screen.buffer[y][x] for x in range(COLUMNS)]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    store = tmp_path / "m.db"
    fill(store)
    return [sys.executable, "-m", "mem0_tui", "--store", str(store)]


def test_no_line_is_forgotten(command: list[str]) -> None:
    wrong = ""
    for _ in range(ATTEMPTS):
        wrong = forgotten(command)
        if not wrong:
            return
    pytest.fail(wrong)


def test_what_a_key_leaves_alone_is_not_painted(command: list[str]) -> None:
    with Terminal(command, COLUMNS, ROWS) as terminal:
        opened(terminal)
        for keys in (b"\x1b[B", b" "):
            assert not PANE_TOPS.is_touched(terminal.send(keys, QUIET)), keys
        terminal.send(b"F", QUIET)
        for keys in (b"\x1b[C", b" "):
            assert not PANE_TOPS.is_touched(terminal.send(keys, QUIET)), keys


def opened(terminal: Terminal) -> Seen:
    """What is seen once the program shows its memories and rests."""
    seen = Seen()
    for _ in range(60):
        seen.feed(terminal.rest(1.0))
        if any("Everything" in line for line in seen.screen.display):
            return seen
    raise AssertionError(seen.screen.display)


def outlive_notices(terminal: Terminal, seen: Seen) -> None:
    """Wait until no notice is seen, for one that goes between two looks is no forgotten line."""
    for _ in range(60):
        if not any(NOTICE in line for line in seen.screen.display):
            return
        seen.feed(terminal.rest(QUIET))


def forgotten(command: list[str]) -> str:
    """After which key which lines are not what they should be."""
    with Terminal(command, COLUMNS, ROWS) as terminal:
        seen = opened(terminal)
        for name, keys in KEYS.items():
            seen.feed(terminal.send(keys, QUIET))
            outlive_notices(terminal, seen)
            found = seen.rows()
            terminal.resize(COLUMNS + 1, ROWS, 0.1)
            seen.feed(terminal.resize(COLUMNS, ROWS, QUIET))
            whole = seen.rows()
            wrong = [row for row, there in zip(found, whole, strict=True) if row != there]
            if wrong:
                shown = ["".join(str(cell[0]) for cell in row).rstrip() for row in wrong]
                return f"after {name!r}: {shown}"
    return ""
