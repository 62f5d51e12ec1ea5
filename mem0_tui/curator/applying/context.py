"""What one apply works with: its backend and journal, and each item on its way to an outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mem0_tui.backends.base import Backend, BackendInfo
from mem0_tui.curator.applying.equal_memories import find_equal
from mem0_tui.curator.applying.report import ItemReport, Outcome, Redacted
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.reading import read_many
from mem0_tui.model import errors
from mem0_tui.model.change import aimed_at
from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import ItemState, JournalItem


@dataclass(slots=True)
class ItemRun:
    """One item of a plan while it is applied: what the journal holds of it, and its report."""

    plan_item: PlanItem
    entry: JournalItem
    error: Mem0TuiError | None = None
    differences: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()

    @property
    def before(self) -> tuple[Memory, ...]:
        return self.entry.before

    @property
    def aimed(self) -> tuple[Memory, ...]:
        """Those of :attr:`before` that it is told to edit or remove. The others are known to have
        been taken along, or deleted by somebody else: an undo puts them back, nothing deletes them.
        """
        ids = set(aimed_at(self.entry.change))
        return tuple(memory for memory in self.before if memory.id in ids)

    def end(self, state: ItemState, error: Mem0TuiError | None = None, **known: Any) -> None:
        """Set where it stands now, why, and what else is *known* (fields of JournalItem)."""
        self.error = error
        self.entry = replace(
            self.entry,
            state=state,
            error_kind=type(error).__name__ if error else None,
            error=error.message if error else None,
            **known,
        )

    def report(self) -> ItemReport:
        """What became of it."""
        entry = self.entry
        outcome = Outcome.CANCELLED if entry.state.open else Outcome(entry.state.value)
        return ItemReport(
            self.plan_item,
            outcome,
            error=self.error or _recorded_error(entry),
            added_id=entry.added_id,
            remaining=entry.remaining,
            removed=len(entry.removed),
            edited=entry.edited and entry.after not in entry.before,
            differences=self.differences,
            undeclared=self.undeclared,
            snapshot=Path(entry.snapshot) if entry.snapshot else None,
        )


@dataclass(slots=True)
class ApplyContext:
    """What all items of one apply share."""

    backend: Backend
    journal: Journal
    clock: Clock
    target: BackendInfo
    snapshot_folder: Path
    guards_pinned: bool = False
    """Whether pinned memories are refused: the plan is a query's and does not include them."""
    stopped: Callable[[], bool] = lambda: False
    """Whether the user wants to stop; asked between items."""
    finished: Callable[[ItemRun], None] = lambda _: None
    """Told of every item that has come to its end."""
    twins: dict[str, set[str]] = field(default_factory=dict)
    """Content hash to the ids of the memories that had it before."""
    seen_before: set[str] = field(default_factory=set)
    """Ids of memories that were come across before anything was added."""
    own: set[str] = field(default_factory=set)
    """The ids of the memories that this transaction has added, edits or removes: none of them can
    be what another of its items has added."""

    roots: Roots = Roots((), ())
    """Where files are that may hold what a memory says."""
    redacted: Redacted | None = None
    """What became of the secrets that the transaction took out of memories."""
    later: Mapping[str, Memory | None] = field(default_factory=dict)
    """Of a transaction that is taken up again: the memories as the first transaction after it that
    changed them found them, None where that one put them there."""

    def remember(self, works: Sequence[ItemRun]) -> None:
        """Take note of the memories that *works*, all items of the transaction, are about."""
        self.own.update(work.entry.added_id for work in works if work.entry.added_id)
        self.own.update(memory.id for work in works for memory in work.before)

    async def read_back(self, ids: Sequence[str]) -> dict[str, Memory]:
        """Those of the memories *ids* that were there after this transaction, as they were: what a
        later transaction found, else what is there now."""
        there = dict(await read_many(self.backend, ids))
        for memory_id in set(ids) & self.later.keys():
            there.pop(memory_id, None)
            if (found := self.later[memory_id]) is not None:
                there[memory_id] = found
        return there

    async def save(self, works: Sequence[ItemRun]) -> None:
        """Write where *works* stand into the journal."""
        await self.journal.record([work.entry for work in works])

    async def close(self, works: Sequence[ItemRun]) -> None:
        """Write the outcomes of *works* into the journal and tell of them."""
        await self.save(works)
        for work in works:
            self.finished(work)

    async def look_for_twins(self, wanted: Collection[Memory]) -> None:
        """Learn which memories are equal to *wanted* before anything is added."""
        found = await find_equal(self.backend, tuple(wanted), seen=self.seen_before)
        for content, ids in found.items():
            self.twins.setdefault(content, set()).update(ids)

    def witness(self, memory: Memory) -> tuple[str, ...]:
        """The ids of the memories known to be equal to *memory*."""
        return tuple(sorted(self.twins.get(memory.content_hash, ())))

    async def newcomers(self, wanted: Memory, known: Collection[str]) -> tuple[str, ...]:
        """Ids of memories equal to *wanted* that are neither *known* nor of this transaction."""
        twins = await find_equal(self.backend, [wanted], thorough=True)
        there = twins.get(wanted.content_hash, ())
        put_later = {each for each, found in self.later.items() if found is None}
        return tuple(each for each in there if each not in {*known, *self.own, *put_later})


def differences(
    wanted: Memory, stored: Memory, *, whole: bool, categories: bool = False
) -> tuple[str, ...]:
    """In what *stored* differs from *wanted*; *whole* compares id, dates and *categories* too.

    A date that *wanted* does not name is any.
    """
    names = ["text", "scope", "metadata", "expires_on", "immutable"]
    if categories and not whole:
        names.append("categories")
    if whole:
        names += ["id", "categories", "replaced_by", "feedback"]
    dates = ["created_at", "updated_at"] if whole else ["created_at"]
    names += [name for name in dates if getattr(wanted, name) is not None]
    return tuple(
        name.replace("_", " ") for name in names if getattr(wanted, name) != getattr(stored, name)
    )


def _recorded_error(entry: JournalItem) -> Mem0TuiError | None:
    if entry.error is None:
        return None
    kind = getattr(errors, entry.error_kind or "", Mem0TuiError)
    if not (isinstance(kind, type) and issubclass(kind, Mem0TuiError)):
        return Mem0TuiError(entry.error)
    return Mem0TuiError(entry.error) if kind is errors.QueryError else kind(entry.error)
