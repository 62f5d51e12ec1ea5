"""What a server does not show in full: said by `list` and `stats`, refused where all is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.wire.memory import memory_to_wire
from tests.cli.conftest import Program
from tests.support.faulty import holding
from tests.support.loopback import loopback
from tests.support.memories import memory

ROWS = [memory_to_wire(memory(number, type="decision")) for number in range(1, 4)]


@pytest.fixture
def repeating(program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program on a server that gives its first page for every page."""
    server = holding(*(memory(number) for number in range(1, 4)))

    async def again(request: Request) -> Response | None:
        if request.url.path != "/v3/memories/":
            return None
        return JSONResponse({"count": None, "next": "more", "previous": None, "results": ROWS})

    server.faults.append(again)
    monkeypatch.setenv("MEM0_API_KEY", "m0-key")
    with loopback(server.app()) as url:
        program.options = ("--url", url, "--write")
        yield program


WHY = "Incomplete: page 2 of the server repeats earlier ones."


def test_a_list_shows_what_came_and_says_what_is_missing(repeating: Program) -> None:
    shown = repeating("list", "--all")
    assert "at least 3 memories" in shown.err
    assert WHY in shown.err
    assert "these 3 are app:shop-api user:kim" in shown.err
    ids = repeating("list", "--all", "--ids")
    assert len(ids.out.split()) == 3
    assert WHY in ids.err
    document = repeating.json("list", "--all")
    assert (document["total"], document["complete"]) == (None, False)
    assert document["missing"] == ["page 2 of the server repeats earlier ones"]


def test_counts_are_at_least(repeating: Program) -> None:
    shown = repeating("stats")
    assert "at least 3 memories" in shown.out
    assert WHY in shown.err
    document = repeating.json("stats")
    assert (document["total"], document["complete"]) == (None, False)


def test_what_needs_all_memories_is_refused(repeating: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    place = tmp_path / "backup"
    needing = (("export", str(path)), ("rm", "--query", "number", "--yes"), ("backup", str(place)))
    for words in needing:
        refused = repeating(*words)
        assert refused.code == 4
        assert "3 memories came, and there may be more: page 2" in refused.err
        assert "narrow it down" in refused.err
    assert not path.exists()
    assert not place.exists()
