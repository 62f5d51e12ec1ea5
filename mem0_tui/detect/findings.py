"""What deserves a look among all memories, by queue, and what of it is left after verdicts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta

from mem0_tui.detect.known import KnownMemory
from mem0_tui.detect.newest_first import Ids
from mem0_tui.detect.suspicion import IN_OTHER_WORDS, Queue, Suspicion, Tier, ids_to_decide
from mem0_tui.model.change import Change, Delete, Update, aimed_at
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.verdict import Judgement, Verdict

_EPOCH, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Judgements:
    """Which memories are out of which queue on one day."""

    def __init__(self, verdicts: Iterable[Verdict], today: date) -> None:
        self._judged: dict[str, dict[str, set[str]]] = {}
        self._kept: dict[str, set[str]] = {}
        self._reviewed: dict[str, set[str]] = {}
        self._last: dict[tuple[str, str], datetime] = {}
        self.ids: set[str] = set()
        """All memories of which anything is said, perhaps of another text of theirs."""
        for each in verdicts:
            if not each.holds(today):
                continue
            self.ids.add(each.memory_id)
            of_queue = self._judged.setdefault(each.queue, {})
            of_queue.setdefault(each.memory_id, set()).add(each.text_hash)
            if each.at is not None:
                key = each.queue, each.memory_id
                self._last[key] = max(each.at, self._last.get(key, each.at))
            if each.judgement is Judgement.KEEP:
                self._kept.setdefault(each.memory_id, set()).add(each.text_hash)
            if each.judgement is not Judgement.SNOOZE:
                self._reviewed.setdefault(each.memory_id, set()).add(each.text_hash)

    def judged(self, queue: Queue, memory_id: str, known: KnownMemory) -> bool:
        """Whether the memory is out of *queue*. Out of the Inbox it is by any lasting verdict."""
        if queue is Queue.INBOX and _has(self._reviewed, memory_id, known):
            return True
        return _has(self._judged.get(queue, {}), memory_id, known)

    def later(self, queue: Queue, known: KnownMemory, judged: Collection[str]) -> bool:
        """Whether a memory was made after all of *judged* were judged, if that is known."""
        made = _EPOCH - timedelta(microseconds=known.age)
        return all(made > self._last.get((queue, id_), _NEVER) for id_ in judged)

    def kept(self, memory_id: str, known: KnownMemory) -> bool:
        """Whether somebody said that it stays as it is, in any queue."""
        return _has(self._kept, memory_id, known)


def _has(hashes: Mapping[str, set[str]], memory_id: str, known: KnownMemory) -> bool:
    of_memory = hashes.get(memory_id)
    return of_memory is not None and known.text.hex() in of_memory


@late_dataclass(frozen=True)
class Findings:
    """Suspicions by queue, of one state of the memories."""

    known: Mapping[str, KnownMemory] = field(default_factory=dict, repr=False)
    """All memories that were read, by id."""
    inbox: Ids = Ids()
    """The ids of those that nobody has reviewed, newest first."""
    reviewed: frozenset[str] = frozenset()
    """The ids of all others."""
    found: Mapping[Queue, tuple[Suspicion, ...]] = field(default_factory=dict)
    """By queue, the dependable ones first; see :meth:`of` for the Inbox."""
    not_measured: Mapping[Queue, str] = field(default_factory=dict)
    """Queues of which nothing can be said, and why, as a clause."""
    partly: Mapping[Queue, str] = field(default_factory=dict)
    """Queues of which a part was not looked for, and why, as a clause."""
    missing: tuple[str, ...] = ()
    """Why there may be more memories than were read, as short clauses."""
    pinned: frozenset[str] = frozenset()
    """The ids of those that are pinned."""

    @property
    def total(self) -> int:
        """How many memories were read."""
        return len(self.known)

    def of(self, queue: Queue) -> Sequence[Suspicion]:
        """The suspicions of *queue* in order."""
        if queue is Queue.INBOX:
            return [Suspicion(Queue.INBOX, (id_,), "not yet reviewed") for id_ in self.inbox]
        return self.found.get(queue, ())

    def count(self, queue: Queue, tier: Tier = Tier.FINDING) -> int:
        """How many memories a person is to decide on in *queue*, of those of that *tier*."""
        if queue is Queue.INBOX:
            return len(self.inbox) if tier is Tier.FINDING else 0
        found = self.found.get(queue, ())
        return len(ids_to_decide(each for each in found if each.tier is tier))

    def left(self, judgements: Judgements) -> Findings:
        """What is left for a person: without what was judged, and with proposals that touch
        neither what was judged or kept nor what is pinned."""
        said = {id_ for id_ in judgements.ids if id_ in self.known}
        judged = {id_ for id_ in said if judgements.judged(Queue.INBOX, id_, self.known[id_])}
        inbox, reviewed = self.inbox.without(judged), self.reviewed | judged
        touched = self.pinned | said if said else self.pinned
        found = {
            queue: tuple(self._left(queue, suspicions, judgements, touched))
            for queue, suspicions in self.found.items()
        }
        return replace(self, inbox=inbox, reviewed=reviewed, found=found)

    def _left(
        self,
        queue: Queue,
        suspicions: Sequence[Suspicion],
        judgements: Judgements,
        touched: AbstractSet[str],
    ) -> Iterator[Suspicion]:
        known = self.known

        def judged(memory_id: str) -> bool:
            return memory_id in known and judgements.judged(queue, memory_id, known[memory_id])

        def fixed(memory_id: str) -> bool:
            one = known.get(memory_id)
            return one is None or one.pinned or judged(memory_id) or judgements.kept(memory_id, one)

        def news(suspicion: Suspicion) -> bool:
            newest, *others = suspicion.ids
            told = queue is Queue.CONFLICTS and not judged(newest) and newest in known
            return (
                told and all(map(judged, others)) and judgements.later(queue, known[newest], others)
            )

        for suspicion in suspicions:
            if touched.isdisjoint(suspicion.ids):
                yield suspicion
            elif news(suspicion):
                yield _alone(suspicion)
            elif (left := _left_of(suspicion, judged, fixed)) is not None:
                yield left


def _alone(conflict: Suspicion) -> Suspicion:
    """*conflict* as one of its newest memory, which contradicts what was judged before it came."""
    newest = conflict.ids[0]
    marks = {newest: conflict.marks[newest]} if newest in conflict.marks else {}
    return replace(conflict, ids=(newest,), marks=marks)


def _left_of(
    suspicion: Suspicion, judged: Callable[[str], bool], fixed: Callable[[str], bool]
) -> Suspicion | None:
    """*suspicion* without its judged members; None where only they, or besides them only the one
    that the others are compared with, are left."""
    anchored = suspicion.queue in (Queue.REPEATS, Queue.CONFLICTS)
    first, rest = suspicion.ids[:1], suspicion.ids[1:]
    open_ids = tuple(id_ for id_ in suspicion.ids if not judged(id_))
    if anchored and rest:
        open_rest = tuple(id_ for id_ in rest if not judged(id_))
        open_ids = (*first, *open_rest) if open_rest else ()
    proposal = tuple(each for each in suspicion.proposal if not any(map(fixed, aimed_at(each))))
    if not open_ids or (suspicion.grouped and not anchored and not _says(open_ids, suspicion)):
        return None
    if open_ids == suspicion.ids and len(proposal) == len(suspicion.proposal):
        return suspicion
    marks = {id_: marks for id_, marks in suspicion.marks.items() if id_ in open_ids}
    return replace(suspicion, ids=open_ids, marks=marks, proposal=proposal)


def _says(open_ids: Sequence[str], suspicion: Suspicion) -> bool:
    """Whether any of *open_ids* is one that it was about, and not only one that was to be kept."""
    aimed = {id_ for change in suspicion.proposal for id_ in aimed_at(change)}
    return not aimed or not aimed.isdisjoint(open_ids)


def settled(
    found: Mapping[Queue, tuple[Suspicion, ...]], pinned: AbstractSet[str]
) -> dict[Queue, tuple[Suspicion, ...]]:
    """*found* so that no memory is kept in place of its repeats that goes for another reason: of
    those that stay, the first takes its place. Others that stay are left out, for they were
    compared with the one that goes and not with each other. What goes is not shown besides as
    the same in other words."""
    going = _going(found, [queue for queue in found if queue is not Queue.REPEATS])
    repeats = tuple(
        _with_another(each, going, pinned) if each.ids[0] in going else each
        for each in found.get(Queue.REPEATS, ())
    )
    if any(each.label == IN_OTHER_WORDS for each in repeats):
        going |= _going({Queue.REPEATS: repeats}, [Queue.REPEATS])
        left = (_without(each, going) for each in repeats)
        repeats = tuple(each for each in left if each is not None)
    return {**found, **({Queue.REPEATS: repeats} if Queue.REPEATS in found else {})}


def _going(found: Mapping[Queue, tuple[Suspicion, ...]], queues: Iterable[Queue]) -> set[str]:
    """The memories that the dependable suspicions of *queues* propose to delete."""
    return {
        change.memory_id
        for queue in queues
        for each in found[queue]
        if each.tier is Tier.FINDING
        for change in each.proposal
        if isinstance(change, Delete)
    }


def _without(look: Suspicion, going: AbstractSet[str]) -> Suspicion | None:
    """*look* without the memories that go for a better reason than being alike in meaning."""
    if look.label != IN_OTHER_WORDS or going.isdisjoint(look.ids):
        return look
    left = tuple(id_ for id_ in look.ids if id_ not in going)
    return replace(look, ids=left) if len(left) > 1 else None


def _with_another(group: Suspicion, going: Collection[str], pinned: AbstractSet[str]) -> Suspicion:
    first, rest = group.ids[0], group.ids[1:]
    if not group.proposal:
        return group
    stays = next((id_ for id_ in rest if id_ not in going), None)
    if stays is None:
        return group
    gone = (first, *(id_ for id_ in rest if id_ in going))
    return replace(
        group,
        ids=(stays, *gone),
        marks={id_: marks for id_, marks in group.marks.items() if id_ in (stays, *gone)},
        proposal=tuple(Delete(id_) for id_ in gone if id_ not in pinned),
    )


def proposed(found: Mapping[Queue, Iterable[Suspicion]]) -> list[Change]:
    """What the dependable suspicions of these queues propose together: at most one change per
    memory, rather a deletion than an edit, and of memories that repeat each other one is left,
    unless all of them go for another reason, too."""
    sure = [each for queue in found for each in found[queue] if each.tier is Tier.FINDING]
    changes = [(each.queue, change) for each in sure for change in each.proposal]
    changes.sort(key=lambda pair: isinstance(pair[1], Update))
    going = {
        change.memory_id
        for queue, change in changes
        if isinstance(change, Delete) and queue is not Queue.REPEATS
    }
    needed = {
        each.ids[0]
        for each in sure
        if each.queue is Queue.REPEATS and each.grouped and not going.issuperset(each.ids)
    }
    taken: set[str] = set()
    chosen: list[Change] = []
    for _, change in changes:
        ids = aimed_at(change)
        if taken.isdisjoint(ids) and (isinstance(change, Update) or needed.isdisjoint(ids)):
            taken.update(ids)
            chosen.append(change)
    return chosen
