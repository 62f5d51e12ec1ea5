"""What became of a plan: per item done, refused, failed or unknown, after reading back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.curator.purge.evidence import Checked, Left
from mem0_tui.model.change import Restore, Update
from mem0_tui.model.errors import Mem0TuiError, RateLimitedError


class Outcome(StrEnum):
    """What became of one item."""

    DONE = "done"
    REFUSED = "refused"
    """Not sent, because the memory changed, is gone, is pinned, or the backend cannot."""
    FAILED = "failed"
    """Sent or about to be, and the backend says no."""
    UNKNOWN = "unknown"
    """Sent, and it cannot be told what became of it; counts as failed."""
    CANCELLED = "cancelled"
    """Not sent, because the user stopped, or because of what became of an earlier item."""

    @property
    def words(self) -> str:
        """What a person is told: not everything that was not sent was cancelled by somebody."""
        return "not tried" if self is Outcome.CANCELLED else self.value


UNDONE = frozenset({Outcome.FAILED, Outcome.UNKNOWN, Outcome.CANCELLED})
"""What leaves an item to be done, perhaps by another attempt."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item of a plan."""

    item: PlanItem
    outcome: Outcome
    error: Mem0TuiError | None = None
    added_id: str | None = None
    """The id of the memory that it added or put back, which may differ from the old one."""
    remaining: int | None = None
    """After a scope delete: how many memories of the entity are still there; None if unknown."""
    removed: int = 0
    """How many memories are verified to be gone because of it."""
    edited: bool = False
    """Whether it has edited the memory that a merge keeps."""
    differences: tuple[str, ...] = ()
    """What was read back differs from what was asked for in these, as short noun phrases."""
    undeclared: tuple[str, ...] = ()
    """Those of the differences that the plan did not declare."""
    snapshot: Path | None = None
    """The file written before a scope delete, which ``import`` reads."""

    @property
    def effective(self) -> bool:
        """Whether it changed anything."""
        edited = self.outcome is Outcome.DONE and isinstance(self.item.change, Update)
        return bool(self.added_id or self.removed or edited or self.edited)


@dataclass(frozen=True, slots=True)
class Redacted:
    """What became of the secrets that a transaction took out of memories."""

    checked: tuple[Checked, ...]
    """Where their bytes were looked for."""
    left: tuple[Left, ...]
    """What still says one, and why."""
    short: int
    """How many of them are too short to be looked for by their bytes."""
    unseen: tuple[str, ...]
    """What cannot be reached from here, in sentences."""
    finished: bool
    """Whether all is done; otherwise the transaction is to be resumed."""

    @property
    def files(self) -> int:
        """How many files were looked through."""
        return sum(each.files for each in self.checked)

    @property
    def clean(self) -> bool:
        """Whether nothing is left of them that was found."""
        return self.finished and not self.left


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a plan."""

    transaction_id: str
    """The journal's name for it: what ``undo`` takes."""
    items: tuple[ItemReport, ...]
    redacted: Redacted | None = None
    """What became of the secrets that it took out of memories; None where there are none."""

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(item.outcome for item in self.items)

    @property
    def complete(self) -> bool:
        """Whether every item is done."""
        return all(item.outcome is Outcome.DONE for item in self.items)

    @property
    def left(self) -> int:
        """How many items are still to be done."""
        return sum(item.outcome in UNDONE for item in self.items)

    @property
    def retry_after(self) -> float | None:
        """Seconds for which the server asked to be left alone; None where it did not."""
        asked = [
            item.error.retry_after
            for item in self.items
            if isinstance(item.error, RateLimitedError) and item.error.retry_after is not None
        ]
        return max(asked, default=None)

    @property
    def changed(self) -> bool:
        """Whether it holds something that can be taken back."""
        return any(item.effective and not item.item.final for item in self.items)

    @property
    def final(self) -> bool:
        """Whether something was changed of which nothing can be taken back."""
        return any(item.effective and item.item.final for item in self.items)

    @property
    def id_map(self) -> dict[str, str]:
        """Old id to new id of the memories that came back, or were moved, under another id."""
        return {
            old: report.added_id
            for report in self.items
            if report.added_id is not None
            and (old := _old_id(report.item)) not in (None, report.added_id)
            and old is not None
        }


def _old_id(item: PlanItem) -> str | None:
    match item.change:
        case Restore(memory):
            return memory.id
        case Update(memory_id):
            return memory_id
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an apply has come."""

    finished: int
    total: int
    current: str
    """What is being done, as one short line."""
    failed: int = 0
    """How many of the finished came to nothing, or cannot be told."""
