"""Memories that an apply was not to delete, looked at before and after: a server that takes another
one along must not go unnoticed.

It takes a few pages before everything and the same after, however much is deleted. What is missed
was seen whole before, so an undo of what took it along can put it back. The first look is in the
journal until the transaction is finished, so that a crash in between hides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mem0_tui.backends.base import MarkedRows
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.reading import read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import (
    Delete,
    DeleteEntity,
    DeleteScope,
    Merge,
    Update,
    aimed_at,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import Mem0TuiError, ServerError
from mem0_tui.model.filter import Filter, all_of, belongs_to, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.store.journal import baselines
from mem0_tui.store.journal.baselines import Baseline
from mem0_tui.store.journal.rows import ItemState, JournalItem, Transaction

_SCOPES = 3
"""Of the scopes that most is deleted in, so many are looked at."""
_NAMED = 5
"""Ids that are named in a report."""
_DELETES = (Delete, Merge, DeleteScope, DeleteEntity)


async def look(
    context: ApplyContext, transaction: Transaction, works: Sequence[ItemRun]
) -> tuple[Baseline, ...]:
    """What is there beside what *works* delete, written down; what was written down, where a crash
    cut the transaction off. Nothing for a store of ours, which takes no more than it is told to,
    and where the server cannot be read.

    Raises:
        StoreError: the journal cannot be written.
    """
    if Capability.KEEP_ID in context.backend.capabilities:
        return ()
    if seen := await looked(context, transaction):
        return seen
    if not any(map(_deletes, works)):
        return ()
    doomed = [m for work in works if _deletes(work) for m in work.before]
    try:
        seen = tuple([await _baseline(context, scope) for scope in _places(context, doomed)])
    except Mem0TuiError:  # what is to be deleted cannot be read either, and that is told
        return ()
    await baselines.keep(context.journal.database, transaction.id, seen)
    return seen


async def looked(context: ApplyContext, transaction: Transaction) -> tuple[Baseline, ...]:
    """What the unfinished *transaction* wrote down, but for what later ones changed."""
    seen = await baselines.kept(context.journal.database, transaction.id)
    if not seen:
        return ()
    later = [item for item in await context.journal.items_after(transaction) if item.effective]
    changed = {id_ for item in later for id_ in (item.added_id, *(m.id for m in item.before))}
    return tuple(
        replace(
            each,
            rows={id_: memory for id_, memory in each.rows.items() if id_ not in changed},
            total=None if later else each.total,
        )
        for each in seen
    )


async def miss(context: ApplyContext, works: Sequence[ItemRun], seen: Sequence[Baseline]) -> None:
    """Look at what was *seen* again: what is gone though nobody asked for it is written into the
    item that took it along, which is unknown then."""
    culprits = [work for work in works if _deletes(work) and _has_deleted(work.entry)]
    if not culprits or not seen:
        return
    try:
        now = [await _baseline(context, each.scope) for each in seen]
        known = {id_: memory for each in seen for id_, memory in each.rows.items()}
        asked = {id_ for work in works for id_ in aimed_at(work.entry.change)}
        shown = {id_ for each in now for id_ in each.rows}
        absent = known.keys() - asked - shown
        there = await read_many(context.backend, sorted(absent))
    except Mem0TuiError:  # the deletes themselves have been read back
        return
    gone = [known[id_] for id_ in sorted(absent - there.keys())]
    for work, taken in _shared_out(culprits, gone):
        _blame(work, taken)
    ended = [work for work in culprits if not work.entry.state.open]
    if ended and not gone:
        _compare_totals(works, ended, zip(seen, now, strict=True))
    await context.save([work for work in culprits if work.entry.state is ItemState.UNKNOWN])


def _deletes(work: ItemRun) -> bool:
    change = work.entry.change
    return isinstance(change, _DELETES) or (isinstance(change, Update) and change.copies)


def _has_deleted(entry: JournalItem) -> bool:
    """Whether a delete, ended or half done, took anything away: memories, or an entity without
    any."""
    if is_empty_entity(entry.change):
        return entry.state is ItemState.DONE
    return bool(entry.removed)


def _places(context: ApplyContext, doomed: Iterable[Memory]) -> Iterator[Scope]:
    """Where to look. A server that has to read everything for a list of everything is spared it."""
    scopes = Counter(memory.scope for memory in doomed)
    for scope, _ in scopes.most_common(_SCOPES):
        if scope:
            yield scope
    if not isinstance(context.backend, MarkedRows):
        yield Scope()


def _within(scope: Scope) -> Filter:
    return all_of(belongs_to(entity) for entity in scope)


async def _baseline(context: ApplyContext, scope: Scope) -> Baseline:
    page = await context.backend.list(
        _within(scope),
        limit=context.backend.capabilities.page_size,
        include_expired=Capability.SHOW_EXPIRED in context.backend.capabilities,
    )
    return Baseline(scope, {memory.id: memory for memory in page.items}, page.total)


def _shared_out(
    culprits: Sequence[ItemRun], gone: Iterable[Memory]
) -> Iterator[tuple[ItemRun, list[Memory]]]:
    """Each of *culprits* to which some of *gone* are put down: the one that they were put down to
    before a crash, else the last that deleted in the same scope, else the last."""
    shares: dict[int, list[Memory]] = {}
    for memory in gone:
        near = [
            index
            for index, work in enumerate(culprits)
            if any(each.id == memory.id for each in work.before)
        ] or [
            index
            for index, work in enumerate(culprits)
            if any(each.scope == memory.scope for each in work.before)
        ]
        shares.setdefault(near[-1] if near else len(culprits) - 1, []).append(memory)
    for index, taken in shares.items():
        yield culprits[index], taken


def _blame(work: ItemRun, taken: Sequence[Memory]) -> None:
    ids = ", ".join(one_line(memory.id) for memory in taken[:_NAMED])
    rest = f" and {len(taken) - _NAMED:,} more" if len(taken) > _NAMED else ""
    is_, was = ("is", "was") if len(taken) == 1 else ("are", "were")
    error = ServerError(
        f"{ids}{rest} {is_} gone too and {was} not to be deleted: the server took"
        f" {'it' if len(taken) == 1 else 'them'} along, or somebody else deleted"
        f" {'it' if len(taken) == 1 else 'them'}",
        hint="an undo puts back what the server took, too; look at the list first",
    )
    known = {memory.id for memory in work.before}  # from before a crash
    before = (*work.before, *(memory for memory in taken if memory.id not in known))
    removed = tuple(dict.fromkeys([*work.entry.removed, *(memory.id for memory in taken)]))
    work.plan_item = replace(work.plan_item, before=before)
    work.end(ItemState.UNKNOWN, error, before=before, removed=removed)


def _compare_totals(
    works: Sequence[ItemRun],
    culprits: Sequence[ItemRun],
    pairs: Iterable[tuple[Baseline, Baseline]],
) -> None:
    """Where fewer are left than there should be, say so; which ones is not known."""
    for before, now in pairs:
        if before.total is None or now.total is None:
            continue
        condition = _within(before.scope)
        expected = before.total + sum(_balance(work, condition) for work in works)
        if now.total >= expected:
            continue
        where = one_line(str(before.scope)) if before.scope else "the server"
        lost = plural(expected - now.total, "further memory")
        error = ServerError(
            f"{lost} of {where} {'is' if expected - now.total == 1 else 'are'} gone"
            f" ({before.total:,} before, {now.total:,} now): the server took more than it was told"
            " to, or somebody else deleted some",
            hint="what else is gone is not known here; look at the list",
        )
        last = [w for w in culprits if any(matches(condition, m) for m in w.before)][-1:]
        for work in last or culprits[-1:]:
            work.end(ItemState.UNKNOWN, error)
        return


def _balance(work: ItemRun, condition: Filter) -> int:
    """By how many more memories pass *condition* after *work*."""
    entry = work.entry
    removed = set(entry.removed)
    less = sum(memory.id in removed and matches(condition, memory) for memory in work.before)
    if entry.after is None:
        return -less
    # What was edited is there before and after, but perhaps no longer in the same scope.
    known = entry.added_id is None
    was = [m for m in work.before if known and m.id == entry.after.id and matches(condition, m)]
    return matches(condition, entry.after) - len(was) - less
