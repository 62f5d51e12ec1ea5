"""What Stop and PreCompact leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hooks.conftest import Machine, context_of
from tests.hooks.rollouts import Rollout

GOAL = "Please add a currency column to the orders table"
SAID = "I added the column and a migration for it; all tests pass."


@pytest.fixture
def rollout(tmp_path: Path) -> Rollout:
    return Rollout(tmp_path / "rollout.jsonl")


def stop(machine: Machine, rollout: Rollout, said: str = SAID, session: str = "s1") -> None:
    told = machine.hook(
        "Stop",
        session=session,
        transcript_path=str(rollout.path),
        last_assistant_message=said,
        stop_hook_active=False,
    )
    assert told == ""


def work(machine: Machine, rollout: Rollout, name: str = "orders.sql") -> None:
    rollout.asks(GOAL)
    rollout.runs("ls")
    rollout.changes(str(machine.cwd / name))
    rollout.says(SAID)


def test_a_session_that_changed_something_leaves_one_summary(
    machine: Machine, rollout: Rollout
) -> None:
    work(machine, rollout)
    stop(machine, rollout)

    (summary,) = machine.stored("session_summary")
    assert summary["memory"].splitlines() == [
        f"Session in shop: {GOAL}",
        "Changed: orders.sql",
        f"Outcome: {SAID}",
    ]
    assert summary["metadata"] == {
        "type": "session_summary",
        "source": "stop-hook",
        "session_id": "s1",
        "files": ["orders.sql"],
    }
    assert (summary["user_id"], summary["app_id"]) == (machine.user, "shop")
    assert summary["expiration_date"]


def test_later_turns_update_it_in_its_place(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    stop(machine, rollout)
    (before,) = machine.stored("session_summary")
    for number in range(3):
        rollout.asks(f"Now also write test number {number} for it, please")
        rollout.changes(str(machine.cwd / f"test_{number}.py"))
        stop(machine, rollout, f"Test number {number} is there.")

    (after,) = machine.stored("session_summary")
    assert after["id"] == before["id"]
    assert after["memory"].startswith(f"Session in shop: {GOAL}\n")
    assert "test number 2" in after["memory"]
    assert "orders.sql, test_0.py, test_1.py, test_2.py" in after["memory"]
    assert after["memory"].endswith("Outcome: Test number 2 is there.")


def test_a_turn_that_brought_nothing_new_sends_nothing(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    stop(machine, rollout)
    (before,) = machine.stored("session_summary")
    stop(machine, rollout)
    assert machine.stored("session_summary") == [before]
    assert "unchanged" in machine.log[-1]


@pytest.mark.parametrize("answers", ["short", "few calls"])
def test_a_chat_leaves_nothing(machine: Machine, rollout: Rollout, answers: str) -> None:
    rollout.asks("What does this function do, and why?")
    for _ in range(9 if answers == "short" else 4):
        rollout.runs("cat orders.py")
    stop(machine, rollout, "It adds." if answers == "short" else SAID)
    assert machine.stored("session_summary") == []


def test_an_investigation_leaves_a_summary_too(machine: Machine, rollout: Rollout) -> None:
    rollout.asks("Why is the nightly build slow?")
    for _ in range(5):
        rollout.runs("time make")
    stop(machine, rollout, "The linker runs twice; the second run is the whole loss.")
    (summary,) = machine.stored("session_summary")
    assert "linker runs twice" in summary["memory"]


def test_a_patch_that_failed_is_no_change(machine: Machine, rollout: Rollout) -> None:
    rollout.asks(GOAL)
    rollout.changes(str(machine.cwd / "a.py"), status="failed")
    rollout.changed_before_items(str(machine.cwd / "b.py"), success=False)
    stop(machine, rollout)
    assert machine.stored("session_summary") == []


def test_the_rollouts_of_older_codex_are_understood(machine: Machine, rollout: Rollout) -> None:
    rollout.asks(GOAL)
    rollout.changed_before_items(str(machine.cwd / "orders.sql"))
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    assert "Changed: orders.sql" in summary["memory"]


def test_only_what_was_typed_and_said_is_kept(machine: Machine, rollout: Rollout) -> None:
    block = '<mem0-memory user_id="kim">\n- [decision] recalled long ago\n</mem0-memory>'
    rollout.message("developer", block)
    rollout.asks(f"{block}\n{GOAL} with the key sk-proj-abcdefghijklmnop1234")
    rollout.changes(str(machine.cwd / "orders.sql"))
    rollout.message("assistant", "HANDOFF", metadata={"compaction_output": True})
    stop(machine, rollout, f"{SAID} {block}")

    (summary,) = machine.stored("session_summary")
    assert GOAL in summary["memory"]
    for part in ("recalled", "mem0-memory", "environment", "AGENTS", "permissions", "HANDOFF"):
        assert part not in summary["memory"]
    assert "abcdefghijklmnop" not in summary["memory"]


def test_a_summary_that_a_person_deleted_does_not_come_back(
    machine: Machine, rollout: Rollout
) -> None:
    work(machine, rollout)
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    assert machine.call("DELETE", f"/v1/memories/{summary['id']}/")[0] == 200
    for number in range(2):
        rollout.changes(str(machine.cwd / f"more_{number}.py"))
        stop(machine, rollout, f"More, {number}.")
    assert machine.stored("session_summary") == []


def test_a_summary_that_a_person_edited_stays_as_it_is(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    machine.call("PUT", f"/v1/memories/{summary['id']}/", {"text": "Mine."})
    rollout.changes(str(machine.cwd / "more.py"))
    stop(machine, rollout, "More.")
    assert [memory["memory"] for memory in machine.stored("session_summary")] == ["Mine."]


def test_a_lost_state_folder_doubles_nothing(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    stop(machine, rollout)
    (machine.state / "s1.json").unlink()
    rollout.changes(str(machine.cwd / "more.py"))
    stop(machine, rollout, "More.")
    (summary,) = machine.stored("session_summary")
    assert "Changed: orders.sql, more.py" in summary["memory"]


def test_hooks_that_are_installed_twice_store_once(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    more = {"transcript_path": str(rollout.path), "last_assistant_message": SAID}
    several = [machine.start("Stop", **more) for _ in range(4)]
    assert [context_of("Stop", process) for process in several] == [""] * 4
    assert len(machine.stored("session_summary")) == 1


def test_each_session_has_its_own_summary(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    stop(machine, rollout, session="s1")
    stop(machine, rollout, f"{SAID} Once more.", session="s2")
    assert len(machine.stored("session_summary")) == 2


def test_before_compaction_the_state_is_kept_once(machine: Machine, rollout: Rollout) -> None:
    work(machine, rollout)
    for _ in range(2):
        machine.hook("PreCompact", transcript_path=str(rollout.path), trigger="auto")
    rollout.asks("And now the invoices")
    machine.hook("PreCompact", transcript_path=str(rollout.path), trigger="manual")

    (state,) = machine.stored("session_state")
    assert state["memory"].startswith(f"Unfinished session in shop: {GOAL}\nThen asked: And now")
    assert state["metadata"]["source"] == "pre-compaction"
    told = machine.hook("SessionStart", source="compact")
    assert f"Unfinished session in shop: {GOAL}" in told


def test_a_greeting_is_not_what_a_session_is_about(machine: Machine, rollout: Rollout) -> None:
    rollout.asks("hi there")
    work(machine, rollout)
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    assert summary["memory"].startswith(f"Session in shop: {GOAL}\n")


def test_codex_says_itself_what_was_typed(machine: Machine, rollout: Rollout) -> None:
    typed = "<select> is too wide in the order form, can you fix it?"
    about = {"content_item_kinds": ["user.text"]}
    content = [{"type": "input_text", "text": typed}]
    message = {"type": "message", "role": "user", "content": content}
    named = "internal_chat_message_metadata_passthrough"
    rollout.write("response_item", {**message, named: {"content_item_kinds": ["skill"]}})
    rollout.write("response_item", {**message, named: about})
    rollout.changes(str(machine.cwd / "form.css"))
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    assert summary["memory"].startswith(f"Session in shop: {typed}\nChanged")


def test_notes_can_be_switched_off_alone(machine: Machine, rollout: Rollout) -> None:
    machine.environ["MEM0_TUI_HOOKS"] = "recall"
    machine.add("We chose PostgreSQL for the orders", "decision")
    assert "PostgreSQL" in machine.hook("SessionStart", source="startup")
    work(machine, rollout)
    stop(machine, rollout)
    assert machine.stored("session_summary") == []


def test_the_branch_is_named(machine: Machine, rollout: Rollout) -> None:
    (machine.cwd / ".git").mkdir()
    (machine.cwd / ".git" / "HEAD").write_text("ref: refs/heads/feature/currency\n")
    work(machine, rollout)
    stop(machine, rollout)
    (summary,) = machine.stored("session_summary")
    assert summary["memory"].startswith("Session in shop on feature/currency: ")
    assert summary["metadata"]["branch"] == "feature/currency"


def test_a_line_that_is_not_whole_yet_is_read_the_next_time(
    machine: Machine, rollout: Rollout
) -> None:
    work(machine, rollout)
    whole = rollout.path.read_bytes()
    rollout.path.write_bytes(whole[:-50])
    stop(machine, rollout)
    rollout.path.write_bytes(whole)
    rollout.changes(str(machine.cwd / "more.py"))
    stop(machine, rollout, "")
    (summary,) = machine.stored("session_summary")
    assert summary["memory"].endswith(f"orders.sql, more.py\nOutcome: {SAID}")


def test_a_rollout_of_junk_is_no_reason_to_fail(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "junk.jsonl"
    path.write_bytes(
        b'\xff\xfe\n[]\n{"type":"response_item","payload":"message"}\n'
        b'{"type":"response_item","payload":{"type":"message","role":"user","content":7}}\n' * 3
    )
    machine.hook("Stop", transcript_path=str(path), last_assistant_message=SAID)
    machine.hook("Stop", transcript_path=None, last_assistant_message=None)
    machine.hook("Stop", transcript_path=str(tmp_path), last_assistant_message=SAID)
    assert machine.stored("session_summary") == []
    assert all("nothing worth a note" in line for line in machine.log)
