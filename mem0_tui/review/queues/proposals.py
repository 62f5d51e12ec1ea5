"""What detectors propose, as changes to stage: never of what is pinned, kept or staged already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.change import Change, Delete, Merge, Update, aimed_at
from mem0_tui.model.counting import plural
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory


class LeftOut(StrEnum):
    """Why a change is not staged, as it follows a number."""

    PINNED = "pinned"
    KEPT = "kept by a verdict"
    LAST = "the last that says it"
    STAGED = "staged already"
    UNSEEN = "not shown"
    GONE = "gone"
    IMMUTABLE = "immutable"


@late_dataclass(frozen=True)
class Proposals:
    """Changes that may be staged together, with the memories as they are now."""

    changes: tuple[Change, ...]
    memories: Mapping[str, Memory]
    """The memories that the changes are about, by id."""
    items: int = 0
    """How many findings they are of."""
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    """How many changes were left out, and why."""

    @property
    def words(self) -> str:
        """``12 deletes and 3 edits``."""
        kinds = Counter(_NAMES[type(change)] for change in self.changes)
        return " and ".join(plural(count, name) for name, count in kinds.items())

    @property
    def left_out_words(self) -> str:
        """``3 left out: 2 pinned, 1 gone``; empty where nothing was."""
        if not self.left_out:
            return ""
        parts = ", ".join(f"{count:,} {why.value}" for why, count in self.left_out.items())
        return f"{sum(self.left_out.values()):,} left out: {parts}"


_NAMES = {Delete: "delete", Update: "edit", Merge: "merge"}


def drawn_up(
    items: Sequence[Suspicion],
    memories: Mapping[str, Memory],
    *,
    kept: Collection[str],
    staged: Collection[str],
    last: Collection[str] = (),
    shown: Collection[str] | None = None,
) -> Proposals:
    """What *items* propose, as far as it may be staged.

    Args:
        items: the findings.
        memories: the memories of the proposals as they are now, by id.
        kept: the ids of memories that a verdict protects.
        staged: the ids of memories for which something is staged already.
        last: the ids of memories that are the last to say something, and are not to be deleted.
        shown: the ids of the memories that the person sees or has marked; None for all.
    """
    needed = {item.ids[0] for item in items if item.queue is Queue.REPEATS and item.grouped}
    needed.update(last)
    wanted: list[Change] = []
    touched: set[str] = set()
    left: Counter[LeftOut] = Counter()
    done = 0
    for item in items:
        before = len(wanted)
        for change in item.proposal:
            ids = aimed_at(change)
            if not ids or touched.intersection(ids):
                continue
            touched.update(ids)
            why = _obstacle(change, ids, memories, kept, staged, needed, shown)
            if why is None:
                wanted.append(change)
            elif why is not LeftOut.UNSEEN:
                left[why] += 1
        done += len(wanted) > before
    seen = {id_: memories[id_] for change in wanted for id_ in aimed_at(change)}
    return Proposals(tuple(wanted), seen, done, {why: left[why] for why in LeftOut if left[why]})


def _obstacle(
    change: Change,
    ids: Iterable[str],
    memories: Mapping[str, Memory],
    kept: Collection[str],
    staged: Collection[str],
    needed: Collection[str],
    shown: Collection[str] | None,
) -> LeftOut | None:
    goes = isinstance(change, Delete)
    for memory_id in ids:
        memory = memories.get(memory_id)
        if shown is not None and memory_id not in shown:
            return LeftOut.UNSEEN
        if memory is None:
            return LeftOut.GONE
        if memory.pinned:
            return LeftOut.PINNED
        if memory.immutable and not goes:
            return LeftOut.IMMUTABLE
        if memory_id in kept:
            return LeftOut.KEPT
        if goes and memory_id in needed:
            return LeftOut.LAST
        if memory_id in staged:
            return LeftOut.STAGED
    return None
