"""An id is whatever it is: a whole one always names its memory, however short or odd."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Program

ODD = ["x/1", "x 2", "om1", "a", "#", "[x]", "mem0:x", "a*b", "ü?", "x" * 300, "-v"]


@pytest.fixture
def odd(store: Program) -> Program:
    """A store of memories with ids as other programs write them, some of which begin others."""
    rows = [{"id": id_, "memory": f"note {n}", "user_id": "kim"} for n, id_ in enumerate(ODD)]
    rows += [{"id": f"{id_}4567", "memory": "longer", "user_id": "kim"} for id_ in ODD]
    assert store("import", "-", sent=json.dumps(rows)).code == 0
    return store


def shown(odd: Program, command: str, id_: str) -> Any:
    """What *command* prints of the memory *id_*, which may look like an option."""
    result = odd("--json", command, "--", id_)
    assert result.code == 0, result.err
    return result.document


@pytest.mark.parametrize("id_", ODD)
def test_a_whole_id_names_its_memory_in_every_command(odd: Program, id_: str) -> None:
    text = f"note {ODD.index(id_)}"
    assert shown(odd, "show", id_)["memory"]["text"] == text
    assert odd("edit", "--text", "edited", "--", id_).code == 0
    assert shown(odd, "show", id_)["memory"]["text"] == "edited"
    assert len(shown(odd, "history", id_)["history"]) == 2
    assert odd("undo", "--yes").code == 0
    assert odd("rm", "--yes", "--", id_).code == 0
    assert len(shown(odd, "history", id_)["history"]) == 4, "of one that is gone, too"
    assert odd("undo", "--yes").code == 0
    assert odd("rm", "--yes", "--", id_).code == 0
    assert odd("restore", "--", id_).code == 0
    assert shown(odd, "show", id_)["memory"]["text"] == text


def test_ids_of_a_list_can_be_passed_on_as_they_are(odd: Program) -> None:
    ids = odd("list", "--ids").out.split("\n")[:-1]
    assert set(ids) >= set(ODD)
    assert odd("rm", "--yes", "--", *ids).code == 0
    assert odd.json("list")["total"] == 0


def test_a_beginning_counts_only_where_no_whole_id_is_meant(odd: Program) -> None:
    assert odd.json("show", "om145")["memory"]["id"] == "om14567"
    refused = odd("show", "om")
    assert refused.code == 2
    assert "too short" in refused.err
    assert odd("show", "nosuch").code == 4


def test_the_id_of_a_memory_that_is_gone_is_no_beginning(store: Program) -> None:
    rows = [
        {"id": id_, "memory": text, "user_id": "kim"}
        for id_, text in zip(
            ("note-1", "note-10", "m3", "m3456"),
            ("Deploys go out on Friday", "Tea is at four", "Use tabs", "The port is 8080"),
            strict=True,
        )
    ]
    assert store("import", "-", sent=json.dumps(rows)).code == 0
    assert store("rm", "note-1", "m3", "--yes").code == 0
    for gone in ("note-1", "m3"):
        again = store("rm", gone, "--yes")
        assert again.code == 4
        assert f"{gone} is not there any more" in again.err
        assert store("edit", gone, "--text", "other", "--yes").code == 4
    assert store.json("purge", "note-1", "m3", "--forever")["purged"] == ["note-1", "m3"]
    assert store("rm", "note-1", "--yes").code == 4
    for gone in ("note-1", "m3"):
        again = store("purge", gone, "--forever")
        assert again.code == 4
        assert f"{gone} was purged" in again.err
    assert {each["id"] for each in store.json("list")["memories"]} == {"note-10", "m3456"}
    assert store.json("purge", "note-10", "m345", "--forever")["purged"] == ["note-10", "m3456"]
