"""Keys on the screen, against fzf, DataTable and OptionList, in a real terminal."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mem0_tui.demo.generator import generate
from mem0_tui.model.text import one_line
from tests.perf.filling import fill
from tests.perf.terminal import Area, Terminal

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEYS = 40
PAIRS = 60
"""Arrow keys that our list and a DataTable get in turn, so that a busy moment hits both."""
_UP, _DOWN, _PAGE_UP, _PAGE_DOWN = b"\x1b[A", b"\x1b[B", b"\x1b[5~", b"\x1b[6~"
LIST = Area(6, 22, 26, 90)
"""Where the rows are on a terminal of 120 by 40: what is beside them may come later."""

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


SIZES = (1_000, 10_000, 100_000)


def run(folder: Path) -> None:
    """Print how the screen compares."""
    for line in measure(folder):
        print(line, flush=True)


def measure(folder: Path) -> Iterator[str]:
    """The lines that :func:`run` prints."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    environ = environ_of(folder)
    for size in SIZES:
        store, lines = store_of(folder, size)
        command = [sys.executable, "-m", "mem0_tui", "--store", str(store), "--backend", "local"]
        table = [*script(folder, "table.py", TABLE), str(lines)]
        yield from _keys("mem0-tui", command, environ, size)
        yield from _others(folder, lines, size)
        yield from _arrows("the indexer at work", command, table, environ, size)
        _index(store)
        yield from _arrows("all indexed", command, table, environ, size)
        yield f"fill    {size:>9,} memories: {asyncio.run(fill(store, lines))}"
        yield f"loop    {size:>9,} memories: {asyncio.run(lateness(store, folder))}"


def _others(folder: Path, lines: Path, size: int) -> Iterator[str]:
    if shutil.which("fzf"):
        command = ["sh", "-c", f"fzf --no-sort -e < {lines}"]
        yield from _keys("fzf --no-sort -e", command, {}, size, extended=False)
    options = [*script(folder, "options.py", OPTIONS), str(lines)]
    yield from _fill("OptionList", options, size)


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
        terminal.rest(1.0)
        size_mb = terminal.resident() / 1e6
        area = LIST if extended else None
        arrow, page = (_DOWN, _PAGE_DOWN) if extended else (_UP, _PAGE_UP)
        measured = {
            "arrow": _press(terminal, arrow, area),
            "page": _press(terminal, page, area, quiet=0.25),
        }
        if extended:
            measured["mark"] = _press(terminal, b" ", area, quiet=0.25)
            terminal.press(b"F")
            terminal.press(b"\x1b[C")
            measured["type toggle"] = _press(terminal, b" ", area, quiet=0.25)
            terminal.press(b"/")
        typed = []
        for _ in range(4):
            for letter in b"deploy":
                typed.append(terminal.press(bytes([letter]), area=area))
                terminal.settle(0.3)
            for _ in b"deploy":
                terminal.press(b"\x7f")
            terminal.settle(0.3)
        measured["typed letter"] = typed
        shown = ", ".join(f"{key} {_quantiles(values)}" for key, values in measured.items())
        yield f"keys    {size:>9,} {name}: {shown}; {size_mb:.0f} MB"


def _arrows(
    name: str, ours: Sequence[str], table: Sequence[str], environ: dict[str, str], size: int
) -> Iterator[str]:
    """Arrow keys beside a DataTable of the same rows: at the top, and where each scrolls."""
    with Terminal(ours, environ=environ) as here, Terminal(table) as there:
        here.until_output()
        there.until_output()
        there.settle(3.0, timeout=300)
        here.rest(1.0)  # by then the memories have been looked through, too
        back_and_forth = [*[_DOWN] * 10, *[_UP] * 10] * (PAIRS // 20)
        yield _pairs(f"at the top, {name}", here, there, back_and_forth, size)
        for terminal in (here, there):
            terminal.press(_PAGE_DOWN)
            terminal.settle(0.3)
        yield _pairs(f"at the lower end, {name}", here, there, [_DOWN] * PAIRS, size)


def _pairs(name: str, ours: Terminal, table: Terminal, keys: Sequence[bytes], size: int) -> str:
    times: tuple[list[float], list[float]] = ([], [])
    for key in keys:
        for terminal, found, area in ((ours, times[0], LIST), (table, times[1], None)):
            found.append(terminal.press(key, area=area))
            terminal.settle(0.15, timeout=1.0)
    p50, p95 = (_share(times[0], share) / _share(times[1], share) for share in (0.5, 0.95))
    shown = f"{_quantiles(times[0])} against {_quantiles(times[1])}"
    return f"arrow   {size:>9,} {name}: DataTable = 1.00: {p50:.2f} / {p95:.2f} ({shown})"


def _index(store: Path) -> None:
    """Give each memory a vector, so that the indexer has nothing to do."""
    from mem0_tui.store.embedding.embedder import load_embedder
    from mem0_tui.store.store import open_store
    from tests.perf.stores import give_vectors

    opened = open_store(store, durable=False)
    give_vectors(opened, load_embedder().model_id)
    opened.close()


def _fill(name: str, command: Sequence[str], size: int) -> Iterator[str]:
    with Terminal(command) as terminal:
        terminal.until_output()
        try:
            terminal.settle(3.0, timeout=90)
            arrows = _quantiles(_press(terminal, _DOWN))
        except TimeoutError:
            yield f"keys    {size:>9,} {name}: takes no key yet after it was given its rows"
            return
        yield f"keys    {size:>9,} {name}: arrow {arrows}; {terminal.resident() / 1e6:.0f} MB"


def _press(
    terminal: Terminal, key: bytes, area: Area | None = None, quiet: float = 0.08
) -> list[float]:
    times = []
    for _ in range(KEYS):
        times.append(terminal.press(key, area=area))
        terminal.settle(quiet, timeout=1.0)
    return times


def _quantiles(times: Sequence[float]) -> str:
    return f"{_share(times, 0.5) * 1000:.1f}/{_share(times, 0.95) * 1000:.1f} ms"


def _share(times: Sequence[float], share: float) -> float:
    """The time that *share* of *times* do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def script(folder: Path, name: str, text: str) -> list[str]:
    """The command that runs *text*, which is Python, from *folder*."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [sys.executable, str(path)]


def environ_of(folder: Path) -> dict[str, str]:
    """Variables with which nothing of the user's is read or written."""
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {**{name: str(folder) for name in names}, "MEM0_API_KEY": "", "PATH": os.environ["PATH"]}


def store_of(folder: Path, size: int) -> tuple[Path, Path]:
    """A store of *size* memories, and the same memories as lines of a file."""

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


async def lateness(store: Path, folder: Path) -> str:
    """How late the event loop wakes up while a query is typed and while deletes are applied."""
    from mem0_tui.backends.library.local import LocalLibrary
    from mem0_tui.backends.local import LocalBackend
    from mem0_tui.codex import diagnose, scan
    from mem0_tui.curator.service import Curator
    from mem0_tui.model.change import Delete
    from mem0_tui.model.clock import SystemClock
    from mem0_tui.store.journal.journal import Journal
    from mem0_tui.store.store import open_store
    from mem0_tui.tui.app import Mem0App
    from mem0_tui.tui.parts import Parts

    clock = SystemClock()
    backend = LocalBackend(open_store(store, durable=False))
    journal = Journal(folder / "journal.db", clock=clock)
    curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
    library = LocalLibrary(backend.store)
    app = Mem0App(
        Parts(library, lambda: curator, lambda: diagnose(scan(home=folder)), clock.now, "perf", "")
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(1.0)
        late: list[float] = []
        await pilot.press("slash")
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(_watch(late))
            for letter in "deploy token refresh":
                await pilot.press("space" if letter == " " else letter)
            typed, late[:] = _quantiles(late), []
            keys = await library.keys(limit=500)
            doomed = [Delete(memory.id) for memory in (await library.memories(keys)).values()]
            await curator.apply(await curator.plan(doomed, include_pinned=True))
            applied = _quantiles(late)
            watching.cancel()
    journal.close()
    await backend.aclose()
    return f"late while typing {typed}, while applying {len(doomed)} deletes {applied}"


async def _watch(late: list[float]) -> None:
    while True:
        wanted = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - wanted)
