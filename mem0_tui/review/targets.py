"""What a key acts on, as one rule for all keys that stage something.

| marks                | the key acts on                                              |
|----------------------|--------------------------------------------------------------|
| none                 | the row under the cursor                                     |
| all in the list      | the marked memories                                          |
| some in the list     | the marked memories; how many of them are not shown is said  |
| none in the list     | what the person answers: the marked ones, the row, or nothing |

``e``, ``y``, ``Y``, ``l`` and ``o`` are about one memory, which they show or name, and so always
take the row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mem0_tui.model.counting import plural
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory


@late_dataclass(frozen=True)
class Target:
    """The memories that a key acts on."""

    memories: tuple[Memory, ...]
    of_marks: bool = False
    """Whether these are the marked ones, and not the row under the cursor."""
    hidden: int = 0
    """How many of them the list does not show."""

    @property
    def words(self) -> str:
        """What it is, for a prompt: ``the 35 marked memories (12 not shown)``."""
        if not self.of_marks:
            return "this memory"
        count = len(self.memories)
        name = "marked memory" if count == 1 else f"{plural(count, 'marked memory')}"
        return f"the {name}{_not_shown(self.hidden, count)}"


@late_dataclass(frozen=True)
class Unclear:
    """Memories are marked, and the list shows none of them: only the person knows."""

    marked: Target
    row: Target | None
    """The row under the cursor, where there is one."""


def target_of(
    marked: Mapping[str, Memory], hidden: Collection[str], row: Memory | None
) -> Target | Unclear | None:
    """What a key acts on; None where there is nothing to act on.

    *marked* holds the marked memories by id, *hidden* the ids of those that the list does not show,
    *row* is the memory under the cursor.
    """
    this = Target((row,)) if row is not None else None
    if not marked:
        return this
    unseen = sum(memory_id in hidden for memory_id in marked)
    target = Target(tuple(marked.values()), of_marks=True, hidden=unseen)
    return Unclear(target, this) if unseen == len(marked) else target


def _not_shown(hidden: int, count: int) -> str:
    if not hidden:
        return ""
    if hidden == count:
        return " (not shown)" if count == 1 else " (none shown)"
    return f" ({hidden:,} not shown)"
