"""Carries out single changes. Each: look again, write the intent, send, read back, write the
outcome. A request whose answer is lost is judged by what is there afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from mem0_tui.curator.applying.context import ApplyContext, ItemRun, differences
from mem0_tui.curator.applying.doubt import doubted
from mem0_tui.curator.applying.equal_memories import stand_in
from mem0_tui.curator.applying.yielding import unhurried
from mem0_tui.curator.planning.planner import edit_of, require, restored_ids
from mem0_tui.curator.planning.reversal import undeclared
from mem0_tui.curator.reading import read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Restore, Update
from mem0_tui.model.errors import (
    BackendError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RefusedError,
    ServerError,
    StaleError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import encodable
from mem0_tui.store.journal.rows import ItemState


def objection(
    context: ApplyContext, change: Change, seen: Memory, now: Memory | None
) -> RefusedError | None:
    """Why *change* must not touch the memory that was *seen* as it is *now*, or None."""
    if now is None:
        return StaleError(f"{seen.id} is gone")
    if not edit_of(change).same(seen, now):
        return StaleError(f"{seen.id} has changed since it was seen")
    if context.guards_pinned and now.pinned:
        return RefusedError(f"{seen.id} is pinned", hint="include pinned memories explicitly")
    return None


async def look_again(context: ApplyContext, works: Sequence[ItemRun]) -> list[ItemRun]:
    """Those of *works* whose memories are still what was seen, bound to them as they are now;
    the others have ended as refused."""
    for work in works:
        try:
            require(context.backend, work.entry.change, work.before)
        except RefusedError as error:
            work.end(ItemState.REFUSED, error)
    able = [work for work in works if work.entry.state is ItemState.INTENT]
    try:
        now = await read_many(context.backend, [m.id for work in able for m in work.aimed])
    except Mem0TuiError as error:
        for work in able:
            work.end(ItemState.FAILED, error)
        return []
    async for work in unhurried(able):
        change = work.entry.change
        against = [objection(context, change, memory, now.get(memory.id)) for memory in work.aimed]
        refusal = next((each for each in against if each), None)
        if refusal:
            work.end(ItemState.REFUSED, refusal)
        else:
            fresh = {memory.id: now[memory.id] for memory in work.aimed}
            work.end(ItemState.INTENT, before=tuple(fresh.get(m.id, m) for m in work.before))
    return [work for work in able if work.entry.state is ItemState.INTENT]


async def delete_batch(context: ApplyContext, works: Sequence[ItemRun]) -> None:
    """Delete the memories of *works*, all Delete and at most ``batch_size``, in one call."""
    ready = await look_again(context, works)
    for work in ready:
        work.end(ItemState.SENT)
    await context.save(works)
    if ready:
        answers = await delete_ids(context, [work.before[0] for work in ready])
        for work in ready:
            state, error = answers[work.before[0].id]
            removed = (work.before[0].id,) if state is ItemState.DONE else ()
            work.end(state, error, removed=removed)
    await context.close(works)


async def delete_ids(
    context: ApplyContext, memories: Sequence[Memory]
) -> Mapping[str, tuple[ItemState, Mem0TuiError | None]]:
    """Delete *memories* in one call; what became of each."""
    ids = [memory.id for memory in memories]
    seen = {memory.id: memory.content_hash async for memory in unhurried(memories)}
    try:
        answers = await context.backend.delete(ids, seen=seen)
    except RefusedError as error:
        return dict.fromkeys(ids, (ItemState.REFUSED, error))
    except BackendError as error:
        return await _judge_deletes(context, ids, error)
    return {each: _deleted(each, answers) for each in ids}


def _deleted(
    memory_id: str, answers: Mapping[str, Mem0TuiError | None]
) -> tuple[ItemState, Mem0TuiError | None]:
    if memory_id not in answers:
        return ItemState.UNKNOWN, ServerError(f"the backend did not say what became of {memory_id}")
    error = answers[memory_id]
    if error is None:
        return ItemState.DONE, None
    if isinstance(error, NotFoundError):
        return ItemState.REFUSED, StaleError(f"{memory_id} was gone already")
    return (ItemState.REFUSED if isinstance(error, RefusedError) else ItemState.FAILED), error


async def _judge_deletes(
    context: ApplyContext, ids: Sequence[str], error: BackendError
) -> Mapping[str, tuple[ItemState, Mem0TuiError | None]]:
    try:
        there = await read_many(context.backend, ids)
    except Mem0TuiError:
        return dict.fromkeys(ids, (ItemState.UNKNOWN, error))
    return {
        each: (ItemState.FAILED, error) if each in there else (ItemState.DONE, None) for each in ids
    }


async def write_window(context: ApplyContext, works: Sequence[ItemRun]) -> None:
    """Carry out *works*, each an Add, Update or Restore; a store commits them together."""
    ready = await look_again(context, works)
    ready = await _without_returned(context, ready)
    for work in ready:
        wanted = stand_in(work.entry.change, work.before)
        work.end(ItemState.SENT, witness=context.witness(wanted) if wanted else ())
    await context.save(works)
    async with asyncio.TaskGroup() as group:
        for work in ready:
            updates = isinstance(work.entry.change, Update)
            group.create_task(_update(context, work) if updates else _add(context, work))
    await context.close(works)


async def _without_returned(context: ApplyContext, works: Sequence[ItemRun]) -> list[ItemRun]:
    """*works* without the restores whose memory is there; those have ended."""
    kept = set(restored_ids(context.backend, [work.entry.change for work in works]))
    restores = {
        work.entry.change.memory.id: work
        for work in works
        if isinstance(work.entry.change, Restore) and work.entry.change.memory.id in kept
    }
    if not restores:
        return list(works)
    try:
        there = await read_many(context.backend, list(restores))
    except Mem0TuiError as error:
        for work in restores.values():
            work.end(ItemState.FAILED, error)
        there = {}
    for memory_id in there:
        restores[memory_id].end(
            ItemState.REFUSED, StaleError(f"{memory_id} exists already: nothing to put back")
        )
    return [work for work in works if work.entry.state is ItemState.INTENT]


async def _update(context: ApplyContext, work: ItemRun) -> None:
    change, before = work.entry.change, work.before[0]
    assert isinstance(change, Update)
    wanted = change.edit.applied_to(before)
    if not change.edit:  # there is only what was said before to be redacted
        work.end(ItemState.DONE, after=before)
        return
    try:
        after = await context.backend.update(before.id, change.edit, seen=before.content_hash)
    except (RefusedError, NotFoundError) as error:
        work.end(ItemState.REFUSED, error)
    except BackendError as error:
        await judge_update(context, work, change.edit, error)
    else:
        if after.id != before.id:
            said = f"the edit of {before.id} was answered with {after.id}: look at both"
            work.end(ItemState.UNKNOWN, ServerError(said))
            return
        filed = change.edit.categories is not None
        found = differences(wanted, after, whole=False, categories=filed)
        work.differences = work.undeclared = found
        if change.edit.same(before, after) and not change.edit.same(before, wanted):
            work.end(ItemState.FAILED, ServerError(f"{before.id} is unchanged after the edit"))
        else:
            work.end(ItemState.DONE, after=after)


async def judge_update(
    context: ApplyContext, work: ItemRun, edit: Edit, error: BackendError | None
) -> None:
    """Tell from what is there now what became of *edit*, whose answer is not known."""
    before = work.before[0]
    try:
        now = (await context.read_back([before.id])).get(before.id)
    except Mem0TuiError as unreadable:
        work.end(ItemState.UNKNOWN, error or unreadable)
        return
    if now is not None and edit.same(edit.applied_to(before), now):
        work.end(ItemState.DONE, after=now)
    elif now is not None and edit.same(before, now):
        work.end(ItemState.FAILED if error else ItemState.INTENT, error)
    else:
        work.end(ItemState.UNKNOWN, error or StaleError(f"{before.id} has been changed since"))


async def _add(context: ApplyContext, work: ItemRun) -> None:
    change, wanted = work.entry.change, stand_in(work.entry.change)
    assert wanted is not None
    send: Callable[[], Awaitable[Memory]]
    if isinstance(change, Restore):
        send = lambda: context.backend.restore(wanted)  # noqa: E731
    else:
        assert isinstance(change, Add)
        send = lambda: context.backend.add(change.draft)  # noqa: E731
    stored = await add_verified(context, work, wanted, send)
    if stored is not None:
        work.end(ItemState.DONE, added_id=stored.id, after=stored)


async def add_verified(
    context: ApplyContext, work: ItemRun, wanted: Memory, send: Callable[[], Awaitable[Memory]]
) -> Memory | None:
    """Send an add and return what is stored now; or end *work* and return None."""
    try:
        stored = await send()
    except RefusedError as error:
        work.end(ItemState.REFUSED, error)
        return None
    except BackendError as error:
        return await judge_add(context, work, wanted, error)
    # A merge may be answered with one of the merged, which then is the one that stays.
    if stored.id in work.entry.witness or stored.id in context.own.difference(_merged(work)):
        work.end(ItemState.REFUSED, StaleError(f"an identical memory existed already: {stored.id}"))
        return None
    if doubted(context, work, wanted, stored):
        return None
    whole = isinstance(work.entry.change, (Restore, Update))
    filed = bool(wanted.categories)
    work.differences = differences(wanted, stored, whole=whole, categories=filed)
    work.undeclared = undeclared(context.backend, wanted, stored, work.differences)
    context.own.add(stored.id)
    if stored.text not in (wanted.text, encodable(wanted.text)):
        work.end(
            ItemState.FAILED,
            ServerError(f"{stored.id} holds a different text from the one that was sent"),
            added_id=stored.id,
            after=stored,
        )
        return None
    return stored


def _merged(work: ItemRun) -> Sequence[str]:
    return work.entry.change.memory_ids if isinstance(work.entry.change, Merge) else ()


async def judge_add(
    context: ApplyContext, work: ItemRun, wanted: Memory, error: BackendError | None
) -> Memory | None:
    """Tell from what is there now whether an add whose answer is not known took place: what is
    stored, or None when *work* has ended (or, without *error*, stands at its intent again)."""
    try:
        found = await _added(context, work, wanted)
    except Mem0TuiError as unreadable:
        work.end(ItemState.UNKNOWN, error or unreadable)
        return None
    if found is not None:
        if doubted(context, work, wanted, found):
            return None
        context.own.add(found.id)
        return found
    if error is None:
        work.end(ItemState.INTENT)
    else:
        # It may still arrive after a request that timed out.
        lost = isinstance(error, NetworkError)
        work.end(ItemState.UNKNOWN if lost else ItemState.FAILED, error)
    return None


async def _added(context: ApplyContext, work: ItemRun, wanted: Memory) -> Memory | None:
    restored = isinstance(work.entry.change, Restore)
    if restored and Capability.KEEP_ID in context.backend.capabilities:
        return (await context.read_back([wanted.id])).get(wanted.id)
    new = await context.newcomers(wanted, work.entry.witness)
    return (await read_many(context.backend, new[:1])).get(new[0]) if new else None


def is_delete(work: ItemRun) -> bool:
    """Whether it can share a call with other deletes."""
    return isinstance(work.entry.change, Delete)
