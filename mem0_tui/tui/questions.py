"""What the prompts for a type and an expiry ask: filled in with what there is, and never taking an
empty box for the wish to clear what is set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Generic, TypeVar

from mem0_tui.model.change import Edit, with_metadata
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import PLUGIN_CATEGORIES, Memory
from mem0_tui.model.pin import has_pin_prefix, without_pin_prefix
from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import UNTYPED as UNTYPED
from mem0_tui.review.expiry import NEVER, expiry_problem, read_expiry

_NAMED = 4
"""Differing values that are named in an explanation."""

V = TypeVar("V")


@late_dataclass(frozen=True)
class ValueQuestion(Generic[V]):
    """A prompt for one value of several memories."""

    filled_in: str
    """The present value where all have the same, else nothing."""
    explanation: str
    """The present values where they differ, and how to clear."""
    read: Callable[[str], V | None]
    """The value that a text stands for."""
    problem: Callable[[str], str | None]
    """Why a text is no answer, or None."""


def type_question(types: Sequence[str | None]) -> ValueQuestion[str]:
    """The question for the type, or category, of memories that now have *types*."""

    def read(text: str) -> str | None:
        written = text.strip()
        return None if written in ("", UNTYPED) else written

    return _question(types, str, UNTYPED, read, lambda _: None)


def expiry_question(days: Sequence[date | None], today: date) -> ValueQuestion[date]:
    """The question for the expiry of memories that now have *days*; None stands for never."""
    return _question(
        days,
        date.isoformat,
        NEVER,
        lambda text: read_expiry(text, today),
        lambda text: expiry_problem(text, today),
    )


def _question(
    values: Sequence[V | None],
    written: Callable[[V], str],
    none: str,
    read: Callable[[str], V | None],
    problem: Callable[[str], str | None],
) -> ValueQuestion[V]:
    count = Counter(values)
    same = count.most_common(1)[0][0] if len(count) == 1 else None
    clears = any(value is not None for value in count)

    def what_is_wrong(text: str) -> str | None:
        if clears and not text.strip():
            return f"write {none} to clear it"
        return problem(text)

    parts = []
    if len(count) > 1:
        named = [
            f"{none if value is None else one_line(written(value))} ({number:,})"
            for value, number in count.most_common(_NAMED)
        ]
        more = f" and {len(count) - _NAMED:,} more" if len(count) > _NAMED else ""
        parts.append(f"Now: {', '.join(named)}{more}.")
    if clears:
        parts.append(f"«{none}» clears it.")
    filled_in = written(same) if same is not None else ""
    return ValueQuestion(filled_in, " ".join(parts), read, what_is_wrong)


def retype_edit(memory: Memory, kind: str | None, *, filing: bool) -> Edit | None:
    """The edit that makes *memory* one of *kind*; None where it is.

    Where the backend takes categories (*filing*), a memory that has some and no type gets another
    in place of its first, and one that has neither is filed under a category that Mem0's plugin
    knows. Any other gets a type, which counts before categories.
    """
    if memory.kind == kind:
        return None
    if not filing or memory.type is not None:
        return with_metadata(memory, {"type": kind}) if memory.type != kind else None
    if memory.categories:
        rest = [name for name in memory.categories[1:] if name != kind]
        return Edit(categories=(kind, *rest) if kind is not None else ())
    if kind in PLUGIN_CATEGORIES:
        return Edit(categories=(kind,))
    return with_metadata(memory, {"type": kind})


def expiry_edit(memory: Memory, day: date | None) -> Edit | None:
    """The edit that gives *memory* another expiry; None where it has it."""
    return Edit(expires_on=day) if memory.expires_on != day else None


def pin_edit(memory: Memory, pin: bool) -> Edit | None:
    """The edit that pins *memory*, or unpins it in both spellings; None where it is so already."""
    if memory.pinned == pin:
        return None
    if pin:
        return with_metadata(memory, {"pinned": True})
    edit = with_metadata(memory, {"pinned": None}) if "pinned" in memory.metadata else Edit()
    if has_pin_prefix(memory.text):
        edit = edit.then(Edit(text=without_pin_prefix(memory.text)))
    return edit
