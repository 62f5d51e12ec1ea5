"""What was deleted and has not been put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, runtime_checkable

from mem0_tui.backends.base import Backend
from mem0_tui.backends.reference import pick
from mem0_tui.curator.planning.planner import Wanted
from mem0_tui.curator.planning.reversal import obstacle
from mem0_tui.curator.reading import read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Restore, Update
from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.store.erasure.gone import gone_of
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import Counterpart, JournalTarget


@dataclass(frozen=True, slots=True)
class TrashEntry:
    """One deleted memory."""

    memory: Memory
    deleted_at: datetime
    transaction_id: str | None = None
    """The transaction that deleted it; None when something else did."""
    counterpart: Counterpart | None = None
    """What putting it back takes back."""
    by: str | None = None
    """Who deleted it, where the backend knows."""
    obstacle: str = ""
    """Why it cannot be put back; blank where it can."""


class Deleted(Protocol):
    """What a backend with a trash of its own says of a deleted memory."""

    @property
    def memory(self) -> Memory: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str | None: ...


@runtime_checkable
class HasTrash(Protocol):
    """A backend that keeps what anybody deleted (the capability TRASH)."""

    async def trash(self) -> Sequence[Deleted]: ...


async def entries(
    backend: Backend, journal: Journal, target: JournalTarget
) -> tuple[TrashEntry, ...]:
    """The deleted memories of *target*, the last deleted first, each once: what the journal
    knows of, and what the backend itself keeps."""
    found = await _journalled(journal, target)
    if isinstance(backend, HasTrash):
        for deleted in await backend.trash():
            known = found.get(deleted.memory.id)
            entry = known or TrashEntry(deleted.memory, deleted.at)
            found[deleted.memory.id] = replace(entry, by=deleted.by)
    if Capability.KEEP_ID in backend.capabilities:
        for memory_id in await read_many(backend, list(found)):
            del found[memory_id]
    judged = (replace(each, obstacle=obstacle(backend, each.memory)) for each in found.values())
    return tuple(sorted(judged, key=lambda entry: entry.deleted_at, reverse=True))


async def _journalled(journal: Journal, target: JournalTarget) -> dict[str, TrashEntry]:
    returned = await journal.reversed_parts(target)
    found: dict[str, TrashEntry] = {}
    for transaction, item in await journal.removals(target):
        if isinstance(item.change, Update):  # moved by a copy: it is there, and undo moves it back
            continue
        removed = set(item.removed)
        for part, memory in enumerate(item.before):
            counterpart = Counterpart(item.transaction_id, item.position, part)
            known = memory.id in found or counterpart in returned or gone_of(memory)
            if memory.id in removed and not known:
                found[memory.id] = TrashEntry(memory, transaction.at, transaction.id, counterpart)
    return found


def find(trash: Sequence[TrashEntry], reference: str) -> TrashEntry:
    """The entry that *reference*, an id or a unique beginning of one, names.

    Raises:
        NotFoundError: it names none.
        UsageError: it begins the ids of several.
    """
    try:
        return pick(reference, trash, lambda entry: entry.memory)
    except NotFoundError:
        raise NotFoundError(f"the trash holds no {one_line(reference)}") from None


def chosen(trash: Sequence[TrashEntry], references: Sequence[str]) -> list[Wanted]:
    """What puts back the entries that *references* (ids or unique beginnings of them) name.

    Raises:
        NotFoundError: a reference names none.
        UsageError: it begins the ids of several.
    """
    picked: dict[str, TrashEntry] = {}
    for reference in references:
        entry = find(trash, reference)
        picked[entry.memory.id] = entry
    return [Wanted(Restore(entry.memory), (), entry.counterpart) for entry in picked.values()]
