"""What is to be purged: ids, bound to the content that the user saw."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mem0_tui.backends.base import BackendInfo
from mem0_tui.backends.reference import whole_ids
from mem0_tui.curator import trash
from mem0_tui.curator.service import Curator
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import Mem0TuiError, NotFoundError, UsageError
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Query
from mem0_tui.model.text import one_line
from mem0_tui.store.erasure.purge_log import PurgeLog


@dataclass(frozen=True, slots=True)
class PurgeItem:
    """One memory that is to be gone."""

    memory: Memory
    lives: bool
    """Whether it is not deleted yet."""

    @property
    def seen(self) -> str | None:
        """The content hash that it must still have; None where it is deleted."""
        return self.memory.content_hash if self.lives else None


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """Memories that are to be gone for good, on one backend."""

    id: str
    created_at: datetime
    target: BackendInfo
    items: tuple[PurgeItem, ...]
    notes: tuple[str, ...] = ()
    """What a person should know, such as what was left out."""

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def pinned(self) -> tuple[Memory, ...]:
        """The pinned memories among them."""
        return tuple(item.memory for item in self.items if item.memory.pinned)

    @property
    def summary(self) -> str:
        """What it does, in one phrase: ``purge 3 memories (2 of them in the trash)``."""
        deleted = sum(not item.lives for item in self.items)
        where = f" ({deleted:,} of them in the trash)" if 0 < deleted < len(self.items) else ""
        return f"purge {plural(len(self.items), 'memory')}{where}"


async def plan_ids(curator: Curator, references: Sequence[str]) -> PurgePlan:
    """The plan for the memories that *references* name: living, in the trash, or known to the
    journal or the store's history only.

    Raises:
        NotFoundError: nothing is known of one.
        UsageError: a reference is none, or begins several ids.
    """
    deleted: Sequence[trash.TrashEntry] | None = None
    found: dict[str, PurgeItem] = {}
    for reference in references:
        named = await _living(curator, reference)
        if isinstance(named, Memory) and named.id in whole_ids(reference):
            found[named.id] = PurgeItem(named, lives=True)
            continue
        if deleted is None:
            deleted = await curator.trash()
        item = await _deleted(curator, reference, deleted, named)
        found[item.memory.id] = item
    return await _plan(curator, list(found.values()))


async def _living(curator: Curator, reference: str) -> Memory | Mem0TuiError:
    """The living memory that *reference* names, or why it names none."""
    try:
        return await curator.get(reference)
    except (NotFoundError, UsageError) as error:
        return error


async def _deleted(
    curator: Curator,
    reference: str,
    deleted: Sequence[trash.TrashEntry],
    named: Memory | Mem0TuiError,
) -> PurgeItem:
    """The memory that *reference* names by a whole id, in the trash or only remembered; else that
    whose id it begins, the living one, *named*, first."""
    in_trash = {entry.memory.id: entry.memory for entry in deleted}
    for whole in whole_ids(reference):
        if whole in in_trash:
            return PurgeItem(in_trash[whole], lives=False)
    with contextlib.suppress(NotFoundError):
        return PurgeItem(await _remembered(curator, reference), lives=False)
    await _check_not_purged(curator, reference)
    if isinstance(named, Memory):
        return PurgeItem(named, lives=True)
    if isinstance(named, UsageError):
        raise named
    try:
        return PurgeItem(trash.find(deleted, reference).memory, lives=False)
    except NotFoundError:
        raise NotFoundError(
            f"there is no memory {one_line(reference)}, and none is in the trash",
            hint="give the whole id of a memory that is neither stored nor in the trash",
        ) from None


async def _check_not_purged(curator: Curator, reference: str) -> None:
    """Do nothing unless *reference* is the whole id of a memory that was purged.

    Raises:
        NotFoundError: it is.
    """
    for purge in await PurgeLog(curator.journal, await curator.target()).purges():
        if any(whole in purge.hashes for whole in whole_ids(reference)):
            raise NotFoundError(f"{one_line(reference)} was purged on {purge.at:%Y-%m-%d}")


async def plan_query(
    curator: Curator, query: Query, *, include_pinned: bool, deleted: bool = True
) -> PurgePlan:
    """The plan for all memories that *query* matches now, those in the trash too unless *deleted*
    is off; pinned ones are left out, and named in the notes, unless *include_pinned* is set.

    Raises:
        UsageError: the query is empty.
    """
    if not query:
        raise UsageError("an empty query matches everything", hint="use a query, or ids")
    query = await curator.known(query)
    condition = query.filter(curator.clock.now())
    found = [PurgeItem(memory, lives=True) for memory in await curator.collect(query)]
    if deleted:
        entries = await curator.trash()
        found += [PurgeItem(e.memory, lives=False) for e in entries if matches(condition, e.memory)]
    items = [item for item in found if include_pinned or not item.memory.pinned]
    left_out = len(found) - len(items)
    notes = (f"{plural(left_out, 'pinned memory')} left out",) if left_out else ()
    return await _plan(curator, items, notes)


async def plan_trash(curator: Curator) -> PurgePlan:
    """The plan that empties the trash."""
    return await plan_deleted(curator, await curator.trash())


async def plan_deleted(curator: Curator, entries: Sequence[trash.TrashEntry]) -> PurgePlan:
    """The plan for these entries of the trash."""
    return await _plan(curator, [PurgeItem(entry.memory, lives=False) for entry in entries])


async def plan_memories(curator: Curator, memories: Sequence[Memory]) -> PurgePlan:
    """The plan for these memories, as the user saw them."""
    return await _plan(curator, [PurgeItem(memory, lives=True) for memory in memories])


async def _plan(
    curator: Curator, items: Sequence[PurgeItem], notes: tuple[str, ...] = ()
) -> PurgePlan:
    return PurgePlan(
        id=secrets.token_hex(4),
        created_at=curator.clock.now(),
        target=await curator.info(),
        items=tuple(items),
        notes=notes,
    )


async def _remembered(curator: Curator, memory_id: str) -> Memory:
    """A memory that is neither there nor in the trash, of which something is still known."""
    from mem0_tui.curator.purge.carry_out import Erases

    log = PurgeLog(curator.journal, await curator.target())
    known = dict(await log.texts_of({memory_id}))
    if isinstance(curator.backend, Erases):
        known.update(await curator.backend.texts_of([memory_id]))
    if memory_id not in known:
        raise NotFoundError(f"nothing is known of a memory {one_line(memory_id)}")
    return Memory(id=memory_id, text=min(known[memory_id]))
