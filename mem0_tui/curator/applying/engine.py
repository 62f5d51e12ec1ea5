"""Applies the items of a transaction in order, journalled, stoppable between items only."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, TypeVar

from mem0_tui.curator.applying.bystanders import look, miss
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.doubt import look_for_doubles
from mem0_tui.curator.applying.equal_memories import stand_in
from mem0_tui.curator.applying.redact import take_out_everywhere
from mem0_tui.curator.applying.replacement import replace_by_one, replaces
from mem0_tui.curator.applying.report import Progress
from mem0_tui.curator.applying.scopes import delete_scope
from mem0_tui.curator.applying.writes import delete_batch, is_delete, write_window
from mem0_tui.curator.wording import VERBS, phrase
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import DeleteEntity, DeleteScope
from mem0_tui.model.errors import (
    AuthError,
    Mem0TuiError,
    NetworkError,
    RateLimitedError,
    ResponseError,
    ServerError,
    StoreError,
)
from mem0_tui.model.text import one_line
from mem0_tui.store.journal.rows import ItemState, Transaction

T = TypeVar("T")

_ALIKE = 5
"""Failures in a row for one reason that end an apply."""
_SERVERS = (NetworkError, ResponseError, ServerError)
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WINDOW = 50
"""How many single writes share one journal entry where a crash in between can be told apart by
their ids."""


async def apply_all(
    context: ApplyContext,
    transaction: Transaction,
    works: Sequence[ItemRun],
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Carry out those of *works* that are still to be, then close *transaction*.

    When the calling task is cancelled, the item under way is finished and written down, the rest
    is marked as cancelled, and only then is CancelledError raised.
    """
    halt = asyncio.Event()
    context.stopped = lambda: halt.is_set() or (cancelled is not None and cancelled())
    finished = sum(not work.entry.state.open for work in works)
    failed = 0

    def tell(work: ItemRun) -> None:
        nonlocal finished, failed
        finished += 1
        failed += work.entry.state in (ItemState.FAILED, ItemState.UNKNOWN)
        if progress is not None:
            progress(Progress(finished, len(works), _line(work), failed))

    context.finished = tell
    await _uninterrupted(_run(context, transaction, works), halt)


async def _run(context: ApplyContext, transaction: Transaction, works: Sequence[ItemRun]) -> None:
    todo = [work for work in works if work.entry.state.open]
    seen = await look(context, transaction, todo)
    trouble: Mem0TuiError | None = None
    alike = Alike()
    try:
        additions = [stand_in(work.entry.change, work.before) for work in todo]
        await context.look_for_twins([memory for memory in additions if memory])
    except Mem0TuiError as error:
        trouble = error
    for group in _groups(context, todo):
        if trouble is not None or context.stopped():
            for work in group:
                if work.entry.state is ItemState.INTENT:
                    begun = work.entry.begun
                    work.end(ItemState.FAILED if begun else ItemState.CANCELLED, trouble)
            await context.close(group)
        else:
            await _carry_out(context, group)
            trouble = _fatal(group) or alike.after(group)
    if trouble is None:
        await look_for_doubles(context, todo)
    await miss(context, works, seen)
    if await take_out_everywhere(context, works):
        await context.journal.finish(transaction.id)


async def _carry_out(context: ApplyContext, group: Sequence[ItemRun]) -> None:
    change = group[0].entry.change
    if is_delete(group[0]):
        await delete_batch(context, group)
    elif replaces(group[0]):
        await replace_by_one(context, group[0])
    elif isinstance(change, (DeleteScope, DeleteEntity)):
        await delete_scope(context, group[0])
    else:
        await write_window(context, group)


def _groups(context: ApplyContext, works: Sequence[ItemRun]) -> Iterator[list[ItemRun]]:
    """*works* in order, in runs that are carried out together."""
    window = _WINDOW if Capability.KEEP_ID in context.backend.capabilities else 1
    limits = {
        "delete": max(1, context.backend.capabilities.batch_size),
        "write": window,
        "alone": 1,
    }
    group: list[ItemRun] = []
    kind = ""
    for work in works:
        this = _group_kind(work)
        if group and (this != kind or len(group) >= limits[kind]):
            yield group
            group = []
        group.append(work)
        kind = this
    if group:
        yield group


def _group_kind(work: ItemRun) -> str:
    if is_delete(work):
        return "delete"
    alone = replaces(work) or isinstance(work.entry.change, (DeleteScope, DeleteEntity))
    return "alone" if alone else "write"


def _fatal(group: Sequence[ItemRun]) -> Mem0TuiError | None:
    """The error that makes it pointless to go on: all of *group* failed for want of an answer, a
    key or a working store, or because the server wants no more requests for now."""
    hopeless = (AuthError, NetworkError, RateLimitedError, StoreError)
    if all(isinstance(work.error, hopeless) for work in group):
        return group[0].error
    return None


class Alike:
    """Failures in a row for which the server gives the same reason: after a few, each further one
    would only take its time again."""

    def __init__(self) -> None:
        self._reason = ""
        self._count = 0

    def after(self, group: Sequence[ItemRun]) -> Mem0TuiError | None:
        """Why to stop after *group* has been carried out; None if there is no need to."""
        for work in group:
            error = work.error if isinstance(work.error, _SERVERS) else None
            reason = re.sub(_ID, "…", error.message) if error else ""
            self._count = self._count + 1 if error and reason == self._reason else int(bool(error))
            self._reason = reason
        if self._count < _ALIKE:
            return None
        return ServerError(
            f"stopped after {self._count} failures in a row for one reason: {self._reason}",
            hint="check the server, then resume",
        )


def _line(work: ItemRun) -> str:
    memory = stand_in(work.entry.change) or next(iter(work.before), None)
    change = work.entry.change
    if isinstance(change, (DeleteScope, DeleteEntity)):
        return phrase(change)
    verb = VERBS[change.kind]
    return f"{verb} {one_line(memory.text[:200])[:60]}" if memory else verb


async def _uninterrupted(work: Coroutine[Any, Any, T], halt: asyncio.Event) -> T:
    """Run *work* to its end even if the calling task is cancelled, which only sets *halt*."""
    task = asyncio.get_running_loop().create_task(work)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            interruption = error
            halt.set()
    result = task.result()
    if interruption is not None:
        raise interruption
    return result
