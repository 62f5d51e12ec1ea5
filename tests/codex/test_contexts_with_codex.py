"""The hooks in subagents, after reverts and in forks of the real Codex."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.hooks.notes import SUMMARY
from tests.codex.appserver import app_server
from tests.codex.conversation import converse, use
from tests.codex.homes import Home
from tests.codex.model import call, say, standin
from tests.codex.test_against_codex import real_home
from tests.codex.test_plugin_with_codex import DECISION, add, installer, served, stored, trust
from tests.support.hurry import ENOUGH, hooks_have
from tests.support.serving import KEY, Serving

__all__ = ["served"]

pytestmark = pytest.mark.codex

NEWEST = "0.171.0"
GOAL = "Please make the nightly build of the shop faster."
TASK = "Please find out in depth why the linker runs twice: which database holds the orders?"
SAID = "The build takes half the time now; the linker runs once and all tests pass."


@pytest.fixture
def home(tmp_path: Path, codex_program: Callable[[str], str], served: Serving) -> Home:
    made = real_home(tmp_path, codex_program(NEWEST))
    made.environ |= {"MEM0_TUI_SERVE_KEY": KEY, "USER": f"kim-{tmp_path.name}"}
    made.environ |= {"SHELL": "/bin/sh", **hooks_have(ENOUGH)}
    installer(made, "install", "--yes", "--url", served.url)
    trust(made)
    return made


def writes(name: str, call_id: str) -> dict[str, Any]:
    """The model adds a file."""
    patch = f"*** Begin Patch\n*** Add File: {name}\n+x\n*** End Patch"
    command = f"apply_patch <<'EOF'\n{patch}\nEOF"
    return {**call("exec_command", {"cmd": command}), "call_id": call_id}


def notes(served: Serving, home: Home) -> dict[str, list[str]]:
    """The lines of the note of each session."""
    found = stored(served, SUMMARY, user=home.environ["USER"])
    return {note["metadata"]["session_id"]: note["memory"].splitlines() for note in found}


def test_a_subagent_neither_takes_the_note_nor_uses_up_what_is_shown(
    home: Home, served: Serving
) -> None:
    add(served, DECISION, "environmental", user=home.environ["USER"])

    def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
        given = [item for item in request["input"] if item.get("type") == "function_call_output"]
        if any(TASK in json.dumps(item) for item in request["input"] if "role" in item):
            return [[writes("linker.mk", "s1")], [say("It is called twice.")]][bool(given)]
        if not given:
            spawned = call("spawn_agent", {"message": TASK}, namespace="multi_agent_v1")
            return [{**spawned, "call_id": "m1"}]
        if len(given) == 1:
            (agent,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", json.dumps(given[0]["output"]))
            waiting = {"targets": [agent], "timeout_ms": 60_000}
            return [{**call("wait_agent", waiting, namespace="multi_agent_v1"), "call_id": "m2"}]
        return [[writes("build.mk", "m3")], [say(SAID)]][len(given) > 2]

    with standin() as model:
        model.choose = answer
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say(GOAL)
            model.choose = None
            talk.say("Which database holds the orders, by the way?")
    (note,) = notes(served, home).values()
    assert note == [
        f"Session in work: {GOAL}",
        "Then asked: Which database holds the orders, by the way?",
        "Changed: build.mk, linker.mk",
        "Outcome: done",
    ]
    of_helper = [text for text in map(json.dumps, model.requests) if TASK in text.split("spawn")[0]]
    assert any(DECISION in text for text in of_helper)
    assert DECISION in model.told(-1)


def test_a_note_covers_what_was_before_and_after_a_revert(home: Home, served: Serving) -> None:
    answers = []
    for number, name in enumerate(("first.mk", "second.mk", "third.mk")):
        answers += [[writes(name, f"c{number}")], [{**say(f"{name} is there."), "id": name}]]
    with standin(*answers) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say(GOAL)
            talk.revert(talk.say("Now do all of that once more, please."))
            talk.say("Now write it down in the manual, please.")
            thread = talk.thread
    rollouts = sorted((home.codex_home / "sessions").rglob("*.jsonl"))
    assert [thread in path.name for path in rollouts] == [True, True]
    assert notes(served, home) == {
        thread: [
            f"Session in work: {GOAL}",
            "Then asked: Now write it down in the manual, please.",
            "Changed: first.mk, second.mk, third.mk",
            "Outcome: third.mk is there.",
        ]
    }


def test_a_fork_leaves_a_note_of_its_own(home: Home, served: Serving) -> None:
    add(served, DECISION, "decision", user=home.environ["USER"])
    answers = [[writes("first.mk", "c1")], [say("The first is there.")]]
    answers += [[writes("second.mk", "c2")], [say("The second is there.")]]
    with standin(*answers) as model:
        use(home, model)
        with app_server(home) as codex:
            talk = converse(codex, home)
            talk.say(GOAL)
            fork = talk.fork()
            fork.say("Which database holds the orders? Try the other way here.")
    found = notes(served, home)
    assert found[talk.thread][1:] == ["Changed: first.mk", "Outcome: The first is there."]
    assert found[fork.thread] == [
        "Session in work: Which database holds the orders? Try the other way here.",
        "Changed: second.mk",
        "Outcome: The second is there.",
    ]
    # It was in the context already, for a fork begins with what its origin was told.
    assert model.told(-1).count(DECISION) == 1
