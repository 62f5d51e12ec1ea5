"""Listing and filtering 100,000 memories through the backend, against SQLite's own rows."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, MetadataKey, Op
from mem0_tui.model.page import Sort
from mem0_tui.model.query import parse
from mem0_tui.store.rows import COLUMNS
from tests.perf.measure import compared, heading, timed_together
from tests.perf.stores import filled, open_filled

_COUNT = 100_000
_GOAL = "at most 2"
_SEPTEMBER = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp() * 1_000_000)


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    condition: Filter
    sql: str
    """What a hand-written query for the same rows would say after FROM."""
    sort: Sort = Sort.NEWEST
    limit: int = 100
    looked_at: bool = False
    """Whether a field that is parsed when it is looked at is, in every memory."""


def _query(text: str) -> Filter:
    return parse(text).filter(DEMO_NOW)


_CASES = (
    _Case("page of 100, newest first", EVERYTHING, "memories ORDER BY created_at DESC, id"),
    _Case(
        "page of 100, and all metadata parsed", EVERYTHING,
        "memories ORDER BY created_at DESC, id", looked_at=True,
    ),
    _Case(
        "page of 1,000, newest first", EVERYTHING, "memories ORDER BY created_at DESC, id",
        limit=1000,
    ),
    _Case(
        "one app and type", _query("app:shop-api type:decision"),
        "memories WHERE app_id = 'shop-api' AND type = 'decision' ORDER BY created_at DESC, id",
    ),
    _Case(
        "words", _query("checkout umlauts"),
        "memories WHERE text LIKE '%checkout%' AND text LIKE '%umlauts%'"
        " ORDER BY created_at DESC, id",
    ),
    _Case(
        "created since September", _query("created:2026-09.."),
        f"memories WHERE created_at >= {_SEPTEMBER} ORDER BY created_at DESC, id",
    ),
    _Case(
        "a metadata value", Compare(MetadataKey("branch"), Op.IS, "develop"),
        "memories WHERE json_extract(metadata, '$.branch') = 'develop'"
        " ORDER BY created_at DESC, id",
    ),
    _Case(
        "low confidence, by confidence", Compare(Field.CONFIDENCE, Op.LT, 0.8),
        "memories WHERE confidence < 0.8 ORDER BY confidence DESC, id", sort=Sort.CONFIDENCE,
    ),
)  # fmt: skip


def run(folder: Path) -> None:
    """Compare each way of listing; ours makes Memory objects, whose JSON and dates are parsed when
    they are first looked at, and counts all rows as well."""
    heading(f"List and filter {_COUNT:,} memories, against raw SQLite rows of the same file")
    backend = LocalBackend(open_filled(folder, _COUNT))
    connection = sqlite3.connect(filled(folder, _COUNT))
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        for case in _CASES:
            ours, raw = timed_together(
                _listing(loop, backend, case), _reading(connection, case), calls=25
            )
            compared(case.name, ours, raw, "" if case.looked_at else _GOAL)
        loop.run_until_complete(backend.aclose())
    connection.close()


def _listing(
    loop: asyncio.AbstractEventLoop, backend: LocalBackend, case: _Case
) -> Callable[[], object]:
    def listed() -> object:
        page = backend.list(case.condition, sort=case.sort, limit=case.limit, include_expired=True)
        found = loop.run_until_complete(page)
        return [memory.metadata for memory in found.items] if case.looked_at else found

    return listed


def _reading(connection: sqlite3.Connection, case: _Case) -> Callable[[], object]:
    statement = f"SELECT {COLUMNS} FROM {case.sql} LIMIT {case.limit}"
    return lambda: connection.execute(statement).fetchall()
