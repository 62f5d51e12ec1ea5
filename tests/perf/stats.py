"""The statistics of a million memories, against SQLite's own ``count(*) … GROUP BY``."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.reader import Reader
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.query import Query, parse
from mem0_tui.presenting.stats.picture import picture
from mem0_tui.presenting.stats.sketch import Face
from mem0_tui.presenting.stats.statistics import Statistics, cells_of, statistics
from mem0_tui.store import tallies
from tests.perf.measure import compared, fact, heading, timed, timed_together
from tests.perf.stores import filled, open_filled

_COUNT = int(os.environ.get("MEM0_TUI_STATS_ROWS", "1000000"))
_GOAL = "at most 100 ms"
_DAYS = "SELECT created_at / 86400000000, count(*) FROM memories GROUP BY 1"
_KINDS = "SELECT kind, count(*) FROM memories GROUP BY kind"
_FACE = Face(lambda text, cells: text[:cells].ljust(cells))


def run(folder: Path) -> None:
    """Compare the statistics of all memories with single statements of raw SQLite."""
    heading(f"Statistics of {_COUNT:,} memories, against raw SQLite on the same file")
    store = open_filled(folder, _COUNT)
    reader = Reader(LocalBackend(store), clock=FrozenClock(DEMO_NOW))
    raw = sqlite3.connect(filled(folder, _COUNT))
    with asyncio.Runner() as runner:
        first = timed(lambda: store.database.write(_forget).result(), calls=1)
        fact("counting all of them in, once", f"{first.median * 1000:8.0f} ms")

        def shown() -> Statistics:
            found, _ = runner.run(reader.count(Query()))
            return statistics(Query(), found, DEMO_NOW.date())

        for name, statement in (("days", _DAYS), ("kinds", _KINDS)):
            ours, theirs = timed_together(shown, _read(raw, statement))
            compared(f"all numbers, against the {name} alone", ours, theirs, _GOAL)
        fact("all numbers, time of the processor alone", f"{_busy(shown) * 1000:8.2f} ms", _GOAL)
        drawn = timed(lambda: picture(shown(), 140, _FACE))
        fact("all numbers, and the picture of them", f"{drawn.median * 1000:8.2f} ms", _GOAL)
        asked = timed(lambda: runner.run(reader.count(parse("app:shop-api"))), calls=3)
        fact("the memories of one app, counted one by one", f"{asked.median * 1000:8.0f} ms")
        wrong = [
            cell
            for cell in cells_of(shown())
            if runner.run(reader.list(parse(cell.query), limit=1)).total != cell.count
        ]
        fact("numbers that the list does not find", f"{len(wrong)} of {len(cells_of(shown()))}")
    store.close()
    raw.close()


def _forget(connection: sqlite3.Connection) -> None:
    """Count all memories anew."""
    connection.execute("DELETE FROM tallies")
    tallies.count_in(connection)


def _busy(work: Callable[[], object], calls: int = 15) -> float:
    """Seconds that this process computes for one call at best, whatever else the machine does."""
    seconds = []
    for _ in range(calls):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _read(raw: sqlite3.Connection, statement: str) -> Callable[[], object]:
    return lambda: raw.execute(statement).fetchall()
