"""What a transaction claims when it begins, and who has claimed it before.

A plan is applied once. A part of a transaction is taken back once. No two transactions that are
under way are aimed at one memory. All of it is checked in the write transaction that also writes
the intent, so of two processes that begin at the same moment one is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from mem0_tui.model.change import Restore
from mem0_tui.model.errors import AppliedError, UnfinishedError
from mem0_tui.store.journal.rows import (
    ITEM_COLUMNS,
    TRANSACTION_COLUMNS,
    Counterpart,
    ItemState,
    JournalItem,
    JournalTarget,
    Transaction,
    item_from_row,
    of_target,
    transaction_from_row,
)

IsRunning = Callable[[str], bool]
"""Whether a living process is at work on the transaction of this id."""

_SHOWN = 3


def check_claims(
    connection: sqlite3.Connection,
    transaction: Transaction,
    items: Sequence[JournalItem],
    is_running: IsRunning,
) -> None:
    """Do nothing if *transaction* may begin; *connection* is inside a write transaction.

    Raises:
        AppliedError: its plan was applied before, or something that it takes back is taken back.
        UnfinishedError: it undoes or redoes something while another transaction is interrupted,
            or it is about memories that another process is changing right now.
    """
    _check_plan(connection, transaction, is_running)
    _check_reversed(connection, {item.reverses for item in items if item.reverses})
    reverses = transaction.undoes is not None or transaction.redoes is not None
    aimed_at = {memory_id for item in items for memory_id in _aimed_at(item)}
    for other in unfinished(connection, transaction.target):
        running = is_running(other.id)
        if reverses and not running:
            raise interrupted(other)
        shared = aimed_at.intersection(_claimed(connection, other)) if running else ()
        if shared:
            raise _in_use(other, shared)


def unfinished(connection: sqlite3.Connection, target: JournalTarget) -> list[Transaction]:
    """The transactions of *target* that were begun and not finished, newest first."""
    where, values = of_target(target)
    rows = connection.execute(
        f"SELECT {TRANSACTION_COLUMNS} FROM transactions t WHERE t.state = 'open' AND {where}"
        " ORDER BY t.sequence DESC",
        values,
    )
    return list(map(transaction_from_row, rows.fetchall()))


def interrupted(transaction: Transaction) -> UnfinishedError:
    """What to say to somebody who wants to undo or redo something else."""
    return UnfinishedError(
        f"{transaction.id} ({transaction.summary}) was interrupted on {_day(transaction.at)}"
        " and is not closed; until then nothing else is undone",
        transaction_id=transaction.id,
    )


def _check_plan(
    connection: sqlite3.Connection, transaction: Transaction, is_running: IsRunning
) -> None:
    if transaction.plan_id is None:
        return
    row = connection.execute(
        f"SELECT {TRANSACTION_COLUMNS} FROM transactions t WHERE t.plan_id = ?",
        (transaction.plan_id,),
    ).fetchone()
    if row is not None:
        earlier = transaction_from_row(row)
        raise applied(earlier, running=not earlier.finished and is_running(earlier.id))


def release_plan(connection: sqlite3.Connection, transaction_id: str) -> None:
    """Let the plan of this finished transaction be applied again if nothing came of any item."""
    connection.execute(
        "UPDATE transactions SET plan_id = NULL WHERE id = ? AND NOT EXISTS"
        " (SELECT 1 FROM items i WHERE i.transaction_id = transactions.id"
        " AND (i.state NOT IN (?, ?, ?) OR i.added_id IS NOT NULL OR i.after IS NOT NULL"
        " OR i.removed IS NOT NULL OR i.remaining IS NOT NULL))",
        (transaction_id, ItemState.REFUSED, ItemState.FAILED, ItemState.CANCELLED),
    )


def applied(earlier: Transaction, *, running: bool) -> AppliedError | UnfinishedError:
    """What to say to somebody who wants to apply the plan of *earlier* once more; *running* says
    whether a living process is at work on it."""
    when = f"on {_day(earlier.at)} as transaction {earlier.id}"
    if running:
        return UnfinishedError(
            f"this plan is being applied right now, as transaction {earlier.id}",
            transaction_id=earlier.id,
            running=True,
        )
    if not earlier.finished:
        return UnfinishedError(
            f"this plan was begun {when}, which is not finished", transaction_id=earlier.id
        )
    return AppliedError(
        f"this plan was applied {when}", hint="a plan is applied once: make a new one"
    )


def _check_reversed(connection: sqlite3.Connection, wanted: Collection[Counterpart]) -> None:
    for root in {part.transaction_id for part in wanted}:
        rows = connection.execute(
            "SELECT i.reverses, i.reverses_position, i.reverses_part, i.transaction_id"
            " FROM items i WHERE i.reverses = ?"
            " AND (i.state IN (?, ?, ?) OR (i.state = ? AND i.added_id IS NOT NULL))",
            (root, ItemState.INTENT, ItemState.SENT, ItemState.DONE, ItemState.UNKNOWN),
        )
        for row in rows:
            if Counterpart(row[0], row[1], row[2]) in wanted:
                raise AppliedError(
                    f"{row[0]} has been taken back by {row[3]}, at least in part",
                    hint="look at `mem0-tui journal`, then undo or redo anew",
                )


def _aimed_at(item: JournalItem) -> set[str]:
    """The ids of the memories that *item* edits, removes or puts back."""
    ids = {memory.id for memory in item.before}
    if isinstance(item.change, Restore):
        ids.add(item.change.memory.id)
    return ids


def _claimed(connection: sqlite3.Connection, transaction: Transaction) -> set[str]:
    rows = connection.execute(
        f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.transaction_id = ? AND i.state IN (?, ?)",
        (transaction.id, ItemState.INTENT, ItemState.SENT),
    )
    return {memory_id for row in rows for memory_id in _aimed_at(item_from_row(row))}


def _in_use(other: Transaction, shared: Collection[str]) -> UnfinishedError:
    named = ", ".join(sorted(shared)[:_SHOWN])
    more = f" and {len(shared) - _SHOWN:,} more" if len(shared) > _SHOWN else ""
    return UnfinishedError(
        f"{other.id} ({other.summary}) is being applied right now, and is about {named}{more} too",
        transaction_id=other.id,
        running=True,
    )


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
