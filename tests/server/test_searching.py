"""Search through the server with the packaged model: what was just added is found by meaning."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mem0_tui.server.requests.add import read_add
from mem0_tui.server.requests.query import read_search
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


TEXTS = (
    "数据库迁移必须先在预发布环境运行",
    "所有代码都要经过评审才能合并",
    "데이터베이스를 화요일에 옮긴다",
    "Deploys go out on Tuesday",
    "The vérité branch is stale",
    "Tokens are signed with RS256",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("数据库", [0]),
        ("评审", [1]),
        ("审", [1]),
        ("데이터베이스", [2]),
        ("部署", []),
        ("ＶＥＲＩＴＥ", [4]),
    ],
)
async def test_the_threshold_keeps_out_what_does_not_hold_the_words(
    tmp_path: Path, query: str, found: list[int]
) -> None:
    service = open_service(tmp_path / "memories.db")
    for text in TEXTS:
        body = {
            "messages": [{"role": "user", "content": text}],
            "user_id": "kim",
            "infer": False,
        }
        await service.add(read_add(body), note="", actor="codex")
    asked = {"query": query, "filters": {"user_id": "kim"}, "threshold": 0.3}
    hits = await service.search(read_search(asked))
    assert [hit.memory.text for hit in hits] == [TEXTS[number] for number in found]
    for filters in (
        {"user_id": "kim", "keywords": query},
        {"AND": [{"user_id": "kim"}, {"text": {"icontains": query}}]},
    ):
        kept = await service.search(read_search({**asked, "threshold": 0, "filters": filters}))
        assert {hit.memory.text for hit in kept} == {TEXTS[number] for number in found}
    service.close()
