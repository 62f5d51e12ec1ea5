"""Why a query finds nothing: the part that is to blame is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.reader import Reader
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.model.query import parse
from mem0_tui.store.store import open_store

pytestmark = pytest.mark.anyio

DRAFTS = [
    Draft("Run pytest with --maxfail=1", Scope(app_id="shop-api"), {"type": "decision"}),
    Draft("pytest takes --maxfail and -x", Scope(app_id="shop-api"), {"type": "convention"}),
    Draft("数据库迁移", Scope(app_id="infra"), {"type": "decision", "branch": "main"}),
]


async def hints(tmp_path: Path, text: str) -> list[str]:
    backend = LocalBackend(open_store(tmp_path / "m.db", durable=False))
    await backend.add_many(DRAFTS)
    reader = Reader(backend, clock=SystemClock())
    query = parse(text)
    page = await reader.list(query)
    found = list(await reader.hints(query, found=bool(page.items)))
    await backend.aclose()
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pytest -maxfail", ["-maxfail leaves out all 2 matches"]),
        ("数据库 -迁移", ["-迁移 leaves out the only match"]),
        ("pytest -run -takes", ["-run -takes together leave out all 2 matches"]),
        ("type:decison", ["no memory has type:decison; did you mean type:decision?"]),
        ("pytest branch:man", ["no memory has branch:man"]),
        ("pytest zebra", ["no memory holds zebra"]),
        ("pytest zebra gnu branch:x", ["no memory holds zebra or gnu", "no memory has branch:x"]),
        ("zebra", []),
        ("used:0", ["what Codex did is not recorded here, so used:0 finds nothing"]),
        ("pytest app:infra", []),
        ("pytest", []),
        (
            "pytest -type:desision",
            [
                "-type:desision leaves out nothing: no memory has type:desision;"
                " did you mean type:decision?"
            ],
        ),
    ],
)
async def test_the_part_that_finds_nothing_is_named(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    assert await hints(tmp_path, text) == said
