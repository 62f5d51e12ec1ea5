"""A memory beside another of its group: what is marked, and what is said of the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion
from mem0_tui.model.change import Delete
from mem0_tui.presenting.comparison import comparison_lines, differing, marked_lines, other_of
from mem0_tui.presenting.spans import texts
from tests.support.memories import memory

KEPT = memory(1, "Deploys run on Fridays.\nAsk Kim.")
GONE = memory(2, "Deploys run on Mondays.\nAsk Kim.")
SAME = memory(3, KEPT.text)
KEY = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"
IDS = (KEPT.id, GONE.id, SAME.id)
GROUP = Suspicion(Queue.REPEATS, IDS, "one word", proposal=(Delete(GONE.id), Delete(SAME.id)))


def test_every_other_is_compared_with_the_one_that_stays_and_that_with_the_next() -> None:
    assert [other_of(GROUP, memory_id) for memory_id in IDS] == [GONE.id, KEPT.id, KEPT.id]
    assert other_of(replace(GROUP, ids=(KEPT.id,)), KEPT.id) is None


def test_what_is_only_in_one_of_the_two_is_marked_and_the_other_is_named() -> None:
    assert texts(comparison_lines(GROUP, GONE, KEPT)) == [
        "against the one that stays  only there: [-…-]  only here: {+…+}",
        "Deploys run on [-Fridays-]{+Mondays+}.",
        "Ask Kim.",
    ]
    head, first, _ = texts(comparison_lines(GROUP, KEPT, GONE))
    assert head.startswith("against the next of them")
    assert first == "Deploys run on [-Mondays-]{+Fridays+}."
    assert comparison_lines(GROUP, SAME, KEPT) == []


@pytest.mark.parametrize(
    ("queue", "memory_id", "named"),
    [
        (Queue.REPEATS, KEPT.id, "the first of them"),
        (Queue.CONFLICTS, KEPT.id, "the newest"),
        (Queue.CONFLICTS, GONE.id, "the one before"),
    ],
)
def test_where_nothing_is_proposed_none_is_said_to_stay(
    queue: Queue, memory_id: str, named: str
) -> None:
    look = Suspicion(queue, IDS, "another value")
    one, other = (GONE, KEPT) if memory_id == KEPT.id else (KEPT, GONE)
    assert texts(comparison_lines(look, one, other))[0].startswith(f"against {named} ")


def test_what_another_text_does_not_have_is_found_where_it_stands() -> None:
    marks = differing(GONE.text, KEPT.text)
    assert [GONE.text[mark.start : mark.end] for mark in marks] == ["Mondays"]
    assert differing("one two", "one two three") == ()
    assert differing("same", "same") == ()


def test_no_secret_is_whole_however_long_the_texts_are() -> None:
    for length in (10, 980, 2_000):
        one, other = (
            replace(KEPT, text="word " * (length // 5) + f"{each} {KEY}") for each in "ab"
        )
        shown = "\n".join(texts(comparison_lines(GROUP, one, other)))
        assert KEY[:12] not in shown
    assert shown.endswith("the rest is not compared here")


def test_marks_are_pointed_out_on_the_lines_that_the_text_has() -> None:
    text = f"one\ntwo {KEY}\nthree\x1b"
    marks = (Mark(1, 3), Mark(8, 8 + len(KEY)), Mark(text.index("three"), len(text)), Mark(90, 99))
    lines = marked_lines(text, marks, bracketed=True)
    assert texts(lines) == ["o[ne]", "two [ghp_…abcd]", "[three␛]"]
    assert [span for span, role in lines[0].spans if role] == ["[ne]"]
    assert texts(marked_lines("a\nb\nc", (Mark(0, 3),), bracketed=True)) == ["[a", "b]", "c"]
    assert texts(marked_lines("plain", ())) == ["plain"]
