"""Whether a text only leaves out of whom or of what it speaks, which its store tells.

``User uses Zed`` and ``Uses Zed``; ``The project uses pnpm`` and ``We use pnpm``.
"""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.repeats.difference import Hunk
from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.tokens import Kind, Token
from mem0_tui.detect.repeats.vocabulary import RELATIONS, is_small, word_set

_OF_USERS: Final = word_set("""
has uses lives owns keeps writes speaks studies teaches learns enjoys avoids follows develops
maintains manages hosts relies believes thinks cares favours favors values insists asks prefers
commutes travels cooks bakes swims sings collects pays rents attends joins dislikes expects
requires considers finds gets gives goes knows meets opens sends sets sleeps spends starts stays
takes tends tries understands wakes watches wears likes wants needs drinks eats rides drives works
plays reads runs codes leads builds deploys edits is does utilise travaille habite parle usa
utiliza trabaja vive habla verwendet nutzt arbeitet wohnt spricht
""")
"""What users do in memories, in the third person."""
_OF_PROJECTS: Final = word_set("""
uses has follows requires needs targets relies supports contains keeps adopts favours favors avoids
enforces employs stores ships exposes provides depends is
""")
_NOUNS_TOO: Final = word_set("works needs plays reads runs codes leads builds deploys values edits")
"""Those that are also the plural of a noun: what follows tells."""
_PROJECT: Final = word_set("project repository codebase")


def is_subject_left_out(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether *hunk*, at the beginning, is the subject that one of both leaves out."""
    if hunk.start or hunk.other_start:
        return False
    ours, theirs = one.keys[: hunk.end], other.keys[: hunk.other_end]
    if len(ours) > 1 or len(theirs) > 1:
        return False
    said = {*ours, *theirs}
    if said <= _PROJECT:
        return all(
            _does(reading, at, _OF_PROJECTS)
            for reading, at in ((one, hunk.end), (other, hunk.other_end))
            if at
        )
    if said != {"user"}:
        return False
    mine, left = (one, other) if ours else (other, one)
    return _owns(mine) or (_does(mine, 1, _OF_USERS) and _is_third_person(left))


def _owns(reading: ParsedText) -> bool:
    """Whether it begins with ``user's``."""
    return reading.words[0].owns and len(reading.words) > 2


def _is_third_person(reading: ParsedText) -> bool:
    return any(token.key in _OF_USERS for token in reading.raw[:2])


def _does(reading: ParsedText, at: int, verbs: frozenset[str]) -> bool:
    """Whether the word at *at* is one of *verbs*, and no noun behind the first word."""
    if at >= len(reading.words):
        return False
    first = reading.token_at(reading.words[0].start) + 1
    while first < len(reading.raw) and reading.raw[first].key in ("always", "usually", "also"):
        first += 1
    if first >= len(reading.raw):
        return False
    verb = reading.raw[first]
    if verb.key not in verbs:
        return False
    following = reading.raw[first + 1] if first + 1 < len(reading.raw) else None
    return verb.key not in _NOUNS_TOO or (following is not None and _is_object(reading, following))


def _is_object(reading: ParsedText, token: Token) -> bool:
    """Whether *token* cannot be the verb of the noun before it."""
    if token.kind is not Kind.WORD or reading.text[token.start].isupper():
        return True
    if token.key in ("is", "are", "must", "should", "have", "has", "do", "does", "was", "can"):
        return False
    return token.key in RELATIONS or is_small(token.key)
