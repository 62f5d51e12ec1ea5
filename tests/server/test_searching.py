"""Search through the server with the packaged model: what was just added is found by meaning."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mem0_tui.server.adding import read_add
from mem0_tui.server.asking import read_search
from mem0_tui.server.service import open_service

pytestmark = pytest.mark.anyio

ASK = {
    "query": "which database do we use for orders?",
    "filters": {"user_id": "kim"},
    "threshold": 0.3,
}


async def test_searches_that_come_together_all_find_by_meaning(tmp_path: Path) -> None:
    service = open_service(tmp_path / "memories.db")
    body = {
        "messages": [{"role": "user", "content": "We use PostgreSQL for orders"}],
        "user_id": "kim",
        "infer": False,
    }
    await service.add(read_add(body), note="", actor="codex")
    answers = await asyncio.gather(*(service.search(read_search(ASK)) for _ in range(4)))
    found = [[hit.memory.text for hit in hits] for hits in answers]
    assert found == [["We use PostgreSQL for orders"]] * 4
    service.close()
