"""Memories that an apply was not to delete, looked at before and after: a server that takes another
one along must not go unnoticed.

It takes a few pages before everything and the same after, however much is deleted. What is missed
was seen whole before, so an undo of what took it along can put it back. The first look is in the
journal until the transaction is finished, so that a crash in between hides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from mem0_tui.backends.base import Backend, MarkedRows
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
        seen = await look_at(context.backend, doomed)
    except Mem0TuiError:  # what is to be deleted cannot be read either, and that is told
        return ()
    await baselines.keep(context.journal.database, transaction.id, seen)
    return seen


async def looked(context: ApplyContext, transaction: Transaction) -> tuple[Baseline, ...]:
    """What the unfinished *transaction* wrote down, but for what later ones changed."""
    seen = await baselines.kept(context.journal.database, transaction.id)
    if not seen:
        return ()
    return without_changed(seen, await context.journal.items_after(transaction))


def without_changed(seen: Sequence[Baseline], later: Iterable[JournalItem]) -> tuple[Baseline, ...]:
    """*seen* but for what *later* items changed."""
    later = [item for item in later if item.effective]
    changed = {memory.id for item in later for memory in item.before}
    changed.update(item.added_id for item in later if item.added_id is not None)
    return tuple(
        replace(each.without(changed), total=None if later else each.total) for each in seen
    )


async def miss(context: ApplyContext, works: Sequence[ItemRun], seen: Sequence[Baseline]) -> None:
    """Look at what was *seen* again: what is gone though nobody asked for it is written into the
    item that took it along, which is unknown then."""
    culprits = [work for work in works if _deletes(work) and _has_deleted(work.entry)]
    if not culprits or not seen:
        return
    asked = {id_ for work in works for id_ in aimed_at(work.entry.change)}
    try:
        now, gone = await gone_of(context.backend, seen, asked)
    except Mem0TuiError:  # the deletes themselves have been read back
        return
    for work, share in _shared_out(culprits, gone):
        _blame(work, share)
    ended = [work for work in culprits if not work.entry.state.open]
    if ended and not gone:
        _compare_totals(works, ended, zip(seen, now, strict=True))
    await context.save([work for work in culprits if work.entry.state is ItemState.UNKNOWN])


async def look_at(backend: Backend, doomed: Sequence[Memory]) -> tuple[Baseline, ...]:
    """A page of each place where something beside *doomed* may be taken along."""
    return tuple([await _baseline(backend, scope) for scope in _places(backend, doomed)])


async def gone_of(
    backend: Backend, seen: Sequence[Baseline], asked: Collection[str]
) -> tuple[list[Baseline], list[Memory]]:
    """The places of *seen* as they are now, and of the memories in them those that are gone but
    for the *asked* ids."""
    now = [await _baseline(backend, each.scope) for each in seen]
    known = {id_: memory for each in seen for id_, memory in each.rows.items()}
    shown = {id_ for each in now for id_ in each.rows}
    absent = known.keys() - set(asked) - shown
    there = await read_many(backend, sorted(absent))
    return now, [known[id_] for id_ in sorted(absent - there.keys())]


def _deletes(work: ItemRun) -> bool:
    change = work.entry.change
    return isinstance(change, _DELETES) or (isinstance(change, Update) and change.copies)


def _has_deleted(entry: JournalItem) -> bool:
    """Whether a delete, ended or half done, took anything away: memories, or an entity without
    any."""
    if is_empty_entity(entry.change):
        return entry.state is ItemState.DONE
    return bool(entry.removed)


def _places(backend: Backend, doomed: Iterable[Memory]) -> Iterator[Scope]:
    """Where to look. A server that has to read everything for a list of everything is spared it."""
    scopes = Counter(memory.scope for memory in doomed)
    for scope, _ in scopes.most_common(_SCOPES):
        if scope:
            yield scope
    if not isinstance(backend, MarkedRows):
        yield Scope()


def within(scope: Scope) -> Filter:
    """What the memories that belong to every entity of *scope* pass."""
    return all_of(belongs_to(entity) for entity in scope)


async def _baseline(backend: Backend, scope: Scope) -> Baseline:
    page = await backend.list(
        within(scope),
        limit=backend.capabilities.page_size,
        include_expired=Capability.SHOW_EXPIRED in backend.capabilities,
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
    for index, share in shares.items():
        yield culprits[index], share


def taken(gone: Sequence[Memory]) -> ServerError:
    """What to say of memories that are *gone* though nobody asked for it."""
    ids = ", ".join(one_line(memory.id) for memory in gone[:_NAMED])
    rest = f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else ""
    is_, was = ("is", "was") if len(gone) == 1 else ("are", "were")
    return ServerError(
        f"{ids}{rest} {is_} gone too and {was} not part of the plan: the server removed"
        f" {'it' if len(gone) == 1 else 'them'} along, or somebody else deleted"
        f" {'it' if len(gone) == 1 else 'them'}",
        hint="undo puts back what the server removed as well; check the list first",
    )


def _blame(work: ItemRun, gone: Sequence[Memory]) -> None:
    error = taken(gone)
    known = {memory.id for memory in work.before}  # from before a crash
    before = (*work.before, *(memory for memory in gone if memory.id not in known))
    removed = tuple(dict.fromkeys([*work.entry.removed, *(memory.id for memory in gone)]))
    work.plan_item = replace(work.plan_item, before=before)
    work.end(ItemState.UNKNOWN, error, before=before, removed=removed)


def _compare_totals(
    works: Sequence[ItemRun],
    culprits: Sequence[ItemRun],
    pairs: Iterable[tuple[Baseline, Baseline]],
) -> None:
    """Where fewer are left than there should be, say so; which ones is not known."""
    for before, now in pairs:
        condition = within(before.scope)
        error = shortfall(before, now, sum(_balance(work, condition) for work in works))
        if error is None:
            continue
        last = [w for w in culprits if any(matches(condition, m) for m in w.before)][-1:]
        for work in last or culprits[-1:]:
            work.end(ItemState.UNKNOWN, error)
        return


def shortfall(before: Baseline, now: Baseline, balance: int) -> ServerError | None:
    """What to say where fewer are left than *balance* more than before; None where all are."""
    if before.total is None or now.total is None:
        return None
    lost = before.total + balance - now.total
    if lost <= 0:
        return None
    where = one_line(str(before.scope)) if before.scope else "the server"
    return ServerError(
        f"{plural(lost, 'further memory')} of {where} {'is' if lost == 1 else 'are'} gone"
        f" ({before.total:,} before, {now.total:,} now): the server took more than it was told"
        " to, or somebody else deleted some",
        hint="what else is gone is not known here; check the list",
    )


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
