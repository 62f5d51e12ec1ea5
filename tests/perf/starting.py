"""The start of the screen in a real terminal, against the hello-world app of Textual.

Each figure is the time from the start of the process, the hello-world app's first frame = 1.00, as
the ratio of the medians and of the fastest; and the same of the processor's time, which tells more
on a busy machine.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mem0_tui.store.preview import newest_rows
from tests.perf.measure import fact, heading
from tests.perf.terminal import PATIENCE, Terminal
from tests.perf.tui import NOW, environ_of, script, store_of

SIZES = (1_000, 100_000, 1_000_000)
STARTS = 7
_GOALS = {
    "rows": "1.0",
    "a key is acted on": "1.55",
    "scopes and counts": "1.6, from 100,000 on 1.8",
}

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""


class Moment(NamedTuple):
    """When something was first to be seen."""

    seconds: float
    processor: float
    """Seconds of the processor that the process had used."""


def run(folder: Path) -> None:
    """Print how the start compares; takes ten minutes, nearly all of them to make the stores."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    hello, environ = script(folder, "hello.py", HELLO), environ_of(folder)
    for size in SIZES:
        store, _ = store_of(folder, size)
        command = [sys.executable, "-m", "mem0_tui", "--store", str(store), "--backend", "local"]
        base, ours = [], []
        for _ in range(STARTS + 1):  # the first of each reads files that are in memory later
            base.append(_moments(hello, {}, {"frame": b"hello world"})["frame"])
            ours.append(_moments(command, environ, _marks(store), key_at="rows"))
        one = statistics.median(moment.seconds for moment in base[1:])
        heading(f"The start with {size:,} memories; a hello-world app = 1.00 = {one * 1000:.0f} ms")
        for name in ours[0]:
            moments = [each[name] for each in ours[1:]]
            median = statistics.median(moment.seconds for moment in moments) / one
            fastest, used = (_ratio(moments, base, index) for index in range(2))
            shown = f"{median:5.2f}   fastest {fastest:5.2f}   processor {used:5.2f}"
            fact(name, shown, _GOALS.get(name, ""))


def _ratio(ours: Sequence[Moment], base: Sequence[Moment], index: int) -> float:
    return min(each[index] for each in ours) / min(each[index] for each in base[1:])


def _marks(store: Path) -> dict[str, bytes]:
    """What is written when something is first to be seen, as expressions."""
    rows = newest_rows(store, NOW.date(), 2)
    first, second = (re.escape(row.text[:12].encode()) for row in rows)
    return {
        "rows": first,
        "the main screen": b"words,",
        "a key is acted on": rb"\x1b\[1;[0-9;]*m[^\x1b]*" + second,  # the cursor's row is bold
        "scopes and counts": rb"Users(?s:.*)\xe2\x97\x8fAll|\xe2\x97\x8fAll(?s:.*)Users",
    }


def _moments(
    command: Sequence[str],
    environ: Mapping[str, str],
    marks: Mapping[str, bytes],
    *,
    key_at: str = "",
) -> dict[str, Moment]:
    """When each of *marks* was there; at *key_at*, the key that moves the cursor down is sent."""
    found: dict[str, Moment] = {}
    seen = b""
    with Terminal(command, environ=environ) as terminal:
        begun = time.perf_counter()
        while len(found) < len(marks):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(f"{marks.keys() - found.keys()} never came")
            seen += terminal._read(0.05)
            for name, mark in marks.items():
                if name not in found and re.search(mark, seen):
                    found[name] = Moment(time.perf_counter() - begun, terminal.processor())
                    if name == key_at:
                        os.write(terminal._fd, b"\x1b[B")
    return {name: found[name] for name in marks}
