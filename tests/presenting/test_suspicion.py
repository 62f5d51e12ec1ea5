"""What is said of a suspicion, line by line."""

from __future__ import annotations

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.secret import redact
from mem0_tui.presenting.masking import Masking
from mem0_tui.presenting.spans import texts
from mem0_tui.presenting.suspicion import marked_spans, member_lines, reason_line
from tests.support.memories import memory, uuid_of

KEEP = memory(1, "Deploys run on Fridays.")
GONE = memory(2, "Deploys run on\nFriday mornings.", pinned=True)
PAIR = Suspicion(
    Queue.REPEATS,
    (KEEP.id, GONE.id),
    "the same but for one word",
    marks={GONE.id: (Mark(22, 30),)},
    proposal=(Delete(GONE.id),),
)


def test_a_group_says_what_becomes_of_each_and_what_differs() -> None:
    lines = member_lines(PAIR, {KEEP.id: KEEP, GONE.id: GONE}, names={KEEP.id: "one"})
    assert texts(lines) == [
        "keep    one  Deploys run on Fridays.",
        f"delete  {uuid_of(2)}  ⚑ Deploys run on ⏎ Friday [mornings].",
    ]


def test_of_many_members_the_rest_is_counted_and_what_is_gone_is_named() -> None:
    assert texts(member_lines(PAIR, {}, most=1)) == [f"keep    {KEEP.id}", "… and 1 more"]


def test_what_is_only_worth_a_look_says_so() -> None:
    look = Suspicion(Queue.INSTRUCTIONS, ("a",), "asks for a tool\x1b[2J", Tier.LOOK, "order")
    said = reason_line(look).text
    assert said.endswith(" · order · worth a look")
    assert "\x1b" not in said


def test_marks_fit_a_masked_text() -> None:
    key = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"
    text = f"the token is {key} and more"
    more = text.index("more")
    marks = (Mark(13, 13 + len(key)), Mark(more, more + 4))
    shown = "".join(piece for piece, _ in marked_spans(text, marks, Masking(redact)))
    assert shown == "the token is [ghp_…abcd] and [more]"
    inside = "".join(piece for piece, _ in marked_spans(text, (Mark(20, 25),)))
    assert inside == "the token is [ghp_…abcd] and more"


def test_marks_far_behind_the_beginning_are_in_sight() -> None:
    text = "word " * 100 + "4711 end"
    said = "".join(piece for piece, _ in marked_spans(text, (Mark(500, 504), Mark(502, 504))))
    assert said.startswith("…")
    assert said.endswith("[4711] end")
    assert len(said) < 60
