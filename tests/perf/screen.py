"""The screen against a bare Textual app, fzf, DataTable and OptionList, in a real terminal."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mem0_tui.demo.generator import generate
from mem0_tui.model.text import one_line
from tests.perf.terminal import Terminal

NOW = datetime(2026, 11, 1, tzinfo=UTC)
STARTS = 7
KEYS = 40

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""
TABLE = """
import sys
from textual.app import App
from textual.widgets import DataTable
class Table(App):
    def compose(self):
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("memory")
        with open(sys.argv[1], encoding="utf-8") as lines:
            table.add_rows((line.rstrip("\\n").replace("[", "("),) for line in lines)
Table().run()
"""
OPTIONS = """
import sys
from textual.app import App
from textual.content import Content
from textual.widgets import OptionList
class Options(App):
    def compose(self):
        with open(sys.argv[1], encoding="utf-8") as lines:
            yield OptionList(*(Content(line.rstrip("\\n")) for line in lines))
Options().run()
"""


def run(sizes: Sequence[int] = (400, 100_000)) -> Iterator[str]:
    """Lines that say how the screen compares; takes minutes for the large sizes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hello = _script(folder, "hello.py", HELLO)
        base = _median(lambda: _start(hello, b"hello world"))
        yield f"start   hello-world app: {base * 1000:.0f} ms (1.00)"
        for size in sizes:
            store, lines = _store(folder, size)
            command = [
                sys.executable,
                "-m",
                "mem0_tui",
                "--store",
                str(store),
                "--backend",
                "local",
            ]
            yield from _starts(command, _environ(folder), base, size)
            yield from _keys("mem0-tui", command, _environ(folder), size)
            yield from _others(folder, lines, size)


def _others(folder: Path, lines: Path, size: int) -> Iterator[str]:
    if shutil.which("fzf"):
        command = ["sh", "-c", f"fzf --no-sort -e < {lines}"]
        yield from _keys("fzf --no-sort -e", command, {}, size, extended=False)
    if size <= 100_000:
        table = [*_script(folder, "table.py", TABLE), str(lines)]
        options = [*_script(folder, "options.py", OPTIONS), str(lines)]
        yield from _fill("DataTable", table, size)
        yield from _fill("OptionList", options, size)


def _starts(
    command: Sequence[str], environ: dict[str, str], base: float, size: int
) -> Iterator[str]:
    first = _median(lambda: _start_frame(command, environ))
    useful = _median(lambda: _start(command, b"words", environ))
    yield (
        f"start   {size:>9,} memories: first frame {first / base:.2f},"
        f" first useful frame {useful / base:.2f}"
    )


def _keys(
    name: str,
    command: Sequence[str],
    environ: dict[str, str],
    size: int,
    *,
    extended: bool = True,
) -> Iterator[str]:
    with Terminal(command, environ=environ) as terminal:
        terminal.until_output()
        terminal.settle(1.0)
        size_mb = terminal.resident() / 1e6
        down = b"\x1b[B" if extended else b"\x1b[A"
        measured = {"arrow": _press(terminal, [down])}
        pages = [b"\x1b[6~", b"\x1b[5~"] if extended else [b"\x1b[5~", b"\x1b[6~"]
        measured["page"] = _press(terminal, pages, quiet=0.25)
        if extended:
            measured["mark"] = _press(terminal, [b" "], quiet=0.25)
            terminal.press(b"/")
        typed = []
        for _ in range(4):
            for letter in b"deploy":
                typed.append(terminal.press(bytes([letter])))
                terminal.settle(0.3)
            for _ in b"deploy":
                terminal.press(b"\x7f")
            terminal.settle(0.3)
        measured["typed letter"] = typed
        shown = ", ".join(f"{key} {_quantiles(values)}" for key, values in measured.items())
        yield f"keys    {size:>9,} {name}: {shown}; {size_mb:.0f} MB"


def _fill(name: str, command: Sequence[str], size: int) -> Iterator[str]:
    with Terminal(command) as terminal:
        terminal.until_output()
        try:
            terminal.settle(3.0, timeout=90)
        except TimeoutError:
            yield f"keys    {size:>9,} {name}: not filled after 90 s"
            return
        arrows = _quantiles(_press(terminal, [b"\x1b[B"]))
        yield f"keys    {size:>9,} {name}: arrow {arrows}; {terminal.resident() / 1e6:.0f} MB"


def _press(terminal: Terminal, keys: Sequence[bytes], quiet: float = 0.08) -> list[float]:
    times = []
    for n in range(KEYS):
        times.append(terminal.press(keys[n % len(keys)]))
        terminal.settle(quiet, timeout=1.0)
    return times


def _quantiles(times: Sequence[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(ordered) * 1000:.1f}/{p95 * 1000:.1f} ms"


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(STARTS))


def _start(command: Sequence[str], wanted: bytes, environ: dict[str, str] | None = None) -> float:
    with Terminal(command, environ=environ or {}) as terminal:
        return terminal.until(wanted)


def _start_frame(command: Sequence[str], environ: dict[str, str]) -> float:
    with Terminal(command, environ=environ) as terminal:
        return terminal.until_output()


def _script(folder: Path, name: str, text: str) -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [sys.executable, str(path)]


def _environ(folder: Path) -> dict[str, str]:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {**{name: str(folder) for name in names}, "MEM0_API_KEY": "", "PATH": os.environ["PATH"]}


def _store(folder: Path, size: int) -> tuple[Path, Path]:
    """A store of *size* memories, and the same memories as lines of a file."""
    import asyncio

    from mem0_tui.store.store import open_store

    path, lines = folder / f"{size}.db", folder / f"{size}.txt"
    store = open_store(path, durable=False)
    with lines.open("w", encoding="utf-8") as file:
        batch = []
        for memory in generate(size, now=NOW):
            file.write(one_line(memory.text[:400]) + "\n")
            batch.append(memory)
            if len(batch) == 2000:
                asyncio.run(store.restore(batch))
                batch = []
        if batch:
            asyncio.run(store.restore(batch))
    store.close()
    return path, lines


if __name__ == "__main__":
    for line in run(tuple(map(int, sys.argv[1:])) or (400, 100_000)):
        print(line, flush=True)
