"""``review``: verdicts from the command line, and what they leave of the queues."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Program


def inbox(store: Program) -> list[str]:
    return [each["id"] for each in store.json("review", "inbox")["suspicions"]]


def test_a_verdict_takes_a_memory_out_of_the_inbox_until_its_text_changes(store: Program) -> None:
    one, other = store.add("the port is 8080"), store.add("we deploy on Fridays")
    assert set(inbox(store)) == {one, other}
    done = store("review", "--keep", one)
    assert done.code == 0
    assert "1 memory: kept until the text changes, in every queue" in done.out
    assert inbox(store) == [other]
    store.json("edit", one, "--text", "the port is 8081")
    assert set(inbox(store)) == {one, other}


def test_snoozed_ones_are_back_on_their_day_and_done_ones_are_not(store: Program) -> None:
    one, other = store.add("the port is 8080"), store.add("we deploy on Fridays")
    given = store.json("review", "inbox", "--snooze", "14d", one)["verdicts"]
    assert [(each["queue"], each["judgement"]) for each in given] == [("inbox", "snooze")]
    store.json("review", "inbox", "--done", other)
    assert inbox(store) == []
    assert len(store.json("review", "--undo")["verdicts"]) == 1
    assert inbox(store) == [other]
    store.json("review", "--reopen", one)
    assert set(inbox(store)) == {one, other}


def test_verdicts_that_make_no_sense_are_refused(store: Program) -> None:
    one = store.add("the port is 8080")
    for words in [
        ("--keep", one, "--done", one),
        ("--snooze", "14d"),
        ("--snooze", "2020-01-01", one),
        ("--snooze", "soon", one),
        ("--keep", one, "--apply"),
        ("inbox", "--undo"),
        ("nonsense",),
    ]:
        assert store("review", *words).code == 2, words
    assert store("review", "--keep", "ffffffff").code == 4
    assert inbox(store) == [one]
    assert "no verdict to take back" in store("review", "--undo").err


def test_a_verdict_is_no_change_of_a_memory_and_is_taken_of_a_store_for_reading(
    store: Program,
) -> None:
    one = store.add("the port is 8080")
    assert store("review", "--done", one, "--read-only").code == 0
    assert inbox(store) == []
    assert store("review", "--good", one, "--read-only").code == 3


def test_feedback_goes_to_the_backend(store: Program) -> None:
    one = store.add("the port is 8080")
    assert store.json("review", "--good", one)["feedback"] == {one: "POSITIVE"}
    assert "POSITIVE" in store("show", one).out


def test_verdicts_survive_an_export_and_import(store: Program, tmp_path: Path) -> None:
    one, other = store.add("the port is 8080"), store.add("we deploy on Fridays")
    store.json("review", "--keep", one)
    store.json("export", str(tmp_path / "all.jsonl"))
    store.json("purge", other, "--forever")
    store.json("rm", one, "--yes")
    store.json("import", str(tmp_path / "all.jsonl"))
    assert inbox(store) == [other]


def test_an_audit_gives_the_same_bytes_and_tells_what_changed(
    store: Program, tmp_path: Path
) -> None:
    one = store.add("the port is 8080")
    first = store("audit", "--json").out
    assert store("audit", "--json").out == first
    (tmp_path / "audit.json").write_text(first)
    other = store.add("we deploy on Fridays")
    store.json("review", "--done", one)
    later = store.json("audit", "--since", str(tmp_path / "audit.json"))
    assert later["since"]["queues"]["inbox"] == {"count": 1, "new": [other], "gone": [one]}
    assert "+1" in store("audit", "--since", str(tmp_path / "audit.json")).out
    (tmp_path / "other.json").write_text('{"version": 1}')
    assert store("audit", "--since", str(tmp_path / "other.json")).code == 2


def test_fail_on_has_an_exit_code_of_its_own(store: Program) -> None:
    store.add("the port is 8080")
    assert store("audit", "--fail-on", "inbox").code == 5
    assert store("audit", "--fail-on", "nonsense").code == 2


def test_the_proposals_of_a_queue_are_an_ordinary_plan(store: Program, tmp_path: Path) -> None:
    kept = store.add("Deploys of the shop run on Friday mornings.", "--type", "decision")
    gone = store.add("The user said that deploys of the shop run on Friday mornings.")
    pinned = store.add("Deploys of the shop run on Friday mornings!", "--pin")
    [group] = store.json("review", "repeats")["suspicions"]
    assert set(group["ids"]) == {kept, gone, pinned}
    assert group["id"] == pinned, "what is pinned is kept"
    assert group["tier"] == "finding"
    numbers = store.json("review")["queues"]
    assert numbers["repeats"] == store.json("audit")["queues"]["repeats"]["count"] == 2
    shown = store("review", "repeats").out
    assert f"keep    {pinned[:8]}" in shown
    assert f"delete  {gone[:8]}" in shown
    file = tmp_path / "plan.json"
    store.json("review", "repeats", "--plan-out", str(file))
    assert store("review", "repeats", "--apply").code == 3, "nobody said yes"
    store.json("apply", str(file), "--yes")
    assert [each["id"] for each in store.json("list")["memories"]] == [pinned]
    assert store.json("review", "repeats")["suspicions"] == []
    store.json("undo", "--yes")
    assert len(store.json("list")["memories"]) == 3


def test_a_kept_memory_is_in_no_proposal(store: Program) -> None:
    one = store.add("Deploys of the shop run on Friday mornings.", "--type", "decision")
    other = store.add("The user said that deploys of the shop run on Friday mornings.")
    store.json("review", "--keep", other, one)
    assert store.json("review", "--apply", "--yes")["plan"]["items"] == []
    assert store("audit", "--fail-on", "repeats").code == 0
