"""Carries out what puts one memory in the place of others, a merge or a move by a copy: the one is
added and read back before any of the others is deleted.
"""

from __future__ import annotations

from collections.abc import Awaitable

from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.equal_memories import stand_in
from mem0_tui.curator.applying.writes import add_verified, delete_ids, look_again
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import Edit, Merge, Update
from mem0_tui.model.errors import Mem0TuiError, NotFoundError, ServerError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.rows import ItemState


def replaces(work: ItemRun) -> bool:
    """Whether *work* puts one memory in the place of others."""
    change = work.entry.change
    return isinstance(change, Merge) or (isinstance(change, Update) and change.copies)


async def replace_by_one(context: ApplyContext, work: ItemRun) -> None:
    """Carry out *work*, which :func:`replaces`, or what a crash left of it."""
    if work.entry.added_id is None and not work.entry.removed:
        if not await look_again(context, [work]):
            await context.close([work])
            return
        if (same := _same(work)) is not None:
            work.end(ItemState.SENT, after=same)
            await context.save([work])
        elif not await _added(context, work):
            await context.close([work])
            return
    await _delete_rest(context, work)
    await context.close([work])


def _wanted(work: ItemRun) -> Memory:
    wanted = stand_in(work.entry.change, work.before)
    assert wanted is not None
    return wanted


def _same(work: ItemRun) -> Memory | None:
    """That of the memories which is what the merge makes: it stays, the rest goes."""
    wanted = _wanted(work)
    as_wanted = Edit(categories=wanted.categories or None)
    return next((m for m in work.before if as_wanted.same(wanted, m)), None)


async def _added(context: ApplyContext, work: ItemRun) -> bool:
    """Whether the one memory is there, added and read back; else *work* has ended."""
    wanted = _wanted(work)
    # A server may answer an exact repeat with the memory that is there: then that one stays.
    own = {memory.id for memory in work.before}
    others = [each for each in context.witness(wanted) if each not in own]
    work.end(ItemState.SENT, witness=tuple(others))
    await context.save([work])
    stored = await add_verified(context, work, wanted, lambda: _send(context, work, wanted))
    return stored is not None and await _verified(context, work, wanted, stored)


def _send(context: ApplyContext, work: ItemRun, wanted: Memory) -> Awaitable[Memory]:
    change = work.entry.change
    if isinstance(change, Merge):
        return context.backend.add(change.draft)
    return context.backend.restore(wanted)


async def _verified(context: ApplyContext, work: ItemRun, wanted: Memory, stored: Memory) -> bool:
    """Whether *stored* can be read again as it was *wanted*; the journal knows of it from then
    on."""
    new = stored.id not in {memory.id for memory in work.before}
    added_id = stored.id if new else None
    try:
        again = await context.backend.get(stored.id)
    except NotFoundError:
        error = ServerError(f"{stored.id} was added but cannot be read: nothing was deleted")
        work.end(ItemState.UNKNOWN, error, added_id=added_id)
        return False
    except Mem0TuiError as unreadable:
        work.end(ItemState.UNKNOWN, unreadable, added_id=added_id)
        return False
    if again.text != stored.text or again.scope != wanted.scope:
        error = ServerError(f"{stored.id} reads differently: nothing was deleted")
        work.end(ItemState.FAILED, error, added_id=added_id, after=again)
        return False
    work.end(ItemState.SENT, added_id=added_id, after=again)
    await context.save([work])
    return True


async def _delete_rest(context: ApplyContext, work: ItemRun) -> None:
    kept = work.entry.added_id or (work.entry.after.id if work.entry.after else None)
    doomed = [memory for memory in work.before if memory.id != kept]
    trouble: Mem0TuiError | None = None
    uncertain = False
    try:
        there = await read_many(context.backend, [memory.id for memory in doomed])
        left = [memory for memory in doomed if memory.id in there]
        size = context.backend.capabilities.batch_size
        for start in range(0, len(left), size):
            answers = await delete_ids(context, left[start : start + size])
            trouble = trouble or next((error for _, error in answers.values() if error), None)
            uncertain |= any(state is ItemState.UNKNOWN for state, _ in answers.values())
        there = await read_many(context.backend, [memory.id for memory in doomed])
    except Mem0TuiError as error:
        work.end(ItemState.UNKNOWN, trouble or error)
        return
    removed = tuple(memory.id for memory in doomed if memory.id not in there)
    if len(removed) == len(doomed):
        work.end(ItemState.DONE, removed=removed)
        return
    missed = trouble or ServerError(f"{len(there)} of {len(work.before)} are still there")
    work.end(ItemState.UNKNOWN if uncertain else ItemState.FAILED, missed, removed=removed)
