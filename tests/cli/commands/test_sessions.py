"""``sessions``, and what ``list`` says of use, on sessions that the real Codex recorded."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.evidence.conftest import AFTER, BEFORE, Machine, machine_of
from tests.evidence.record import STORED, VERSIONS

SECRET = "sk-proj-" + "a1B2c3D4e5F6g7H8" * 3


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    made = machine_of(VERSIONS[0], tmp_path / "machine")
    monkeypatch.setenv("CODEX_HOME", made.places.codex_home)
    yield made
    made.index.close()


@pytest.fixture
def program(machine: Machine, program: Program, tmp_path: Path) -> Program:
    """The program on a store with the memories that Codex was given; «old» is older than that."""
    path = tmp_path / "memories.db"
    store = open_store(path)
    memories = [
        Memory(id_, STORED[name][0], scope=Scope(user_id="kim"), created_at=AFTER, updated_at=AFTER)
        for name, id_ in machine.truth["ids"].items()
    ]
    old = BEFORE - timedelta(days=90)
    memories.append(Memory("0" * 8 + memories[0].id[8:], "old", created_at=old, updated_at=old))
    asyncio.run(store.restore(memories))
    store.close()
    program.options = ("--store", str(path))
    return program


def named(machine: Machine, documents: list[dict[str, Any]]) -> set[str]:
    names = {id_: name for name, id_ in machine.truth["ids"].items()}
    return {names.get(str(each["id"]), "old") for each in documents}


def test_list_says_how_often_each_was_given(machine: Machine, program: Program) -> None:
    found = program.json("list")["memories"]
    use = {each["id"]: each["use"] for each in found}
    ids = machine.truth["ids"]
    assert use[ids["database"]]["given"] == 5
    assert use[ids["database"]]["cited"] == 1
    assert use[ids["database"]]["best_rank"] == 1
    assert len(use[ids["database"]]["sessions"]) == 4
    assert use[ids["never"]] | {"given": 0, "last": None, "sessions": []} == use[ids["never"]]
    (old,) = (each["use"] for each in found if each["text"] == "old")
    assert old["given"] is None
    assert "recorded since 2026-11-30" in old["not_recorded"]
    assert program.json("show", ids["mail"])["memory"]["use"]["fetched"] == 1


GIVEN = {"database", "releases", "branches", "linker", "currency", "mail", "cache"}
ASKED: dict[str, set[str]] = {
    "used:0": {"never"},
    "-used:0": GIVEN,
    "used>3": {"database"},
    "used:1..1": {"releases", "branches"},
    "used<2": {"never", "releases", "branches"},
    "cited:yes": {"database"},
    "cited:no used>2": {"linker", "cache"},
    "-cited:yes used<2": {"never", "releases", "branches"},
    "seen<5000d type:none used:3": {"linker", "cache"},
    "seen>5000d": set(),
    "used:none": {"old"},
    "-used:none": GIVEN | {"never"},
    "used:none,0": {"old", "never"},
    "-seen<5000d": {"never"},
}


def test_queries_ask_for_use(machine: Machine, program: Program) -> None:
    for query, expected in ASKED.items():
        found = program.json("list", *query.split())
        assert found["query"] == query
        assert named(machine, found["memories"]) == expected, query


def test_the_statistics_of_use_are_what_these_queries_find(program: Program) -> None:
    use = program.json("stats")["use"]
    assert [(row["name"], row["count"]) for row in use] == [
        ("given to Codex", 7), ("cited", 1), ("never given", 1), ("not recorded", 1),
    ]  # fmt: skip
    for row in use:
        assert program.json("list", row["query"])["total"] == row["count"], row


def test_the_order_by_use_puts_first_what_was_given_most(
    machine: Machine, program: Program
) -> None:
    names = {id_: name for name, id_ in machine.truth["ids"].items()}
    found = program.json("list", "--sort", "used")["memories"]
    given = [each["use"]["given"] for each in found]
    assert given == [5, 3, 3, 2, 2, 1, 1, 0, None]
    assert [names.get(each["id"]) for each in found][0::7] == ["database", "never"]
    few = program.json("list", "--sort", "used", "--limit", "2")
    assert (few["shown"], few["total"], few["complete"]) == (2, 9, False)
    lines = program("list", "--sort", "used", "user:kim").out.splitlines()
    assert lines[0].split()[3:5] == ["GIVEN", "LAST"]
    assert [line.split()[3] for line in lines[1:]] == [f"{n}×" for n in given if n is not None]


def test_show_says_what_codex_did_with_a_memory(machine: Machine, program: Program) -> None:
    shown = program("show", machine.truth["ids"]["database"]).out
    assert "5× · last 2026-11-30 14:58 UTC" in shown
    assert "4 sessions · best rank 1" in shown


def test_nothing_recorded_is_neither_used_nor_unused(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "nowhere"))
    for query in ("used:0", "-used:0", "used>0", "cited:no", "-cited:yes"):
        assert program.json("list", query)["memories"] == []
    assert "is not recorded; used:none finds " in program("list", "used:0").err
    (first, *_) = program.json("list")["memories"]
    assert first["use"]["not_recorded"] == "no session of Codex is recorded on this machine"


def test_deleting_what_was_never_used_takes_that_alone(machine: Machine, program: Program) -> None:
    plan = program.json("rm", "--query", "used:0", "--dry-run")["plan"]
    assert named(machine, [item["before"][0] for item in plan["items"]]) == {"never"}


def test_sessions_are_listed_with_what_they_were_given_and_wrote(
    machine: Machine, program: Program
) -> None:
    document = program.json("sessions")
    assert document["complete"] is True
    assert document["recording"]["gaps"] == []
    for session in document["sessions"]:
        assert sorted(session["given"]) == sorted(machine.truth["given"][session["id"]])
        assert len(session["wrote"]) == len(machine.truth["written"].get(session["id"], ()))
        assert session["state"] == "there"
        assert session["folder"] == "/home/kim/work"
    (helper,) = (each for each in document["sessions"] if each["parent"])
    assert helper["resume"] is None
    assert {each["resume"] for each in document["sessions"]} > {f"codex resume {helper['parent']}"}
    everyone = program.json("sessions", "--every")
    assert everyone["total"] == len(machine.truth["given"]) + 1
    assert [each["forked_from"] for each in everyone["sessions"] if not each["given"]] != [None]


def test_a_session_is_opened_turn_by_turn(machine: Machine, program: Program) -> None:
    thread = next(iter(machine.truth["written"]))
    document = program.json("sessions", thread[:20])
    assert document["session"]["id"] == thread
    first, compaction, last = document["turns"]
    said = {(step["kind"], step["text"]) for step in first["steps"]}
    question = "Which database holds the orders? Please add a currency column there."
    assert {("prompt", question), ("command", "echo hello > made.txt")} <= said
    assert [s["text"] for s in last["steps"] if s["kind"] in ("prompt", "answer")] == [
        "When do our releases go out?",
        "On Thursday.",
    ]
    assert not [step for step in compaction["steps"] if step["kind"] == "prompt"]
    assert last["given"] == [machine.truth["ids"][name] for name in ("database", "releases")]
    (alone,) = program.json("sessions", thread, "--turn", last["id"])["turns"]
    assert alone == last
    shown = program("sessions", thread).out
    assert "echo hello > made.txt" in shown
    assert STORED["releases"][0] in shown


def test_what_was_said_is_neither_obeyed_nor_shown_with_its_secrets(
    machine: Machine, program: Program
) -> None:
    file = machine.sessions[0]
    text = file.read_text(encoding="utf-8")
    evil = f"\\u001b]0;x\\u0007[bold]On[/bold] \\u202e{SECRET}"
    file.write_text(text.replace("On Thursday.", evil), encoding="utf-8")
    thread = next(iter(machine.truth["written"]))
    for words in (("sessions", thread), ("sessions", thread, "--json")):
        shown = program(*words).out
        assert "[bold]On" in shown
        assert SECRET not in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_what_is_no_session_or_several_is_said(program: Program) -> None:
    assert program("sessions", "ffff").code == 4
    several = program("sessions", "01a2")
    assert several.code == 2
    assert "sessions begin with 01a2" in several.err
    assert program("sessions", "01").code == 2


@pytest.mark.parametrize("state", ["archived", "missing"])
def test_where_the_file_went_is_said(state: str, machine: Machine, program: Program) -> None:
    program.json("sessions")
    folder = Path(machine.places.codex_home)
    if state == "archived":
        shutil.move(folder / "sessions", folder / "archived_sessions")
    else:
        shutil.rmtree(folder / "sessions")
    thread = next(iter(machine.truth["written"]))
    result = program("sessions", thread)
    assert f"Its file is {state}." in result.err
    assert "codex resume" not in result.err
    document = program.json("sessions", thread)
    assert document["session"]["state"] == state
    assert sorted(document["session"]["given"]) == sorted(machine.truth["given"][thread])
    assert bool(document["turns"][0]["steps"]) == (state == "archived")
    assert os.listdir(folder) == ["truth.json"] or state == "archived"
