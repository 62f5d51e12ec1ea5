"""Carries out what puts one memory in the place of others, a merge or a move by a copy: the one is
added and read back before any of the others is deleted.
"""

from __future__ import annotations

from collections.abc import Awaitable

from mem0_tui.curator.applying.context import ApplyContext, ItemRun, differences
from mem0_tui.curator.applying.equal_memories import stand_in
from mem0_tui.curator.applying.writes import add_verified, delete_ids, look_again
from mem0_tui.curator.planning.planner import kept_edit
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import Edit, Merge, Update
from mem0_tui.model.errors import (
    BackendError,
    Mem0TuiError,
    NotFoundError,
    RefusedError,
    ServerError,
    StaleError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import encodable
from mem0_tui.store.journal.rows import ItemState


def replaces(work: ItemRun) -> bool:
    """Whether *work* puts one memory in the place of others."""
    change = work.entry.change
    return isinstance(change, Merge) or (isinstance(change, Update) and change.copies)


async def replace_by_one(context: ApplyContext, work: ItemRun) -> None:
    """Carry out *work*, which :func:`replaces`, or what a crash left of it."""
    if not work.entry.begun:
        if not await look_again(context, [work]):
            await context.close([work])
            return
        if survivor_in(work) is not None:
            if not await _edited(context, work):
                await context.close([work])
                return
        elif (same := _same(work)) is not None:
            work.end(ItemState.SENT, after=same)
            await context.save([work])
        elif not await _added(context, work):
            await context.close([work])
            return
    await _delete_rest(context, work)
    await context.close([work])


def survivor_in(work: ItemRun) -> Memory | None:
    """The memory that a merge edits and keeps; None where it adds one."""
    change = work.entry.change
    return change.survivor(work.before) if isinstance(change, Merge) else None


async def _edited(context: ApplyContext, work: ItemRun) -> bool:
    """Whether the survivor is what the merge makes, read back; else *work* has ended."""
    survivor, edit, wanted = _kept(context, work)
    work.end(ItemState.SENT)
    await context.save([work])
    if not edit:
        after = survivor
    else:
        try:
            after = await context.backend.update(survivor.id, edit, seen=survivor.content_hash)
        except (RefusedError, NotFoundError) as error:
            work.end(ItemState.REFUSED, error)
            return False
        except BackendError as error:
            await judge_survivor(context, work, error)
            return work.entry.after is not None
    work.differences = work.undeclared = differences(
        wanted, after, whole=False, categories=edit.categories is not None
    )
    if (after.id, after.scope) != (survivor.id, wanted.scope) or after.text not in (
        wanted.text,
        encodable(wanted.text),
    ):
        message = f"{survivor.id} holds a different text after the edit: nothing was deleted"
        work.end(ItemState.FAILED, ServerError(message), after=after)
        return False
    work.end(ItemState.SENT, after=after)
    await context.save([work])
    return True


def _kept(context: ApplyContext, work: ItemRun) -> tuple[Memory, Edit, Memory]:
    """The survivor, the edit of it, and what that makes of it."""
    change, survivor = work.entry.change, survivor_in(work)
    assert isinstance(change, Merge)
    assert survivor is not None
    edit = kept_edit(context.backend, change, survivor)
    return survivor, edit, edit.applied_to(survivor)


async def judge_survivor(context: ApplyContext, work: ItemRun, error: BackendError | None) -> None:
    """Tell from what is there now whether the survivor was edited: *work* knows it as ``after``
    then; else it has ended, or without *error* stands at its intent again."""
    survivor, edit, wanted = _kept(context, work)
    try:
        now = (await context.read_back([survivor.id])).get(survivor.id)
    except Mem0TuiError as unreadable:
        work.end(ItemState.UNKNOWN, error or unreadable)
        return
    if now is not None and edit.same(wanted, now):
        work.end(ItemState.SENT, after=now)
        await context.save([work])
    elif now is not None and edit.same(survivor, now):
        work.end(ItemState.FAILED if error else ItemState.INTENT, error)
    else:
        changed = StaleError(f"{survivor.id} has been changed since")
        work.end(ItemState.UNKNOWN, error or changed)


def _wanted(work: ItemRun) -> Memory:
    wanted = stand_in(work.entry.change, work.before)
    assert wanted is not None
    return wanted


def _same(work: ItemRun) -> Memory | None:
    """That of the memories which is what the merge makes: it stays, the rest goes."""
    wanted = _wanted(work)
    as_wanted = Edit(categories=wanted.categories or None)
    return next((m for m in work.aimed if as_wanted.same(wanted, m)), None)


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
        error = ServerError(f"{stored.id} holds a different text: nothing was deleted")
        work.end(ItemState.FAILED, error, added_id=added_id, after=again)
        return False
    work.end(ItemState.SENT, added_id=added_id, after=again)
    await context.save([work])
    return True


async def _still_there(context: ApplyContext, work: ItemRun, kept: str | None) -> bool:
    """Whether the one that is to stay still says what the others are deleted for; else *work* has
    ended."""
    if kept is None or work.entry.after is None:
        return True
    now = (await read_many(context.backend, [kept])).get(kept)
    if now is not None and now.text == work.entry.after.text:
        return True
    what = "is gone" if now is None else "has been changed since"
    work.end(ItemState.FAILED, StaleError(f"{kept} {what}: nothing more was deleted"))
    return False


async def _delete_rest(context: ApplyContext, work: ItemRun) -> None:
    kept = work.entry.added_id or (work.entry.after.id if work.entry.after else None)
    doomed = [memory for memory in work.aimed if memory.id != kept]
    trouble: Mem0TuiError | None = None
    uncertain = False
    try:
        if not await _still_there(context, work, kept):
            return
        there = await read_many(context.backend, [memory.id for memory in doomed])
        left = [memory for memory in doomed if memory.id in there]
        size = context.backend.capabilities.batch_size
        for start in range(0, len(left), size):
            answers = await delete_ids(context, left[start : start + size])
            trouble = trouble or next((error for _, error in answers.values() if error), None)
            uncertain |= any(state is ItemState.UNKNOWN for state, _ in answers.values())
        there = await read_many(context.backend, [memory.id for memory in work.before])
    except Mem0TuiError as error:
        work.end(ItemState.UNKNOWN, trouble or error)
        return
    removed = tuple(m.id for m in work.before if m.id not in there and m.id != kept)
    left = [memory for memory in doomed if memory.id in there]
    if not left:
        work.end(ItemState.DONE, removed=removed)
        return
    missed = trouble or ServerError(f"{len(left)} of {len(doomed)} are still there")
    work.end(ItemState.UNKNOWN if uncertain else ItemState.FAILED, missed, removed=removed)
