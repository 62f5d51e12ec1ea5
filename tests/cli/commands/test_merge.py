"""Making one memory of several."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Program

TEXTS = ("Use RS256 for tokens", "Use RS256 for all tokens", "We use RS256")


@pytest.fixture
def ids(store: Program) -> list[str]:
    return [store.add(text, "--user", "kim", "--app", f"app{n}") for n, text in enumerate(TEXTS)]


def memories(program: Program) -> dict[str, dict[str, object]]:
    return {each["id"]: each for each in program.json("list")["memories"]}


def test_one_stays_and_the_rest_goes(store: Program, ids: list[str]) -> None:
    before = memories(store)
    words = ("--keep", ids[0], "--text", "RS256 for all", "--type", "decision", "--app", "shop")
    result = store("merge", *ids, *words, "--yes")
    assert result.code == 0, result.err
    (after,) = memories(store).values()
    assert (after["id"], after["text"], after["type"]) == (ids[0], "RS256 for all", "decision")
    assert (after["user_id"], after["app_id"]) == ("kim", "shop")
    assert after["created_at"] == before[ids[0]]["created_at"]
    history = [entry["event"] for entry in store.json("history", ids[0])["history"]]
    assert history == ["ADD", "UPDATE"]
    assert store("undo", "--yes").code == 0
    undated = {id_: {**each, "updated_at": None} for id_, each in memories(store).items()}
    assert undated == {id_: {**each, "updated_at": None} for id_, each in before.items()}


def test_the_plan_says_what_stays_and_what_goes(store: Program, ids: list[str]) -> None:
    document = store.json("merge", *ids, "--keep", ids[1], "--text", "RS256", "--dry-run")
    (item,) = document["plan"]["items"]
    assert (item["change"], item["keep"]) == ("merge", ids[1])
    assert set(item["ids"]) == set(ids)
    assert document["plan"]["destroys"] == 2
    shown = store("merge", *ids, "--keep", ids[1], "--text", "RS256", "--dry-run").out
    assert f"M merge     {ids[1]}" in shown
    assert f"D delete    {ids[0]}" in shown
    assert f"D delete    {ids[1]}" not in shown
    assert len(memories(store)) == 3


def test_the_pinned_then_the_trusted_then_the_newest_stays(store: Program, ids: list[str]) -> None:
    def kept() -> str:
        (item,) = store.json("merge", *ids, "--dry-run")["plan"]["items"]
        return str(item["keep"])

    assert kept() == ids[2]
    store("edit", ids[1], "--meta", "confidence=0.9")
    assert kept() == ids[1]
    store("edit", ids[0], "--pin")
    assert kept() == ids[0]


def test_a_pinned_memory_goes_only_when_it_is_said(store: Program, ids: list[str]) -> None:
    store("edit", ids[0], "--pin")
    refused = store("merge", *ids, "--keep", ids[1], "--yes")
    assert refused.code == 3
    assert "--include-pinned" in refused.err
    assert len(memories(store)) == 3
    assert store("merge", *ids, "--keep", ids[1], "--yes", "--include-pinned").code == 0
    assert list(memories(store)) == [ids[1]]


@pytest.mark.parametrize("words", [(), ("--text", " "), ("--app", "*")])
def test_what_cannot_be_meant_is_refused(
    store: Program, ids: list[str], words: tuple[str, ...]
) -> None:
    named = ids if words else ids[:1]
    assert store("merge", *named, *words, "--yes").code in (2, 3)
    assert len(memories(store)) == 3
