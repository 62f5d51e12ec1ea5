"""Why memories deserve a look, as lines: the reason, then each memory and what would become of it.

The words that a reason is about stand in brackets, so that colour is never the only mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import UNSET, Delete, Update, aimed_at
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.memory import BLANK, headline, text_shown
from mem0_tui.presenting.signs import PINNED
from mem0_tui.presenting.spans import Line, Span, line

TITLES: Final[Mapping[Queue, str]] = {
    Queue.INBOX: "Inbox",
    Queue.REPEATS: "Repeats",
    Queue.CONFLICTS: "Conflicts",
    Queue.SECRETS: "Secrets",
    Queue.INSTRUCTIONS: "Instructions",
    Queue.NOISE: "Noise",
    Queue.STALE: "Stale",
    Queue.UNUSED: "Unused",
}
"""What the queues are called."""
MEANINGS: Final[Mapping[Queue, str]] = {
    Queue.INBOX: "not yet reviewed",
    Queue.REPEATS: "say what another memory says",
    Queue.CONFLICTS: "say different things of one subject",
    Queue.SECRETS: "hold a key, a token or a password",
    Queue.INSTRUCTIONS: "address the agent, or hide something",
    Queue.NOISE: "report on a run of a program and hold nothing to recall",
    Queue.STALE: "have expired, or name what is gone",
    Queue.UNUSED: "were never given to Codex",
}
"""What the memories in a queue do, as a phrase after them."""
LOOK: Final = "worth a look"
"""What a suspicion is called that is not dependable."""
_BEFORE = 24
"""Characters that are shown before the first mark of a text that begins far from it."""


def reason_line(suspicion: Suspicion, masking: Masking = MASKED) -> Line:
    """The reason, with what sort it is."""
    reason = one_line(masking.text(suspicion.reason))
    spans: list[Span] = [(reason, "title")]
    if suspicion.label and suspicion.label not in reason:
        spans.append((f" · {one_line(masking.text(suspicion.label))}", "muted"))
    if suspicion.tier is Tier.LOOK:
        spans.append((f" · {LOOK}", "muted"))
    return Line(tuple(spans), indent=2)


def member_lines(
    suspicion: Suspicion,
    memories: Mapping[str, Memory],
    masking: Masking = MASKED,
    *,
    names: Mapping[str, str] | None = None,
    most: int | None = None,
) -> list[Line]:
    """One line per memory: what would become of it, its id, its text with the marks.

    Args:
        suspicion: what is shown.
        memories: the memories by id; of one that is missing the id alone is shown.
        masking: how their texts are masked.
        names: what stands for an id; by default the id.
        most: how many lines at most, beside the one that counts the rest; None for all.
    """
    shown = suspicion.ids if most is None else suspicion.ids[:most]
    lines = [
        _member_line(suspicion, memory_id, memories.get(memory_id), masking, names or {})
        for memory_id in shown
    ]
    if len(shown) < len(suspicion.ids):
        lines.append(line((f"… and {len(suspicion.ids) - len(shown):,} more", "muted")))
    return lines


def _member_line(
    suspicion: Suspicion,
    memory_id: str,
    memory: Memory | None,
    masking: Masking,
    names: Mapping[str, str],
) -> Line:
    word, role = fate(suspicion, memory_id)
    spans: list[Span] = [(f"{word:<6}  ", role)] if suspicion.proposal else []
    spans.append((one_line(names.get(memory_id, memory_id)), "id"))
    if memory is not None:
        spans.append(("  ", ""))
        if memory.pinned:
            spans.append((f"{PINNED} ", "warning"))
        spans += marked_spans(memory.text, suspicion.marks.get(memory_id, ()), masking)
    return Line(tuple(spans), indent=8)


def fate(suspicion: Suspicion, memory_id: str) -> tuple[str, str]:
    """What its proposal makes of a memory, in one word with its role; blank where nothing."""
    for change in suspicion.proposal:
        if memory_id in aimed_at(change):
            if isinstance(change, Delete):
                return "delete", "removed"
            if isinstance(change, Update):
                expires = change.edit.expires_on is not UNSET
                return ("expire", "removed") if expires else ("edit", "added")
            return "merge", "added"
    return ("keep", "muted") if suspicion.proposal else ("", "muted")


def marked_spans(
    text: str, marks: Sequence[Mark], masking: Masking = MASKED, *, role: str = "warning"
) -> list[Span]:
    """*text* on one line, with the parts that *marks* name in brackets and in that *role*.

    What stands before the first mark is shortened to leave it in sight.
    """
    if not marks:
        return [(headline(text, masking), "")]
    text, marks = masking.marked(text, marks)
    spans: list[Span] = []
    at = 0
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end:
            continue
        before = text[at:start]
        if not spans and len(before) > 3 * _BEFORE:
            before = "…" + before[-_BEFORE:]
        spans += [(_piece(before), ""), (f"[{_piece(text[start:end])}]", role)]
        at = end
    spans.append((_piece(text[at:]), ""))
    kept = [(piece, role) for piece, role in spans if piece]
    return kept or [(one_line(text_shown(text)) or BLANK, "")]


def _piece(text: str) -> str:
    """*text* safe on one line, with one blank at an end that had any."""
    body = one_line(text)
    if not text.strip():
        return " " if text else ""
    return " " * text[0].isspace() + body.strip() + " " * text[-1].isspace()
