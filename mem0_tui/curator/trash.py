"""What was deleted through the journal and has not been put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mem0_tui.curator.planner import Wanted
from mem0_tui.curator.reference import short_id
from mem0_tui.model.change import Restore
from mem0_tui.model.errors import NotFoundError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal import Journal
from mem0_tui.store.journal_rows import Counterpart, Target


@dataclass(frozen=True, slots=True)
class TrashEntry:
    """One deleted memory."""

    memory: Memory
    deleted_at: datetime
    transaction_id: str
    counterpart: Counterpart
    """What putting it back takes back."""


async def entries(journal: Journal, target: Target) -> tuple[TrashEntry, ...]:
    """The deleted memories of *target*, the last deleted first, each once."""
    returned = await journal.reversed_parts(target)
    found: dict[str, TrashEntry] = {}
    for transaction, item in await journal.removals(target):
        removed = set(item.removed)
        for part, memory in enumerate(item.before):
            counterpart = Counterpart(item.transaction_id, item.position, part)
            if memory.id in removed and memory.id not in found and counterpart not in returned:
                found[memory.id] = TrashEntry(memory, transaction.at, transaction.id, counterpart)
    return tuple(found.values())


def chosen(trash: Sequence[TrashEntry], references: Sequence[str]) -> list[Wanted]:
    """What puts back the entries that *references* (ids or unique beginnings of them) name.

    Raises:
        NotFoundError: a reference names none.
        UsageError: it begins the ids of several.
    """
    picked: dict[str, TrashEntry] = {}
    for reference in references:
        wanted = short_id(reference).casefold()
        exact = [entry for entry in trash if entry.memory.id.casefold() == wanted]
        found = exact or [e for e in trash if e.memory.id.casefold().startswith(wanted)]
        if not found:
            raise NotFoundError(f"the trash holds no {wanted}")
        if len(found) > 1:
            names = ", ".join(entry.memory.id for entry in found[:5])
            raise UsageError(f"{wanted} begins several ids: {names}")
        picked[found[0].memory.id] = found[0]
    return [Wanted(Restore(entry.memory), (), entry.counterpart) for entry in picked.values()]
