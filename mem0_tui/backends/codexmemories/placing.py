"""Where a passage that was taken out of a file goes when it is put back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from mem0_tui.backends.codexmemories.markdown import MarkdownBlock, blocks

Span: TypeAlias = tuple[int, int]
"""The characters of a passage in a file, its end not included."""


def without(text: str, taken: Iterable[Span]) -> str:
    """*text* without the characters of *taken*."""
    for start, end in sorted(taken, reverse=True):
        text = text[:start] + text[end:]
    return text


def put_back(now: str, before: str, span: Span, others: Iterable[Span] = ()) -> str:
    """*now* with the lines ``before[span]`` at the place that they had in *before*.

    Where *now* is *before* without that span and *others*, which were taken out as well, the result
    is *before* without *others*. Where somebody has changed more, they go behind the nearest
    passage before them that is still there, or to the beginning.
    """
    left = [other for other in others if other != span]
    if now == without(before, (*left, span)):
        return without(before, left)
    offset = _offset(now, before, span[0])
    lines = before[slice(*span)]
    if offset == len(now) and now and not now.endswith("\n"):
        lines = "\n" + lines
    return now[:offset] + lines + now[offset:]


def _offset(now: str, before: str, start: int) -> int:
    """The place in *now* that is most like the place *start* in *before*."""
    ends = {_name(block): block.end for block in blocks(now)}
    gap, at = "", start
    for block in reversed([block for block in blocks(before) if block.start < start]):
        gap = before[block.end : at] + gap
        end = ends.get(_name(block))
        if end is not None:
            return end + len(gap) if now.startswith(gap, end) else end
        at = block.start
    gap = before[:at] + gap
    return len(gap) if now.startswith(gap) else 0


def _name(block: MarkdownBlock) -> tuple[tuple[str, ...], str]:
    return block.headings, block.text
