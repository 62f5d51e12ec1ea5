"""Which of Codex's own memories an answer cites (Codex 0.171.0).

An answer ends with ``<oai-mem-citation>``: files and lines in Codex's folder of memories, and the
sessions that they come from. Which memory stood there is known as long as Codex has not written
the file anew since; so it is looked up when the answer is first read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.evidence.event import Found
from mem0_tui.model.errors import StoreError

if TYPE_CHECKING:
    from mem0_tui.backends.codexmemories.passage import Passage

_BLOCK = re.compile(r"<oai-mem-citation>(.*?)(?:</oai-mem-citation>|\Z)", re.S)
_ENTRY = re.compile(r"^\s*([^\n|]{1,400}):(\d{1,7})(?:-(\d{1,7}))?\s*(?:\||$)", re.M)
_SESSION = re.compile(r"^\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*$", re.M)
_PLACE, _THREAD = "@", "@@"


def cited_places(text: str) -> Iterator[str]:
    """A key for each place and each session that the answer *text* cites, for :class:`Cited`."""
    for block in _BLOCK.findall(text):
        for path, first, last in _ENTRY.findall(block):
            yield f"{_PLACE}{path}:{first}-{last or first}"
        for session in _SESSION.findall(block):
            yield f"{_THREAD}{session}"


class Cited:
    """Finds the memories at cited places, in the folder as it is now."""

    def __init__(self, codex_home: str, copies: Path) -> None:
        """*copies* is where this program keeps what it changed in that folder."""
        self._home, self._copies = Path(codex_home), copies

    def resolved(self, found: list[Found]) -> list[Found]:
        """*found* with ids in place of the keys of cited places; what cannot be told any more is
        left out."""
        if not any(each.key.startswith(_PLACE) for each in found):
            return found
        told: list[Found] = []
        for each in found:
            if each.key.startswith(_PLACE):
                told += (replace(each, key=id_) for id_ in self._ids(each.key, each.at))
            else:
                told.append(each)
        return list(dict.fromkeys(told))

    def _ids(self, key: str, at: int) -> Iterator[str]:
        if key.startswith(_THREAD):
            thread = key.removeprefix(_THREAD)
            yield from (id_ for id_, _, passage in self._passages if passage.thread == thread)
            return
        path, _, lines = key.removeprefix(_PLACE).rpartition(":")
        first, last = (int(number) for number in lines.split("-"))
        name = path.replace("\\", "/").rpartition("memories/")[2]
        if self._changed.get(name, at + 1) > at:
            return
        for id_, span, passage in self._passages:
            if passage.file == name and span[0] <= last and first <= span[1]:
                yield id_

    @cached_property
    def _passages(self) -> list[tuple[str, tuple[int, int], Passage]]:
        """Each memory with its id, and its first and last line."""
        from mem0_tui.backends.codexmemories.editor import FolderEditor
        from mem0_tui.backends.codexmemories.folder import MemoryFolder
        from mem0_tui.backends.codexmemories.writing import Copies
        from mem0_tui.model.clock import SystemClock

        folder = MemoryFolder(self._home / "memories")
        try:
            passages = folder.passages()
            texts = {name: folder.read(name) for name in {each.file for each in passages}}
        except (StoreError, OSError):
            return []
        ids = FolderEditor(self._home, folder, Copies(self._copies), SystemClock()).ids(passages)
        return [
            (id_, _lines(passage, texts[passage.file]), passage)
            for id_, passage in zip(ids, passages, strict=True)
        ]

    @cached_property
    def _changed(self) -> dict[str, int]:
        """When each file was written last, in milliseconds since 1970."""
        from mem0_tui.backends.codexmemories.folder import MemoryFolder

        stamps = MemoryFolder(self._home / "memories").stamps()
        return {name: modified // 1_000_000 for name, modified, *_ in stamps}


def _lines(passage: Passage, text: str) -> tuple[int, int]:
    """The first and the last line of *passage*, from 1."""
    if passage.block is None:
        return 1, text.count("\n") + 1
    first = text.count("\n", 0, passage.block.start) + 1
    return first, first + text[passage.block.start : passage.block.end].rstrip("\n").count("\n")
