"""How much of the secrets in a memory a front end shows: the one place that masks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.secret import Hit, find, redact, redact_named

if TYPE_CHECKING:
    from mem0_tui.detect.suspicion import Mark

_BEYOND = 400
"""Characters behind what is shown that are read too: a secret may begin in sight and end there, and
a sentence may tell only behind it that it was one."""


@late_dataclass(frozen=True)
class Masking:
    """Applied to what comes from a memory before anything else is made of it."""

    text: Callable[[str], str]
    """A text as it may be shown; it need not be safe for a terminal yet."""
    hint: str = ""
    """How a person sees what is masked; blank where nothing is."""
    hides: bool = True
    """Whether secrets are masked at all."""

    def value(self, key: str, shown: str) -> str:
        """A metadata value, of which *key* may say that it is secret."""
        return redact_named(key, shown) if self.hides else shown

    def beginning(self, text: str, length: int) -> str:
        """At least the first *length* characters of *text* as they may be shown, which takes time
        by what is shown and not by how long the text is."""
        if len(text) <= length + _BEYOND:
            return self.text(text)
        read = text[: length + _BEYOND]
        masked = self.text(read)
        if masked == read:
            return read
        # What is masked is shorter: what stood at the cut may have come into sight.
        whole = masked[:-64].rpartition(" ")[0]
        return f"{whole or masked[:length]} …"

    def marked(self, text: str, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
        """*text* as it may be shown, and *marks*, which count its characters, moved with it."""
        masked = self.text(text)
        if masked == text or not marks:
            return masked, tuple(marks)
        hits = find(text)
        moved = (
            replace(
                mark,
                start=_moved(mark.start, text, hits, end=False),
                end=_moved(mark.end, text, hits, end=True),
            )
            for mark in marks
        )
        return masked, tuple(moved)


def _moved(place: int, text: str, hits: Sequence[Hit], *, end: bool) -> int:
    """Where *place* in *text* is once *hits* in it are masked; within one, its beginning or end."""
    grown = 0
    for hit in hits:
        if place <= hit.start:
            break
        shown = len(hit.shown(text))
        if place < hit.end:
            return hit.start + grown + (shown if end else 0)
        grown += shown - (hit.end - hit.start)
    return place + grown


def _whole(text: str) -> str:
    return text


MASKED = Masking(redact)
"""Secrets are masked: what a front end does unless it is told otherwise."""
SHOWN_WHOLE = Masking(_whole, hides=False)
"""Nothing is masked."""
