"""Rows of a queue: their order, and where the cursor goes."""

from __future__ import annotations

import pytest

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.review.queues.rows import InboxWindow, QueueWindow, arranged
from tests.review.queues.items import MEMORIES, group, noise

ITEMS = (
    noise("a", tier=Tier.LOOK),
    group("b", "c"),
    noise("d"),
    group("e", "f", "g"),
)


def window(*shown: str) -> QueueWindow:
    return QueueWindow(arranged(ITEMS), {name: ord(name) for name in shown})


def test_findings_come_before_what_is_worth_a_look_and_groups_stay_together() -> None:
    rows = arranged(ITEMS)
    assert [(row.memory_id, row.place) for row in rows] == [
        *(("b", 0), ("c", 1), ("d", 0), ("e", 0), ("f", 1), ("g", 2), ("a", 0))
    ]
    assert [row.follows for row in rows] == [False, True, False, False, True, True, False]
    assert [row.sure for row in rows][-1] is False


def test_what_is_said_of_a_memory_alone_is_one_row() -> None:
    once, twice = noise("a", "a heartbeat"), noise("a", "a probe")
    (row,) = arranged([once, twice])
    assert row.items == (once, twice)


def test_a_memory_stands_in_each_of_its_groups_and_counts_once() -> None:
    rows = QueueWindow(arranged([group("a", "b"), group("b", "c")]), {"a": 1, "b": 2, "c": 3})
    assert list(rows.keys) == [1, 2, 2, 3]
    assert rows.count == 3
    fewer = QueueWindow(arranged([group("b", "c")]), {"a": 1, "b": 2, "c": 3})
    assert fewer.again(rows, 1) == 0, "the memory, where the group is gone"
    assert rows.again(rows, 2) == 2, "the memory in the same group"
    assert fewer.again(rows, 0) is None


def test_the_marks_of_a_row_are_those_of_its_memory_in_order() -> None:
    marks = {"a": (Mark(9, 12), Mark(2, 4)), "b": (Mark(0, 1),)}
    first, second = arranged([Suspicion(Queue.CONFLICTS, ("a", "b"), "another value", marks=marks)])
    assert first.marks == (Mark(2, 4), Mark(9, 12))
    assert second.marks == (Mark(0, 1),)


def test_rows_that_the_view_hides_are_left_out() -> None:
    rows = window("b", "g", "a")
    assert list(rows.keys) == [ord("b"), ord("g"), ord("a")]
    whys = [rows.why(index) for index in range(4)]
    assert [why.memory_id if why else None for why in whys] == ["b", "g", "a", None]


@pytest.mark.parametrize(
    ("index", "handled", "goes_to"),
    [
        pytest.param(0, "", 2, id="behind the group"),
        pytest.param(1, "", 2, id="behind the group from within it"),
        pytest.param(0, "d", 3, id="past what is decided"),
        pytest.param(6, "", 0, id="from the last to the first that is left"),
        pytest.param(6, "b", 2, id="from the last past what is decided"),
        pytest.param(2, "bea", None, id="nowhere, where all else is decided"),
    ],
)
def test_the_cursor_goes_on_to_what_is_left(index: int, handled: str, goes_to: int | None) -> None:
    keys = {item.key for item in ITEMS if item.ids[0] in handled}
    assert window(*"abcdefg").following(index, keys) == goes_to


def test_a_row_of_the_inbox_says_that_it_was_not_reviewed() -> None:
    rows = InboxWindow([7], known={7: MEMORIES["a"]})
    why = rows.why(0)
    assert why is not None
    assert why.items[0].queue is Queue.INBOX
    assert not why.has_reason
    assert rows.why(1) is None
