"""What became of a plan, in words: item by item, in numbers, and what is left to do."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import ceil

from mem0_tui.curator.applying.report import ItemReport, Outcome, Redacted, Report
from mem0_tui.curator.wording import IMPORT, PAST
from mem0_tui.model.change import (
    Add,
    ChangeKind,
    DeleteEntity,
    DeleteScope,
    Merge,
    Restore,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.memory import brief
from mem0_tui.presenting.plan import NEW, head, warning_line
from mem0_tui.presenting.spans import Line, Span, line
from mem0_tui.settings.locations import tilde

_SIGNS = {
    Outcome.DONE: ("✓", "added"),
    Outcome.REFUSED: ("!", "warning"),
    Outcome.FAILED: ("✗", "removed"),
    Outcome.UNKNOWN: ("?", "removed"),
    Outcome.CANCELLED: ("·", "muted"),
}
_ORDER = (
    Outcome.UNKNOWN, Outcome.FAILED, Outcome.REFUSED, Outcome.CANCELLED, Outcome.DONE
)  # fmt: skip
_INDENT = 12
"""Cells before what is said of an item below its own line."""
_SUBJECT = 160
"""Characters of a text that are shown."""
_NAMED = 3
"""New memories whose ids are said instead of their number."""


def sign(outcome: Outcome) -> Span:
    """The sign of *outcome*, a blank behind it."""
    glyph, role = _SIGNS[outcome]
    return f"{glyph} ", role


def problems_first(report: Report) -> list[ItemReport]:
    """The items, those first that a person has to know of."""
    return sorted(report.items, key=lambda item: _ORDER.index(item.outcome))


def item_lines(
    items: Iterable[ItemReport], masking: Masking = MASKED, *, hints: bool = True
) -> Iterator[list[Line]]:
    """Of each item, what became of it and why; a reason that was said of the one before is not
    said again. *hints*: whether to say how to go on."""
    said = ""
    for item in items:
        yield _lines(item, said, masking, hints=hints)
        said = item.error.message if item.error is not None else ""


def _lines(item: ItemReport, said: str, masking: Masking, *, hints: bool) -> list[Line]:
    glyph, role = sign(item.outcome)
    first = ((f"{glyph}{item.outcome.words:<9} ", role), *_subject(item, masking))
    lines = [line(*first, indent=_INDENT)]
    error = item.error
    if error is not None and error.message and error.message != said:
        lines.append(_below(error.message, "warning"))
        if hints and error.hint:
            lines.append(_below(error.hint, "muted"))
    if item.remaining:
        words = "are there again" if item.outcome is Outcome.DONE else "are still there"
        lines.append(_below(f"{item.remaining:,} {words}", "warning"))
    if said_of_id := new_id(item):
        lines.append(_below(said_of_id, "muted"))
    if item.snapshot:
        lines.append(_below(f"snapshot: {tilde(item.snapshot, os.environ)}", "muted"))
    return lines


def _below(text: str, role: str) -> Line:
    return line((" " * _INDENT + one_line(text), role), indent=_INDENT)


def _subject(item: ItemReport, masking: Masking) -> list[Span]:
    """What was to be done to what: ``delete 0a62dfc1-…  Use RS256.``"""
    said = head(item.item, masking)
    text = brief(said.text, _SUBJECT)
    if isinstance(item.item.change, Merge):
        text = f"{plural(len(item.item.change.memory_ids), 'memory')}: {text}"
    found = [(f"{said.verb} ", "")]
    if said.id and said.id != NEW:
        found.append((said.id, "id"))
        text = f"  {text}" if text else ""
    return [*found, (text, "")]


def new_id(item: ItemReport) -> str:
    """Which id a memory has now that came back, was edited or was merged under another one; blank
    for none."""
    change, before = item.item.change, item.item.before
    if item.added_id is None or isinstance(change, Add):
        return ""
    if isinstance(change, Merge):
        return f"the new memory is {one_line(item.added_id)}"
    old = change.memory.id if isinstance(change, Restore) else before[0].id if before else None
    if old is None or old == item.added_id:
        return ""
    return f"{one_line(old)} is now {one_line(item.added_id)}"


# -- in numbers


def summary(report: Report) -> str:
    """``12 done · 1 refused``; of a scope, how many went: ``9 memories of app:x deleted``."""
    counts, parts = report.counts, []
    for item in report.items:
        change = item.item.change
        if isinstance(change, (DeleteScope, DeleteEntity)) and item.item.before:
            if item.outcome is Outcome.DONE:
                counts[Outcome.DONE] -= 1
            elif not item.removed:
                continue
            gone = plural(item.removed, "memory")
            parts.append(f"{gone} of {one_line(str(change.entity))} deleted")
    parts += [f"{counts[o]:,} {o.words}" for o in Outcome if counts[o]]
    if counts[Outcome.CANCELLED]:
        parts[-1] += _why_not_tried(report)
    return " · ".join(parts) or "nothing to do"


def not_tried(report: Report) -> str:
    """``not tried: 12 changes (No answer)``; blank where every item was tried."""
    number = report.counts[Outcome.CANCELLED]
    if not number:
        return ""
    words = Outcome.CANCELLED.words
    return f"{words}: {plural(number, 'change')}{_why_not_tried(report)}"


def _why_not_tried(report: Report) -> str:
    """Why items were not tried, where it was not the user who stopped."""
    why = {
        item.error.title
        for item in report.items
        if item.outcome is Outcome.CANCELLED and item.error
    }
    return f" ({', '.join(map(one_line, sorted(why)))})" if why else ""


def done_lines(report: Report, *, imports: bool = False) -> list[Line]:
    """What was done to single memories, and to entities without any, in numbers.

    *imports*: what it put back came from a file.
    """
    done = Counter(item.item.change.kind for item in report.items if item.outcome is Outcome.DONE)
    said: list[str] = []
    for kind, number in sorted(done.items()):
        if kind not in PAST:
            continue
        what = plural(number, "memory")
        if kind is ChangeKind.ADD and number <= _NAMED:
            added = (item for item in report.items if item.item.change.kind is ChangeKind.ADD)
            what = ", ".join(one_line(item.added_id) for item in added if item.added_id)
        verb = f"{IMPORT}ed" if imports and kind is ChangeKind.RESTORE else PAST[kind]
        said.append(f"{verb} {what}")
    if gone := sum(map(_emptied, report.items)):
        what = f"{gone:,} {'entity' if gone == 1 else 'entities'} without memories"
        said.append(f"deleted {what}")
    return [line(sign(Outcome.DONE), words) for words in said]


def in_numbers(item: ItemReport) -> bool:
    """Whether :func:`done_lines` says all that there is to say of *item*."""
    single = item.outcome is Outcome.DONE and item.item.change.kind in PAST
    return single or _emptied(item)


def _emptied(item: ItemReport) -> bool:
    """Whether an entity without memories was deleted, and nothing more is to be said of it."""
    done = item.outcome is Outcome.DONE and not item.remaining
    return done and is_empty_entity(item.item.change)


def differences(report: Report) -> list[Line]:
    """In what the memories that were read back differ from what was asked for."""
    undeclared = Counter(part for item in report.items for part in item.undeclared)
    declared = Counter(part for item in report.items for part in item.differences) - undeclared
    lines: list[Line] = []
    if declared:
        lines.append(line((f"As declared, it differs in: {_parts(declared)}", "muted"), indent=2))
    if undeclared:
        lines.append(warning_line(f"Read back, it differs in: {_parts(undeclared)}"))
    return lines


def _parts(differing: Counter[str]) -> str:
    return ", ".join(f"{one_line(part)} ({number:,})" for part, number in differing.items())


# -- what is left


def rest(report: Report, now: datetime, how: str) -> str:
    """What of *report* is still to be done, from when on, and *how*; blank if it is nothing."""
    if not report.left:
        return ""
    words = f"{plural(report.left, 'change')} left to do"
    goes_on = f"{how} goes on" if how else ""
    if report.retry_after is None:
        return f"{words}: {goes_on}." if how else f"{words}."
    at = now + timedelta(seconds=report.retry_after)
    wait = f"The server asks to wait until {at:%H:%M:%S} UTC ({_duration(report.retry_after)})"
    return f"{words}. {wait}; then {goes_on}." if how else f"{words}. {wait}."


def _duration(seconds: float) -> str:
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * length:
            return f"{ceil(seconds / length):,} {unit}"
    return f"{ceil(seconds)} s"


def redacted_lines(redacted: Redacted) -> list[Line]:
    """Where the secrets that were taken out of memories were looked for, and what still says
    one."""
    looked = f"Looked for the secrets in {plural(redacted.files, 'file')}"
    if not redacted.left:
        lines = [line((f"{looked}: nothing is left of them.", ""))]
    else:
        lines = [line((f"{looked}. Some are still here:", "warning"))]
        said = (one_line(f"{left.place}: {left.why}") for left in redacted.left)
        lines += [line((each, ""), indent=2) for each in said]
    if redacted.short:
        what = "1 secret is" if redacted.short == 1 else f"{redacted.short:,} secrets are"
        note = f"{what} too short to be looked for: what held it was written anew without it."
        lines.append(line((note, "muted")))
    return [*lines, *(line((one_line(each), "muted")) for each in redacted.unseen)]
