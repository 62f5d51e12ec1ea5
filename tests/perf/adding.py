"""Adding memories, durably, against plain SQLite rows that are as durable."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import uuid4

from mem0_tui.backends.local import LocalBackend
from mem0_tui.demo.generator import generate
from mem0_tui.model.memory import Draft
from mem0_tui.store.store import open_store
from tests.perf.measure import heading, rate

_SINGLE = 300
_BATCH = 1_000
_BATCHES = 4
_TOGETHER = 16
_NUMBERS = count()


def run(folder: Path) -> None:
    """Compare single adds, many at a time, and batches of 1,000."""
    heading("Adds per second with synchronous=FULL, against a plain table in raw SQLite")
    drafts = [Draft.again(memory) for memory in generate(6_000) if len(memory.text) < 4_000]
    backend = LocalBackend(open_store(folder / f"adding-{next(_NUMBERS)}.db"))
    raw = _raw_database(folder / f"raw-{next(_NUMBERS)}.db")
    with asyncio.Runner() as runner:
        single, plain = _alternating(
            lambda part: runner.run(_one_by_one(backend, part)),
            lambda part: _insert_one_by_one(raw, part),
            _parts(drafts, _SINGLE // 3),
            rounds=3,
        )
        rate("single adds, one after the other", single, plain, "a second", "at least 0.5")
        many, plain = _alternating(
            lambda part: runner.run(_many_at_a_time(backend, part)),
            lambda part: _insert_one_by_one(raw, part),
            _parts(drafts, _SINGLE),
            rounds=3,
        )
        rate(f"single adds, {_TOGETHER} at a time", many, plain, "a second")
        batched, plain = _alternating(
            lambda part: runner.run(_together(backend, part)),
            lambda part: _insert_together(raw, part),
            _parts(drafts, _BATCH),
            rounds=_BATCHES,
        )
        rate(f"batches of {_BATCH:,}", batched, plain, "a second")
        runner.run(backend.aclose())
    raw.close()


def _parts(drafts: list[Draft], size: int) -> Iterator[list[Draft]]:
    for start in count(0, size):
        at = start % (len(drafts) - size)
        yield drafts[at : at + size]


def _alternating(
    ours: Callable[[list[Draft]], None],
    plain: Callable[[list[Draft]], None],
    parts: Iterator[list[Draft]],
    *,
    rounds: int,
) -> tuple[float, float]:
    """Adds per second of both, taking turns; the best round of each."""
    best = [0.0, 0.0]
    for _ in range(rounds):
        for number, work in enumerate((ours, plain)):
            part = next(parts)
            start = time.perf_counter()
            work(part)
            best[number] = max(best[number], len(part) / (time.perf_counter() - start))
    return best[0], best[1]


async def _one_by_one(backend: LocalBackend, drafts: list[Draft]) -> None:
    for draft in drafts:
        await backend.add(draft)


async def _many_at_a_time(backend: LocalBackend, drafts: list[Draft]) -> None:
    waiting = iter(drafts)

    async def worker() -> None:
        for draft in waiting:
            await backend.add(draft)

    await asyncio.gather(*(worker() for _ in range(_TOGETHER)))


async def _together(backend: LocalBackend, drafts: list[Draft]) -> None:
    await backend.store.add_many(drafts)


def _raw_database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE memories (id TEXT PRIMARY KEY, text TEXT, user_id TEXT, app_id TEXT,"
        " metadata TEXT, created_at INTEGER)"
    )
    return connection


def _row(draft: Draft) -> tuple[object, ...]:
    metadata = json.dumps(dict(draft.metadata))
    scope = draft.scope
    return str(uuid4()), draft.text, scope.user_id, scope.app_id, metadata, time.time_ns() // 1000


_INSERT = "INSERT INTO memories VALUES (?, ?, ?, ?, ?, ?)"


def _insert_one_by_one(connection: sqlite3.Connection, drafts: list[Draft]) -> None:
    for draft in drafts:
        connection.execute(_INSERT, _row(draft))


def _insert_together(connection: sqlite3.Connection, drafts: list[Draft]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT, map(_row, drafts))
    connection.execute("COMMIT")
