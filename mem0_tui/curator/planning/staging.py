"""What a person means to do, collected before it is planned: at most one change per memory.

Nothing is sent from here; taking a staged change back costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.errors import UsageError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Draft, Memory


@late_dataclass(frozen=True)
class Staged:
    """What is staged at one time, as a value."""

    changes: Mapping[str, Change]
    merges: tuple[Merge, ...]
    drafts: tuple[Draft, ...]
    seen: Mapping[str, Memory]


class Staging:
    """Staged changes by memory id, in the order in which they were staged."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}
        self._merges: list[Merge] = []
        self._drafts: list[Draft] = []
        self._seen: dict[str, Memory] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Called after every change of what is staged."""

    def __len__(self) -> int:
        return len(self._changes) + len(self._merges) + len(self._drafts)

    def __bool__(self) -> bool:
        return len(self) > 0

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is staged, as ``Curator.plan`` takes it."""
        return (*self._changes.values(), *self._merges, *map(Add, self._drafts))

    @property
    def seen(self) -> Mapping[str, Memory]:
        """The memories concerned, as they were when they were first staged."""
        return dict(self._seen)

    def seen_of(self, memory_id: str) -> Memory | None:
        """This memory as it was when it was first staged; None where nothing is staged for it."""
        return self._seen.get(memory_id)

    def change_of(self, memory_id: str) -> Change | None:
        """What is staged for this memory."""
        for merge in self._merges:
            if memory_id in merge.memory_ids:
                return merge
        return self._changes.get(memory_id)

    def letter(self, memory_id: str) -> str:
        """``D``, ``E``, ``V`` (a move) or ``M`` for the gutter; empty when nothing is staged."""
        match self.change_of(memory_id):
            case Delete():
                return "D"
            case Update(edit=edit):
                return "E" if edit.scope is None else "V"
            case Merge():
                return "M"
            case _:
                return ""

    def after(self, memory: Memory) -> Memory | None:
        """*memory* as it will be; None when it is to go."""
        change = self.change_of(memory.id)
        match change:
            case Update(_, edit):
                return edit.applied_to(memory)
            case Merge(keep=keep) if keep == memory.id:
                return change.edit_of(memory).applied_to(memory)
            case None:
                return memory
            case _:
                return None

    def toggle_delete(self, *memories: Memory) -> bool:
        """Stage the deletion of *memories*, in place of their edits; or, if it is staged for all
        of them, take it back. Whether they are staged for deletion now."""
        staged = all(isinstance(self.change_of(memory.id), Delete) for memory in memories)
        for memory in memories:
            if staged:
                self._drop(memory.id)
            else:
                self._put(memory, Delete(memory.id))
        self.on_change()
        return not staged

    def edit(self, memory: Memory, edit: Edit, *, redacts: bool = False) -> None:
        """Stage *edit* on top of what is staged; an edit that leads back to the memory as it was
        seen unstages it. One that *redacts* stays one, whatever is edited besides.

        Raises:
            UsageError: the memory is staged for deletion or a merge.
        """
        staged = self.change_of(memory.id)
        if isinstance(staged, (Delete, Merge)):
            raise UsageError(f"{memory.id} is staged for deletion: unstage it first")
        seen = self._seen.get(memory.id, memory)
        whole = staged.edit.then(edit) if isinstance(staged, Update) else edit
        whole = Edit.between(seen, whole.applied_to(seen))
        if whole:
            redacts = redacts or (isinstance(staged, Update) and staged.redacts)
            self._put(seen, Update(memory.id, whole, redacts=redacts))
        else:
            self._drop(memory.id)
        self.on_change()

    def merge(self, memories: Sequence[Memory], draft: Draft, keep: str | None = None) -> None:
        """Stage the merge of *memories* into *draft*, in place of what is staged for them; *keep*
        is the id of the one that stays.

        Raises:
            UsageError: these are fewer than two.
        """
        ids = tuple(dict.fromkeys(memory.id for memory in memories))
        if len(ids) < 2:
            raise UsageError("a merge takes at least two memories")
        for memory in memories:
            self._drop(memory.id)
        for memory in memories:
            self._seen[memory.id] = memory
        self._merges.append(Merge(draft, ids, keep))
        self.on_change()

    def add(self, draft: Draft) -> None:
        """Stage a new memory."""
        self._drafts.append(draft)
        self.on_change()

    def unstage(self, *memory_ids: str) -> None:
        """Take back what is staged for these memories; a merge is taken back whole."""
        for memory_id in memory_ids:
            self._drop(memory_id)
        self.on_change()

    def unstage_draft(self, draft: Draft) -> None:
        """Take back a new memory; one that is not staged is no error."""
        if draft in self._drafts:
            self._drafts.remove(draft)
        self.on_change()

    def clear(self) -> None:
        """Take back everything."""
        self._changes.clear()
        self._merges.clear()
        self._drafts.clear()
        self._seen.clear()
        self.on_change()

    def snapshot(self) -> Staged:
        """What is staged now, for :meth:`restore`."""
        return Staged(
            dict(self._changes), tuple(self._merges), tuple(self._drafts), dict(self._seen)
        )

    def restore(self, staged: Staged) -> None:
        """Stage what was staged when *staged* was taken, and nothing else."""
        self._changes, self._seen = dict(staged.changes), dict(staged.seen)
        self._merges, self._drafts = list(staged.merges), list(staged.drafts)
        self.on_change()

    def _put(self, memory: Memory, change: Change) -> None:
        seen = self._seen.get(memory.id, memory)
        self._drop(memory.id)
        self._seen[memory.id] = seen
        self._changes[memory.id] = change

    def _drop(self, memory_id: str) -> None:
        self._changes.pop(memory_id, None)
        self._seen.pop(memory_id, None)
        for merge in [merge for merge in self._merges if memory_id in merge.memory_ids]:
            self._merges.remove(merge)
            for each in merge.memory_ids:
                self._seen.pop(each, None)
