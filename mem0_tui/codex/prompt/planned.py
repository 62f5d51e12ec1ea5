"""What a plan would do to memories, as far as it changes which of them Codex is given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from mem0_tui.hooks.identity import HookIdentity
from mem0_tui.hooks.memories import RecalledMemories, RecalledMemory
from mem0_tui.hooks.places import is_on
from mem0_tui.hooks.server import MemoryServer
from mem0_tui.model.counting import plural
from mem0_tui.model.record import Record
from mem0_tui.model.secret import redact

_MOST = 100
"""Memories that one request asks for at most; Mem0's limit of ``top_k`` is higher."""


class Planned(Record):
    """The state of the memories after a plan."""

    gone: frozenset[str] = frozenset()
    """Ids that are deleted, or moved to where this folder's sessions do not look."""
    texts: Mapping[str, str] = MappingProxyType({})
    """New texts by id."""
    kinds: Mapping[str, str] = MappingProxyType({})
    """New values of ``metadata.type`` by id, empty where it is taken away."""
    added: int = 0
    """Memories that the plan adds, whose rank nobody knows before they exist."""
    moved: int = 0
    """Those of *gone* that are moved."""

    def notes(self, ids: list[str]) -> tuple[str, ...]:
        """What is not certain about a block that holds the memories *ids*."""
        notes = []
        if any(id_ in self.texts for id_ in ids):
            notes.append("an edited memory keeps its rank here; its new text may rank elsewhere")
        if self.added:
            notes.append(f"the plan adds {plural(self.added, 'memory')}: ranked once stored")
        if self.moved:
            notes.append(f"the plan moves {plural(self.moved, 'memory')}: left out here")
        return tuple(notes)

    def most(self, count: int) -> int:
        """How many memories to ask for, so that *count* are left."""
        return min(count + len(self.gone), max(count, _MOST))


class PlannedMemories(RecalledMemories):
    """The memories of a server as they would be after a plan."""

    def __init__(
        self, server: MemoryServer, identity: HookIdentity, deadline: float, planned: Planned
    ) -> None:
        super().__init__(server, identity, deadline)
        self._planned = planned

    def newest(self, kinds: tuple[str, ...], count: int) -> list[RecalledMemory]:
        found = super().newest(kinds, self._planned.most(count))
        return [memory for memory in self._changed(found) if memory.kind in kinds][:count]

    def similar(self, query: str, count: int, threshold: float) -> list[RecalledMemory]:
        found = super().similar(query, self._planned.most(count), threshold)
        return self._changed(found)[:count]

    def _changed(self, found: list[RecalledMemory]) -> list[RecalledMemory]:
        planned = self._planned
        left = [memory for memory in found if memory.id not in planned.gone]
        for memory in left:
            if (text := planned.texts.get(memory.id)) is not None:
                memory.text = redact(text) if is_on("mask_recalled", dict(os.environ)) else text
            memory.kind = planned.kinds.get(memory.id, memory.kind)
        return left
