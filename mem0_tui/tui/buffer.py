"""Memories as one text buffer for ``$EDITOR``, and back: every hidden character is spelled out, and
nothing that a text holds can be taken for the line that separates two memories.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import from_editable, one_line, to_editable
from mem0_tui.presenting.memory import type_name

_HEAD = re.compile(r"=== mem0:(\S+) ===.*")
_LIKE_A_HEAD = re.compile(r"^(?=[ \t]*[=#][#= \t]*mem0:|[ \t]*mem0:\S+ +=)([#= \t]*)m", re.M)
"""What looks like a head: in a text it is spelled out, so that in a buffer it is a damaged one."""
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_ID_SIGNS = "/:@+,;!$&'()*~"
_REASON = "# ! "
_NOTE = (
    "# Edit the texts below; the lines that begin with === keep them apart and must stay.\n"
    "# A memory that you take out, together with its === line, stays as it is.\n"
    "# Saving stages the edits, nothing is sent.\n"
)


def to_buffer(memories: Sequence[Memory]) -> str:
    """The text of *memories*, each under a line with its id."""
    parts = [_NOTE]
    for memory in memories:
        about = type_name(memory.kind)
        text = _LIKE_A_HEAD.sub(r"\1⟦U+006D⟧", to_editable(memory.text))
        parts.append(f"=== mem0:{_named(memory)} === {about}\n{text}\n")
    return "\n".join(parts)


def from_buffer(buffer: str, memories: Sequence[Memory]) -> Mapping[str, str]:
    """The texts that were changed, by memory id.

    Raises:
        FileFormatError: something that was typed would be lost or land in another memory, or a
            memory is not one of *memories*, is there twice, or has no text left.
    """
    known = {_named(memory): memory for memory in memories}
    given = dict(_sections(to_buffer(memories)))
    if _NOT_UTF8.search(buffer):
        raise FileFormatError("it is not valid UTF-8", hint="save it as UTF-8")
    above = _without_notes(buffer)
    if above:
        raise FileFormatError(
            f"«{one_line(above[0])}» stands above the first === line",
            hint="put it below the === line of its memory, or begin it with #",
        )
    found: dict[str, str] = {}
    for name, written in _sections(buffer):
        if name not in known:
            raise FileFormatError(f"{one_line(name)} was not among the memories to edit")
        if name in found:
            raise FileFormatError(f"{name} appears twice")
        if not written.strip() and known[name].text.strip():
            raise FileFormatError(
                f"{name} has no text left", hint="take its === line out too, or delete it with d"
            )
        _refuse_damaged_heads(written)
        found[name] = written
    _refuse_texts_without_head(found, given)
    return {
        known[name].id: from_editable(text) for name, text in found.items() if text != given[name]
    }


def with_reason(buffer: str, error: FileFormatError) -> str:
    """*buffer* with the reason at its top why it cannot be taken as it is."""
    lines = buffer.replace("\r\n", "\n").split("\n")
    while lines and lines[0].startswith(_REASON):
        del lines[0]
    reasons = [error.message, error.hint, "Leave this text unchanged or empty to stage nothing."]
    return "\n".join([*(f"{_REASON}{one_line(each)}" for each in reasons if each), *lines])


def _named(memory: Memory) -> str:
    """The memory's id without blanks, as a head holds it."""
    return quote(memory.id, safe=_ID_SIGNS)


def _without_notes(buffer: str) -> list[str]:
    """The lines above the first head that are no notes."""
    lines = []
    for written in buffer.replace("\r\n", "\n").split("\n"):
        if _HEAD.fullmatch(written):
            break
        if written.strip() and (not written.startswith("#") or _LIKE_A_HEAD.match(written)):
            lines.append(written)
    return lines


def _refuse_damaged_heads(text: str) -> None:
    damaged = next((line for line in text.split("\n") if _LIKE_A_HEAD.match(line)), None)
    if damaged is not None:
        raise FileFormatError(
            f"«{one_line(damaged)}» is not a whole === line",
            hint="write it as it was: === mem0:ID === and what follows",
        )


def _refuse_texts_without_head(found: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Refuse a text that now stands in another memory, for its head alone was taken out."""
    names = list(given)
    for name in names:
        if name in found:
            continue
        earlier = [each for each in names[: names.index(name)] if each in found]
        if not earlier:
            continue
        into = earlier[-1]
        own = {line for line in given[into].split("\n") if line.strip()}
        lost = {line for line in given[name].split("\n") if line.strip()} - own
        if lost & set(found[into].split("\n")):
            raise FileFormatError(
                f"the === line of {name} is gone, and its text stands in {into}",
                hint="put the line back, or take the text out as well",
            )


def _sections(buffer: str) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = []
    for written in buffer.replace("\r\n", "\n").split("\n"):
        head = _HEAD.fullmatch(written)
        if head:
            sections.append((head.group(1), []))
        elif sections:
            sections[-1][1].append(written)
    return [(name, _body(lines)) for name, lines in sections]


def _body(lines: Sequence[str]) -> str:
    """The lines of one memory, without the blank line that the buffer puts behind each."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)
