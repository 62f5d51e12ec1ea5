"""What the curating person has marked and staged; survives filtering, searching and refreshing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mem0_tui.curator.staging import Staging
from mem0_tui.model.change import UNSET, Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.memory import Memory
from mem0_tui.tui.widgets.memory_list import Decorations


@dataclass(slots=True)
class Triage:
    """Marks by memory id, and the staging area."""

    staging: Staging = field(default_factory=Staging)
    marked: dict[str, Memory] = field(default_factory=dict)
    """Marked memories by id, as they were seen."""
    by_query: set[str] = field(default_factory=set)
    """Ids that were marked by query rather than by hand: pinned ones among them are protected."""

    def toggle(self, memory: Memory) -> None:
        """Mark a memory by hand, or no longer."""
        if self.marked.pop(memory.id, None) is None:
            self.marked[memory.id] = memory
        self.by_query.discard(memory.id)

    def mark(self, memories: Iterable[Memory], *, by_query: bool) -> None:
        """Mark these too."""
        for memory in memories:
            if memory.id not in self.marked:
                self.marked[memory.id] = memory
                if by_query:
                    self.by_query.add(memory.id)

    def unmark(self, memory_ids: Iterable[str]) -> None:
        """Take these marks away."""
        for memory_id in memory_ids:
            self.marked.pop(memory_id, None)
            self.by_query.discard(memory_id)

    def unmark_all(self) -> None:
        """Take all marks away; what is staged stays."""
        self.marked.clear()
        self.by_query.clear()

    def goes(self, memory: Memory) -> bool:
        """Whether *memory* is staged to be deleted or merged."""
        return self.staging.after(memory) is None

    def draft_of(self, memory: Memory) -> Memory:
        """*memory* with what is staged for it applied; as it is when it is staged to go."""
        seen = self.staging.seen.get(memory.id, memory)
        return self.staging.after(seen) or seen

    def stage_edit(self, memory: Memory, edit: Edit) -> None:
        """Stage *edit* on top of what is staged, in place of a staged delete."""
        if self.goes(memory):
            self.staging.unstage(memory.id)
        self.staging.edit(memory, edit)

    def restage(self, change: Change, before: Sequence[Memory]) -> None:
        """Stage *change* of the memories *before* again, unless something else is staged."""
        if any(self.staging.change_of(memory.id) is not None for memory in before):
            return
        match change:
            case Delete():
                self.staging.toggle_delete(*before)
            case Update(_, edit):
                self.staging.edit(before[0], edit)
            case Merge(draft):
                self.staging.merge(before, draft)
            case Add(draft):
                self.staging.add(draft)

    def letter(self, memory_id: str) -> str:
        """The gutter letter: D delete, M merge, T type, X expiry, P pin, E any other edit."""
        change = self.staging.change_of(memory_id)
        if not isinstance(change, Update):
            return self.staging.letter(memory_id) or " "
        return edit_letter(self.staging.seen[memory_id], change.edit)

    def words(self, memory: Memory) -> tuple[str, ...]:
        """What is staged for *memory*, in words."""
        change = self.staging.change_of(memory.id)
        match change:
            case Delete():
                return ("delete",)
            case Merge(memory_ids=ids):
                return (f"merge of {len(ids)}",)
            case Update(_, edit):
                return _edit_words(self.staging.seen[memory.id], edit)
            case _:
                return ()

    def decorations(self, range_start: int | None, words: tuple[str, ...]) -> Decorations:
        """What the list shows of all this."""
        letters = {memory_id: self.letter(memory_id) for memory_id in self.staging.seen}
        return Decorations(frozenset(self.marked), letters, range_start, words)


def edit_letter(seen: Memory, edit: Edit) -> str:
    """The gutter letter of an *edit*: T type, X expiry, P pin, E anything else."""
    if edit.text is not None:
        return "E"
    if edit.metadata is None:
        return "X"
    after = edit.applied_to(seen)
    if after.type != seen.type:
        return "T"
    return "P" if after.pinned != seen.pinned else "E"


def _edit_words(seen: Memory, edit: Edit) -> tuple[str, ...]:
    after = edit.applied_to(seen)
    said = ["text edited"] if edit.text is not None else []
    if after.type != seen.type:
        said.append(f"type → {after.type or 'untyped'}")
    elif after.pinned != seen.pinned:
        said.append("pin" if after.pinned else "unpin")
    elif edit.metadata is not None:
        said.append("metadata edited")
    if edit.expires_on is not UNSET:
        said.append(f"expires → {edit.expires_on or 'never'}")
    return tuple(said)
