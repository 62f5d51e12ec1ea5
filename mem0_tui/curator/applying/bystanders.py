"""Memories that an apply was not to delete, looked at before and after: a server that takes another
one along must not go unnoticed.

It takes a few pages before everything and the same after, however much is deleted. What is missed
was seen whole before, so an undo of what took it along can put it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mem0_tui.backends.base import Marked
from mem0_tui.curator.applying.context import Work, Workshop
from mem0_tui.curator.planning.planner import aimed_at
from mem0_tui.curator.reading import read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Delete, DeleteEntity, DeleteScope, Merge
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import Mem0TuiError, ServerError
from mem0_tui.model.filter import EVERYTHING, Filter, all_of, belongs_to, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.store.journal.rows import ItemState

_SCOPES = 3
"""Of the scopes that most is deleted in, so many are looked at."""
_NAMED = 5
"""Ids that are named in a report."""
_DELETES = (Delete, Merge, DeleteScope, DeleteEntity)


@dataclass(frozen=True, slots=True)
class _Glance:
    """The newest page of some memories, before anything was deleted."""

    where: str
    condition: Filter
    rows: Mapping[str, Memory]
    total: int | None
    """How many the server said there are."""


async def glances(shop: Workshop, works: Sequence[Work]) -> tuple[_Glance, ...]:
    """What is there beside what *works* delete: nothing for a store of ours, which takes no more
    than it is told to, and where the server cannot be read."""
    doomed = [m for work in works if _deletes(work) for m in work.before]
    if not doomed or Capability.KEEP_ID in shop.backend.capabilities:
        return ()
    try:
        return tuple([await _glance(shop, *place) for place in _places(shop, doomed)])
    except Mem0TuiError:  # what is to be deleted cannot be read either, and that is told
        return ()


async def miss(shop: Workshop, works: Sequence[Work], seen: Sequence[_Glance]) -> None:
    """Look at what was *seen* again: what is gone though nobody asked for it is written into the
    item that took it along, which has ended as unknown then."""
    culprits = [work for work in works if _deletes(work) and work.entry.removed]
    if not culprits:
        return
    try:
        now = [await _glance(shop, each.where, each.condition) for each in seen]
        known = {id_: memory for each in seen for id_, memory in each.rows.items()}
        asked = {id_ for work in works for id_ in aimed_at(work.entry.change)}
        shown = {id_ for each in now for id_ in each.rows}
        absent = known.keys() - asked - shown
        there = await read_many(shop.backend, sorted(absent))
    except Mem0TuiError:  # the deletes themselves have been read back
        return
    gone = [known[id_] for id_ in sorted(absent - there.keys())]
    for work, taken in _shared_out(culprits, gone):
        _blame(work, taken)
    if not gone:
        _compare_totals(works, culprits, zip(seen, now, strict=True))
    await shop.save([work for work in culprits if work.entry.state is ItemState.UNKNOWN])


def _deletes(work: Work) -> bool:
    return isinstance(work.entry.change, _DELETES)


def _places(shop: Workshop, doomed: Iterable[Memory]) -> Iterator[tuple[str, Filter]]:
    """Where to look. A server that has to read everything for a list of everything is spared it."""
    scopes = Counter(memory.scope for memory in doomed)
    for scope, _ in scopes.most_common(_SCOPES):
        if scope:
            yield one_line(str(scope)), _within(scope)
    if not isinstance(shop.backend, Marked):
        yield "the server", EVERYTHING


def _within(scope: Scope) -> Filter:
    return all_of(belongs_to(entity) for entity in scope)


async def _glance(shop: Workshop, where: str, condition: Filter) -> _Glance:
    page = await shop.backend.list(
        condition,
        limit=shop.backend.capabilities.page_size,
        include_expired=Capability.SHOW_EXPIRED in shop.backend.capabilities,
    )
    return _Glance(where, condition, {memory.id: memory for memory in page.items}, page.total)


def _shared_out(
    culprits: Sequence[Work], gone: Iterable[Memory]
) -> Iterator[tuple[Work, list[Memory]]]:
    """Each of *culprits* to which some of *gone* are put down: the last that deleted in the same
    scope, else the last."""
    shares: dict[int, list[Memory]] = {}
    for memory in gone:
        near = [
            index
            for index, work in enumerate(culprits)
            if any(each.scope == memory.scope for each in work.before)
        ]
        shares.setdefault(near[-1] if near else len(culprits) - 1, []).append(memory)
    for index, taken in shares.items():
        yield culprits[index], taken


def _blame(work: Work, taken: Sequence[Memory]) -> None:
    ids = ", ".join(one_line(memory.id) for memory in taken[:_NAMED])
    rest = f" and {len(taken) - _NAMED:,} more" if len(taken) > _NAMED else ""
    is_, was = ("is", "was") if len(taken) == 1 else ("are", "were")
    error = ServerError(
        f"{ids}{rest} {is_} gone too and {was} not to be deleted: the server took"
        f" {'it' if len(taken) == 1 else 'them'} along, or somebody else deleted"
        f" {'it' if len(taken) == 1 else 'them'}",
        hint="an undo puts back what the server took, too; look at the list first",
    )
    before = (*work.before, *taken)
    removed = (*work.entry.removed, *(memory.id for memory in taken))
    work.plan_item = replace(work.plan_item, before=before)
    work.end(ItemState.UNKNOWN, error, before=before, removed=removed)


def _compare_totals(
    works: Sequence[Work], culprits: Sequence[Work], glances: Iterable[tuple[_Glance, _Glance]]
) -> None:
    """Where fewer are left than there should be, say so; which ones is not known."""
    for before, now in glances:
        if before.total is None or now.total is None:
            continue
        expected = before.total + sum(_balance(work, before.condition) for work in works)
        if now.total >= expected:
            continue
        lost = plural(expected - now.total, "further memory")
        error = ServerError(
            f"{lost} of {before.where} {'is' if expected - now.total == 1 else 'are'} gone"
            f" ({before.total:,} before, {now.total:,} now): the server took more than it was told"
            " to, or somebody else deleted some",
            hint="what else is gone is not known here; look at the list",
        )
        last = [w for w in culprits if any(matches(before.condition, m) for m in w.before)][-1:]
        for work in last or culprits[-1:]:
            work.end(ItemState.UNKNOWN, error)
        return


def _balance(work: Work, condition: Filter) -> int:
    """By how many more memories pass *condition* after *work*."""
    entry = work.entry
    removed = set(entry.removed)
    less = sum(memory.id in removed and matches(condition, memory) for memory in work.before)
    added = entry.added_id is not None and entry.after is not None
    return int(added and entry.after is not None and matches(condition, entry.after)) - less
