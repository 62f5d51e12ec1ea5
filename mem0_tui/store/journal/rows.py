"""The journal's tables, and their rows as values. A row's memories are kept as full JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from mem0_tui.model.change import (
    Add,
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.memory import Memory, as_moment
from mem0_tui.store.erasure import log
from mem0_tui.store.formats.codec import change_from, change_json, memory_from, memory_json
from mem0_tui.store.formats.json_fields import parse_json, to_json
from mem0_tui.store.journal import audits, baselines, verdicts
from mem0_tui.store.sqlite.migrations import Migration

JOURNAL_ID = 0x6D306A6C
"""Marks a SQLite file as a journal (``m0jl`` in ASCII)."""

MIGRATIONS = (
    Migration(
        "transactions and items",
        """
        CREATE TABLE transactions (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            at TEXT NOT NULL,
            finished_at TEXT,
            backend TEXT NOT NULL,
            target TEXT NOT NULL,
            account TEXT,
            undoes TEXT,
            redoes TEXT,
            summary TEXT NOT NULL,
            by_query INTEGER NOT NULL,
            state TEXT NOT NULL
        );
        CREATE TABLE items (
            transaction_id TEXT NOT NULL REFERENCES transactions (id),
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            memory_id TEXT,
            change TEXT NOT NULL,
            before TEXT NOT NULL,
            state TEXT NOT NULL,
            added_id TEXT,
            after TEXT,
            removed TEXT,
            witness TEXT,
            error_kind TEXT,
            error TEXT,
            snapshot TEXT,
            remaining INTEGER,
            reverses TEXT,
            reverses_position INTEGER,
            reverses_part INTEGER,
            at TEXT NOT NULL,
            PRIMARY KEY (transaction_id, position)
        ) WITHOUT ROWID;
        CREATE INDEX undoing ON transactions (undoes) WHERE undoes IS NOT NULL;
        CREATE INDEX redoing ON transactions (redoes) WHERE redoes IS NOT NULL;
        CREATE INDEX reversing ON items (reverses) WHERE reverses IS NOT NULL;
        """,
    ),
    Migration(
        "a plan is applied once",
        """
        ALTER TABLE transactions ADD COLUMN plan_id TEXT;
        CREATE UNIQUE INDEX planned ON transactions (plan_id) WHERE plan_id IS NOT NULL;
        CREATE INDEX unfinished ON transactions (sequence) WHERE state = 'open';
        """,
    ),
    log.MIGRATION,
    baselines.MIGRATION,
    verdicts.MIGRATION,
    audits.MIGRATION,
)


class ItemState(StrEnum):
    """Where one item stands."""

    INTENT = "intent"
    """Not sent yet."""
    SENT = "sent"
    """On its way: if the process ended here, only reading back can tell what became of it."""
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether something is still to come."""
        return self in (ItemState.INTENT, ItemState.SENT)


class JournalTarget(NamedTuple):
    """Which memories a transaction changed."""

    backend: str
    target: str
    account: str | None = None

    def same(self, other: JournalTarget) -> bool:
        """Whether both are one store or server, however its path is spelled."""
        return self.place == other.place

    @property
    def place(self) -> tuple[str, str]:
        """The backend, and the target under its one true name."""
        return self.backend, true_name(self.backend, self.target)


class Counterpart(NamedTuple):
    """One reversible part of an applied item: what an undo of it takes back."""

    transaction_id: str
    position: int
    part: int
    """The index in the item's ``before`` of the memory put back, or its length for the removal
    of what was added."""


@dataclass(frozen=True, slots=True)
class JournalItem:
    """One change of a transaction and where it stands."""

    transaction_id: str
    position: int
    change: Change
    before: tuple[Memory, ...] = ()
    state: ItemState = ItemState.INTENT
    added_id: str | None = None
    """The id of the memory that it added or put back."""
    after: Memory | None = None
    """What it added or edited, as it was read back."""
    removed: tuple[str, ...] = ()
    """The ids that are verified to be gone because of it."""
    witness: tuple[str, ...] = ()
    """Before sending: ids of memories that were already equal to what was to be added."""
    error_kind: str | None = None
    """The class name of the error."""
    error: str | None = None
    snapshot: str | None = None
    """The path of the snapshot written before a scope delete."""
    remaining: int | None = None
    reverses: Counterpart | None = None
    """What it takes back, in an undo, a redo or a restore from the trash."""

    @property
    def effective(self) -> bool:
        """Whether it changed anything that could be taken back."""
        return self.state is ItemState.DONE or self.begun

    @property
    def begun(self) -> bool:
        """Whether a part of it is known to have been done."""
        return bool(self.removed) or self.added_id is not None or self.edited

    @property
    def edited(self) -> bool:
        """Whether a merge has edited the memory that it keeps, whatever came of the rest."""
        return isinstance(self.change, Merge) and bool(self.change.keep) and self.after is not None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A plan that was begun."""

    id: str
    at: datetime
    target: JournalTarget
    summary: str
    """What it does, in a few words: ``Delete 12, Update 1``."""
    undoes: str | None = None
    redoes: str | None = None
    by_query: bool = False
    finished: bool = False
    plan_id: str | None = None
    """The plan that it applies; None where an earlier version wrote it."""
    sequence: int = 0
    counts: Mapping[ItemState, int] = field(default_factory=dict)
    """How many items stand where."""

    @property
    def root(self) -> str:
        """The transaction that this one is, undoes or redoes."""
        return self.undoes or self.redoes or self.id


TRANSACTION_COLUMNS = (
    "t.id, t.at, t.backend, t.target, t.account, t.summary, t.undoes, t.redoes, t.by_query,"
    " t.state, t.sequence, t.plan_id"
)
ITEM_COLUMNS = (
    "i.transaction_id, i.position, i.change, i.before, i.state, i.added_id, i.after, i.removed,"
    " i.witness, i.error_kind, i.error, i.snapshot, i.remaining, i.reverses, i.reverses_position,"
    " i.reverses_part"
)

ITEM_WIDTH = 19
"""How many columns the table ``items`` has."""


def item_row(item: JournalItem, at: str) -> tuple[Any, ...]:
    """*item* as a row of the table ``items``."""
    reverses = item.reverses or (None, None, None)
    return (
        item.transaction_id,
        item.position,
        change_json(item.change)["do"],
        target_id(item.change),
        to_json(change_json(item.change)),
        _memories(item.before),
        item.state.value,
        item.added_id,
        _memory(item.after),
        _ids(item.removed),
        _ids(item.witness),
        item.error_kind,
        item.error,
        item.snapshot,
        item.remaining,
        *reverses,
        at,
    )


def outcome_row(item: JournalItem, at: str) -> tuple[Any, ...]:
    """What ``Journal.record`` writes of *item*. ``before`` goes along with the sending, and where
    it is not known what was changed: the server may have taken more than it was told to."""
    return (
        item.state.value,
        _memories(item.before) if item.state in (ItemState.SENT, ItemState.UNKNOWN) else None,
        item.added_id,
        _memory(item.after),
        _ids(item.removed),
        _ids(item.witness),
        item.error_kind,
        item.error,
        item.snapshot,
        item.remaining,
        at,
        item.transaction_id,
        item.position,
    )


def item_from_row(row: Sequence[Any]) -> JournalItem:
    """The row of :data:`ITEM_COLUMNS` as an item."""
    where = f"transaction {row[0]}, item {row[1]}"
    before = parse_json(row[3], where)
    return JournalItem(
        transaction_id=row[0],
        position=row[1],
        change=change_from(parse_json(row[2], where)),
        before=tuple(map(memory_from, before.each("memories"))),
        state=ItemState(row[4]),
        added_id=row[5],
        after=memory_from(parse_json(row[6], where)) if row[6] else None,
        removed=_read_ids(row[7], where),
        witness=_read_ids(row[8], where),
        error_kind=row[9],
        error=row[10],
        snapshot=row[11],
        remaining=row[12],
        reverses=Counterpart(row[13], row[14], row[15]) if row[13] else None,
    )


def transaction_from_row(row: Sequence[Any]) -> Transaction:
    """The row of :data:`TRANSACTION_COLUMNS` as a transaction, without counts."""
    at = as_moment(row[1])
    assert at is not None, "the journal writes ISO dates only"
    return Transaction(
        id=row[0],
        at=at,
        target=JournalTarget(row[2], row[3], row[4]),
        summary=row[5],
        undoes=row[6],
        redoes=row[7],
        by_query=bool(row[8]),
        finished=row[9] == "finished",
        sequence=row[10],
        plan_id=row[11],
    )


def true_name(backend: str, target: str) -> str:
    """*target* as it is called whatever way led to it: a file by its real path."""
    return os.path.normcase(os.path.realpath(target)) if backend == "local" else target


def of_target(target: JournalTarget | None) -> tuple[str, tuple[str, ...]]:
    """The condition on ``transactions t`` for those of *target*, and its values.

    The connection knows :func:`true_name`; earlier versions wrote paths as they were typed.
    """
    if target is None:
        return "1", ()
    spellings = "SELECT DISTINCT target FROM transactions WHERE backend = ?"
    return (
        "t.backend = ? AND t.target IN (SELECT s.target FROM"
        f" ({spellings}) s WHERE true_name(?, s.target) = ?)",
        (target.backend, target.backend, *target.place),
    )


def target_id(change: Change) -> str | None:
    """The id of the one memory that *change* is aimed at, or was once; None for the others."""
    match change:
        case Update(memory_id) | Delete(memory_id):
            return memory_id
        case Restore(memory):
            return memory.id
        case Add() | Merge() | DeleteScope() | DeleteEntity():
            return None


def _memories(memories: tuple[Memory, ...]) -> str:
    return to_json({"memories": list(map(memory_json, memories))})


def _memory(memory: Memory | None) -> str | None:
    return to_json(memory_json(memory)) if memory else None


def _ids(ids: tuple[str, ...]) -> str | None:
    return to_json({"ids": list(ids)}) if ids else None


def _read_ids(text: str | None, where: str) -> tuple[str, ...]:
    return parse_json(text, where).texts("ids") if text else ()
