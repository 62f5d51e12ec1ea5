"""Characters that nobody sees, or that show a text in another order than it is read.

What scripts and emoji need passes: joiners in Arabic, Persian or Devanagari, marks of direction in
texts that run from right to left, the parts of an emoji, flags made of tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mem0_tui.model.hard_signs.sign import DIRECTION, HIDDEN, HardSign

_INVISIBLE = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u061c\u200b-\u200f\u2060-\u2065\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_RUN = re.compile(f"[{_INVISIBLE}]+")
_CONTROL = re.compile(
    "\x1b\\[(?![0-9;]*m)|\x1b\\[[0-9;]*\\b8m|\x1b(?!\\[)|[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]|\x08"
    "|[\x80-\x84\x86-\x9f]"
)
"""What a terminal obeys, but for colours, tabs, and ends of lines and pages."""
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TURNS = "\u202b\u202e\u2067"
"""What turns the direction to the left; overrides also where letters have one of their own."""
_FORCED = "\u202d\u202e"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7ff]")
"""Scripts without blanks, in which a zero-width space says where a line may break."""
_HANGUL = re.compile("[\u1100-\u11ff]")
_LONGEST_RUN = 3
"""Invisible characters in a row that some script may need; more of them are a message."""
_FOUND = 20
"""Places of a text that are told."""


def hidden_characters(text: str) -> Iterator[HardSign]:
    """The places in *text* that hide something."""
    if text.isascii():
        yield from _controls(text)
        return
    flags = {start for found in _FLAG.finditer(text) for start in range(*found.span())}
    told = 0
    for found in _RUN.finditer(text):
        start, end = found.span()
        if told < _FOUND and start not in flags and not _needed(text, start, end):
            told += 1
            names = sorted({f"U+{ord(character):04X}" for character in found.group()})
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            yield HardSign(HIDDEN, start, end, ", ".join(names[:3]) + more)
    yield from _turned(text)
    yield from _controls(text)


def _controls(text: str) -> Iterator[HardSign]:
    if text.isprintable():
        return
    for count, found in enumerate(_CONTROL.finditer(text)):
        if count == _FOUND:
            return
        yield HardSign(HIDDEN, *found.span(), f"control character U+{ord(found.group()[0]):04X}")


def _needed(text: str, start: int, end: int) -> bool:
    """Whether what is between *start* and *end* is there for a script, an emoji or a line break."""
    run = text[start:end]
    if len(run) > _LONGEST_RUN:
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if all("\ufe00" <= character <= "\ufe0f" or character == "\u200d" for character in run):
        if len(run) == 1 and run != "\u200d":
            return bool(before) and not before.isspace()
        if "\u200d" in run and _is_symbol(before) and (_is_symbol(after) or after == ""):
            return True
    if len(run) == 1 and "\U000e0100" <= run <= "\U000e01ef":
        return bool(_UNSPACED.match(before))
    if all(character in "\u200c\u200d" for character in run):
        return len(run) < _LONGEST_RUN and (_is_joining(before) or _is_joining(after))
    if run == "\u200b":
        near = _UNSPACED.match(before) or _UNSPACED.match(after) or _is_joining(before)
        return bool(near) or _at_edge(text, start, end)
    if run == "\xad":
        return _hyphenates(text, start)
    if run in ("\u061c", "\u200e", "\u200f"):
        return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())
    if run in ("\ufeff", "\u2060"):
        return start == 0 or _at_edge(text, start, end)
    if run in ("\u115f", "\u1160"):
        return bool(_HANGUL.match(before) or _HANGUL.match(after))
    if run == "\u034f":
        return not (before.isascii() and after.isascii())
    return "\u180b" <= run <= "\u180f" and (_is_joining(before) or _is_joining(after))


def _at_edge(text: str, start: int, end: int) -> bool:
    """Whether a word ends or begins there, or punctuation does."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and after.isalnum())


def _hyphenates(text: str, at: int) -> bool:
    """Whether the soft hyphen there divides a long word in parts of some length."""
    left = re.search(r"[^\W\d_]*$", text[max(0, at - 40) : at])
    right = re.match(r"[^\W\d_]*", text[at + 1 : at + 41])
    parts = (len(left.group()) if left else 0, len(right.group()) if right else 0)
    return min(parts) >= 2 and sum(parts) >= 9 or not all(parts)


def _is_joining(character: str) -> bool:
    """Whether it is of a script in which letters take another form beside a joiner."""
    return (
        bool(character)
        and unicodedata.category(character) in ("Lo", "Mn", "Mc", "Nd")
        and (not character.isascii() and not _UNSPACED.match(character))
    )


def _is_symbol(character: str) -> bool:
    if not character:
        return False
    if "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return unicodedata.category(character) in ("So", "Sk") or character in "#*0123456789©®‼⁉⃣"


def _turned(text: str) -> Iterator[HardSign]:
    """Where the direction of the text is turned without a need."""
    natural = bool(_RIGHT_TO_LEFT.search(text))
    for count, found in enumerate(_DIRECTION.finditer(text)):
        character = found.group()
        if count == _FOUND:
            return
        if character in _FORCED or (character in _TURNS and not natural):
            yield HardSign(DIRECTION, *found.span(), f"U+{ord(character):04X}")
