"""What is shown, as lines of pieces of text and the role that each of them plays.

Front ends know widths and colours; a line knows words. Everything in a line is safe to show: what
came from a memory or a file has been through :mod:`mem0_tui.model.text`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[str, str]
"""A piece of text without newlines, and its role; a blank one is plain text.

The roles: ``title``, ``key`` (the name of a value), ``id``, ``muted``, ``warning``, ``removed``,
``added``, ``link``, the statuses of the doctor (``ok``, ``info``, ``warn``, ``fail``, ``off``).
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line before wrapping."""

    spans: tuple[Span, ...] = ()
    indent: int = 0
    """Cells by which the continuation of a wrapped line is indented."""
    link: str = ""
    """What a click on the line leads to; blank for nothing."""

    @property
    def text(self) -> str:
        """Its words, without their roles."""
        return "".join(text for text, _ in self.spans)


def line(*spans: Span | str, indent: int = 0, link: str = "") -> Line:
    """A line of spans; plain strings are plain text."""
    whole = tuple((span, "") if isinstance(span, str) else span for span in spans)
    return Line(whole, indent, link)


def texts(lines: Iterable[Line]) -> list[str]:
    """The words of *lines*, without their roles."""
    return [each.text for each in lines]
