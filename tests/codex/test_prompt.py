"""What Codex would be given for a prompt, where the files alone tell it or a server is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest

from mem0_tui.backends.base import BackendInfo
from mem0_tui.cli.composition.planned_state import planned_state
from mem0_tui.codex.capture.lanes import Lanes, read_lanes
from mem0_tui.codex.facts.paths import find_homes
from mem0_tui.codex.prompt import preview
from mem0_tui.codex.prompt.block import PromptBlock, SourcePreview
from mem0_tui.codex.prompt.former_plugin import former_block
from mem0_tui.codex.prompt.former_sentences import (
    JOIN,
    UnknownScriptError,
    asks_to_resume,
    sentences,
)
from mem0_tui.codex.prompt.planned import Planned
from mem0_tui.codex.prompt.plugin_block import PluginSearch, arranged
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.hooks.exchange import exchange
from mem0_tui.hooks.server import MemoryServer
from mem0_tui.model.change import Delete, Edit, Merge, Restore, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.presenting.prompt import source_lines
from mem0_tui.presenting.spans import texts
from tests.codex.homes import Home
from tests.codex.plugin3 import Evidence
from tests.support.serving import KEY, Serving, serving

PROMPT = "Where do the orders of the shop live, please?"
PATIENCE = 300.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Plugin 0.3, trusted, with a key and a service that nobody offers."""
    made = Home(tmp_path)
    python = Path(made.environ["PATH"]) / "python3"
    python.unlink()
    python.symlink_to(sys.executable)
    made.environ |= {"MEM0_API_URL": "http://127.0.0.1:9", "MEM0_API_KEY": KEY}
    made.option_b3()
    made.trust()
    return made


def only(home: Home, prompt: str = PROMPT, planned: Planned | None = None) -> SourcePreview:
    """The one source there is."""
    [found] = preview(home.scan(), prompt, planned, patience=PATIENCE)
    return found


def test_nothing_installed_is_no_source(tmp_path: Path) -> None:
    assert preview(Home(tmp_path).scan(), PROMPT) == []


def test_a_service_that_does_not_answer_is_named(home: Home) -> None:
    found = only(home)
    assert (found.source, found.moment) == ("plugin-0.3", "prompt")
    assert found.now.text is None
    assert "127.0.0.1:9" in found.now.nothing


def test_a_prompt_that_the_plugin_does_not_search_for(home: Home) -> None:
    assert "20 characters" in only(home, "Where are they?").now.nothing


def test_hooks_that_are_not_trusted_give_nothing(tmp_path: Path) -> None:
    made = Home(tmp_path)
    made.option_b3()
    assert "untrusted" in only(made).now.nothing


def test_no_key(home: Home) -> None:
    del home.environ["MEM0_API_KEY"]
    assert "no key" in only(home).now.nothing


def test_capture_that_is_paused_recalls_nothing(home: Home) -> None:
    Evidence(home.data3).paused(days=1)
    assert "paused" in only(home).now.nothing


def test_a_first_memory_that_is_too_long_is_cut_and_keeps_its_branch(home: Home) -> None:
    homes = find_homes(home.folder, cwd=home.cwd, environ={"MEM0_CODE_MAX_CONTEXT_CHARS": "9"})
    rows: list[dict[str, object]] = [
        {"id": "a", "memory": "word " * 400, "metadata": {"branch": "Currency"}},
        {"id": "b", "memory": "Another"},
    ]
    block = arranged(PluginSearch(list(rows), 0.1), homes)
    assert block.text is not None
    assert len(block.text) <= 1_000, "the least that the setting may be"
    assert block.text.endswith("word… [learnt on branch Currency]")
    assert [entry.id for entry in block.entries] == ["a"]


def test_records_of_tasks_and_blank_memories_are_left_out(home: Home) -> None:
    homes = find_homes(home.folder, cwd=home.cwd, environ={})
    rows: list[dict[str, object]] = [
        {"id": "a", "memory": "An episode", "metadata": {"record_kind": "task_episode"}},
        {"id": "b", "memory": " \n "},
        {"id": "c", "memory": "Orders\n live  here", "metadata": {"branch": "MAIN"}},
    ]
    block = arranged(PluginSearch(list(rows), 3.0), homes)
    assert block.text is not None
    assert block.text.splitlines()[1:] == ["1. Orders live here"]
    assert any("gives up after 2 s" in note for note in block.notes)


def test_a_search_of_a_folder_is_narrowed_to_it() -> None:
    lanes = Lanes("kim", "shop", ("shop-1", "shop"))
    inside = {"metadata": {"dirs": {"contains": "src/http"}}}
    assert lanes.within("src/http") == {
        "OR": [
            {
                "AND": [
                    {"OR": [{"AND": [{"agent_id": a}, {"app_id": "shop"}]} for a in lanes.shared]},
                    inside,
                ]
            },
            {"AND": [{"user_id": "kim"}, {"app_id": "shop"}]},
        ]
    }


def test_plugin_0_2_gives_the_beginnings_of_five_memories(tmp_path: Path, served: Serving) -> None:
    made = Home(tmp_path)
    made.environ |= {"MEM0_API_KEY": KEY, "USER": "kim-0-2"}
    homes = find_homes(made.folder, cwd=made.cwd, environ=made.environ)
    app = read_lanes(homes, made.environ).app
    for number in range(7):
        body = {
            "messages": [{"role": "user", "content": f"Orders of the shop, part {number} " * 9}],
            "user_id": "kim-0-2",
            "app_id": app,
            "metadata": {"type": "decision"},
            "infer": False,
        }
        server = MemoryServer(served.url, KEY)
        status, _ = exchange(server, "POST", "/v3/memories/add/", body, monotonic() + PATIENCE)
        assert status == 200
    script = tmp_path / "on_user_prompt.sh"
    script.write_text("print(format(results, heading='Relevant memories (found for this)'))\n")

    def block(planned: Planned | None = None) -> PromptBlock:
        deadline = monotonic() + PATIENCE
        return former_block(str(script), homes, PROMPT, deadline, planned, url=served.url)

    now = block()
    assert now.text is not None
    heading, blank, *lines = now.text.split("\n")
    assert (heading, blank) == ("### Relevant memories (found for this)", "")
    assert [len(line) for line in lines] == [
        len("- [decision] ") + 200 + len(" [mem0:12345678]")
    ] * 5
    after = block(Planned(frozenset({now.entries[0].id}))).entries
    assert [entry.id for entry in after[:4]] == [entry.id for entry in now.entries[1:]]
    assert len(after) == 5
    script.write_text("echo a version that only tells the model to search\n")
    assert "tells the model to search" in block().nothing


SCRIPT = r"""
ALREADY=""
HAS_ERROR=""
if echo "$PROMPT" | grep -qE '(Traceback|panic:)'; then
  HAS_ERROR="true"
elif [ "$(echo "$PROMPT" | grep -cE '(Error:|FAIL:)')" -ge 2 ]; then
  HAS_ERROR="true"
fi

FILE_PATHS=$(echo "$PROMPT" | grep -oE '([a-z./-]+\.(py|md))\b' 2>/dev/null | head -2 || echo "")

HAS_REMEMBER=""
if echo "$PROMPT" | grep -qiE '(keep (this|that) in mind)'; then
  HAS_REMEMBER="true"
fi

HAS_RESUME=""
if echo "$PROMPT" | grep -qiE '(where did we stop)'; then
  HAS_RESUME="true"
fi
_PROMPT_CTX=""
RUBRIC_ALREADY_SHOWN=""
  if [ -n "$PREFETCH_RESULTS" ]; then
    _PROMPT_CTX="${_PROMPT_CTX:+${_PROMPT_CTX}\n}${PREFETCH_RESULTS}"
  fi
# heading='Relevant memories (found for this)'

if [ -n "$HAS_REMEMBER" ]; then
  _PROMPT_CTX="${_PROMPT_CTX:+${_PROMPT_CTX}\n}Somebody wants this kept, it's said."
fi

if [ -z "$RUBRIC_ALREADY_SHOWN" ]; then
  _PROMPT_CTX="${_PROMPT_CTX:+${_PROMPT_CTX}\n}Search before you answer -- always."
  touch "$RUBRIC_FLAG" 2>/dev/null || true
fi

if [ -n "$HAS_ERROR" ]; then
  _PROMPT_CTX="${_PROMPT_CTX:+${_PROMPT_CTX}\n}There is an error in it."
fi

if [ -n "$FILE_PATHS" ]; then
  _PROMPT_CTX="${_PROMPT_CTX:+${_PROMPT_CTX}\n}Files named: ${FILE_PATHS}"
fi
printf %s "$_PROMPT_CTX"
"""
"""A script of the shape of plugin 0.2.13's, with other patterns and sentences."""


@pytest.mark.parametrize(
    "prompt",
    [
        "Which database holds the orders?",
        "Keep THIS in mind: a/b.py and c.md\nand d.py\nTraceback of it",
        "Two of them\nError: one\nFAIL: two\nin e.md",
        "Only one\nError: one in the whole text",
    ],
)
@pytest.mark.parametrize("found", ["### Found\n\n- [decision] One", ""])
def test_plugin_0_2_says_its_own_sentences_as_its_script_does(prompt: str, found: str) -> None:
    environ = {"PROMPT": prompt, "PREFETCH_RESULTS": found, "PATH": os.environ["PATH"]}
    told = subprocess.run(["bash", "-c", SCRIPT], env=environ, capture_output=True, check=True)
    parts = ([found] if found else []) + sentences(SCRIPT, prompt)
    assert JOIN.join(parts) == told.stdout.decode()


def test_what_another_script_of_plugin_0_2_says_is_not_guessed() -> None:
    for script in ("echo something", SCRIPT.replace("Search before", "$(date) before")):
        with pytest.raises(UnknownScriptError):
            sentences(script, PROMPT)
    assert asks_to_resume(SCRIPT, "Please say: where did we stop?")
    assert not asks_to_resume(SCRIPT, PROMPT)


def test_what_a_plan_does_to_what_is_given() -> None:
    def memory(id_: str) -> Memory:
        return Memory(id_, f"Text of {id_}", Scope(user_id="kim"))

    old = date(2020, 1, 1)
    merged = Draft("Both", Scope(user_id="kim"))
    items = (
        PlanItem(Delete("a"), (memory("a"),)),
        PlanItem(Update("b", Edit(text="New")), (memory("b"),)),
        PlanItem(Update("c", Edit(scope=Scope(user_id="eva"))), (memory("c"),)),
        PlanItem(Update("d", Edit(expires_on=old)), (memory("d"),)),
        PlanItem(Update("e", Edit(metadata={"type": "decision"})), (memory("e"),)),
        PlanItem(Merge(merged, ("f", "g"), keep="f"), (memory("f"), memory("g"))),
        PlanItem(Restore(memory("h"))),
    )
    plan = Plan("p", datetime(2026, 11, 30, tzinfo=UTC), BackendInfo("local", "x"), items)
    planned = planned_state(plan)
    assert planned.gone == {"a", "c", "d", "g"}
    assert planned.texts == {"b": "New", "f": "Both"}
    assert planned.kinds == {"e": "decision"}
    assert (planned.added, planned.moved) == (1, 1)


def test_what_is_shown_is_plain_text_without_secrets() -> None:
    hostile = "1. \x1b[31mred\x1b[0m [bold]x[/bold] password=correct-horse-battery"
    found = SourcePreview("plugin-0.3", "mem0@mem0-plugins", "prompt", PromptBlock(hostile))
    shown = "\n".join(texts(source_lines(found, "/home/kim")))
    assert "\x1b" not in shown
    assert "correct-horse" not in shown
    assert "[bold]x[/bold]" in shown
