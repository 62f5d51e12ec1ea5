"""Moving memories to another app, user, agent or run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

SPELLINGS = ("Shop API", "shop_api", "shop-api")


@pytest.fixture
def spelled(store: Program) -> dict[str, str]:
    """A memory under each spelling of one app: its id by the spelling."""
    return {
        app: store.add(f"We use pnpm in {app}", "--app", app, "--user", "kim") for app in SPELLINGS
    }


def apps(program: Program) -> dict[str, str]:
    return {each["id"]: each["app_id"] for each in program.json("list")["memories"]}


QUERY = 'app:"Shop API",shop_api,shop-api'


def test_three_spellings_of_one_app_become_one(store: Program, spelled: dict[str, str]) -> None:
    before = apps(store)
    result = store("move", "--query", QUERY, "--app", "shop-api", "--yes")
    assert result.code == 0, result.err
    assert "moved 2 memories" in result.out
    assert "1 memory is there already" in result.err
    assert "app:Shop API" in result.err
    assert "app:shop_api" in result.err
    assert "rm --empty" in result.err
    assert apps(store) == dict.fromkeys(spelled.values(), "shop-api")
    assert store("undo", "--yes").code == 0
    assert apps(store) == before


def test_a_move_keeps_id_dates_and_history(store: Program, spelled: dict[str, str]) -> None:
    id_ = spelled["Shop API"]
    before = store.json("show", id_)["memory"]
    assert store("move", id_[:8], "--app", "shop", "--user", "", "--agent", "bot").code == 0
    after = store.json("show", id_)["memory"]
    assert (after["app_id"], after["user_id"], after["agent_id"]) == ("shop", None, "bot")
    for name in ("text", "metadata", "created_at"):
        assert after[name] == before[name]
    events = [entry["event"] for entry in store.json("history", id_)["history"]]
    assert events == ["ADD", "UPDATE"]
    shown = store("history", id_).out
    assert "app: Shop API → shop" in shown
    assert "agent: – → bot" in shown
    entities = {(e["kind"], e["id"]): e["memory_count"] for e in store.json("entities")["entities"]}
    assert entities["agent", "bot"] == 1
    assert entities["app", "Shop API"] == 0


@pytest.mark.usefixtures("spelled")
def test_a_move_is_a_plan(store: Program, tmp_path: Path) -> None:
    before, file = apps(store), tmp_path / "plan.json"
    dry = store.json("move", "--query", QUERY, "--app", "shop", "--dry-run")
    assert dry["plan"]["counts"] == {"move": 3}
    assert {item["in_place"] for item in dry["plan"]["items"]} == {True}
    assert store("move", "--query", QUERY, "--app", "shop", "--plan-out", str(file)).code == 0
    assert apps(store) == before
    assert {item["do"] for item in json.loads(file.read_text())["items"]} == {"move"}
    assert store("apply", str(file), "--yes").code == 0
    assert set(apps(store).values()) == {"shop"}


def test_a_query_asks_and_leaves_pinned_memories(store: Program, spelled: dict[str, str]) -> None:
    assert store("edit", spelled["shop_api"], "--pin").code == 0
    before = apps(store)
    asked = store("move", "--query", QUERY, "--app", "shop", typed="n\n")
    assert asked.code == 3, asked.err
    assert "Move 2 memories?" in asked.err
    assert "1 with pinned memories left out" in asked.err
    assert apps(store) == before
    words = ("move", "--query", QUERY, "--app", "shop", "--include-pinned", "--yes")
    assert store(*words).code == 0
    assert set(apps(store).values()) == {"shop"}


def test_what_is_there_already_is_not_moved(store: Program, spelled: dict[str, str]) -> None:
    id_ = spelled["shop-api"]
    result = store("move", id_, "--app", "shop-api", "--user", "kim")
    assert result.code == 0
    assert "Nothing to do" in result.err
    assert len(store.json("history", id_)["history"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--app", "*"),
        ("--app", "  "),
        ("--app", "shop "),
        ("--app", "", "--user", ""),
        ("--query", "type:decision", "--app", "shop"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    store: Program, spelled: dict[str, str], words: tuple[str, ...]
) -> None:
    before = apps(store)
    result = store("move", spelled["Shop API"], *words, "--yes")
    assert result.code in (2, 3), result.err
    assert result.out == ""
    assert apps(store) == before
