"""Takes up transactions that ended before they were finished."""

from __future__ import annotations

from collections.abc import Iterable

from mem0_tui.curator.applying.bystanders import looked, miss
from mem0_tui.curator.applying.context import Work, Workshop
from mem0_tui.curator.applying.reconcile import settle
from mem0_tui.curator.applying.report import Report
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.planning.reversal import judged
from mem0_tui.model.errors import RefusedError
from mem0_tui.model.memory import Memory
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import ItemState, JournalItem, Target, Transaction


async def interrupted(journal: Journal, target: Target) -> tuple[Transaction, ...]:
    """The unfinished transactions of *target* that no living process is at work on."""
    left = {t.id for t in await journal.unfinished(target) if not journal.running(t.id)}
    # Nobody is at work any more on one that was finished after it had been read, either.
    return tuple(t for t in await journal.unfinished(target) if t.id in left) if left else ()


async def take_on(shop: Workshop, transaction: Transaction) -> list[Work] | None:
    """Claim an unfinished *transaction*; its items, brought to where they really stand. None if it
    has been finished since it was read.

    Raises:
        UnfinishedError: a living process is at work on it.
    """
    shop.journal.claim(transaction.id)
    try:
        if (await shop.journal.transaction(transaction.id)).finished:
            shop.journal.abandon(transaction.id)
            return None
        works = await _works(shop, transaction)
        await settle(shop, works)
    except BaseException:
        shop.journal.abandon(transaction.id)
        raise
    return works


async def leave(shop: Workshop, transaction: Transaction, works: Iterable[Work]) -> Report:
    """Close the claimed *transaction* with what was not sent left undone."""
    works = list(works)
    try:
        for work in works:
            if work.entry.state.open:
                part = bool(work.entry.removed) or work.entry.added_id is not None
                work.end(ItemState.FAILED if part else ItemState.CANCELLED)
        await shop.save(works)
        await miss(shop, works, await looked(shop, transaction))
        await shop.journal.finish(transaction.id)
    finally:
        shop.journal.abandon(transaction.id)
    return Report(transaction.id, tuple(work.report() for work in works))


async def settle_family(shop: Workshop, family: Iterable[Transaction]) -> None:
    """Look again at what is unfinished or unknown in *family*; nothing is closed.

    Raises:
        UnfinishedError: a living process is at work on one of them.
    """
    for transaction in family:
        works = None if transaction.finished else await take_on(shop, transaction)
        if works is not None:
            try:
                await shop.save(works)
                await miss(shop, works, await looked(shop, transaction))
            finally:
                shop.journal.abandon(transaction.id)
        else:
            await _settle_unknown(shop, await shop.journal.transaction(transaction.id))


async def _settle_unknown(shop: Workshop, transaction: Transaction) -> None:
    if not transaction.counts.get(ItemState.UNKNOWN):
        return
    works = await _works(shop, transaction)
    unknown = [work for work in works if work.entry.state is ItemState.UNKNOWN]
    await settle(shop, unknown)
    for work in unknown:
        if work.entry.state.open:
            work.end(ItemState.FAILED)
    await shop.save(unknown)


async def close_family(shop: Workshop, family: Iterable[Transaction]) -> None:
    """Close what is unfinished in *family*, with the rest of it left undone.

    Raises:
        UnfinishedError: a living process is at work on one of them.
    """
    for transaction in family:
        works = None if transaction.finished else await take_on(shop, transaction)
        if works is not None:
            await leave(shop, transaction, works)


async def _works(shop: Workshop, transaction: Transaction) -> list[Work]:
    """The items of *transaction*, which *shop* knows from then on with what came after them."""
    works = [
        Work(judged(shop.backend, PlanItem(item.change, item.before, reverses=item.reverses)), item)
        for item in await shop.journal.items(transaction.id)
    ]
    shop.remember(works)
    shop.later = found_by(await shop.journal.items_after(transaction))
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


async def check_no_purge_is_open(journal: Journal, target: Target) -> None:
    """Do nothing unless a purge of *target* was cut off: what it erases must not come back.

    Raises:
        RefusedError: one was; says how to finish it.
    """
    for purge in await PurgeLog(journal, target).interrupted():
        words = f"the purge {purge.id} was interrupted and has to be finished first"
        raise RefusedError(words, hint=f"mem0-tui resume {purge.id}")
