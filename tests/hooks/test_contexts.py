"""A session is more than one file: subagents, reverts and forks have rollouts of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.hooks.markup import without_markup
from mem0_tui.hooks.notes import SUMMARY
from tests.hooks.conftest import Machine
from tests.hooks.rollouts import Rollout
from tests.hooks.test_notes import GOAL, SAID, rollout, stop, work

__all__ = ["rollout"]

DECISION = "We chose PostgreSQL over MySQL for the orders database"
QUESTION = "Which database holds the orders?"
TASK = "Find out why the linker runs twice in the nightly build"


def lines(machine: Machine) -> list[str]:
    (summary,) = machine.stored(SUMMARY)
    return str(summary["memory"]).splitlines()


def subagent(folder: Path, parent: str = "s1", name: str = "a1") -> Rollout:
    meta = {"id": name, "session_id": parent, "parent_thread_id": parent}
    return Rollout(folder / f"rollout-{name}.jsonl", meta=meta)


def test_the_note_is_about_the_session_and_names_the_files_of_its_subagents(
    machine: Machine, rollout: Rollout, tmp_path: Path
) -> None:
    helper = subagent(tmp_path)
    within = {"agent_id": "a1", "agent_type": "default", "transcript_path": str(helper.path)}
    rollout.asks(GOAL)
    rollout.changes(str(machine.cwd / "orders.sql"))
    stop(machine, rollout, "The column is there.")
    helper.asks(TASK)
    machine.hook("UserPromptSubmit", prompt=TASK, **within)
    for name in range(30):
        helper.runs("time make")
        helper.changes(str(machine.cwd / f"linker{name % 2}.mk"))
    helper.says("The linker runs twice.")
    machine.hook("PreCompact", **within)
    machine.hook("Stop", last_assistant_message="The linker runs twice.", **within)
    assert machine.stored("session_state") == []
    rollout.changes(str(machine.cwd / "api.py"))
    rollout.says(SAID)
    stop(machine, rollout)
    assert lines(machine) == [
        f"Session in shop: {GOAL}",
        "Changed: orders.sql, api.py, linker0.mk, linker1.mk",
        f"Outcome: {SAID}",
    ]


def test_a_subagent_is_known_by_its_rollout_too(
    machine: Machine, rollout: Rollout, tmp_path: Path
) -> None:
    helper = subagent(tmp_path)
    work(machine, helper, "helper.py")
    stop(machine, helper, "The helper is done with what it was asked for, in every way.")
    assert machine.stored(SUMMARY) == []
    work(machine, rollout)
    stop(machine, rollout)
    assert lines(machine) == [
        f"Session in shop: {GOAL}",
        "Changed: helper.py, orders.sql",
        f"Outcome: {SAID}",
    ]


def test_what_a_subagent_was_shown_the_session_was_not(
    machine: Machine, rollout: Rollout, tmp_path: Path
) -> None:
    machine.add(DECISION)
    helper = {"agent_id": "a1", "transcript_path": str(subagent(tmp_path).path)}
    other = {"agent_id": "a2", "transcript_path": str(subagent(tmp_path, name="a2").path)}
    own = {"transcript_path": str(rollout.path)}
    for context in (helper, own, other):
        assert DECISION in machine.hook("UserPromptSubmit", prompt=QUESTION, **context)
    for context in (own, helper, other):
        assert machine.hook("UserPromptSubmit", prompt=QUESTION, **context) == ""


def reverted(folder: Path, at: int) -> Rollout:
    """The file in which Codex goes on after ``thread/revert`` to before the line *at*."""
    return Rollout(folder / "rollout-s1_b7.jsonl", meta={"id": "s1"}, ordinal=at, bare=True)


def test_after_a_revert_the_note_covers_both_files(machine: Machine, tmp_path: Path) -> None:
    first = Rollout(tmp_path / "rollout-s1.jsonl", meta={"id": "s1"}, ordinal=0)
    first.asks(GOAL)
    first.changes(str(machine.cwd / "orders.sql"))
    first.says("The column is there.")
    stop(machine, first, "The column is there.")
    at = first.ordinal or 0
    first.asks("Now rename every table of the shop")
    first.changes(str(machine.cwd / "renamed.sql"))
    first.says("All tables have new names. " + "So long a file. " * 4000)
    stop(machine, first, "All tables have new names.")
    assert "Then asked: Now rename every table of the shop" in lines(machine)

    second = reverted(tmp_path, at)
    second.asks("Now write a test for the column")
    second.changes(str(machine.cwd / "test_orders.py"))
    second.says("The test passes.")
    stop(machine, second, "The test passes.")
    assert lines(machine) == [
        f"Session in shop: {GOAL}",
        "Then asked: Now write a test for the column",
        "Changed: orders.sql, renamed.sql, test_orders.py",  # Codex leaves the files as they are
        "Outcome: The test passes.",
    ]


def test_what_was_shown_in_a_turn_that_was_taken_back_is_shown_again(
    machine: Machine, tmp_path: Path
) -> None:
    machine.add(DECISION)
    first, second = (str(tmp_path / name) for name in ("rollout-s1.jsonl", "rollout-s1_b7.jsonl"))
    assert DECISION in machine.hook("UserPromptSubmit", prompt=QUESTION, transcript_path=first)
    assert DECISION in machine.hook("UserPromptSubmit", prompt=QUESTION, transcript_path=second)
    assert machine.hook("UserPromptSubmit", prompt=QUESTION, transcript_path=second) == ""


def test_a_start_without_a_file_counts_for_the_file_that_comes(
    machine: Machine, rollout: Rollout
) -> None:
    machine.add(DECISION, "decision")
    machine.hook("SessionStart", source="startup", transcript_path=None)
    path = str(rollout.path)
    assert machine.hook("UserPromptSubmit", prompt=QUESTION, transcript_path=path) == ""


def test_a_fork_has_its_own_note_and_knows_what_its_origin_was_shown(
    machine: Machine, rollout: Rollout, tmp_path: Path
) -> None:
    machine.add(DECISION, "decision")
    path = str(rollout.path)
    assert DECISION in machine.hook("SessionStart", source="startup", transcript_path=path)
    work(machine, rollout)
    stop(machine, rollout)

    meta = {"id": "f1", "forked_from_id": "s1", "forked_from_ordinal_exclusive": 9}
    fork = Rollout(tmp_path / "rollout-f1.jsonl", meta=meta, ordinal=9)
    given = {"session": "f1", "transcript_path": str(fork.path)}
    assert machine.hook("SessionStart", source="fork", **given) == ""
    assert DECISION not in machine.hook("UserPromptSubmit", prompt=QUESTION, **given)
    fork.asks("Please do the same for the invoices")
    fork.changes(str(machine.cwd / "invoices.sql"))
    stop(machine, fork, "Invoices have a currency too.", session="f1")
    notes = {note["metadata"]["session_id"]: note["memory"] for note in machine.stored(SUMMARY)}
    assert notes["f1"].splitlines() == [
        "Session in shop: Please do the same for the invoices",
        "Changed: invoices.sql",
        "Outcome: Invoices have a currency too.",
    ]
    assert notes["s1"].splitlines()[1] == "Changed: orders.sql"


@pytest.mark.parametrize("longer", [False, True])
def test_another_file_under_the_same_name_is_read_from_its_start(
    machine: Machine, rollout: Rollout, longer: bool
) -> None:
    work(machine, rollout)
    rollout.says("A first answer of some length. " * 50)
    stop(machine, rollout)
    rollout.path.unlink()
    again = Rollout(rollout.path)
    again.asks("Please remove the currency column again")
    if longer:
        again.says("A long answer that fills the file up to more than it had before. " * 100)
    again.changes(str(machine.cwd / "down.sql"))
    stop(machine, again, "It is gone.")
    assert lines(machine) == [
        "Session in shop: Please remove the currency column again",
        "Changed: down.sql",
        "Outcome: It is gone.",
    ]


def test_a_state_file_of_the_first_version_is_read_again_from_the_rollout(
    machine: Machine, rollout: Rollout
) -> None:
    machine.add(DECISION)
    (known,) = machine.stored("")
    work(machine, rollout)
    machine.state.mkdir(parents=True)
    old = {
        "offset": 3000,  # of the rollout of a subagent
        "goal": TASK,
        "prompts": [TASK],
        "files": [],
        "calls": 7,
        "said": "The linker runs twice.",
        "shown": [known["id"]],
    }
    (machine.state / "s1.json").write_text(json.dumps(old))
    path = str(rollout.path)
    assert machine.hook("UserPromptSubmit", prompt=QUESTION, transcript_path=path) == ""
    stop(machine, rollout)
    assert lines(machine) == [
        f"Session in shop: {GOAL}",
        "Changed: orders.sql",
        f"Outcome: {SAID}",
    ]


def test_of_a_huge_rollout_the_beginning_and_the_end_are_read(
    machine: Machine, rollout: Rollout
) -> None:
    rollout.asks(GOAL)
    with rollout.path.open("a") as file:
        for _ in range(40):
            file.write(json.dumps({"type": "world_state", "payload": "x" * (1 << 19)}) + "\n")
    rollout.changes(str(machine.cwd / "orders.sql"))
    stop(machine, rollout)
    assert lines(machine)[:2] == [f"Session in shop: {GOAL}", "Changed: orders.sql"]


@pytest.mark.parametrize("relative", [False, True])
def test_codexs_own_memory_writer_is_left_alone(
    machine: Machine, rollout: Rollout, relative: bool
) -> None:
    machine.add(DECISION, "decision")
    home = machine.home / "codex"
    (home / "memories").mkdir(parents=True)
    machine.environ["CODEX_HOME"] = "home/codex" if relative else str(home)
    writer: dict[str, Any] = {"cwd": str(home / "memories"), "transcript_path": None}
    work(machine, rollout)
    for event, more in {
        "SessionStart": {"source": "startup"},
        "UserPromptSubmit": {"prompt": QUESTION},
        "Stop": {"last_assistant_message": SAID, "transcript_path": str(rollout.path)},
    }.items():
        assert machine.hook(event, **{**writer, **more}) == ""
    assert machine.stored(SUMMARY) == []
    assert DECISION in machine.hook("SessionStart", source="startup", session="s2")


def test_a_link_to_codexs_home_hides_no_memory_writer(machine: Machine) -> None:
    machine.add(DECISION, "decision")
    (machine.home / "codex" / "memories").mkdir(parents=True)
    os.symlink(machine.home / "codex", machine.home / ".codex")
    for home in ("codex", ".codex"):
        cwd = str(machine.home / home / "memories")
        assert machine.hook("SessionStart", source="startup", cwd=cwd, session=home) == ""


CITATION = (
    "<oai-mem-citation>\n<citation_entries>\nMEMORY.md:234-236|note=[weekly report format]\n"
    "</citation_entries>\n<rollout_ids>\n019c6e27-e55b-73d1-87d8-4e01f1f75043\n</rollout_ids>\n"
    "</oai-mem-citation>"
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"It is done.\n\n{CITATION}", "It is done."),
        (f"It is done.{CITATION}", "It is done."),
        (f"It is done. {CITATION[:90]}", "It is done."),
        (f"{CITATION}\nIt is done. {CITATION}", "It is done."),
        ("<proposed_plan>\nFirst this.\n</proposed_plan>", "First this."),
        ('It is done.\n::git-commit{cwd="/src/shop"}\n', "It is done."),
        ("Do it.\n<system-reminder>be brief</system-reminder>", "Do it."),
        ("Why does std::sort{} fail with <vector>?", "Why does std::sort{} fail with <vector>?"),
        ("a <system-reminder> of mine", "a <system-reminder> of mine"),
        ("İİ <mem0-memory>x</mem0-memory> y", "İİ  y"),
    ],
)
def test_markup_is_taken_out(text: str, left: str) -> None:
    assert without_markup(text) == left


def test_a_citation_of_codexs_memories_is_no_part_of_a_note(
    machine: Machine, rollout: Rollout
) -> None:
    rollout.asks(GOAL)
    rollout.changes(str(machine.cwd / "orders.sql"))
    rollout.says(f"{SAID}\n{CITATION}")
    stop(machine, rollout, f"{SAID}\n{CITATION}")
    assert lines(machine)[-1] == f"Outcome: {SAID}"
    machine.hook("PreCompact", transcript_path=str(rollout.path))
    (state,) = machine.stored("session_state")
    assert state["memory"].endswith(f"Stands at: {SAID}")


def test_only_the_typed_part_of_a_message_is_a_prompt(machine: Machine, rollout: Rollout) -> None:
    parts = [{"type": "input_text", "text": text} for text in ("lines 3-9 of api.py", GOAL)]
    about = {"content_item_kinds": ["ide.selection", "user.text"]}
    payload = {"type": "message", "role": "user", "content": parts}
    rollout.write("response_item", {**payload, "internal_chat_message_metadata_passthrough": about})
    rollout.changes(str(machine.cwd / "orders.sql"))
    stop(machine, rollout)
    assert lines(machine)[0] == f"Session in shop: {GOAL}"
