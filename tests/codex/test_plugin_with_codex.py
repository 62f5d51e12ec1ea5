"""The real Codex installs this program's plugin, lists all of it once, and runs its hooks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex.facts.servers import TOOLS
from mem0_tui.hooks.exchange import exchange
from mem0_tui.hooks.server import MemoryServer
from tests.codex.appserver import app_server, trust_all
from tests.codex.conversation import converse, use
from tests.codex.homes import Home
from tests.codex.model import call, say, standin
from tests.codex.program import program
from tests.codex.test_against_codex import real_home
from tests.support.hurry import ENOUGH, hooks_have
from tests.support.serving import KEY, Serving, serving

pytestmark = pytest.mark.codex

DECISION = "We chose PostgreSQL over MySQL for the orders database"
QUESTION = "Which database holds the orders? Please add a currency column there."
SAID = "I added the column to the orders table in PostgreSQL, with a migration; tests pass."
PATCH = (
    "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: orders.sql\n"
    "+alter table orders add currency text;\n*** End Patch\nEOF"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def home(tmp_path: Path, codex: str) -> Home:
    made = real_home(tmp_path, codex)
    made.environ |= {"MEM0_TUI_SERVE_KEY": KEY, **hooks_have(ENOUGH)}
    made.environ["SHELL"] = "/bin/sh"
    return made


def installer(home: Home, *words: str) -> str:
    """Run ``mem0-tui codex`` in *home*."""
    return program(home, "codex", *words)


def trust(home: Home) -> None:
    """Trust the hooks once they have the time that they need on a busy machine: Codex gives them
    five seconds."""
    for file in home.codex_home.rglob("hooks.json"):
        given = file.read_text(encoding="utf-8")
        file.write_text(given.replace('"timeout": 5', f'"timeout": {2 * ENOUGH}'), encoding="utf-8")
    trust_all(home)


def add(served: Serving, text: str, kind: str, *, user: str = "kim") -> None:
    body = {
        "messages": [{"role": "user", "content": text}],
        "user_id": user,
        "app_id": "work",
        "metadata": {"type": kind},
        "infer": False,
    }
    ask(served, "POST", "/v3/memories/add/", body)


def stored(served: Serving, kind: str, *, user: str = "kim") -> list[dict[str, Any]]:
    filters = {"AND": [{"user_id": user}, {"metadata": {"type": kind}}]}
    return list(ask(served, "POST", "/v3/memories/?page_size=100", {"filters": filters})["results"])


def ask(served: Serving, method: str, path: str, body: object) -> Any:
    import time

    status, answer = exchange(
        MemoryServer(served.url, KEY), method, path, body, time.monotonic() + 300
    )
    assert status == 200, answer
    return answer


def test_codex_takes_the_package_itself_as_a_marketplace(home: Home) -> None:
    with as_file(files("mem0_tui") / "plugin") as folder:
        home.run("plugin", "marketplace", "add", str(folder))
        added = json.loads(home.run("plugin", "add", "mem0-tui@mem0-tui", "--json"))
        assert added["pluginId"] == "mem0-tui@mem0-tui"
        check_listed(home)


def check_listed(home: Home) -> None:
    """Codex lists plugin, skills and hooks, each once, without a complaint."""
    with app_server(home) as codex:
        here = {"cwds": [str(home.cwd)]}
        hooks = codex.ask("hooks/list", here)["result"]["data"][0]
        skills = codex.ask("skills/list", here)["result"]["data"][0]
        installed = codex.ask("plugin/installed")["result"]
    events = ["preCompact", "sessionStart", "userPromptSubmit", "stop"]
    assert [hook["eventName"] for hook in hooks["hooks"]] == events
    assert (hooks["warnings"], hooks["errors"]) == ([], [])
    ours = [skill["name"] for skill in skills["skills"] if skill.get("pluginId")]
    assert ours == ["mem0-tui:mem0-sdk", "mem0-tui:memory-protocol"]
    assert skills["errors"] == []
    assert installed["marketplaceLoadErrors"] == []
    (plugin,) = (p for m in installed["marketplaces"] for p in m["plugins"] if p["installed"])
    assert (plugin["id"], plugin["enabled"]) == ("mem0-tui@mem0-tui", True)


def test_the_installed_plugin_brings_every_tool_once(home: Home, served: Serving) -> None:
    installer(home, "install", "--yes", "--url", served.url)
    check_listed(home)
    with app_server(home) as codex:
        status = codex.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly"})["result"]
    (server,) = status["data"]
    assert (server["name"], server["pluginId"]) == ("mem0", "mem0-tui@mem0-tui")
    assert server["toolsError"] is None
    assert set(TOOLS) <= set(server["tools"])
    reading = {"search_memories", "get_memories", "get_memory", "list_entities"}
    for name in reading:
        assert server["tools"][name]["annotations"]["readOnlyHint"] is True


def test_hooks_recall_and_note_in_a_real_session(home: Home, served: Serving) -> None:
    add(served, DECISION, "decision")
    add(served, "Somebody left the currency work half done", "session_state")
    installer(home, "install", "--yes", "--url", served.url)
    trust(home)
    answers = (
        [call("exec_command", {"cmd": PATCH})],
        [say(SAID)],
        [say("It is called currency, as you asked.")],
        [say("HANDOFF")],
        [say("Nothing is left to do.")],
    )
    with standin(*answers) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say(QUESTION)
            first = model.told(0)
            talk.say("What is the new column called, by the way?")
            talk.compact()
            talk.say("And what is left to do about the currencies?")

    assert {status for _, status in talk.ran} == {"completed"}
    assert [event for event, _ in talk.ran] == [
        *("sessionStart", "userPromptSubmit", "stop"),
        *("userPromptSubmit", "stop"),
        "preCompact",
        *("sessionStart", "userPromptSubmit", "stop"),
    ]
    # What the model was told before it said a word: state and decision, each once.
    assert first.count(DECISION) == 1
    assert first.count("Somebody left the currency work half done") == 1
    assert 'user_id="kim" app_id="work"' in first
    # After the compaction it is told again, now with where this session stood.
    last = model.told(-1)
    assert "Unfinished session in work: Which database holds the orders?" in last
    assert "Stands at: It is called currency, as you asked." in last

    (summary,) = stored(served, "session_summary")
    assert summary["memory"].startswith(f"Session in work: {QUESTION}\n")
    assert "Changed: orders.sql" in summary["memory"]
    assert summary["memory"].endswith("Outcome: Nothing is left to do.")
    (ours,) = (m for m in stored(served, "session_state") if "Unfinished" in m["memory"])
    for memory in (summary, ours):
        assert DECISION not in memory["memory"]
        assert "HANDOFF" not in memory["memory"]


def test_a_prompt_brings_what_it_is_about(home: Home, served: Serving) -> None:
    installer(home, "install", "--yes", "--url", served.url)
    trust(home)
    with standin([say("Hello.")], [say("Every Thursday.")]) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say("hello")
            add(served, "Releases go out every Thursday at noon", "environmental")
            talk.say("When do our releases go out?")
    assert "every Thursday at noon" not in model.told(0)
    assert model.told(1).count("every Thursday at noon") == 1


def test_hooks_beside_a_server_in_config_toml(home: Home, served: Serving) -> None:
    add(served, DECISION, "decision")
    installer(home, "install", "--yes", "--mcp", "--hooks", "--url", served.url)
    trust(home)
    with standin([say("PostgreSQL.")]) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say(QUESTION)
    assert talk.ran == [
        ("sessionStart", "completed"),
        ("userPromptSubmit", "completed"),
        ("stop", "completed"),
    ]
    assert model.told(0).count(DECISION) == 1


def test_without_the_server_a_turn_goes_on(home: Home) -> None:
    installer(home, "install", "--yes", "--url", "http://127.0.0.1:9")
    trust(home)
    with standin([say("Fine.")]) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say("Do something that needs no memory, please.")
    assert {status for _, status in talk.ran} == {"completed"}
    assert len(talk.ran) == 3
    assert "mem0-memory" not in model.told(0)


def test_without_mem0_tui_a_turn_goes_on(home: Home, served: Serving) -> None:
    installer(home, "install", "--yes", "--url", served.url)
    cached = home.codex_home / "plugins/cache/mem0-tui/mem0-tui"
    (program,) = cached.glob("*/hooks/program")
    program.write_text("/nowhere/mem0-tui\n")
    home.environ["PATH"] = os.pathsep.join(
        folder
        for folder in home.environ["PATH"].split(os.pathsep)
        if not os.path.exists(os.path.join(folder, "mem0-tui"))
    )
    trust(home)
    with standin([say("Fine.")]) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say("Do something that needs no memory, please.")
    assert {status for _, status in talk.ran} == {"completed"}
    assert "mem0-memory" not in model.told(0)
