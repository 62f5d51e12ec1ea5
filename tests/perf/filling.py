"""How long a list takes to be given all its rows: ours, Textual's DataTable and its OptionList.

Only the calls that hand over the rows are timed; what the widgets do with them afterwards, at their
first paint, comes on top of their time and not of ours, so the ratio is on the safe side.
"""

from __future__ import annotations

import time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import DataTable, OptionList

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.clock import SystemClock
from mem0_tui.review.row_window import RowWindow
from mem0_tui.store.store import open_store
from mem0_tui.tui.widgets.memory_list import MemoryList

_SHOWN = 120
"""Memories that are read along with the order of all rows."""


class _Lists(App[None]):
    def compose(self) -> ComposeResult:
        yield MemoryList(SystemClock().now)
        yield DataTable[str](cursor_type="row")
        yield OptionList()


async def fill(store: Path, lines: Path) -> str:
    """The times of all three for the same memories, with the reading of theirs left out."""
    opened = open_store(store, durable=False)
    library = LocalLibrary(opened)
    texts = [line.rstrip("\n") for line in lines.open(encoding="utf-8")]
    app = _Lists()
    async with app.run_test(size=(120, 40)):
        begun = time.perf_counter()
        keys = await library.keys()
        read = time.perf_counter()
        known = await library.memories(keys[:_SHOWN])
        app.query_one(MemoryList).show(RowWindow(keys, known=known))
        ours, order = time.perf_counter() - begun, read - begun
        table = app.query_one(DataTable)
        table.add_columns("memory")
        begun = time.perf_counter()
        table.add_rows((text.replace("[", "("),) for text in texts)
        tabled = time.perf_counter() - begun
        begun = time.perf_counter()
        app.query_one(OptionList).add_options(Content(text) for text in texts)
        listed = time.perf_counter() - begun
    opened.close()
    shown = ours - order
    return (
        f"{ours * 1000:.1f} ms with the order of all rows read, {shown * 1000:.1f} ms without;"
        f" DataTable {tabled / ours:.0f} and {tabled / shown:.0f} times as long,"
        f" OptionList {listed / ours:.0f} and {listed / shown:.0f}   goal at least 100 at 100,000"
    )
