"""Reads the blocks in which hooks put memories before the model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.evidence.event import FoundSource, beginning_key, text_key
from mem0_tui.hooks.block import TAG

_OURS = re.compile(r"- \[[^\]]*\bid ([0-9a-f]{8})\] (.*)")
_PLUGIN = ("Mem0 found these relevant memories", "Relevant repository memories:")
_NUMBERED = re.compile(r"(\d{1,3})\. (.*)")
_REDACTED = "[REDACTED]"


def read_block(text: str) -> Iterator[tuple[FoundSource, str, int]]:
    """Source, key and rank of each memory in *text*, one message of a hook."""
    if text.startswith(f"<{TAG} "):
        yield from _ours(text)
    elif text.startswith(_PLUGIN):
        yield from numbered(text)


def _ours(text: str) -> Iterator[tuple[FoundSource, str, int]]:
    rank = 0
    for line in text.split("\n"):
        if line == f"</{TAG}>":
            return
        if entry := _OURS.fullmatch(line):
            rank += 1
            yield (
                FoundSource.RECALL,
                beginning_key(entry.group(1), entry.group(2).rstrip("…")),
                rank,
            )


def numbered(text: str) -> Iterator[tuple[FoundSource, str, int]]:
    """The memories of a list of the plugin's. One that was cut or redacted is known by no text."""
    for line in text.split("\n"):
        entry = _NUMBERED.fullmatch(line)
        if entry and not entry.group(2).endswith("…") and _REDACTED not in entry.group(2):
            yield FoundSource.PLUGIN_BLOCK, text_key(entry.group(2)), int(entry.group(1))
