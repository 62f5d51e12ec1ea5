"""A memory beside another of its group: the words that differ marked in its text, and both texts as
one, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion
from mem0_tui.model.diff import word_diff
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import visible
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.spans import Line, Span, line
from mem0_tui.presenting.word_diff import diff_lines

_SHOWN = 1_000
"""Characters of each text that are compared: the time that takes grows with their square."""


def other_of(item: Suspicion, memory_id: str) -> str | None:
    """The memory of the group *item* that *memory_id* is best compared with: the first, of which
    the others are repeats or older; for the first, the next. None for a memory alone."""
    if not item.grouped:
        return None
    first, second = item.ids[:2]
    return first if memory_id != first else second


def comparison_lines(
    item: Suspicion, memory: Memory, other: Memory, masking: Masking = MASKED
) -> list[Line]:
    """*memory* against *other*, with a heading that says which that is; none where both have the
    same text."""
    named = _named(item, other.id)
    if memory.text == other.text:
        return []
    there, here = (_beginning(each.text, masking) for each in (other, memory))
    head = line(
        (f"against {named}", "title"),
        ("  only there: ", "muted"), ("[-…-]", "removed"),
        ("  only here: ", "muted"), ("{+…+}", "added"),
        indent=2,
    )  # fmt: skip
    cut = max(len(memory.text), len(other.text)) > _SHOWN
    rest = [line(("… the rest is not compared here", "muted"))] if cut else []
    return [head, *diff_lines(there, here, masking), *rest]


def differing(text: str, other: str) -> tuple[Mark, ...]:
    """The parts of the beginning of *text* that *other* does not have where they stand."""
    marks: list[Mark] = []
    at = 0
    for piece in word_diff(other[:_SHOWN], text[:_SHOWN]):
        if not piece.same and piece.came.strip():
            marks.append(Mark(at, at + len(piece.came)))
        at += len(piece.came)
    return tuple(marks)


def _beginning(text: str, masking: Masking) -> str:
    """The part of *text* that is compared: masked before it is cut, as half of a secret is none."""
    return text if len(text) <= _SHOWN else masking.beginning(text, _SHOWN)[:_SHOWN]


def _named(item: Suspicion, other_id: str) -> str:
    if item.queue is Queue.CONFLICTS:
        return "the newest" if other_id == item.ids[0] else "the one before"
    if other_id != item.ids[0]:
        return "the next of them"
    return "the one that stays" if item.proposal else "the first of them"


def marked_lines(
    text: str, marks: Sequence[Mark], masking: Masking = MASKED, *, bracketed: bool = False
) -> list[Line]:
    """*text* on as many lines as it has, the parts that *marks* name as warnings; where colours are
    missing also *bracketed*."""
    text, marks = masking.marked(text, marks)
    lines: list[list[Span]] = [[]]
    for piece, marked in _pieces(text, marks):
        shown = f"[{piece}]" if marked and bracketed else piece
        role = "warning" if marked else ""
        first, *rest = visible(shown).split("\n")
        lines[-1].append((first, role))
        lines.extend([(part, role)] for part in rest)
    return [Line(tuple(spans)) for spans in lines]


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, bool]]:
    """*text* in pieces, each with whether it is marked."""
    at = 0
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start < end:
            yield text[at:start], False
            yield text[start:end], True
            at = end
    yield text[at:], False
