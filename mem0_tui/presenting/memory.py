"""What a memory is called in a line: the beginning of its text, its kind, where it belongs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from mem0_tui.model.pin import without_pin_prefix
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.signs import MISSING, PINNED

if TYPE_CHECKING:
    from mem0_tui.model.entity import Scope
    from mem0_tui.model.memory import Memory
    from mem0_tui.model.page import SearchHit

UNTYPED: Final = "untyped"
"""The name of what has no kind."""
BLANK: Final = "(blank)"
"""What stands for a text that has no character to see."""

_SHORT_TYPES = {
    "task_learning": "learning",
    "anti_pattern": "anti-pat",
    "user_preference": "prefers",
    "environmental": "environ",
    "convention": "convent.",
    "session_state": "session",
    "session_summary": "summary",
    "compact_summary": "compact",
    "auto_capture": "capture",
    "project_profile": "profile",
    "project_knowledge": "knowl.",
    "decisions_and_constraints": "decision",
    "workflows": "workflow",
    "problems_and_fixes": "problems",
}


def type_name(kind: str | None, *, short: bool = False) -> str:
    """A kind as one safe line; in quotes where blanks at its ends would go unseen.

    A *short* one has at most eight cells where the kind is one that Mem0's plugins write.
    """
    if kind is None:
        return UNTYPED
    if short and kind in _SHORT_TYPES:
        return _SHORT_TYPES[kind]
    return quoted(kind)


def quoted(name: str) -> str:
    """*name* as one safe line; in quotes where blanks at its ends would go unseen."""
    return one_line(name if name == name.strip() else f'"{name}"')


def text_shown(text: str) -> str:
    """*text* without the pin prefix, for which the pin sign stands; not safe to show yet."""
    return without_pin_prefix(text).lstrip() or BLANK


def headline(text: str, masking: Masking = MASKED) -> str:
    """A memory's *text* as one safe line, see :func:`text_shown`."""
    return one_line(text_shown(masking.text(text)))


def signed_headline(memory: Memory, masking: Masking = MASKED) -> str:
    """The same with the pin sign before it, for lines that have no other place for it."""
    return (f"{PINNED} " if memory.pinned else "") + headline(memory.text, masking)


def brief(text: str, most: int) -> str:
    """*text*, which is safe, in at most *most* characters, with ``…`` where it is cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def flags(memory: Memory, today: date) -> tuple[str, ...]:
    """What is special about *memory* on *today* (UTC), in words."""
    flags = (
        (f"{PINNED} pinned", memory.pinned),
        ("immutable", memory.immutable),
        ("synthesized by the server", memory.synthesized),
        ("superseded", memory.replaced_by is not None),
        ("expired", memory.expired(today)),
    )
    return tuple(word for word, true in flags if true)


def scope_name(scope: Scope) -> str:
    """Every entity of *scope* as one safe line; ``no entity`` where there is none."""
    return one_line(str(scope))


def home(scope: Scope) -> str:
    """The most telling part of a scope: the app, else the run, the agent, the user."""
    return scope.app_id or scope.run_id or scope.agent_id or scope.user_id or MISSING


def grade_word(hit: SearchHit) -> str:
    """``strong``, ``good``, ``weak`` or nothing."""
    word = hit.grade.value if hit.grade is not None else ""
    return word if word in ("strong", "good", "weak") else ""
