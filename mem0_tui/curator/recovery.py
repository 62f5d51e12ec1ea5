"""Takes up transactions that ended before they were finished."""

from __future__ import annotations

from collections.abc import Iterable

from mem0_tui.curator.plan import PlanItem
from mem0_tui.curator.report import Report
from mem0_tui.curator.settle import settle
from mem0_tui.curator.work import Work, Workshop
from mem0_tui.store.journal import Journal
from mem0_tui.store.journal_rows import ItemState, Target, Transaction


async def interrupted(journal: Journal, target: Target) -> tuple[Transaction, ...]:
    """The unfinished transactions of *target* that no living process is at work on."""
    return tuple(
        transaction
        for transaction in await journal.transactions(target=target)
        if not transaction.finished and not journal.running(transaction.id)
    )


async def take_on(shop: Workshop, transaction: Transaction) -> list[Work]:
    """Claim an unfinished *transaction*; its items, brought to where they really stand.

    Raises:
        RefusedError: a living process is at work on it.
    """
    shop.journal.claim(transaction.id)
    try:
        works = await _works(shop.journal, transaction)
        shop.remember(works)
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
        await shop.journal.finish(transaction.id)
    finally:
        shop.journal.abandon(transaction.id)
    return Report(transaction.id, tuple(work.report() for work in works))


async def settle_family(shop: Workshop, family: Iterable[Transaction]) -> None:
    """Close what is unfinished in *family*, and look again at what is unknown.

    Raises:
        RefusedError: a living process is at work on one of them.
    """
    for transaction in family:
        if not transaction.finished:
            await leave(shop, transaction, await take_on(shop, transaction))
        elif transaction.counts.get(ItemState.UNKNOWN):
            works = await _works(shop.journal, transaction)
            unknown = [work for work in works if work.entry.state is ItemState.UNKNOWN]
            shop.remember(works)
            await settle(shop, unknown)
            for work in unknown:
                if work.entry.state.open:
                    work.end(ItemState.FAILED)
            await shop.save(unknown)


async def _works(journal: Journal, transaction: Transaction) -> list[Work]:
    return [
        Work(PlanItem(item.change, item.before, reverses=item.reverses), item)
        for item in await journal.items(transaction.id)
    ]
