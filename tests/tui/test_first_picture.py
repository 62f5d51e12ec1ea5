"""In a real terminal: the picture that is there before Textual is, and the way back from it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import termios

from tests.perf.terminal import PATIENCE, Terminal
from tests.tui.test_dying import fill

ENTER, LEAVE, CLEAR = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[2J"
PICTURE = ENTER + b"\x1b[?25l\x1b[1;1H"
"""How the picture begins; Textual does other things once it has entered the screen."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "memories.db"
    fill(path)
    return path


def started(path: Path, **environ: str) -> Terminal:
    return Terminal([sys.executable, "-m", "mem0_tui", "--store", str(path)], 100, 30, environ)


def written(terminal: Terminal, wanted: bytes, seen: bytes = b"") -> bytes:
    """What was written, until *wanted* is in it."""
    deadline = time.monotonic() + PATIENCE
    while wanted not in seen:
        assert time.monotonic() < deadline, f"{wanted!r} never came"
        seen += terminal._read(0.05)
    return seen


def test_it_stays_until_the_screen_is_there_and_keeps_what_is_typed(store: Path) -> None:
    with started(store) as terminal:
        before = termios.tcgetattr(terminal._fd)
        seen = written(terminal, b"decision")
        assert not termios.tcgetattr(terminal._fd)[3] & termios.ECHO
        os.write(terminal._fd, b"/type:decision\r")
        seen = written(terminal, b"find: words", seen)
        assert PICTURE in seen
        assert seen.count(ENTER) == 1, "a terminal that enters it again is blank"
        assert CLEAR not in seen
        seen = written(terminal, b"of 400", seen)
        os.write(terminal._fd, b"q")
        written(terminal, LEAVE, seen)
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(terminal._fd) != before:
            assert time.monotonic() < deadline, "the terminal line is not as the shell left it"
            time.sleep(0.01)


def test_an_error_is_told_on_the_terminal_as_it_was(tmp_path: Path) -> None:
    broken = tmp_path / "memories.db"
    broken.write_bytes(b"no database" * 1000)
    with started(broken) as terminal:
        before = termios.tcgetattr(terminal._fd)
        seen = written(terminal, b"--salvage")
        assert seen.index(ENTER) < seen.index(LEAVE) < seen.index(b"--salvage")
        assert termios.tcgetattr(terminal._fd) == before


def test_it_has_neither_colours_nor_more_than_ascii_where_those_are_not_wanted(store: Path) -> None:
    with started(store, NO_COLOR="1", MEM0_TUI_ASCII="1") as terminal:
        seen = written(terminal, b"decision")
        picture = seen[seen.index(ENTER) :]
        assert picture.isascii()
        assert b"38;" not in picture
        assert b"+-" in picture


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "dumb"}, {"TEXTUAL_COLOR_SYSTEM": "256"}],
    ids=lambda each: next(iter(each)),
)
def test_a_terminal_that_is_not_known_well_is_left_to_textual(
    store: Path, environ: dict[str, str]
) -> None:
    with started(store, **environ) as terminal:
        seen = written(terminal, b"find: words")
        assert seen.count(ENTER) == 1
        assert PICTURE not in seen


def test_without_a_terminal_nothing_is_drawn() -> None:
    code = (
        "import os; from mem0_tui.tui.startup.opened_terminal import opened_terminal\n"
        "with opened_terminal(os.environ) as terminal: print(terminal)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    assert done.stdout == b"None\n"
    assert done.stderr == b""
