"""Where a server's answer to an add is not to be believed: what it names was there before, or is
there twice. Undo must never delete what the add did not make.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.equal_memories import find_equal, stand_in
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Restore
from mem0_tui.model.errors import Mem0TuiError, ServerError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.rows import ItemState

_AT_ONCE = timedelta(seconds=10)
"""The dates of creation and of the last update of a new memory are no further apart."""
_OLD = timedelta(days=1)
"""A server's clock is not believed to be further behind."""
_SURE = 15
"""With more equal memories than this a search does not name the same ones each time."""


def doubted(context: ApplyContext, work: ItemRun, wanted: Memory, stored: Memory) -> bool:
    """Whether *stored*, which the server says it has added for *wanted*, may not be new; then
    *work* has ended as unknown, and *stored* counts as what was there before."""
    why = _doubt(context, work, wanted, stored)
    if why:
        witness = tuple(sorted({*work.entry.witness, stored.id}))
        work.end(ItemState.UNKNOWN, ServerError(why), witness=witness)
    return bool(why)


def _doubt(context: ApplyContext, work: ItemRun, wanted: Memory, stored: Memory) -> str:
    keeps = Capability.KEEP_ID in context.backend.capabilities
    if keeps and isinstance(work.entry.change, Restore) and stored.id != wanted.id:
        return f"{wanted.id} was put back as {stored.id}: look at both"
    if keeps:
        return ""
    named = f"the server answered with {stored.id}, which was there before"
    if stored.id in context.seen_before - context.own:
        return named
    created, updated = stored.created_at, stored.updated_at
    if wanted.created_at is not None or created is None:
        return ""
    if updated is not None and updated - created > _AT_ONCE:
        return f"{named} (created {created:%Y-%m-%d %H:%M} UTC)"
    other = stored.text != wanted.text
    return named if other and created < context.clock.now() - _OLD else ""


async def look_for_doubles(context: ApplyContext, works: Sequence[ItemRun]) -> None:
    """After everything was sent: what is there more often than it was added is unknown."""
    added = [
        (work, wanted)
        for work in works
        if work.entry.state is ItemState.DONE
        and work.entry.added_id is not None
        and (wanted := stand_in(work.entry.change, work.before)) is not None
    ]
    if not added or Capability.KEEP_ID in context.backend.capabilities:
        return
    try:
        there = await find_equal(context.backend, [wanted for _, wanted in added])
    except Mem0TuiError:  # each was read back when it was added
        return
    doubled: list[ItemRun] = []
    told: set[str] = set()
    for work, wanted in added:
        content = wanted.content_hash
        before = context.twins.get(content, set())
        more = set(there.get(content, ())) - before - context.own
        if more and content not in told and len(before) <= _SURE:
            told.add(content)
            ids = ", ".join([str(work.entry.added_id), *sorted(more)])
            work.end(
                ItemState.UNKNOWN,
                ServerError(
                    f"it is there {len(more) + 1} times now, as {ids}: the server stored it more"
                    " than once, or somebody else added the same"
                ),
            )
            doubled.append(work)
    await context.save(doubled)
