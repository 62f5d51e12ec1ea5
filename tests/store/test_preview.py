"""The first rows, read past everything else: the same as the store itself lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store.preview import newest_rows
from mem0_tui.store.store import open_store

pytestmark = pytest.mark.anyio


async def test_it_shows_what_the_store_lists_first(tmp_path: Path) -> None:
    store = open_store(tmp_path / "memories.db", FrozenClock(DEMO_NOW), durable=False)
    gone = Memory("gone", "expired", created_at=DEMO_NOW, expires_on=DEMO_NOW.date())
    lone = Memory("lone", "x" * 3000, Scope(), created_at=DEMO_NOW + timedelta(days=1))
    try:
        await store.restore([*generate(80, 3, now=DEMO_NOW), gone, lone])
        tomorrow = DEMO_NOW.date() + timedelta(days=1)
        rows = newest_rows(tmp_path / "memories.db", tomorrow, 30)
        listed = [m for m in await store.window(limit=31) if m.id != "gone"]
    finally:
        store.close()
    assert [(row.text, row.kind, row.pinned, row.created_at) for row in rows] == [
        (m.text[:1000], m.kind, m.pinned, m.created_at) for m in listed
    ]
    assert rows[0].home == "–"
    assert [row.home for row in rows[1:]] == [
        m.scope.app_id or m.scope.run_id or m.scope.agent_id or m.scope.user_id for m in listed[1:]
    ]


def test_it_is_silent_about_a_store_that_is_missing_or_damaged(tmp_path: Path) -> None:
    today = datetime(2026, 1, 1, tzinfo=UTC).date()
    assert newest_rows(tmp_path / "none.db", today, 10) == []
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("no database " * 1000)
    assert newest_rows(tmp_path / "text.db", today, 10) == []
    assert newest_rows(tmp_path, today, 10) == []
