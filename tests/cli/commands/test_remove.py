"""Deleting: the plan comes first, exactly; only a clear yes sends anything."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from mem0_tui.model.change import Edit
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program

DRAFTS = [
    *(Draft(f"noise {n}", Scope(user_id="kim"), {"type": "session_state"}) for n in range(5)),
    Draft("keep me", Scope(user_id="kim", app_id="shop-api"), {"type": "decision"}),
    Draft("[PINNED] pinned noise", Scope(user_id="lee"), {"type": "session_state"}),
]


@pytest.fixture
def filled(store: Program) -> Program:
    memories = open_store(store.options[1])
    asyncio.run(memories.add_many(DRAFTS))
    memories.close()
    return store


def total(program: Program) -> int:
    number: int = program.json("list", "--all", "--expired")["total"]
    return number


def test_a_dry_run_lists_exact_ids_and_sends_nothing(filled: Program) -> None:
    ids = filled("list", "type:session_state", "-pinned:yes", "--ids").out.split()
    result = filled("rm", "--query", "type:session_state", "--dry-run")
    assert result.code == 0
    assert all(memory in result.out for memory in ids)
    assert "1 with pinned memories left out" in result.out
    assert total(filled) == 7
    document = filled.json("rm", "--query", "type:session_state", "-n")
    assert [item["id"] for item in document["plan"]["items"]] == ids
    assert document["dry_run"]
    assert not document["applied"]
    assert filled.json("journal")["transactions"] == []


def test_only_a_yes_is_a_yes(filled: Program) -> None:
    words = ("rm", "--query", "type:session_state")
    for typed in ("\n", "n\n", "", "yess\n", "delete\n"):
        result = filled(*words, typed=typed)
        assert result.code == 3
        assert "nothing was changed" in result.err
    unasked = filled(*words)
    assert unasked.code == 3
    assert "--yes" in unasked.err
    assert total(filled) == 7
    result = filled(*words, typed="y\n")
    assert result.code == 0
    assert "Delete 5 memories? [y/N]" in result.err
    assert "deleted 5 memories" in result.out
    assert total(filled) == 2


def test_pinned_memories_take_a_word_of_their_own(filled: Program) -> None:
    pinned = filled.json("list", "pinned:yes")["memories"][0]["id"]
    refused = filled("rm", pinned, "--yes")
    assert refused.code == 3
    assert "--include-pinned" in refused.err
    assert filled("rm", "--query", "pinned:yes", "--yes").out == ""
    assert total(filled) == 7
    assert filled("rm", pinned, "--yes", "--include-pinned").code == 0
    assert total(filled) == 6


def test_a_plan_is_written_and_applied_later(filled: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    written = filled("rm", "--query", "type:session_state", "--plan-out", str(path))
    assert written.code == 0
    assert total(filled) == 7
    assert json.loads(path.read_text(encoding="utf-8"))
    shown = filled("apply", str(path), "--dry-run")
    assert shown.out.count("noise") == 5
    assert filled("apply", str(path)).code == 3
    assert filled("apply", str(path), "--yes").code == 0
    assert total(filled) == 2
    assert filled("undo").code == 0
    assert total(filled) == 7


def test_what_changed_since_the_plan_is_refused_item_by_item(
    filled: Program, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    filled("rm", "--query", "type:session_state", "--plan-out", str(path))
    memory = filled.json("list", "noise 3")["memories"][0]["id"]
    filled("edit", memory, "--text", "no noise any more")
    result = filled("apply", str(path), "--yes")
    assert result.code == 3
    assert "deleted 4 memories" in result.out
    assert f"! refused   delete {memory}  noise 3" in result.out
    assert filled("show", memory).code == 0


def test_a_long_list_of_refusals_is_cut_short(store: Program, tmp_path: Path) -> None:
    memories = open_store(store.options[1])
    drafts = [Draft(f"noise {n}", Scope(user_id="kim")) for n in range(50)]
    added = asyncio.run(memories.add_many(drafts))
    plan = tmp_path / "plan.json"
    store("rm", "--query", "noise", "--plan-out", str(plan))
    for each in added:
        asyncio.run(memories.update(each.id, Edit(text="changed")))
    memories.close()
    result = store("apply", str(plan), "--yes")
    assert result.code == 3
    assert len(result.out.splitlines()) < 30
    assert "… and 40 more refused" in result.out


def test_a_plan_fits_its_own_store_only(filled: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    filled("rm", "--query", "type:session_state", "--plan-out", str(path))
    other = Program.__new__(Program)
    other.__dict__.update(filled.__dict__)
    other.options = ("--store", str(tmp_path / "other.db"))
    assert other("apply", str(path), "--yes").code == 3
    path.write_text("{}", encoding="utf-8")
    assert filled("apply", str(path), "--yes").code == 2


def test_a_scope_takes_its_name_typed(filled: Program) -> None:
    words = ("rm", "--scope", "user:kim")
    for typed in ("\n", "y\n", "yes\n", "kim\n", "user:lee\n"):
        assert filled(*words, typed=typed).code == 3
    assert filled(*words, "--yes").code == 3, "yes is not the name"
    assert filled(*words, "--confirm-scope", "user:lee").code == 3
    assert total(filled) == 7
    result = filled(*words, typed="user:kim\n")
    assert result.code == 0
    assert "user:kim has 6 memories" in result.err
    assert "session_state 5" in result.err
    assert total(filled) == 1
    assert filled("undo").code == 0
    assert total(filled) == 7


def test_an_empty_scope_promises_nothing_to_take_back(filled: Program) -> None:
    result = filled("rm", "--scope", "user:nobody", "--confirm-scope", "user:nobody")
    assert result.err.splitlines() == ["user:nobody has 0 memories", "", "Nothing to do."]
    for _ in range(2):
        words = ("rm", "--scope", "user:kim", "--entity", "--confirm-scope", "user:kim")
        result = filled(*words)
    assert "To take it back" not in result.err


def test_a_scope_can_be_confirmed_without_a_terminal(filled: Program) -> None:
    document = filled.json("rm", "--scope", "user:kim", "--confirm-scope", "user:kim", "--entity")
    assert document["scope"]["total"] == 6
    assert document["report"]["complete"]
    assert "kim" not in {
        e["id"] for e in filled.json("entities")["entities"] if e["kind"] == "user"
    }
    assert total(filled) == 1


@pytest.mark.parametrize("scope", ["user:*", "user:", "user: ", "app:shop*", "*:*", "kim", "user"])
def test_unsafe_scopes_are_refused(filled: Program, scope: str) -> None:
    result = filled("rm", "--scope", scope, "--confirm-scope", scope)
    assert result.code in (2, 3)
    assert total(filled) == 7


def test_a_plan_that_deletes_a_scope_asks_for_its_name_too(filled: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert filled("rm", "--scope", "user:kim", "--plan-out", str(path)).code == 0
    assert filled("apply", str(path), "--yes").code == 3
    assert total(filled) == 7
    assert filled("apply", str(path), "--confirm-scope", "user:kim", "--yes").code == 0
    assert total(filled) == 1


def test_nothing_to_do_is_said(filled: Program) -> None:
    result = filled("rm", "--query", "type:nonesuch")
    assert result.code == 0
    assert "Nothing to do" in result.err


def test_a_read_only_run_can_still_plan(filled: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert filled("--read-only", "rm", "--query", "noise", "--dry-run").code == 0
    assert filled("--read-only", "rm", "--query", "noise", "--plan-out", str(path)).code == 0
    assert filled("--read-only", "apply", str(path), "--yes").code == 3
    assert total(filled) == 7


def test_a_plan_file_is_applied_once_and_as_it_was_written(filled: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    filled("add", "one more", "--plan-out", str(path))
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("one more", "one less"), encoding="utf-8")
    result = filled("apply", str(path), "--yes")
    assert (result.code, result.out) == (2, "")
    assert "was changed" in result.err
    path.write_text(whole, encoding="utf-8")
    before = total(filled)
    assert filled("apply", str(path), "--yes").code == 0
    again = filled("apply", str(path), "--yes")
    assert (again.code, again.out) == (3, "")
    assert "this plan was applied on" in again.err
    assert "as transaction" in again.err
    assert total(filled) == before + 1
