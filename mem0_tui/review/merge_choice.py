"""What becomes of several memories that are merged: which one stays, and whose value each of its
parts takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from mem0_tui.curator.planning.merging import survivor_of
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import JsonObject, Memory
from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import signed_headline, type_name
from mem0_tui.presenting.signs import MISSING, NEVER


class MergePart(StrEnum):
    """One thing to choose, by the name that it has on the screen."""

    STAYS = "stays"
    """Which memory keeps its id and history."""
    TEXT = "text"
    KIND = "type"
    CATEGORIES = "categories"
    EXPIRY = "expires"
    SCOPE = "scope"
    METADATA = "metadata"


class MergeChoice:
    """The memories, the one that stays first, and which of them each part comes from."""

    def __init__(self, memories: Sequence[Memory], *, files: bool) -> None:
        """*files*: whether the backend takes categories."""
        first = survivor_of(memories)
        self.memories = (first, *(memory for memory in memories if memory.id != first.id))
        self.parts = tuple(part for part in MergePart if files or part is not MergePart.CATEGORIES)
        self._stays = 0
        self._chosen: dict[MergePart, int] = {}

    @property
    def survivor(self) -> Memory:
        """The memory that stays."""
        return self.memories[self._stays]

    def chosen(self, part: MergePart) -> int:
        """The place of the memory that *part* comes from: the one that stays, unless another was
        chosen."""
        return self._chosen.get(part, self._stays)

    def choose(self, part: MergePart, place: int) -> None:
        """Take *part* from the memory at *place*."""
        if part is MergePart.STAYS:
            self._stays = place
        else:
            self._chosen[part] = place

    def wanted(self, text: str | None = None) -> Memory:
        """What the memory that stays is to be; *text* in place of the chosen one."""
        kind = self._of(MergePart.KIND).metadata
        metadata = {**_without_type(self._of(MergePart.METADATA)), **_only_type(kind)}
        return replace(
            self.survivor,
            text=self._of(MergePart.TEXT).text if text is None else text,
            metadata=metadata,
            categories=self._of(MergePart.CATEGORIES).categories,
            expires_on=self._of(MergePart.EXPIRY).expires_on,
            scope=self._of(MergePart.SCOPE).scope,
        )

    def _of(self, part: MergePart) -> Memory:
        return self.memories[self.chosen(part)]


def shown(memory: Memory, part: MergePart) -> str:
    """What *memory* has as its *part*, on one safe line."""
    match part:
        case MergePart.STAYS:
            return one_line(memory.id)
        case MergePart.TEXT:
            return signed_headline(memory)
        case MergePart.KIND:
            return type_name(memory.type)
        case MergePart.CATEGORIES:
            return one_line(", ".join(memory.categories)) or MISSING
        case MergePart.EXPIRY:
            return str(memory.expires_on or NEVER)
        case MergePart.SCOPE:
            named = (memory.scope.get(kind) for kind in reversed(EntityKind))
            return one_line(" · ".join(name for name in named if name)) or MISSING
        case MergePart.METADATA:
            return one_line(", ".join(sorted(_without_type(memory)))) or MISSING


def _without_type(memory: Memory) -> JsonObject:
    return {key: value for key, value in memory.metadata.items() if key != "type"}


def _only_type(metadata: JsonObject) -> JsonObject:
    return {"type": metadata["type"]} if "type" in metadata else {}
