"""Words that tell nothing alone, but something where they stand against another of their kind.

``All`` says what ``each`` does, and both may be left out; but ``any`` beside ``all``, ``usually``
beside ``always``, or ``all`` behind a ``not`` say something else.
"""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.vocabulary import NOT, word_set

_KINDS: Final = (
    ("each every all jeder jede jedes jedem", "any", "both either", "such"),
    (
        "always ever invariably constantly consistently continually perpetually immer stets siempre"
        " toujours unfailingly",
        "usually typically normally generally commonly ordinarily habitually customarily generell"
        " normalerweise gewohnlich generalmente normalmente habitualmente generalement normalement"
        " habituellement predictably traditionally routinely",
    ),
    ("my i me mine", "your you yours", "his he him", "her she hers"),
    ("this these here", "that those there"),
    ("must shall", "rather"),
    ("currently now still presently aktuell derzeit momentan jetzt ahora", "then", "already"),
)
_GRADES: Final = word_set("""
all each every both always necessarily completely fully entirely exactly totally really
very overly quite normally usually generally immer siempre toujours sehr muy tres
""")
"""Words that narrow what is denied: not all, not always."""


def _by_word() -> dict[str, tuple[int, int]]:
    return {
        word: (kind, side)
        for kind, sides in enumerate(_KINDS)
        for side, words in enumerate(sides)
        for word in words.split()
    }


_SIDES: Final = _by_word()


def of(reading: ParsedText) -> list[str]:
    """Those of its small words of which another could say something else."""
    found = {token.key for token in reading.raw if token.key in _SIDES}
    if NOT in reading.keys:
        found.update(token.key for token in reading.raw if token.key in _GRADES)
    return sorted(found)


def differ(one: ParsedText, other: ParsedText) -> bool:
    """Whether small words of the two say something else."""
    ours, theirs = ({token.key for token in each.raw} for each in (one, other))
    if NOT in one.keys and (ours ^ theirs) & _GRADES:
        return bool(ours & _GRADES) != bool(theirs & _GRADES)
    mine, yours = _sides(ours - theirs), _sides(theirs - ours)
    return any(kind in yours and side != yours[kind] for kind, side in mine.items())


def _sides(keys: set[str]) -> dict[int, int]:
    return dict(_SIDES[key] for key in keys if key in _SIDES)
