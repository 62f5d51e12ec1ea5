"""The real Codex's own MCP client calls every tool of a real ``mem0-tui serve``, and the app shows
and prunes what it stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import parse
from mem0_tui.store.journal.journal import Journal
from mem0_tui.wire.tools import TOOLS
from tests.codex.appserver import Codex, app_server
from tests.codex.conversation import converse, use
from tests.codex.homes import KEY, Home
from tests.codex.model import call, say, standin
from tests.codex.test_against_codex import real_home
from tests.support.serving import Serving, serving

pytestmark = pytest.mark.codex


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "data" / "memories.db"


@pytest.fixture
def server(store: Path) -> Iterator[Serving]:
    options = ("--port", "0", "--api-key", KEY, "--default-user", "kim")
    with serving(store, options) as running:
        running.key = KEY
        running.warm_up()
        yield running


@pytest.fixture
def home(tmp_path: Path, codex: str, server: Serving) -> Home:
    made = real_home(tmp_path, codex)
    made.url = f"{server.url}/mcp"
    made.option_a()
    return made


class Thread:
    """One thread of Codex, and the tools in it."""

    def __init__(self, codex: Codex, home: Home) -> None:
        self._codex = codex
        given = {"cwd": str(home.cwd), "ephemeral": True}
        self._id = codex.ask("thread/start", given)["result"]["thread"]["id"]

    def result(self, tool: str, **arguments: Any) -> dict[str, Any]:
        given = {"threadId": self._id, "server": "mem0", "tool": tool, "arguments": arguments}
        answer = self._codex.ask("mcpServer/tool/call", given)
        assert "result" in answer, answer
        found: dict[str, Any] = answer["result"]
        return found

    def __call__(self, tool: str, **arguments: Any) -> Any:
        result = self.result(tool, **arguments)
        text = result["content"][0]["text"]
        assert not result.get("isError"), text
        return json.loads(text)

    def refused(self, tool: str, **arguments: Any) -> str:
        result = self.result(tool, **arguments)
        assert result["isError"] is True
        return str(result["content"][0]["text"])


def curated(store: Path, journal: Path, *, delete: str = "") -> list[Memory]:
    """What the app shows of *store*; the memory with the text *delete* is deleted first."""

    async def work() -> list[Memory]:
        clock = SystemClock()
        backend = open_backend("local", BackendOptions(store_path=store))
        kept = Journal(journal, clock=clock)
        curator = Curator(backend, kept, clock=clock, snapshot_folder=journal.parent / "snapshots")
        found = list(await curator.collect(parse("")))
        if delete:
            (doomed,) = (memory for memory in found if memory.text == delete)
            report = await curator.apply(await curator.plan([Delete(doomed.id)]))
            assert report.complete
        trash = {entry.memory.text: entry.by for entry in await curator.trash()}
        assert all(by == "codex-mcp-client" for text, by in trash.items() if text != delete)
        kept.close()
        await backend.aclose()
        return found

    return asyncio.run(work())


def test_codex_lists_every_tool_with_its_key_accepted(home: Home) -> None:
    with app_server(home) as codex:
        status = codex.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly"})["result"]
    (mem0,) = status["data"]
    assert (mem0["name"], mem0["authStatus"], mem0["toolsError"]) == ("mem0", "bearerToken", None)
    assert set(mem0["tools"]) == {tool.name for tool in TOOLS}


def test_all_tools_work_and_the_app_sees_what_they_did(
    home: Home, store: Path, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.db"
    with app_server(home) as codex:
        tool = Thread(codex, home)
        kinds = {
            "Orders are kept in PostgreSQL": "decision",
            "Branches are named after the ticket": "convention",
            "Kim wants short answers": "user_preference",
        }
        for text, kind in kinds.items():
            metadata = {"type": kind, "confidence": 1.0}
            tool("add_memory", text=text, metadata=metadata, app_id="shop", infer=False)
        scratch = tool("add_memory", text="scratch", user_id="tmp", infer=False)["results"][0]["id"]
        for user in ("tmp2", "tmp3"):
            tool("add_memory", text=f"of {user}", user_id=user, infer=False)

        (hit, *_) = tool("search_memories", query="where are orders kept?", top_k=3)["results"]
        assert hit["memory"] == "Orders are kept in PostgreSQL"
        page = tool("get_memories", filters={"AND": [{"user_id": "kim"}, {"app_id": "shop"}]})
        assert page["count"] == 3
        assert tool("get_memory", memory_id=f"mem0:{hit['id'][:8]}")["id"] == hit["id"]
        tool("update_memory", memory_id=hit["id"], text="Orders are kept in PostgreSQL 18")
        tool("delete_memory", memory_id=scratch)
        assert tool("delete_all_memories", user_id="tmp2")["deleted"] == 1
        assert tool("delete_entities", user_id="tmp3")["deleted"] == 1
        assert "everything" in tool.refused("delete_all_memories")
        assert "several" in tool.refused("delete_entities", user_id="kim", app_id="shop")
        names = {row["name"] for row in tool("list_entities")["results"]}
        assert {"kim", "shop"} <= names
        assert not names & {"tmp3"}
        assert tool("list_events")["count"] >= 6

        found = curated(store, journal, delete="Kim wants short answers")
        assert {(m.text, m.type, m.scope.app_id) for m in found} == {
            ("Orders are kept in PostgreSQL 18", "decision", "shop"),
            ("Branches are named after the ticket", "convention", "shop"),
            ("Kim wants short answers", "user_preference", "shop"),
        }
        hits = tool("search_memories", query="Kim wants short answers", threshold=0)["results"]
        assert "Kim wants short answers" not in {row["memory"] for row in hits}
        assert hits


def test_a_model_that_nobody_watches_may_read_and_add_but_not_delete(
    home: Home, store: Path, tmp_path: Path
) -> None:
    def uses(tool: str, **arguments: Any) -> list[dict[str, Any]]:
        return [call(tool, arguments, namespace="mcp__mem0")]

    script = (
        uses("add_memory", text="Kept without asking", infer=False),
        uses("search_memories", query="kept without asking"),
        uses("delete_all_memories", user_id="kim"),
        [say("Done.")],
    )
    with standin(*script) as model:
        use(home, model)
        with app_server(home) as codex:
            converse(codex, home).say("Remember that, look for it, and forget everything.")
    outputs = [
        str(item["output"])
        for item in model.requests[-1]["input"]
        if item.get("type") == "function_call_output"
    ]
    assert len(outputs) == 3
    assert "SUCCEEDED" in outputs[0]
    assert "Kept without asking" in outputs[1]
    assert "requires approval" in outputs[2]
    (found,) = curated(store, tmp_path / "journal.db")
    assert found.text == "Kept without asking"
