"""Staged changes: one per memory, later ones on top, all of them free to take back."""

from __future__ import annotations

import pytest

from mem0_tui.curator.planning.staging import Staging
from mem0_tui.model.change import Add, Delete, Edit, Merge, Update
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import Draft
from tests.support.memories import memory


def test_deleting_toggles() -> None:
    staging = Staging()
    assert staging.toggle_delete(memory(1), memory(2))
    assert staging.letter(memory(1).id) == "D"
    assert staging.after(memory(1)) is None
    assert staging.toggle_delete(memory(1), memory(2), memory(3))
    assert len(staging) == 3
    assert not staging.toggle_delete(memory(1), memory(2), memory(3))
    assert not staging
    assert staging.seen == {}


def test_edits_add_up_and_vanish_when_they_lead_back() -> None:
    staging = Staging()
    staging.edit(memory(1), Edit("a"))
    staging.edit(memory(1), Edit(metadata={"type": "decision"}))
    assert staging.changes == (Update(memory(1).id, Edit("a", {"type": "decision"})),)
    assert staging.letter(memory(1).id) == "E"
    staging.edit(memory(1), Edit(memory(1).text, {}))
    assert not staging


def test_an_edit_stays_bound_to_what_was_first_seen() -> None:
    staging = Staging()
    staging.edit(memory(1), Edit("a"))
    staging.edit(memory(1, "reloaded meanwhile"), Edit(metadata={"b": 1}))
    assert staging.seen[memory(1).id].text == "memory number 1"


def test_deleting_replaces_an_edit_and_blocks_the_next() -> None:
    staging = Staging()
    staging.edit(memory(1), Edit("a"))
    staging.toggle_delete(memory(1))
    assert staging.changes == (Delete(memory(1).id),)
    with pytest.raises(UsageError):
        staging.edit(memory(1), Edit("b"))


def test_a_merge_takes_its_memories_and_gives_all_back() -> None:
    staging = Staging()
    staging.edit(memory(1), Edit("a"))
    draft = Draft("both")
    staging.merge([memory(1), memory(2)], draft)
    staging.add(Draft("new"))
    assert staging.changes == (
        Merge(draft, (memory(1).id, memory(2).id)),
        Add(Draft("new")),
    )
    assert staging.letter(memory(2).id) == "M"
    staging.unstage(memory(2).id)
    assert staging.change_of(memory(1).id) is None
    staging.unstage_draft(Draft("new"))
    assert not staging


def test_every_change_is_told() -> None:
    staging = Staging()
    told: list[int] = []
    staging.on_change = lambda: told.append(len(staging))
    staging.toggle_delete(memory(1))
    staging.edit(memory(2), Edit("x"))
    staging.clear()
    assert told == [1, 2, 0]
