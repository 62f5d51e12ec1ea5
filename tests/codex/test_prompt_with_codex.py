"""``prompt`` beside what a stand-in model is really told by the real Codex."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mem0_tui.codex.facts.memories import BUDGET
from mem0_tui.codex.prompt import preview
from mem0_tui.codex.prompt.block import SourcePreview
from mem0_tui.codex.prompt.planned import Planned
from tests.codex.appserver import app_server
from tests.codex.conversation import converse, use
from tests.codex.homes import Home
from tests.codex.model import Model, say, standin
from tests.codex.program import program
from tests.codex.shop import APP, LANE, USER, open_shop, session
from tests.codex.test_against_codex import real_home
from tests.codex.test_plugin_with_codex import add, installer, trust
from tests.support.hurry import ENOUGH, hooks_have
from tests.support.serving import KEY, Serving, serving

pytestmark = [pytest.mark.codex, pytest.mark.slow]

QUESTION = "Which database holds the orders? Please add a currency column there."
PATIENCE = 120.0
CURRENT = "0.171.0"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


def looked(home: Home, source: str, moment: str, planned: Planned | None = None) -> SourcePreview:
    """What the preview says of one source."""
    found = preview(home.scan(), QUESTION, planned, patience=PATIENCE)
    return next(each for each in found if (each.source, each.moment) == (source, moment))


def told(model: Model) -> list[str]:
    """Every text that the model was told; Codex may ask it for more than the session."""
    return [part for number in range(len(model.requests)) for part in model.parts(number)]


def test_the_block_of_the_plugin_is_what_the_model_gets_now_and_after_the_plan(
    tmp_path: Path, codex: str, served: Serving
) -> None:
    shop = open_shop(tmp_path, codex, served)
    shop.git("checkout", "-q", "-b", "currency")
    long = "The orders database is described at length: " + "column after column, " * 120
    ids = [
        shop.add("Orders live in\n PostgreSQL,  never in MySQL", agent_id=LANE, app_id=APP),
        shop.add("The orders database has password=correct-horse", user_id=USER, app_id=APP),
        shop.add("The older lane knows the orders database", agent_id=APP, app_id=APP),
        shop.add("Orders of another repository", agent_id="acme-site-0123", app_id="acme-site"),
        shop.add(long, agent_id=LANE, app_id=APP, metadata={"branch": "currency"}),
    ]
    ids += [
        shop.add(f"Orders database, note {n}: add a column there", agent_id=LANE, app_id=APP)
        for n in range(4)
    ]
    first = looked(shop.home, "plugin-0.3", "prompt").now
    gone = first.entries[0].id
    assert gone in ids
    planned = Planned(frozenset({gone}), texts={first.entries[1].id: "It is all in PostgreSQL"})
    after = looked(shop.home, "plugin-0.3", "prompt", planned).planned
    assert after is not None
    assert [entry.id for entry in after.entries][:1] == [first.entries[1].id]
    assert len(after.entries) == len(first.entries) == 5, "the next one comes up"
    assert any("keeps its rank" in note for note in after.notes)

    with standin([say("It is done.")]) as model:
        shop.run(QUESTION, model)
    assert first.text in told(model)

    without = looked(shop.home, "plugin-0.3", "prompt", Planned(frozenset({gone}))).planned
    where = ("--backend", "platform", "--url", served.url, "--write")
    plan = str(tmp_path / "plan.json")
    program(shop.home, *where, "rm", gone, "--plan-out", plan)
    printed = program(shop.home, "prompt", QUESTION, "--plan", plan)
    assert "- 1. " in printed
    assert "+ 1. " in printed
    assert "correct-horse" not in printed
    [document] = json.loads(program(shop.home, "prompt", QUESTION, "--plan", plan, "--json"))[
        "sources"
    ]
    assert document["text"] == first.text
    assert document["after_plan"]["text"] == (without.text if without else None)
    shop.ask("DELETE", f"/v1/memories/{gone}/")
    with standin([say("It is done.")]) as model:
        shop.run(QUESTION, model)
    assert without is not None
    assert without.text in told(model)


def test_our_hooks_and_codexs_summary_are_what_the_model_gets(
    tmp_path: Path, codex: str, served: Serving
) -> None:
    home = real_home(tmp_path, codex)
    home.environ |= {"MEM0_TUI_SERVE_KEY": KEY, "USER": f"kim-{tmp_path.name}"}
    home.environ |= {"SHELL": "/bin/sh", **hooks_have(ENOUGH)}
    installer(home, "install", "--yes", "--url", served.url)
    trust(home)
    home.add_config("\n[features]\nmemories = true\n")
    folder = home.codex_home / "memories"
    folder.mkdir()
    (folder / "memory_summary.md").write_text(
        "\n v1\n\n" + "".join(f"- Fact {n} of the shop, größer\n" for n in range(600))
    )
    user = home.environ["USER"]
    for text, kind in (
        ("The orders are held in a database called Ledger", "decision"),
        ("The currency column of orders is a text of three letters", "environmental"),
        ("Which database holds the orders is said in the shop's README", "environmental"),
        ("Coffee is in the kitchen", "environmental"),
    ):
        add(served, text, kind, user=user)
    start = looked(home, "mem0-tui", "start").now
    prompt = looked(home, "mem0-tui", "prompt").now
    [decision] = start.entries
    assert decision.text.endswith("Ledger")
    assert decision.id not in {entry.id for entry in prompt.entries}, "it was shown at the start"
    planned = Planned(frozenset({decision.id}))
    assert looked(home, "mem0-tui", "start", planned).planned != start
    after = looked(home, "mem0-tui", "prompt", Planned(frozenset({prompt.entries[0].id}))).planned
    assert after is not None
    assert [entry.id for entry in after.entries] == [entry.id for entry in prompt.entries[1:]]
    with standin([say("It is done.")]) as model:
        session(home, QUESTION, model, "--skip-git-repo-check")
    assert start.text in told(model)
    assert prompt.text in told(model)
    summary = looked(home, "codex", "start").now.text
    assert summary is not None
    assert "tokens truncated" in summary
    assert summary == summary_in(model)


TEXTS = {
    "as long as the budget": "x" * BUDGET,
    "a byte longer": "x" * (BUDGET + 1),
    "four more": "x" * (BUDGET + 4),
    "five more": "x" * (BUDGET + 5),
    "cut within characters of two bytes": "x" + "ö" * 9_000,
    "cut within characters of three bytes": "€" * 4_000,
    "cut within characters of four bytes": "xy" + "\N{ROCKET}" * 4_000,
    "white space of every kind": "\u2003\n\u00a0v1\x0b middle \x1f\n\u3000\x1f\n",
    "a byte order mark": "\ufeffv1\nA\n",
    "lines that end in two characters": "v1\r\nA\r\nB\r\n",
    "nothing but blanks": " \n\t\n",
}


def test_the_summary_is_cut_as_codex_cuts_it(
    tmp_path: Path, codex_program: Callable[[str], str]
) -> None:
    home = real_home(tmp_path, codex_program(CURRENT))
    home.write_config("[features]\nmemories = true\n")
    folder = home.codex_home / "memories"
    folder.mkdir()
    with standin() as model:
        use(home, model)
        with app_server(home) as server:
            for name, text in TEXTS.items():
                (folder / "memory_summary.md").write_bytes(text.encode())
                model.requests.clear()
                converse(server, home).say(QUESTION)
                assert looked(home, "codex", "start").now.text == summary_in(model), name


def summary_in(model: Model) -> str | None:
    """What the model was given of Codex's own memories."""
    for part in told(model):
        if "MEMORY_SUMMARY BEGINS" in part:
            rest = part.partition("BEGINS =========\n")[2]
            return rest.partition("\n========= MEMORY_SUMMARY")[0]
    return None
