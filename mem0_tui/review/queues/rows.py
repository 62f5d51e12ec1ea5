"""The rows of a queue: one a memory, those of a group below each other, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.memory import Memory
from mem0_tui.review.queues.judged import unreviewed
from mem0_tui.review.row_window import RowWindow


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Why one memory is in a queue."""

    memory_id: str
    items: tuple[Suspicion, ...]
    """What it is there for: one group, or all that is said of this memory alone."""
    key: str
    """Names what its verdicts are about; the rows of a group have the same."""
    place: int = 0
    """Its place in the group: 0 is the one to keep, or the newest; also of a memory alone."""

    @property
    def follows(self) -> bool:
        """Whether it stands below another of its group."""
        return self.place > 0

    @property
    def grouped(self) -> bool:
        """Whether it is there together with others."""
        return self.items[0].grouped

    @property
    def sure(self) -> bool:
        """Whether it is a finding, and not only worth a look."""
        return self.items[0].tier is Tier.FINDING

    @property
    def has_reason(self) -> bool:
        """Whether its reason tells more than the tab does."""
        return self.items[0].queue is not Queue.INBOX

    @property
    def look(self) -> tuple[object, ...]:
        """What it looks like depends on: another value for another look."""
        reasons = tuple((item.reason, item.tier) for item in self.items)
        return self.key, reasons, self.place, self.marks, self.items[0].proposal != ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The parts of its text that the reason is about, in their order."""
        found = (mark for item in self.items for mark in item.marks.get(self.memory_id, ()))
        return tuple(sorted(found, key=lambda mark: (mark.start, mark.end)))


def arranged(items: Iterable[Suspicion]) -> list[QueueRow]:
    """The rows of *items* in their order, findings first.

    What is said of a memory alone is one row, at the place of the first of it. A memory that is in
    two groups stands in both.
    """
    order = sorted(items, key=lambda item: item.tier is not Tier.FINDING)
    alone: dict[str, list[Suspicion]] = {}
    for item in order:
        if not item.grouped:
            alone.setdefault(item.ids[0], []).append(item)
    rows: list[QueueRow] = []
    there: set[str] = set()
    for item in order:
        key = item.key  # once for all rows: of a large group it takes a while
        if item.grouped:
            rows.extend(QueueRow(id_, (item,), key, place) for place, id_ in enumerate(item.ids))
        elif item.ids[0] not in there:
            there.add(item.ids[0])
            rows.append(QueueRow(item.ids[0], tuple(alone[item.ids[0]]), key))
    return rows


class QueueWindow(RowWindow):
    """The rows of a queue in its own order."""

    def __init__(
        self, rows: Sequence[QueueRow], keys: Mapping[str, int], *, known: Mapping[int, Memory] = {}
    ) -> None:
        """*keys* are the row keys of those memories that are shown, by id; other rows are left out.
        *known* are memories that are loaded already, by row key."""
        self.queue_rows = [row for row in rows if row.memory_id in keys]
        super().__init__([keys[row.memory_id] for row in self.queue_rows], known=known)

    def why(self, index: int) -> QueueRow | None:
        return self.queue_rows[index] if 0 <= index < len(self.queue_rows) else None

    @property
    def count(self) -> int:
        """How many memories these are: one that is in two groups has two rows."""
        return len(set(self.keys))

    def again(self, before: RowWindow, index: int) -> int | None:
        """The row in which what was in row *index* of *before* is now: in the same group, if it is
        there."""
        was = before.why(index)
        if was is not None and was.has_reason:
            for at, row in enumerate(self.queue_rows):
                if row.memory_id == was.memory_id and row.key == was.key:
                    return at
        return super().again(before, index)

    def following(self, index: int, handled: Collection[str]) -> int | None:
        """The first row below *index* of what is not *handled* (by key), and is another item; with
        none there, the first one above; None where nothing is left."""
        here = self.why(index)
        own = here.key if here is not None else ""

        def left(at: int) -> bool:
            row = self.queue_rows[at]
            return row.key != own and row.key not in handled

        below = (at for at in range(index + 1, len(self.queue_rows)) if left(at))
        above = (at for at in range(index) if left(at))
        return next(below, next(above, None))


class InboxWindow(RowWindow):
    """The rows of the Inbox, in the order that the list has."""

    def why(self, index: int) -> QueueRow | None:
        memory = self.at(index)
        if memory is None:
            return None
        item = unreviewed(memory.id)
        return QueueRow(memory.id, (item,), item.key)

    @property
    def queue(self) -> Queue:
        """The queue that it shows."""
        return Queue.INBOX
