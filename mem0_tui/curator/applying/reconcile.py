"""After a crash: tells from what is really there what became of the items that were under way.

It only reads from the backend, and writes what it found into the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.equal_memories import stand_in
from mem0_tui.curator.applying.replacement import judge_survivor, replaces, survivor_in
from mem0_tui.curator.applying.scopes import count_what_is_left
from mem0_tui.curator.applying.writes import judge_add, judge_update
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import Delete, DeleteEntity, DeleteScope, Update
from mem0_tui.model.errors import Mem0TuiError, NetworkError, StaleError
from mem0_tui.store.journal.rows import ItemState


async def reconcile(context: ApplyContext, works: Sequence[ItemRun]) -> None:
    """Bring every item of *works* that was sent, or is unknown, to where it really stands.

    The context remembers all items of the transaction. What turns out not to have happened stands
    at its intent again.
    """
    unsure = [w for w in works if w.entry.state in (ItemState.SENT, ItemState.UNKNOWN)]
    await _reconcile_deletes(context, [w for w in unsure if isinstance(w.entry.change, Delete)])
    for work in unsure:
        change = work.entry.change
        if replaces(work):
            await _reconcile_replacement(context, work)
        elif isinstance(change, Update):
            await judge_update(context, work, change.edit, None)
        elif isinstance(change, (DeleteScope, DeleteEntity)):
            await _reconcile_scope(context, work)
        elif not isinstance(change, Delete):
            await _reconcile_add(context, work)
    await context.save(unsure)


async def _reconcile_deletes(context: ApplyContext, works: Sequence[ItemRun]) -> None:
    if not works:
        return
    try:
        there = await context.read_back([memory.id for work in works for memory in work.before])
    except Mem0TuiError as error:
        for work in works:
            work.end(ItemState.UNKNOWN, error)
        return
    for work in works:
        # The server may have taken others along; what was purged is not among them.
        removed = tuple(memory.id for memory in work.before if memory.id not in there)
        seen = next(iter(work.aimed), None)
        now = there.get(seen.id) if seen else None
        if seen is None or now is None:
            work.end(ItemState.DONE, removed=removed)
        elif now.content_hash == seen.content_hash:
            work.end(ItemState.INTENT, removed=removed)
        else:
            work.end(ItemState.REFUSED, StaleError(f"{seen.id} has changed since it was seen"))


async def _reconcile_add(context: ApplyContext, work: ItemRun) -> None:
    if work.entry.added_id is not None:
        return  # it is known what was added; whether it was added once is not
    wanted = stand_in(work.entry.change)
    assert wanted is not None
    stored = await judge_add(context, work, wanted, None)
    if stored is not None:
        work.end(ItemState.DONE, added_id=stored.id, after=stored)


async def _reconcile_replacement(context: ApplyContext, work: ItemRun) -> None:
    if work.entry.after is None and survivor_in(work) is not None:
        await judge_survivor(context, work, None)
        if work.entry.after is None:
            return
    if work.entry.added_id is None and work.entry.after is None:
        wanted = stand_in(work.entry.change, work.before)
        assert wanted is not None
        known = (*work.entry.witness, *(memory.id for memory in work.before))
        try:
            new = await context.newcomers(wanted, known)
        except Mem0TuiError as error:
            work.end(ItemState.UNKNOWN, error)
            return
        if not new:
            work.end(ItemState.INTENT)
            return
        context.own.add(new[0])
        stored = await read_many(context.backend, new[:1])
        work.end(ItemState.SENT, added_id=new[0], after=stored.get(new[0]))
    try:
        there = await context.read_back([memory.id for memory in work.before])
    except Mem0TuiError as error:
        work.end(ItemState.UNKNOWN, error)
        return
    kept = work.entry.after.id if work.entry.after else None
    removed = tuple(memory.id for memory in work.before if memory.id not in there)
    whole = all(memory.id in removed or memory.id == kept for memory in work.aimed)
    work.end(ItemState.DONE if whole else ItemState.INTENT, removed=removed)


async def _reconcile_scope(context: ApplyContext, work: ItemRun) -> None:
    await count_what_is_left(context, work, NetworkError("the app ended before the answer came"))
    if work.entry.state is ItemState.FAILED:
        work.end(ItemState.INTENT)
