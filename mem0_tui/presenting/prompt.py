"""What Codex would be given for a prompt, source by source, and what a plan changes in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.spans import Line, line

if TYPE_CHECKING:
    from mem0_tui.codex.prompt.block import PromptBlock, SourcePreview

SOURCES: Final = {
    "plugin-0.3": "Mem0's plugin 0.3",
    "plugin-0.2": "Mem0's plugin 0.2",
    "mem0-tui": "the hooks of mem0-tui",
    "codex": "Codex's own memories",
}
MOMENTS: Final = {"start": "at the start of a session", "prompt": "with its first prompt"}
NO_SOURCE: Final = "Nothing of Mem0 is installed in Codex, and its own memories are off."


def preview_lines(
    found: Sequence[SourcePreview], home: str, masking: Masking = MASKED
) -> Iterator[Line]:
    """All of *found*, and what it comes to; paths below *home* begin with ``~``."""
    for each in found:
        yield from source_lines(each, home, masking)
        yield line()
    yield line((total(found), "muted"))


def total(found: Sequence[SourcePreview]) -> str:
    """How much all sources add, now and after the plan."""
    if not found:
        return NO_SOURCE
    now = sum(each.now.tokens for each in found)
    after = sum((each.planned or each.now).tokens for each in found)
    text = f"{plural(len(found), 'source')}, about {now:,} tokens in all"
    return text if after == now else f"{text}; after the plan {after:,}"


def source_lines(preview: SourcePreview, home: str, masking: Masking = MASKED) -> Iterator[Line]:
    """*preview*: who adds what when, its size, the text, and what is to be known about it.

    With a plan, lines that go are marked ``-`` and lines that come ``+``; the size is that of both.
    """
    name = one_line(preview.name).replace(f"{home}/", "~/")
    title = SOURCES[preview.source]
    yield line((title, "title"), f", {MOMENTS[preview.moment]}", (f"  {name}", "muted"), indent=2)
    yield line((_size(preview.now), "muted"), indent=2)
    after = preview.planned
    if after is None:
        yield from _text(preview.now, masking)
    else:
        yield line((f"after the plan: {_size(after)}", "muted"), indent=2)
        yield from _changes(preview.now, after, masking)
    shown = preview.now if after is None else after
    for note in shown.notes:
        yield line((f"({one_line(note)})", "muted"), indent=2)


def _size(block: PromptBlock) -> str:
    if block.text is None:
        return f"nothing: {one_line(block.nothing)}"
    memories = f"{plural(len(block.entries), 'memory')}, " if block.entries else ""
    return f"{memories}{plural(block.characters, 'character')}, about {block.tokens:,} tokens"


def _text(block: PromptBlock, masking: Masking) -> Iterator[Line]:
    for part in _shown(block, masking):
        yield line(f"  {part}", indent=5)


def _shown(block: PromptBlock, masking: Masking) -> list[str]:
    text = block.text
    return [] if text is None else [visible(part) for part in masking.text(text).split("\n")]


def _changes(now: PromptBlock, after: PromptBlock, masking: Masking) -> Iterator[Line]:
    before, then = _shown(now, masking), _shown(after, masking)
    if before == then:
        yield line(("the plan changes nothing in it", "muted"), indent=2)
        yield from _text(now, masking)
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(
        None, before, then, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from (line(f"  {part}", indent=5) for part in before[i:j])
            continue
        yield from (line((f"- {part}", "removed"), indent=5) for part in before[i:j])
        yield from (line((f"+ {part}", "added"), indent=5) for part in then[k:m])
