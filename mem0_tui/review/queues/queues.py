"""What is left to look at in each queue, and how far the scan behind it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from mem0_tui.detect.suspicion import GONE, MOVED, Queue, Suspicion, Tier, ids_to_decide
from mem0_tui.model.late import late_dataclass
from mem0_tui.review.queues.contents import Contents
from mem0_tui.review.queues.judged import Judged, unreviewed
from mem0_tui.review.queues.members import Members
from mem0_tui.review.queues.rows import QueueRow


@late_dataclass(frozen=True)
class QueueProgress:
    """How far a queue has been worked through."""

    left: int
    """What is still to be decided: groups, or memories."""
    whole: int
    """How many there were at the most in this session."""
    grouped: bool
    """Whether these are groups."""

    @property
    def words(self) -> str:
        """``12 of 284 groups left``, or that nothing is."""
        if not self.left:
            return "nothing left here"
        what = " groups" if self.grouped else ""
        return f"{self.left:,} of {self.whole:,}{what} left"


class Queues:
    """The findings less what was judged; reads and writes nothing itself."""

    def __init__(self, *, there: bool = False) -> None:
        """*there* says that memories are scanned and verdicts are kept in this session."""
        self.there = there
        self.scanning = False
        self.words = ""
        """How far the scan is, for the header; empty while none goes on."""
        self.scanned = False
        """Whether a scan has come to its end once."""
        self._again = False
        self._contents = Contents()
        self._judged: dict[str, Judged] = {}
        """The verdicts of this session, by the key of what they are about."""
        self._fresh: dict[str, Judged] = {}
        """Those of them that the scan did not know."""
        self._returned: frozenset[str] = frozenset()
        """The memories of which verdicts were taken back since the scan."""
        self.wanted: str | None = None
        """A memory that comes back into its queue: the cursor goes there."""
        self._most: dict[Queue, int] = {}
        self._progress: dict[Queue, tuple[object, object, QueueProgress]] = {}
        """By queue, of what and with what staged it was last told, and what that came to."""
        self._left: dict[Queue, tuple[Suspicion, ...]] = {}
        self._rows: dict[Queue, list[QueueRow]] = {}
        self._members: dict[Queue, Members] = {}
        self._outdated: tuple[object, frozenset[str]] = (None, frozenset())
        """Of what was left in the queue of what is stale this was worked out."""

    # -- the scan

    def scan_wanted(self) -> bool:
        """Something may have changed: whether to scan now. While a scan goes on, another follows
        it."""
        if not self.there:
            return False
        if self.scanning:
            self._again = True
            return False
        self.scanning = True
        return True

    def progress(self, read: int, total: int | None, queues: Sequence[Queue] = ()) -> None:
        """*read* memories were scanned, of *total* where that is known; or what *queues* hold is
        looked for among them."""
        if queues:
            self.words = f"looking for {queues[0].value}"
        else:
            self.words = f"scanning {read:,}" + (f" of {total:,}" if total else "")

    def scan_ended(self) -> bool:
        """It has come to an end, be it a bad one: whether to scan again."""
        self.scanning, self.words = False, ""
        again, self._again = self._again, False
        return again and self.scan_wanted()

    def seen(self, contents: Contents) -> None:
        """Take in what a scan has found that knew all verdicts: what was judged and comes again
        has another text."""
        self._contents = contents
        self._fresh, self._returned = {}, frozenset()
        self.scanned = True
        self._forget(Queue)
        for queue, found in contents.by_queue.items():
            self._most[queue] = max(self._most.get(queue, 0), len(found))

    def _forget(self, queues: Iterable[Queue]) -> None:
        """What is left in these queues is to be worked out anew."""
        for queue in queues:
            for known in (self._left, self._rows, self._members):
                known.pop(queue, None)

    # -- verdicts

    def judged_anew(
        self, judged: Mapping[str, Judged]
    ) -> tuple[tuple[Judged, ...], tuple[Judged, ...]]:
        """The session's verdicts are *judged* now: those that are new, and those that are not
        given any more."""
        new = tuple(each for key, each in judged.items() if self._judged.get(key) != each)
        gone = tuple(each for key, each in self._judged.items() if key not in judged)
        self._returned |= {memory_id for each in gone for memory_id in each.item.ids}
        self._judged = dict(judged)
        self._fresh.update((each.item.key, each) for each in new)
        for each in gone:
            self._fresh.pop(each.item.key, None)
            self.wanted = each.item.ids[0]
        if new or gone:
            self._forget({Queue.INBOX, *(each.item.queue for each in (*new, *gone))})
        return new, gone

    def _is_judged(self, item: Suspicion) -> bool:
        """Whether there is a verdict on *item* that the scan did not know."""
        return self._contents.keys[id(item)] in self._fresh

    @property
    def kept(self) -> frozenset[str]:
        """The memories that a verdict protects of which the scan did not know; of the others
        nothing is proposed."""
        return frozenset(id_ for each in self._fresh.values() for id_ in each.kept)

    @property
    def _reviewed(self) -> frozenset[str]:
        own = {memory_id for each in self._fresh.values() for memory_id in each.reviewed}
        return (self._contents.reviewed - self._returned) | own

    # -- what is in a queue

    def left(self, queue: Queue) -> tuple[Suspicion, ...]:
        """What of *queue* has no verdict, in the order of the detectors."""
        if queue not in self._left:
            found = self._contents.by_queue.get(queue, ())
            self._left[queue] = tuple(item for item in found if not self._is_judged(item))
        return self._left[queue]

    def rows(self, queue: Queue) -> list[QueueRow]:
        """The rows of a queue with an order of its own."""
        if queue not in self._rows:
            rows = self._contents.rows.get(queue, [])
            self._rows[queue] = [row for row in rows if row.key not in self._fresh]
        return self._rows[queue]

    def members(self, queue: Queue) -> Members:
        """The memories of *queue*, as a part of a view; the same as long as they are the same."""
        if queue not in self._members:
            if queue is Queue.INBOX:
                members = Members(queue, self._reviewed, known=self.scanned)
            else:
                named = frozenset(row.memory_id for row in self.rows(queue))
                found, looks = (
                    frozenset(ids_to_decide(each for each in self.left(queue) if each.tier is tier))
                    for tier in Tier
                )
                members = Members(queue, named, found, looks, known=self.scanned)
            self._members[queue] = members
        return self._members[queue]

    @property
    def outdated(self) -> frozenset[str]:
        """The memories that name what is gone from a repository, or was moved, as far as they were
        compared and nobody has judged that."""
        left = self.left(Queue.STALE)
        if self._outdated[0] is not left:
            named = (item.ids for item in left if item.label in (GONE, MOVED))
            self._outdated = left, frozenset(id_ for ids in named for id_ in ids)
        return self._outdated[1]

    @property
    def holding(self) -> tuple[Queue, ...]:
        """The queues that have a tab: the Inbox, and those in which anything is left."""
        if not self.there:
            return ()
        return tuple(q for q in Queue if q is Queue.INBOX or self.left(q))

    def progress_of(self, queue: Queue, staged: Collection[str]) -> QueueProgress:
        """How far *queue* is, where something is *staged* for these memories."""
        left = self.left(queue)
        known = self._progress.get(queue)
        if known is not None and known[0] is left and known[1] is staged:
            return known[2]
        open_ = sum(not concerns(item, staged) for item in left) if staged else len(left)
        grouped = bool(left) and all(item.grouped for item in left)
        progress = QueueProgress(open_, max(self._most.get(queue, 0), len(left)), grouped)
        self._progress[queue] = left, staged, progress
        return progress

    def handled(self, queue: Queue, staged: Collection[str]) -> frozenset[str]:
        """The keys of what is left in *queue* for which something is *staged*."""
        keys = self._contents.keys
        return frozenset(keys[id(item)] for item in self.left(queue) if concerns(item, staged))

    def last_ones(self, going: Collection[str]) -> frozenset[str]:
        """The memories that nothing may delete, for what repeats them is *going*; unless all of
        them are to be deleted for another reason, too."""
        return frozenset(
            item.ids[0]
            for item in self._contents.by_queue.get(Queue.REPEATS, ())
            if item.grouped
            and any(memory_id in going for memory_id in item.ids[1:])
            and not self._contents.worthless.issuperset(item.ids)
        )

    def is_worthless(self, item: Suspicion) -> bool:
        """Whether all memories of *item* are to be deleted for another reason than repeating."""
        return self._contents.worthless.issuperset(item.ids)

    def of(self, queue: Queue | None, memory_ids: Collection[str]) -> tuple[Suspicion, ...]:
        """What is left in *queue* about these memories; without a queue, or of the Inbox, that
        they were not reviewed."""
        if queue is None or queue is Queue.INBOX:
            return tuple(unreviewed(memory_id) for memory_id in memory_ids)
        return tuple(item for item in self.left(queue) if concerns(item, memory_ids))

    def about(self, memory_id: str) -> tuple[Suspicion, ...]:
        """Everything that is left about one memory, in the order of the queues."""
        found = self._contents.by_memory.get(memory_id, ())
        left = [item for item in found if not self._is_judged(item)]
        return tuple(sorted(left, key=lambda item: list(Queue).index(item.queue)))


def sure(items: Iterable[Suspicion]) -> tuple[Suspicion, ...]:
    """The findings among *items*, without what is only worth a look."""
    return tuple(item for item in items if item.tier is Tier.FINDING)


def concerns(item: Suspicion, memory_ids: Collection[str]) -> bool:
    """Whether *item* is about one of these memories."""
    return any(memory_id in memory_ids for memory_id in item.ids)
