"""Takes up transactions that ended before they were finished."""

from __future__ import annotations

from collections.abc import Iterable

from mem0_tui.curator.applying.bystanders import looked, miss
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.reconcile import reconcile
from mem0_tui.curator.applying.redact import take_out_everywhere
from mem0_tui.curator.applying.report import Report
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.planning.reversal import judged
from mem0_tui.model.errors import RefusedError
from mem0_tui.model.memory import Memory
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import ItemState, JournalItem, JournalTarget, Transaction


async def interrupted(journal: Journal, target: JournalTarget) -> tuple[Transaction, ...]:
    """The unfinished transactions of *target* that no living process is at work on."""
    left = {t.id for t in await journal.unfinished(target) if not journal.running(t.id)}
    # Nobody is at work any more on one that was finished after it had been read, either.
    return tuple(t for t in await journal.unfinished(target) if t.id in left) if left else ()


async def take_on(context: ApplyContext, transaction: Transaction) -> list[ItemRun] | None:
    """Claim an unfinished *transaction*; its items, brought to where they really stand. None if it
    has been finished since it was read.

    Raises:
        UnfinishedError: a living process is at work on it.
    """
    context.journal.claim(transaction.id)
    try:
        if (await context.journal.transaction(transaction.id)).finished:
            context.journal.abandon(transaction.id)
            return None
        works = await _works(context, transaction)
        await reconcile(context, works)
    except BaseException:
        context.journal.abandon(transaction.id)
        raise
    return works


async def leave(
    context: ApplyContext, transaction: Transaction, works: Iterable[ItemRun]
) -> Report:
    """Close the claimed *transaction* with what was not sent left undone; secrets that it has
    taken out of a memory are taken out of the rest all the same."""
    works = list(works)
    try:
        for work in works:
            if work.entry.state.open:
                work.end(ItemState.FAILED if work.entry.begun else ItemState.CANCELLED)
        await context.save(works)
        await miss(context, works, await looked(context, transaction))
        if await take_out_everywhere(context, works):
            await context.journal.finish(transaction.id)
    finally:
        context.journal.abandon(transaction.id)
    return Report(transaction.id, tuple(work.report() for work in works), context.redacted)


async def reconcile_family(context: ApplyContext, family: Iterable[Transaction]) -> None:
    """Look again at what is unfinished or unknown in *family*; nothing is closed.

    Raises:
        UnfinishedError: a living process is at work on one of them.
    """
    for transaction in family:
        works = None if transaction.finished else await take_on(context, transaction)
        if works is not None:
            try:
                await context.save(works)
                await miss(context, works, await looked(context, transaction))
            finally:
                context.journal.abandon(transaction.id)
        else:
            await _reconcile_unknown(context, await context.journal.transaction(transaction.id))


async def _reconcile_unknown(context: ApplyContext, transaction: Transaction) -> None:
    if not transaction.counts.get(ItemState.UNKNOWN):
        return
    works = await _works(context, transaction)
    unknown = [work for work in works if work.entry.state is ItemState.UNKNOWN]
    await reconcile(context, unknown)
    for work in unknown:
        if work.entry.state.open:
            work.end(ItemState.FAILED)
    await context.save(unknown)


async def close_family(context: ApplyContext, family: Iterable[Transaction]) -> None:
    """Close what is unfinished in *family*, with the rest of it left undone.

    Raises:
        UnfinishedError: a living process is at work on one of them.
    """
    for transaction in family:
        works = None if transaction.finished else await take_on(context, transaction)
        if works is not None:
            await leave(context, transaction, works)


async def _works(context: ApplyContext, transaction: Transaction) -> list[ItemRun]:
    """The items of *transaction*, which *context* knows from then on with what came after them."""
    works = [
        ItemRun(
            judged(context.backend, PlanItem(item.change, item.before, reverses=item.reverses)),
            item,
        )
        for item in await context.journal.items(transaction.id)
    ]
    context.remember(works)
    context.later = found_by(await context.journal.items_after(transaction))
    return works


def found_by(items: Iterable[JournalItem]) -> dict[str, Memory | None]:
    """The memories that *items*, oldest first, changed: each as the first of them found it, None
    where that one put it there."""
    found: dict[str, Memory | None] = {}
    for item in items:
        if item.effective:
            for memory in item.before:
                found.setdefault(memory.id, memory)
            if item.added_id is not None:
                found.setdefault(item.added_id, None)
    return found


async def check_no_purge_is_open(journal: Journal, target: JournalTarget) -> None:
    """Do nothing unless a purge of *target* was cut off: what it erases must not come back.

    Raises:
        RefusedError: one was; says how to finish it.
    """
    for purge in await PurgeLog(journal, target).interrupted():
        words = f"the purge {purge.id} was interrupted and has to be finished first"
        raise RefusedError(words, hint=f"mem0-tui resume {purge.id}")
