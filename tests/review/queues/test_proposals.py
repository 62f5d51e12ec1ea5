"""What may be staged of proposals, and what never is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.change import Delete, Edit, Merge, Update
from mem0_tui.model.memory import Draft
from mem0_tui.review.queues.proposals import LeftOut, Proposals, drawn_up
from tests.review.queues.items import MEMORIES, group, noise


def drawn(*items: Suspicion, **changes: object) -> Proposals:
    given = {"memories": MEMORIES, "kept": (), "staged": (), **changes}
    return drawn_up(items, **given)  # type: ignore[arg-type]


def test_all_that_is_proposed_is_drawn_up_with_the_memories_as_they_are() -> None:
    found = drawn(group("a", "b", "c"), noise("d"))
    assert found.changes == (Delete("b"), Delete("c"), Delete("d"))
    assert set(found.memories) == {"b", "c", "d"}
    assert (found.items, found.words, found.left_out_words) == (2, "3 deletes", "")


PINNED = {**MEMORIES, "b": replace(MEMORIES["b"], metadata={"pinned": True})}
FIXED = {**MEMORIES, "b": replace(MEMORIES["b"], immutable=True)}
GONE = {name: memory for name, memory in MEMORIES.items() if name != "b"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"memories": PINNED}, LeftOut.PINNED),
        ({"memories": GONE}, LeftOut.GONE),
        ({"kept": {"b"}}, LeftOut.KEPT),
        ({"staged": {"b"}}, LeftOut.STAGED),
        ({"last": {"b"}}, LeftOut.LAST),
    ],
    ids=lambda value: value if isinstance(value, LeftOut) else "",
)
def test_what_must_not_be_touched_is_left_out_and_counted(
    changes: dict[str, object], why: LeftOut
) -> None:
    found = drawn(group("a", "b", "c"), **changes)
    assert found.changes == (Delete("c"),)
    assert found.left_out == {why: 1}
    assert found.left_out_words == f"1 left out: 1 {why.value}"


def test_an_immutable_memory_is_deleted_but_not_edited() -> None:
    edit = Suspicion(Queue.SECRETS, ("b",), "a key", proposal=(Update("b", Edit(text="[x]")),))
    assert drawn(edit, memories=FIXED).left_out == {LeftOut.IMMUTABLE: 1}
    assert drawn(noise("b"), memories=FIXED).changes == (Delete("b"),)


def test_only_what_is_shown_is_acted_on_and_the_rest_is_not_even_counted() -> None:
    found = drawn(group("a", "b", "c"), shown={"a", "c"})
    assert found.changes == (Delete("c"),)
    assert not found.left_out


def test_the_one_that_a_group_keeps_is_not_deleted_by_another() -> None:
    found = drawn(group("a", "b"), group("c", "a"), noise("d"))
    assert found.changes == (Delete("b"), Delete("d"))
    assert found.left_out == {LeftOut.LAST: 1}


def test_a_memory_is_changed_once_and_a_merge_is_one_change() -> None:
    merge = Merge(Draft(text="both"), ("a", "b"))
    both = Suspicion(Queue.REPEATS, ("a", "b"), "much the same", proposal=(merge,))
    found = drawn(both, noise("b"), noise("c"))
    assert found.changes == (merge, Delete("c"))
    assert found.words == "1 merge and 1 delete"
    assert drawn(both, kept={"b"}).changes == ()
