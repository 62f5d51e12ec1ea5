"""What says the same in other words, on the command line: with the real store and model."""

from __future__ import annotations

from tests.cli.conftest import Program

SAID = ("Payments are processed by Stripe.", "Stripe handles our payments.")


def test_they_are_shown_once_there_are_vectors_and_never_planned(store: Program) -> None:
    one, other = map(store.add, SAID)
    store.add("Integration tests run against a real Postgres.")
    before = store.json("audit")
    assert "look" not in before["queues"]["repeats"]
    assert "3 memories without a vector yet" in before["partly"]["repeats"]
    assert "mem0-tui index" in store("review", "repeats").err

    assert store("index").code == 0
    audit = store("audit", "--json")
    assert store("audit", "--json").out == audit.out, "the same store gives the same bytes"
    repeats = audit.document["queues"]["repeats"]
    assert repeats["count"] == 0
    [group] = repeats["look"]["groups"]
    assert {group["keep"], *group["rest"]} == {one, other}
    assert "say the same in other words" in group["why"]
    assert "repeats" not in audit.document.get("partly", {})

    [found] = store.json("review", "repeats")["suspicions"]
    assert (found["tier"], found["label"], found["proposal"]) == ("look", "in other words", [])
    assert "alike in meaning" in store("review", "repeats").out
    store.json("review", "repeats", "--keep", *group["rest"])
    assert store.json("review", "repeats")["suspicions"] == []


def test_a_text_that_was_edited_is_compared_by_its_new_vector(store: Program) -> None:
    one, _ = map(store.add, SAID)
    store("index")
    store.json("edit", one, "--text", "Staging is rebuilt every night.")
    said = store.json("review", "repeats")
    assert said["suspicions"] == []
    assert "1 memory without a vector yet" in said["partly"]["repeats"]
    store("index")
    assert store.json("review", "repeats")["suspicions"] == []
    assert "repeats" not in store.json("review", "repeats").get("partly", {})
