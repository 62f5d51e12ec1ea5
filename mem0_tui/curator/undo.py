"""Takes back what was applied, and applies again what was taken back.

Every applied item has reversible parts: each memory it removed, the memory it added, the edit it
made. A part is taken back at most once, by the item that names it in ``reverses``; what takes it
back has parts of its own. So undo and redo are one thing, at any depth, however much of it failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying import recovery
from mem0_tui.curator.planning.planner import Wanted
from mem0_tui.curator.planning.reversal import NO_MEMORY, obstacle, staying_keys, within_reach
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import (
    Change,
    Delete,
    Merge,
    Restore,
    Update,
    aimed_at,
    inverse,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import RefusedError
from mem0_tui.model.memory import Memory
from mem0_tui.model.retention import KEPT
from mem0_tui.store.erasure.gone import Gone, Reason, gone_of
from mem0_tui.store.journal.claims import interrupted
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import (
    Counterpart,
    ItemState,
    JournalItem,
    JournalTarget,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One reversible part of an applied item."""

    counterpart: Counterpart
    change: Change
    """What takes it back."""
    before: tuple[Memory, ...]
    """What that change expects to find."""
    gone: Gone | None = None
    """When and why the content that it needs was erased; it cannot be taken back then."""


def parts_of(item: JournalItem) -> tuple[Part, ...]:
    """The parts of *item*, in the order in which to take them back."""
    if not item.effective:
        return ()
    parts: list[Part] = []
    before: tuple[Memory, ...]
    lost = next(filter(None, map(gone_of, item.before)), None)
    position = {memory.id: index for index, memory in enumerate(item.before)}
    for change in inverse(item.change, before=item.before, added_id=item.added_id):
        match change:
            case Restore(memory):
                if memory.id not in item.removed:
                    continue
                number, before, gone = position[memory.id], (), gone_of(memory)
            case Update(memory_id, edit):
                merged = isinstance(item.change, Merge)  # then it is edited before the rest goes
                if (item.state is not ItemState.DONE and not merged) or item.after is None:
                    continue
                number, before = position[memory_id], (item.after,)
                gone = lost or gone_of(item.after)
                if not edit and gone is None:
                    continue
            case _:
                if item.after is None:
                    continue
                # What replaced a memory stays where that memory cannot be put back.
                number, before, gone = len(item.before), (item.after,), lost or gone_of(item.after)
        counterpart = Counterpart(item.transaction_id, item.position, number)
        parts.append(Part(counterpart, change, before, gone))
    return tuple(parts)


class Ids:
    """Under which id a memory is now, after it came back under new ones."""

    def __init__(self, new_ids: Mapping[str, str]) -> None:
        self._new_ids = new_ids

    def now(self, memory_id: str) -> str:
        """The latest id of the memory that once was *memory_id*."""
        seen = {memory_id}
        while (following := self._new_ids.get(memory_id)) and following not in seen:
            seen.add(following)
            memory_id = following
        return memory_id

    def named(self, part: Part) -> Part:
        """*part* as a change of the memories as they are now called."""
        before = tuple(replace(memory, id=self.now(memory.id)) for memory in part.before)
        match part.change:
            case Update(memory_id, edit):
                change: Change = Update(self.now(memory_id), edit)
            case Delete(memory_id):
                change = Delete(self.now(memory_id))
            case _:
                change = part.change
        return Part(part.counterpart, change, before)


def open_parts(
    items: Iterable[JournalItem], reversed_parts: Mapping[Counterpart, str]
) -> list[Part]:
    """The parts of *items* (oldest first) that nothing has taken back, the last first; those whose
    content is gone are among them."""
    return [
        part
        for item in reversed(list(items))
        for part in parts_of(item)
        if part.counterpart not in reversed_parts
    ]


def applied_side(family: Iterable[Transaction]) -> list[Transaction]:
    """Of a transaction's family, those that put its changes into effect."""
    return [transaction for transaction in family if transaction.undoes is None]


def undone_side(family: Iterable[Transaction]) -> list[Transaction]:
    """Of a transaction's family, those that took its changes back."""
    return [transaction for transaction in family if transaction.undoes is not None]


async def check_closed(journal: Journal, target: JournalTarget, root: str | None = None) -> None:
    """Do nothing unless a transaction of *target* was interrupted and is not closed; those of the
    family *root* do not count.

    Raises:
        UnfinishedError: one was; names the latest.
    """
    for transaction in await recovery.interrupted(journal, target):
        if transaction.root != root:
            raise interrupted(transaction)


async def roots_to_undo(journal: Journal, target: JournalTarget) -> list[str]:
    """What ``undo`` without a name may take back, the last put into effect first."""
    roots = []
    for transaction in await journal.transactions(target=target):
        if transaction.undoes is None and _changed(transaction):
            family = await journal.family(transaction.root)
            if not _taken_back_after(transaction, undone_side(family)):
                roots.append(transaction.root)
    return list(dict.fromkeys(roots))


async def roots_to_redo(journal: Journal, target: JournalTarget) -> list[str]:
    """What ``redo`` without a name may apply again, the last undone first.

    Raises:
        RefusedError: something else was done since the last undo.
    """
    roots: list[str] = []
    newer: Transaction | None = None
    for transaction in await journal.transactions(target=target):
        if transaction.undoes is not None and _changed(transaction):
            family = await journal.family(transaction.root)
            if _taken_back_after(transaction, applied_side(family)):
                continue
            if newer is not None and not roots:
                raise RefusedError(
                    f"{newer.id} was done since the last undo",
                    hint=f"to redo it anyway, name it: {transaction.root}",
                )
            roots.append(transaction.root)
        elif transaction.redoes is None and _changed(transaction):
            newer = newer or transaction
    return list(dict.fromkeys(roots))


_WITHOUT_EFFECT = frozenset({ItemState.REFUSED, ItemState.CANCELLED})
_SETTLED = frozenset({ItemState.DONE, ItemState.REFUSED})


def _changed(transaction: Transaction) -> bool:
    """Whether it changed anything, or may have."""
    return not transaction.counts.keys() <= _WITHOUT_EFFECT


def _taken_back_after(transaction: Transaction, others: Sequence[Transaction]) -> bool:
    """Whether one of *others* took it back as far as that can be done; one that was interrupted
    or failed leaves something to be taken back."""
    return any(
        other.sequence > transaction.sequence
        and other.counts.get(ItemState.DONE)
        and other.counts.keys() <= _SETTLED
        for other in others
    )


def check_target(transaction: Transaction, target: JournalTarget) -> None:
    """Do nothing if *transaction* was applied to *target*.

    Raises:
        RefusedError: it was applied elsewhere.
    """
    there = transaction.target
    if not there.same(target):
        raise RefusedError(
            f"{transaction.id} was applied to {there.backend} {there.target},"
            f" this is {target.backend} {target.target}"
        )


Side = Callable[[Iterable[Transaction]], list[Transaction]]


@dataclass(frozen=True, slots=True)
class Reversal:
    """What takes back what is still in effect of a transaction."""

    wanted: tuple[Wanted, ...]
    notes: tuple[str, ...]
    """What of it cannot be taken back, and why, in one sentence each."""


async def reversal(
    backend: Backend, journal: Journal, root: str, side: Side, target: JournalTarget
) -> Reversal:
    """What takes back everything still in effect of one *side* of the family of *root*, as far as
    *backend* can."""
    family = await journal.family(root)
    unasked = _unasked(await journal.items(*(transaction.id for transaction in family)))
    items = await journal.items(*(transaction.id for transaction in side(family)))
    items = tuple(item for item in items if item.reverses not in unasked)
    redacted = [item for item in items if _redacts(item)]
    items = tuple(item for item in items if not _redacts(item))
    ids = Ids(await journal.new_ids(target))
    parts = open_parts(items, await journal.reversed_parts(target))
    found = _reaching(backend, [ids.named(part) for part in parts if part.gone is None])
    lasting = Counter(each for each in found if isinstance(each, str))
    notes = [
        _without_memories(root, items),
        _redacted(root, redacted),
        lost(root, [part.gone for part in parts]),
    ]
    notes += [
        f"{plural(count, 'change')} of {root} cannot be taken back here: {reason}"
        for reason, count in lasting.items()
    ]
    wanted = tuple(each for each in found if isinstance(each, Wanted))
    return Reversal(wanted, tuple(note for note in notes if note))


def _without_memories(root: str, items: Sequence[JournalItem]) -> str:
    """How many entities *items* of the transaction *root* deleted that nothing brings back."""
    done = [item for item in items if is_empty_entity(item.change) and item.effective]
    if not done:
        return ""
    what = "1 entity" if len(done) == 1 else f"{len(done):,} entities"
    return f"{what} deleted by {root} cannot be brought back: {NO_MEMORY}"


def _redacts(item: JournalItem) -> bool:
    return isinstance(item.change, Update) and item.change.redacts and item.effective


def _redacted(root: str, items: Sequence[JournalItem]) -> str:
    """That what *items* of the transaction *root* took out cannot be brought back."""
    if not items:
        return ""
    return f"{root}: the secrets taken out of {plural(len(items), 'memory')} cannot be brought back"


def _unasked(items: Iterable[JournalItem]) -> set[Counterpart]:
    """The parts that the server did without being asked: memories that it took along. Undo puts
    them back; a redo does not delete them."""
    return {
        Counterpart(item.transaction_id, item.position, part)
        for item in items
        for part, memory in enumerate(item.before)
        if memory.id not in aimed_at(item.change)
    }


def lost(root: str, parts: Sequence[Gone | None]) -> str:
    """How many of the *parts* of the transaction *root* cannot be taken back, and why; empty where
    all of them can."""
    gone = [each for each in parts if each is not None]
    if not gone:
        return ""
    last = max(gone, key=lambda each: each.at)
    number = plural(len(gone), "change") if len(gone) == len(parts) else f"{len(gone):,}"
    of = "" if len(gone) == len(parts) else f" of its {len(parts):,} changes"
    were = "was" if len(gone) == 1 else "were"
    if last.reason is Reason.PURGED:
        return f"{root}: {number}{of} {were} purged on {last.at:%Y-%m-%d} and cannot be taken back"
    days = KEPT.days
    return f"{root}: {number}{of} {were} kept for {days} days and can no longer be taken back"


def _reaching(backend: Backend, parts: Sequence[Part]) -> list[Wanted | str]:
    """What takes each of *parts* back as far as *backend* can, or why it can nothing of it.

    What replaced memories stays where one of them cannot be put back.
    """
    found = [_within_reach(backend, part) for part in parts]
    lasting = {
        part.counterpart[:2]: each
        for part, each in zip(parts, found, strict=True)
        if isinstance(each, str)
    }
    return [
        lasting.get(part.counterpart[:2], each) if isinstance(part.change, Delete) else each
        for part, each in zip(parts, found, strict=True)
    ]


def _within_reach(backend: Backend, part: Part) -> Wanted | str:
    """What takes *part* back as far as *backend* can, or why it can nothing of it."""
    match part.change:
        case Restore(memory):
            return obstacle(backend, memory) or Wanted(part.change, part.before, part.counterpart)
        case Update(memory_id, edit):
            keys = staying_keys(backend, edit, part.before[0])
            if not (edit := within_reach(backend, edit, part.before[0])):
                return f"{backend.name} cannot {Capability.REMOVE_METADATA.value}"
            name = "key" if len(keys) == 1 else "keys"
            stays = f"the metadata {name} {', '.join(keys)} will stay"
            change = Update(memory_id, edit)
            warnings = (stays,) if keys else ()
            return Wanted(change, part.before, part.counterpart, warnings)
        case _:
            return Wanted(part.change, part.before, part.counterpart)
