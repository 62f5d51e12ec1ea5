"""Says in a line what a conflict is about: the subject, the values, and which one is newer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.wording import shown

_LONGEST: Final = 60
_TIED = re.compile(
    r"(?:[\s:=(`\"'–—-]|(?<!\S)(?:is|are|was|be|at|on|to|of|in|by|for|the|a|an|set|with|from|under"
    r"|into|than|most|least|has|have|holds?)(?=\s))*\Z",
    re.IGNORECASE,
)
"""What leads to a value and is no part of its subject."""
_ARTICLE = re.compile(r"(?:the|a|an|our)\s+", re.IGNORECASE)
_USED = re.compile(
    r"(?P<who>.+?)\s+(?:listens?|runs?|is\s+served|is\s+mapped|attaches|is\s+reachable|is|targets?|"
    r"uses?|serves?)\s+(?:on|at|to)\s+(?:the\s+)?(?P<what>port|version|branch)",
    re.IGNORECASE,
)
_SHORTEST: Final = 3
_EDGES: Final = " \t\n,.:;!#*_`\"'。"
_SENTENCE = re.compile(r"(?<=[.;!?\n])\s+")


class Said(NamedTuple):
    """What one memory says about the subject."""

    text: str
    start: int
    """Where the value begins in it; start and end are equal where it says nothing."""
    end: int
    changed: int | None
    """When the memory last changed."""


def subject(said: Said) -> str:
    """What the value is one of: ``port of the staging API``."""
    start, end = wrapper.core(said.text)
    first = _sentence_start(said.text, start, said.start)
    before = said.text[first : said.start]
    tied = _TIED.search(before)
    before = before[: tied.start()] if tied else before
    found = _USED.fullmatch(before)
    if found:
        who = shown(said.text, first, first + found.end("who"), _LONGEST)
        return f"{found['what'].lower()} of {who[:1].lower()}{who[1:]}"
    article = _ARTICLE.match(before)
    if article:
        first, before = first + article.end(), before[article.end() :]
    if len(before.strip()) < _SHORTEST:
        return statement(said.text, said.end)
    name = shown(said.text, first, first + len(before), _LONGEST).strip(_EDGES)
    if " " not in name and said.text[said.end : end].strip(_EDGES):
        return f"{name} … {statement(said.text, said.end)}"
    return name


def statement(text: str, at: int) -> str:
    """The sentence of *text* from *at* on, or around it where nothing follows."""
    start, end = wrapper.core(text)
    first = max(start, at)
    following = _SENTENCE.search(text, first, end)
    last = following.start() if following else end
    if not text[first:last].strip(_EDGES):
        first = _sentence_start(text, start, at)
    return shown(text, first, last, _LONGEST).strip(_EDGES)


def _sentence_start(text: str, start: int, at: int) -> int:
    """Where the sentence begins in which the index *at* lies, not before *start*."""
    ends = [found.end() for found in _SENTENCE.finditer(text, start, max(start, at))]
    return ends[-1] if ends else start


def line(name: str, newest_first: Sequence[Said], *, denied: Sequence[bool] = ()) -> str:
    """The reason of a conflict about *name*; *denied* says which of the texts say no, where that
    is what they differ in."""
    if denied:
        values = ["no" if each else "yes" for each in denied]
    else:
        values = [shown(each.text, each.start, each.end, _LONGEST) for each in newest_first]
    choice = " or ".join(dict.fromkeys(reversed(values)))
    first, second = newest_first[0].changed, newest_first[1].changed
    if first is None or second is None or first == second:
        return f"{name}: {choice}; which is newer is not known"
    return f"{name}: {choice}; the newer says {values[0]}"
