"""Whole turns of the real Codex with plugin 0.3 on a real ``mem0-tui serve``.

The plugin is a stand-in written from what the real one was seen to do: its manifest, hooks,
requests, database, command and MCP server; Codex, server and store are real.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.codex.appserver import app_server
from tests.codex.conversation import converse, use
from tests.codex.liveserver import bad
from tests.codex.model import Model, call, patch, say, standin
from tests.codex.shop import APP, LANE, USER, Shop, open_shop
from tests.support.serving import Serving, serving

pytestmark = [pytest.mark.codex, pytest.mark.slow]

QUESTION = "Which database holds the orders? Please add a currency column there."
ANSWER = "The orders are in PostgreSQL; I added the column currency to them with a migration."
FRAME = "Mem0 found these relevant memories from earlier work in this repository:"
PATCH = """\
*** Begin Patch
*** Add File: db/orders.sql
+alter table orders add currency text;
*** End Patch"""
PATCHES = ("-c", 'model="gpt-5.5"')
"""A model to which Codex gives its tool for patches; it still asks the stand-in."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path / "served" / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def shop(tmp_path: Path, codex: str, served: Serving) -> Shop:
    return open_shop(tmp_path, codex, served)


def blocks(model: Model, index: int = 0) -> list[dict[str, Any]]:
    """The messages of one request that hold what the plugin recalled."""
    return [item for item in model.requests[index]["input"] if FRAME in json.dumps(item)]


def entries(model: Model) -> list[str]:
    """What the model was reminded of, entry by entry."""
    [message] = blocks(model)
    return str(message["content"][0]["text"]).split("\n")[1:]


def outputs(model: Model) -> list[str]:
    """What the model was told of its calls of tools, in their order."""
    found = []
    for item in model.requests[-1]["input"]:
        if item["type"] == "function_call_output":
            output = item["output"]
            found.append(output if isinstance(output, str) else output[-1]["text"])
    return found


def search(number: int, **arguments: Any) -> dict[str, Any]:
    """The model calls the plugin's tool."""
    item = call("search_memories", arguments, namespace="mcp__mem0")
    return {**item, "id": f"fc_{number}", "call_id": f"call_{number}"}


def command(shop: Shop, *words: str) -> dict[str, Any]:
    """The model runs the plugin's command, as its skills say."""
    program = shop.home.cached3 / "core/memory_cli.py"
    return call("exec_command", {"cmd": " ".join((sys.executable, str(program), *words))})


def test_what_is_recalled_reaches_the_model_in_the_frame_of_the_plugin(shop: Shop) -> None:
    loose = "Orders live in\n  PostgreSQL,   never in MySQL"
    secret = "The orders database has password=correct-horse"
    shop.add(loose, agent_id=LANE, app_id=APP)
    shop.add(secret, agent_id=LANE, app_id=APP, metadata={"branch": "currency"})
    shop.add("Kim wants a currency in every column of orders", user_id=USER, app_id=APP)
    shop.add("The older lane knows the orders database", agent_id=APP, app_id=APP)
    shop.add("Orders of another repository", agent_id="acme-site-0123456789", app_id="acme-site")
    shop.add("Orders database of somebody else", user_id="eva", app_id=APP)
    app = {"app_id": APP}
    shared = [{"AND": [{"agent_id": lane}, app]} for lane in (LANE, APP)]
    body = {
        "query": QUESTION,
        "app_id": APP,
        "filters": {"OR": [{"OR": shared}, {"AND": [{"user_id": USER}, app]}]},
        "top_k": 5,
        "rerank": False,
        "latest_only": True,
    }
    ranked = [hit["memory"] for hit in shop.ask("POST", "/v3/memories/search/", body)["results"]]
    assert len(ranked) == 4

    with standin([say(ANSWER)]) as model:
        session = shop.run(QUESTION, model)

    as_told = {
        loose: "Orders live in PostgreSQL, never in MySQL",
        secret: "The orders database has password=[REDACTED] [learnt on branch currency]",
    }
    lines = [f"{rank}. {as_told.get(text, text)}" for rank, text in enumerate(ranked, 1)]
    [message] = blocks(model)
    assert message["role"] == "developer"
    assert message["content"] == [{"type": "input_text", "text": "\n".join([FRAME, *lines])}]
    ranks = shop.rows("SELECT rank FROM retrievals WHERE session_id = ? ORDER BY rank", session)
    assert ranks == [(1,), (2,), (3,), (4,)]
    assert shop.errors == ""


def test_a_session_is_captured_and_the_next_one_told_what_came_of_it(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "currency")
    with standin([patch(PATCH)], [say(ANSWER)]) as model:
        first = shop.run(QUESTION, model, *PATCHES)
    shop.git("checkout", "-q", "main")
    assert blocks(model) == []
    assert shop.deliveries(first) == [("session-end", "semantic-succeeded")]
    [event] = shop.events(first)
    [kept] = [result for result in event["results"] if result["event"] == "ADD"]
    assert (kept["agent_id"], kept["user_id"]) == (LANE, None)
    assert (kept["app_id"], kept["run_id"]) == (APP, first)

    with standin([say("As before.")]) as model:
        second = shop.run(QUESTION, model)
    [entry] = entries(model)
    assert entry.startswith(f"1. {ANSWER} ")
    assert "db/orders.sql" in entry
    assert entry.endswith(" [learnt on branch currency]")
    assert shop.deliveries(second) == [("session-end", "semantic-succeeded")]
    assert not [text for text in shop.texts(app_id=APP) if QUESTION in text]

    report = shop.home.report()
    assert bad(report) == set(), report.findings
    capture = shop.home.scan().capture
    assert capture is not None
    activity = capture.hooks.activity
    assert activity is not None
    assert activity.sent == 2
    assert activity.searches_failing is None
    assert None not in (activity.recalled, activity.recorded, activity.last_sent)
    assert shop.errors == ""


def test_five_exchanges_and_what_precedes_a_compaction_are_sent_at_once(shop: Shop) -> None:
    steps = ("schema", "currency", "rates", "totals", "reports")
    answers = [[say(f"The {step} of the shop are kept in {step}.sql now.")] for step in steps]
    more = ([say("The README says that nobody changes the rates by hand.")], [say("A summary.")])
    with standin(*answers, *more) as model:
        use(shop.home, model)
        with app_server(shop.home) as codex:
            talk = converse(codex, shop.home)
            for step in steps[:4]:
                talk.say(f"I want the {step} of the shop in a file of their own.")
            assert shop.rows("SELECT count(*) FROM flushes") == [(0,)]
            talk.say(f"I want the {steps[4]} of the shop in a file of their own.")
            assert shop.deliveries(talk.thread) == [("periodic", "semantic-succeeded")]
            talk.say("Please add the rule about the rates to the README.")
            talk.compact()
            assert shop.deliveries(talk.thread)[1:] == [("pre-compact", "semantic-succeeded")]
    assert {status for _, status in talk.ran} == {"completed"}
    five, one = shop.events(talk.thread)
    assert len(five["results"]) == 2 * len(steps), "each message is accounted for"
    kept = [result["memory"] for result in five["results"] if result["event"] == "ADD"]
    assert kept == [f"The {step} of the shop are kept in {step}.sql now." for step in steps]
    kept = [result["memory"] for result in one["results"] if result["event"] == "ADD"]
    assert kept == ["The README says that nobody changes the rates by hand."]
    assert shop.errors == ""


def test_its_tool_searches_every_scope_it_knows(shop: Shop) -> None:
    (shop.home.cwd / "src").mkdir()
    shop.add("Shop releases need a tag", agent_id=LANE, app_id=APP, metadata={"dirs": ["src"]})
    shop.add("Shop releases are on Thursdays", agent_id=LANE, app_id=APP, run_id="0199-release")
    shop.add("Kim releases the shop by hand", user_id=USER, app_id=APP)
    shop.add("Site releases are nobody's business here", user_id=USER, app_id="acme-site")
    about = {"query": "releases of the shop"}
    calls = [
        search(1, **about, top_k=20),
        search(2, **about, scope="mine"),
        search(3, **about, run_id="0199-release"),
        search(4, **about, run_id="0199-other"),
        search(5, **about, filters={"user_id": "*"}),
        search(6, **about, top_k=1),
        search(7, **about, top_k=20, scope="dir"),
    ]
    with standin(*([each] for each in calls), [say(ANSWER)]) as model:
        shop.run("Please look up all about our releases of the shop.", model)
    repo, mine, run, other, refused, one, folder = outputs(model)
    assert sorted(line.partition(". ")[2] for line in repo.split("\n")) == [
        "Kim releases the shop by hand",
        "Shop releases are on Thursdays",
        "Shop releases need a tag",
    ]
    assert mine == "1. Kim releases the shop by hand"
    assert run == "1. Shop releases are on Thursdays"
    assert other == "No matching memories found."
    assert refused == "Unknown search argument: filters"
    assert one == repo.split("\n")[0]
    assert folder == repo, "Codex names the root of the repository as the folder of a call"


def test_forget_takes_what_is_the_persons_and_keeps_what_the_project_shares(shop: Shop) -> None:
    shop.add("Kim releases the shop by hand", user_id=USER, app_id=APP)
    shop.add("Kim releases the web part", user_id=USER, app_id=f"{APP}/web")
    shop.add("Kim releases the site by night", user_id=USER, app_id="acme-site")
    shop.add("Eva releases the shop by mail", user_id="eva", app_id=APP)
    for number in range(105):
        shop.add(f"Habit {number} of Kim's", user_id=USER, app_id=APP)
    told = "I always release the shop from the branch stable."
    asked = "Please look at how releases of the shop work."
    with standin([say("I keep that in mind for the next one.")], [say(ANSWER)]) as model:
        for prompt in (told, asked):
            session = shop.run(prompt, model)
            assert shop.deliveries(session) == [("session-end", "semantic-succeeded")]
    shared = shop.texts(agent_id=LANE)
    assert ANSWER in shared

    forget = command(shop, "forget", "--remote", "--yes")
    with standin([forget], [say("It is forgotten.")]) as model:
        shop.run("Please forget what you remember of me in this repository.", model)
    [said] = outputs(model)
    assert "memories deleted" in said
    assert "exited with code 0" in said
    assert shop.texts(user_id=USER, app_id="acme-site") == ["Kim releases the site by night"]
    assert shop.texts(user_id="eva") == ["Eva releases the shop by mail"]
    assert set(shared) <= set(shop.texts(agent_id=LANE))
    left = shop.texts(user_id=USER)
    assert not [text for text in left if text.startswith(("Habit", "Kim releases the shop"))]
    assert told not in left

    with standin([say("As before.")]) as model:
        shop.run(QUESTION, model)
    assert any(ANSWER in entry for entry in entries(model))


def test_forget_of_the_project_leaves_nothing_of_the_repository(shop: Shop) -> None:
    shop.add("Kim releases the shop by hand", user_id=USER, app_id=APP)
    shop.add("Shop releases need a tag", agent_id=LANE, app_id=APP)
    shop.add("The older lane knows the shop's releases", agent_id=APP, app_id=APP)
    shop.add("Shop releases of another repository", agent_id="acme-site-1", app_id="acme-site")
    forget = command(shop, "forget", "--remote", "--yes", "--include-project-memory")
    with standin([forget], [say("It is forgotten.")]) as model:
        shop.run("forget all of it", model)
    assert "3 memories deleted" in outputs(model)[0]
    assert shop.texts(app_id="acme-site") == ["Shop releases of another repository"]


def test_a_repository_without_a_remote_has_a_lane_of_its_own(
    tmp_path: Path, codex: str, served: Serving
) -> None:
    shop = open_shop(tmp_path, codex, served, remote=None)
    with standin([say(ANSWER)], [say("As before.")]) as model:
        first = shop.run("Please put a currency on the orders of this shop.", model)
        assert shop.deliveries(first) == [("session-end", "semantic-succeeded")]
        shop.run(QUESTION, model)
    [message] = blocks(model, 1)
    assert ANSWER in message["content"][0]["text"]
    [(shared, row_app)] = [
        (row["agent_id"], row["app_id"])
        for row in shop.ask("POST", "/v3/memories/", {"filters": {"app_id": "work"}})["results"]
        if row["memory"] == ANSWER
    ]
    assert row_app == "work"
    assert str(shared).startswith("local-work-")
