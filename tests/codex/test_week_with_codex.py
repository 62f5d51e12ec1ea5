"""A week of made-up work with the real Codex: which memory was given when, and by whom, is what the
stand-in model was really sent.

Twelve sessions with this program's bundle, eight with plugin 0.3's look-alike; both machines keep
Codex's own memories, too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.evidence.event import FoundKind, FoundSource
from mem0_tui.evidence.file import Places
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import bring_up_to_date
from mem0_tui.evidence.sessions import read_sessions
from mem0_tui.evidence.use import read_uses
from mem0_tui.evidence.whole import whole_ids
from mem0_tui.model.memory import Memory
from tests.codex.appserver import app_server
from tests.codex.conftest import CURRENT
from tests.codex.conversation import Conversation, converse, use
from tests.codex.homes import Home
from tests.codex.model import Model, call, say, standin
from tests.codex.shop import APP, LANE, open_shop
from tests.evidence.record import STORED, Recording, code, sent_to, using
from tests.support.serving import Serving, serving

pytestmark = [pytest.mark.codex, pytest.mark.slow]

Items = list[dict[str, Any]]
MORE = (
    "The nightly build runs on the machine called heron",
    "Vouchers expire after three years, whatever the shop says",
    "The warehouse sends its stock as CSV with semicolons",
    "Customers are merged by their mail address, never by name",
    "Taxes are looked up by the date of the order",
    "The search index is rebuilt after each import of products",
)
WAIT: Items = [{"type": "wait"}]
"""Stands for the call that waits for the subagent, whose id is known only then."""
ALL = {(who, by) for who in ("person", "helper") for by in ("hook", "tool")}
MEMORY = "\n[features]\nmemories = true\n"


@dataclass
class Script:
    """What the model answers, by the prompt of the session or of the subagent."""

    answers: dict[str, list[Items]] = field(default_factory=dict)

    def __call__(self, request: dict[str, Any]) -> Items:
        items = self._next(request)
        if items == WAIT:
            given = [i for i in request["input"] if i.get("type") == "function_call_output"]
            (agent,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", json.dumps(given[-1]["output"]))
            waiting = {"targets": [agent], "timeout_ms": 60_000}
            return [{**call("wait_agent", waiting, namespace="multi_agent_v1"), "call_id": "wait"}]
        return items

    def _next(self, request: dict[str, Any]) -> Items:
        texts = [part for item in request["input"] for part in _texts(item)]
        if any("Memory Writing Agent" in text for text in texts):
            return [say("nothing to write")]
        said = [prompt for text in reversed(texts) for prompt in self.answers if prompt in text]
        left = self.answers[said[0]] if said else []
        return left.pop(0) if left else [say("Done.")]


def _texts(item: dict[str, Any]) -> list[str]:
    content = item.get("content")
    return [part.get("text", "") for part in content] if isinstance(content, list) else []


@dataclass
class Week:
    """What was done, and what came of it."""

    model: Model
    texts: dict[str, str]
    """Memories by id."""
    forks: dict[str, str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    """The threads that a person began."""


number = iter(range(1, 1000))


def search(query: str, **more: Any) -> Items:
    given = {"query": query, "top_k": 2, **more}
    made = call("search_memories", given, namespace="mcp__mem0")
    return [{**made, "call_id": f"call_search_{next(number)}"}]


def send_helper(task: str) -> list[Items]:
    spawned = call("spawn_agent", {"message": task}, namespace="multi_agent_v1")
    return [[{**spawned, "call_id": "spawn"}], WAIT, [say("The helper is done.")]]


def work(home: Home, week: Week, script: Script, mine: dict[str, str], **scope: str) -> None:
    """A session for each prompt of *mine*, which says what is searched for then, and four more."""
    week.model.choose = script
    with app_server(home) as codex:

        def begin() -> Conversation:
            talk = converse(codex, home)
            week.people.append(talk.thread)
            return talk

        for prompt, query in mine.items():
            script.answers[prompt] = [search(query, **scope), [say("I see.")]]
            talk = begin()
            talk.say(prompt)
            talk.say("Thanks. And what about the invoices that are mailed?")
        # Two turns are taken back, and others come in their place; then a fork.
        talk = begin()
        again = "Why does the linker run twice, again?"
        script.answers[again] = [search("why the linker runs twice", **scope), [say("Symbols.")]]
        turn = talk.say(again)
        talk.say("Never mind.")
        talk.revert(turn)
        talk.say("Who empties the cache of images, and when?")
        fork = talk.fork()
        week.forks[fork.thread] = talk.thread
        week.people.append(fork.thread)
        fork.say("Which vouchers expire, and after how many years?")
        # A compaction in the middle.
        talk = begin()
        stock = "How does the warehouse send its stock?"
        script.answers[stock] = [search("stock of the warehouse as CSV", **scope), [say("As CSV.")]]
        talk.say(stock)
        talk.compact()
        talk.say("By what are customers merged?")
        # A subagent that searches by itself.
        task = "Please find out on which machine the nightly build runs."
        asked = "Please make the nightly build of the shop faster."
        script.answers[asked] = send_helper(task)
        script.answers[task] = [search("machine of the nightly build", **scope), [say("On heron.")]]
        begin().say(asked)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


def check(index: Index, week: Week) -> set[tuple[str, str]]:
    """Hold the index to what the model was sent; by whom and of which sort it was."""
    memories = [Memory(id_, text) for id_, text in week.texts.items()]
    sessions = read_sessions(index)[0]
    found = set()
    for session in sessions:
        rows = [row for row in session.rows if row.kind == FoundKind.GIVEN]
        known = whole_ids({row.key for row in rows}, memories)
        for row in rows:
            by = "tool" if row.source == FoundSource.TOOL else "hook"
            found.add((session.id, row.turn, known.get(row.key, row.key), by))
    sent = sent_to(week.model, week.texts, week.forks)
    assert found - sent == set(), "nothing is said to be given that was not"
    assert sent - found == set(), "all that was given is found"
    uses = read_uses(index, memories)
    times = Counter(id_ for _, _, id_, _ in sent)
    assert {m.id: uses.of(m).given or 0 for m in memories} == {m.id: times[m.id] for m in memories}
    assert {each.id for each in sessions if not each.parent} == set(week.people)
    helpers = {each.id for each in sessions if each.parent}
    return {("helper" if each[0] in helpers else "person", each[3]) for each in sent}


def test_a_week_with_the_bundle(tmp_path: Path, codex: str, served: Serving) -> None:
    made = Recording(tmp_path / "machine", CURRENT, served, codex)
    made.home.add_config(MEMORY)
    texts = {made.ids[name]: text for name, (text, _) in STORED.items()}
    for text in MORE:
        texts[made.add(text, "environmental")] = text
    with standin() as model:
        week = Week(model, texts)
        using(made, model)
        mine = {
            "Which database holds the orders? Please add a currency column.": "currency of prices",
            "When do our releases go out?": "releases on thursday",
            "How are branches named here?": "names of branches",
            "Are taxes looked up by date?": "taxes by the date of the order",
            "Is the search index rebuilt?": "search index after each import",
        }
        work(made.home, week, Script(), mine, user_id="kim", app_id="work")
        config = made.home.config.read_text(encoding="utf-8")
        made.home.write_config(
            config.replace("memories = true\n", "memories = true\ncode_mode = true\n")
        )
        find = "const r = await tools.mcp__mem0__search_memories({query: %s, top_k: 2,"
        find += " user_id: 'kim', app_id: 'work'});"
        script = Script()
        model.choose = script
        with app_server(made.home) as server:
            for prompt, wanted, shown in (
                ("Please look up how prices are kept.", "'prices in cents'", " text(r);"),
                ("Please look up the invoices.", "'invoices as PDF'", " text('found');"),
                (
                    "Please look up the search index.",
                    "'search index after an import'",
                    " text(r.structuredContent.results.map(m => m.memory).join('\\n'));",
                ),
            ):
                script.answers[prompt] = [
                    [code(next(number), find % wanted + shown)],
                    [say("I see.")],
                ]
                talk = converse(server, made.home)
                week.people.append(talk.thread)
                talk.say(prompt)
        state = made.home.folder / ".local" / "state" / "mem0-tui" / "hooks"
        index = Index(tmp_path / "evidence.db")
        report = bring_up_to_date(index, Places(str(made.home.codex_home), str(state)))
        assert report.problems == []
        assert check(index, week) == ALL
        assert len(week.people) == 12
        index.close()


def test_a_week_with_the_plugin(tmp_path: Path, codex: str, served: Serving) -> None:
    shop = open_shop(tmp_path / "machine", codex, served)
    shop.home.add_config(MEMORY)
    stored = [*(text for text, _ in STORED.values()), *MORE]
    texts = {shop.add(text, agent_id=LANE, app_id=APP): text for text in stored}
    with standin() as model:
        week = Week(model, texts)
        use(shop.home, model)
        mine = {
            "Which database holds the orders? Please add a currency column.": "currency of prices",
            "When do our releases go out, and who decides that?": "releases on thursday",
            "How are branches named here, by the ticket?": "names of branches",
            "Are taxes looked up by the date of the order?": "taxes by the date of the order",
        }
        work(shop.home, week, Script(), mine)
        index = Index(tmp_path / "evidence.db")
        places = Places(str(shop.home.codex_home), str(tmp_path / "hooks"), (str(shop.home.data3),))
        report = bring_up_to_date(index, places)
        assert report.problems == []
        assert check(index, week) == ALL
        assert len(week.people) == 8
        index.close()
