"""How often the store is read for what a person does: each answer is awaited before the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tui.harness import SIZE, Bench, bench, press, settle

pytestmark = pytest.mark.anyio

LIBRARY = ("keys", "memories", "kind_counts", "entities", "total", "keys_of", "revision")
BACKEND = ("get", "get_many", "history", "damaged_texts", "search", "list", "count", "info")


def counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The reads of library and backend from now on, by name."""
    reads: Counter[str] = Counter()

    def watch(owner: Any, name: str) -> None:
        read: Callable[..., Any] = getattr(owner, name)

        def counting(*args: Any, **named: Any) -> Any:
            reads[name] += 1
            return read(*args, **named)

        monkeypatch.setattr(owner, name, counting)

    for owner, names in ((bench.parts.library, LIBRARY), (bench.backend, BACKEND)):
        for name in names:
            watch(owner, name)
    return reads


async def test_a_letter_of_a_query_reads_rows_and_counts_and_no_scopes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, count=600) as desk:
        reads = counted(desk, monkeypatch)
        async with desk.app().run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "slash")
            for letter in "th":
                reads.clear()
                await press(pilot, letter)
                del reads["revision"]  # a clock asks for it, whatever is typed
                assert reads.total() <= 5, reads
                assert not reads.keys() & {"entities", "total"}, reads


async def test_scopes_and_total_are_read_again_once_something_has_changed(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = counted(desk, monkeypatch)
    async with desk.app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a")
        reads.clear()
        await press(pilot, "y")
        assert reads["entities"] == reads["total"] == 1
        assert reads["keys"] <= 2
