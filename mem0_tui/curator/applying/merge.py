"""Carries out a merge: the one is added and read back before any of the many is deleted."""

from __future__ import annotations

from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.equal_memories import memory_of
from mem0_tui.curator.applying.writes import add_verified, delete_ids, look_again
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import Edit, Merge
from mem0_tui.model.errors import Mem0TuiError, NotFoundError, ServerError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.rows import ItemState


async def merge(context: ApplyContext, work: ItemRun) -> None:
    """Carry out the Merge *work*, or what a crash left of it."""
    change = work.entry.change
    assert isinstance(change, Merge)
    if work.entry.added_id is None and not work.entry.removed:
        if not await look_again(context, [work]):
            await context.close([work])
            return
        wanted = memory_of(change.draft)
        as_wanted = Edit(categories=wanted.categories or None)
        same = next((m for m in work.before if as_wanted.same(wanted, m)), None)
        if same is not None:  # one of them is what the merge makes: it stays, the rest goes
            work.end(ItemState.SENT, after=same)
            await context.save([work])
            await _delete_rest(context, work, change)
            await context.close([work])
            return
        # A server may answer an exact repeat with the memory that is there: then that one stays.
        others = [each for each in context.witness(wanted) if each not in change.memory_ids]
        work.end(ItemState.SENT, witness=tuple(others))
        await context.save([work])
        stored = await add_verified(
            context, work, wanted, lambda: context.backend.add(change.draft)
        )
        if stored is None or not await _verified(context, work, stored):
            await context.close([work])
            return
    await _delete_rest(context, work, change)
    await context.close([work])


async def _verified(context: ApplyContext, work: ItemRun, stored: Memory) -> bool:
    """Whether *stored* can be read again; the journal knows of it from then on."""
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
    if again.text != stored.text:
        error = ServerError(f"{stored.id} reads differently: nothing was deleted")
        work.end(ItemState.FAILED, error, added_id=added_id, after=again)
        return False
    work.end(ItemState.SENT, added_id=added_id, after=again)
    await context.save([work])
    return True


async def _delete_rest(context: ApplyContext, work: ItemRun, change: Merge) -> None:
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
    missed = trouble or ServerError(f"{len(there)} of {len(change.memory_ids)} are still there")
    work.end(ItemState.UNKNOWN if uncertain else ItemState.FAILED, missed, removed=removed)
