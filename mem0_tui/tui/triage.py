"""What the curating person has marked and staged; survives filtering, searching and refreshing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mem0_tui.model.change import UNSET, Add, Change, Delete, Edit, Update
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.widgets.memory_list import Decorations


@dataclass(slots=True)
class Triage:
    """Marks by memory id, and staged changes by memory id with the memory as it was seen."""

    marked: dict[str, Memory] = field(default_factory=dict)
    """Marked memories by id, as they were seen."""
    deletes: dict[str, Memory] = field(default_factory=dict)
    edits: dict[str, tuple[Memory, Edit]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    by_query: set[str] = field(default_factory=set)
    """Ids that were marked by query rather than by hand: pinned ones among them are protected."""

    def __len__(self) -> int:
        return len(self.deletes) + len(self.edits) + len(self.drafts)

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

    def stage_delete(self, memories: Iterable[Memory]) -> None:
        """Stage deletes; where all of them are staged already, take them back instead."""
        chosen = list(memories)
        if all(memory.id in self.deletes for memory in chosen):
            for memory in chosen:
                del self.deletes[memory.id]
            return
        for memory in chosen:
            self.edits.pop(memory.id, None)
            self.deletes[memory.id] = memory

    def stage_edit(self, memory: Memory, edit: Edit) -> None:
        """Stage *edit* on top of what is staged; an edit that changes nothing is taken back."""
        seen, before = self.edits.get(memory.id, (memory, Edit()))
        merged = before.then(edit)
        net = Edit.between(seen, merged.applied_to(seen))
        self.deletes.pop(memory.id, None)
        if net:
            self.edits[memory.id] = (seen, net)
        else:
            self.edits.pop(memory.id, None)

    def draft_of(self, memory: Memory) -> Memory:
        """*memory* with what is staged for it applied."""
        seen, edit = self.edits.get(memory.id, (memory, Edit()))
        return edit.applied_to(seen)

    def drop(self, memory_ids: Iterable[str]) -> None:
        """Take back what is staged for these."""
        for memory_id in memory_ids:
            self.deletes.pop(memory_id, None)
            self.edits.pop(memory_id, None)

    def clear(self) -> None:
        """Take back everything that is staged."""
        self.deletes.clear()
        self.edits.clear()
        self.drafts.clear()

    def changes(self) -> list[Change]:
        """What is staged, as changes: edits first, then adds, then deletes."""
        return [
            *(Update(memory_id, edit) for memory_id, (_, edit) in self.edits.items()),
            *(Add(draft) for draft in self.drafts),
            *(Delete(memory_id) for memory_id in self.deletes),
        ]

    def seen(self) -> Mapping[str, Memory]:
        """The memories that changes are staged for, as the user saw them."""
        return {**{i: memory for i, (memory, _) in self.edits.items()}, **self.deletes}

    def letter(self, memory_id: str) -> str:
        """The gutter letter of a memory."""
        if memory_id in self.deletes:
            return "D"
        if memory_id not in self.edits:
            return " "
        memory, edit = self.edits[memory_id]
        if edit.text is not None:
            return "E"
        if edit.metadata is None:
            return "X"
        after = edit.applied_to(memory)
        if after.type != memory.type:
            return "T"
        return "P" if after.pinned != memory.pinned else "E"

    def words(self, memory: Memory) -> tuple[str, ...]:
        """What is staged for *memory*, in words."""
        if memory.id in self.deletes:
            return ("delete",)
        if memory.id not in self.edits:
            return ()
        seen, edit = self.edits[memory.id]
        after = edit.applied_to(seen)
        said = ["text edited"] if edit.text is not None else []
        if after.type != seen.type:
            said.append(f"type → {after.type or 'untyped'}")
        elif edit.metadata is not None:
            said.append("metadata edited")
        if edit.expires_on is not UNSET:
            said.append(f"expires → {edit.expires_on or 'never'}")
        return tuple(said)

    def decorations(self, range_start: int | None) -> Decorations:
        """What the list shows of all this."""
        ids = {*self.deletes, *self.edits}
        return Decorations(self.marked, {i: self.letter(i) for i in ids}, range_start)
