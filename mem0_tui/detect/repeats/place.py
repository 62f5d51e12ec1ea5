"""Whether the place at which two texts differ is that of a value, so that both cannot hold."""

from __future__ import annotations

import re

from mem0_tui.detect.repeats.difference import Hunk
from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.tokens import Kind
from mem0_tui.detect.repeats.vocabulary import (
    CHOOSING,
    COUNTERS,
    EVENTS,
    RELATIONS,
    is_small,
    word_set,
)

_DIGITS = re.compile(r"\d+")
_ARTICLES = word_set("a an the our")
_HOLDING = word_set("""
is are be was in at into under to from = named called use uses with by inside
""")
"""Words behind which a path or a name is a value."""


def is_value(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether both texts give another value to one subject, and do not speak of two things."""
    words = one.words[hunk.start : hunk.end]
    kinds = {word.kind for word in words}
    if kinds & {Kind.FLAG, Kind.SIGN}:
        return False
    before = _before(one, hunk.start)
    if Kind.NUMBER in kinds and before in COUNTERS:
        return False
    if _is_event(one, hunk.start, hunk.end) or _is_event(other, hunk.other_start, hunk.other_end):
        return False
    if kinds & {Kind.ID, Kind.NAME}:
        if _same_but_for_digits(one, other, hunk):
            return True
        return before in _HOLDING or _after_colon(one, hunk.start)
    return not (hunk.start == 0 and Kind.DATE in kinds)


def _same_but_for_digits(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether two names with a colon or an equals sign have one number that differs:
    ``localhost:6379``, ``DEBUG=1``."""
    if hunk.end - hunk.start != 1 or hunk.other_end - hunk.other_start != 1:
        return False
    mine, theirs = one.keys[hunk.start], other.keys[hunk.other_start]
    skeleton = _DIGITS.sub("0", mine)
    return (":" in mine or "=" in mine) and skeleton == _DIGITS.sub("0", theirs)


def is_choice(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether one word stands for another where something is chosen, as in ``use npm``."""
    if hunk.end - hunk.start != 1 or hunk.other_end - hunk.other_start != 1:
        return False
    before = _before(one, hunk.start)
    if before not in CHOOSING and not _after_colon(one, hunk.start):
        return False
    return _ends_there(one, hunk.end - 1) and _ends_there(other, hunk.other_end - 1)


def _before(reading: ParsedText, index: int) -> str:
    """The token before the word at *index*, articles passed over; empty at the beginning."""
    if index >= len(reading.words):
        return ""
    at = reading.token_at(reading.words[index].start) - 1
    while at >= 0 and reading.raw[at].key in _ARTICLES:
        at -= 1
    return reading.raw[at].key if at >= 0 else ""


def _after_colon(reading: ParsedText, index: int) -> bool:
    start = reading.words[index].start
    return reading.text[:start].rstrip(" `\"'(").endswith((":", "="))


def _ends_there(reading: ParsedText, index: int) -> bool:
    """Whether the phrase ends with the word at *index*: a noun, and no adjective before one."""
    end = reading.words[index].end
    at = reading.token_at(end)
    if at >= len(reading.raw):
        return True
    between = reading.text[end : reading.raw[at].start]
    key = reading.raw[at].key
    return between.strip() != "" or key in RELATIONS or is_small(key) or key in ("or", "instead")


def _is_event(reading: ParsedText, start: int, end: int) -> bool:
    """Whether the value belongs to a report of what happened: another one is another event."""
    kinds = {word.kind for word in reading.words[start:end]}
    if reading.raw and reading.raw[0].key in EVENTS:
        return True
    while end < len(reading.words) and reading.words[end].key in ("was", "were", "got"):
        end += 1
    following = reading.words[end].key if end < len(reading.words) else ""
    at = reading.token_at(reading.words[end].start) if end < len(reading.words) else 0
    told = following.removesuffix("~ed") != following or reading.raw[at].key in EVENTS
    if start <= 2 and following and told and not _is_state(reading, at):
        return True
    timed = kinds & {Kind.DATE, Kind.TIME}
    return bool(timed) and any(token.key in EVENTS for token in reading.raw)


def _is_state(reading: ParsedText, at: int) -> bool:
    """Whether the verb at *at* is part of ``is needed`` and the like."""
    return at > 0 and reading.raw[at - 1].key in ("is", "are", "be", "must", "should")
