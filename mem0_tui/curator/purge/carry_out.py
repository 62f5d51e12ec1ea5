"""Carries out a purge: intent first, then one place after another, then the look at every file.

Each step can be done again, so a purge that was cut off is taken up from its beginning. Until it
is finished the journal says so, and nothing else is undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable

from mem0_tui.backends.base import DeletesForever
from mem0_tui.curator.applying.recovery import interrupted
from mem0_tui.curator.purge.bystanders import Bystanders, TakenAlong
from mem0_tui.curator.purge.evidence import Checked, Left, Look, Roots
from mem0_tui.curator.purge.plan import PurgePlan
from mem0_tui.curator.reading import read_many
from mem0_tui.curator.service import Curator
from mem0_tui.model.errors import (
    Mem0TuiError,
    NotFoundError,
    ReadOnlyError,
    RefusedError,
    ServerError,
    StaleError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.store.erasure.files import clean, files_below, remove_left_over
from mem0_tui.store.erasure.gone import Gone, Reason
from mem0_tui.store.erasure.log import Purge, PurgeState
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.erasure.search import Held
from mem0_tui.store.erasure.traces import Traces, traces_of
from mem0_tui.store.journal.rows import JournalTarget

Say = Callable[[str], None]
"""Told what is being done now, in a few words."""


@runtime_checkable
class Erases(Protocol):
    """A backend whose file is on this machine."""

    async def erase(
        self,
        memory_ids: Sequence[str],
        *,
        seen: Mapping[str, str | None] | None = None,
        texts: Mapping[str, Collection[str]] | None = None,
    ) -> Mapping[str, Mem0TuiError | None]: ...
    async def traces_of(self, memory_ids: Sequence[str], texts: Collection[str]) -> Traces: ...
    async def texts_of(self, memory_ids: Sequence[str]) -> Mapping[str, set[str]]: ...
    async def sweep(self) -> bool: ...
    async def held(self, pieces: Collection[bytes]) -> tuple[Held, ...]: ...


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What became of a purge."""

    id: str
    purged: tuple[str, ...]
    refused: Mapping[str, Mem0TuiError]
    """Why these were left as they are."""
    checked: tuple[Checked, ...]
    """Where the bytes were looked for."""
    left: tuple[Left, ...]
    """What still says some of it, and why."""
    unseen: tuple[str, ...]
    """What cannot be reached from here, in sentences."""
    finished: bool = True
    """Whether all is done; otherwise it is to be resumed."""
    taken: TakenAlong | None = None
    """What a server removed beside what it was told to."""


class Purger:
    """Purges memories of one curator's backend."""

    def __init__(self, curator: Curator, roots: Roots) -> None:
        """*roots*: where files that may hold content are."""
        self._curator = curator
        self._backend = curator.backend
        self._journal = curator.journal
        self._roots = roots

    async def purge(self, plan: PurgePlan, say: Say = lambda _: None) -> PurgeReport:
        """Carry out *plan*, once.

        Raises:
            ReadOnlyError: writing is switched off.
            RefusedError: the plan was made for another backend, was applied before, or a
                transaction is to be finished first.
            BackendError: the store, the journal or the server failed; the purge is to be resumed.
        """
        log = await self._log()
        info = await self._curator.info()
        if (plan.target.backend, plan.target.target) != (info.backend, info.target):
            raise RefusedError(f"the plan was made for {plan.target}, this is {info}")
        open_ = await interrupted(self._journal, await self._curator.target())
        if open_:
            raise RefusedError(
                f"{open_[0].id} was interrupted and has to be finished or closed first",
                hint=f"mem0-tui resume {open_[0].id}",
            )
        hashes = {item.memory.id: item.seen for item in plan.items}
        await log.begin(plan.id, self._curator.clock.now(), hashes)
        try:
            purge = (await log.purges(1))[0]
            return await self._carry_out(log, purge, say)
        finally:
            self._journal.abandon(plan.id)

    async def interrupted(self) -> tuple[Purge, ...]:
        """The purges that were begun and not finished, newest first."""
        return await PurgeLog(self._journal, await self._curator.target()).interrupted()

    async def purges(self, limit: int | None = None) -> tuple[Purge, ...]:
        """The purges on this backend, newest first."""
        return await PurgeLog(self._journal, await self._curator.target()).purges(limit)

    async def resume(
        self, purge_id: str, *, finish: bool = True, say: Say = lambda _: None
    ) -> PurgeReport:
        """Finish an interrupted purge; with *finish* off only for what is partly erased: memories
        that are still there as they were are kept.

        Raises:
            NotFoundError: there is none of that id, or it is finished.
            RefusedError: a living process is at work on it.
        """
        log = await self._log()
        purge = await log.take_on(purge_id)
        try:
            if not finish:
                there = await read_many(self._backend, list(purge.hashes))
                kept = [m.id for m in there.values() if m.content_hash == purge.hashes[m.id]]
                await log.mark(purge.id, kept, PurgeState.CANCELLED)
                states = {**purge.states, **dict.fromkeys(kept, PurgeState.CANCELLED)}
                purge = Purge(purge.id, purge.at, None, purge.hashes, states)
            return await self._carry_out(log, purge, say)
        finally:
            self._journal.abandon(purge_id)

    async def _log(self) -> PurgeLog:
        if self._curator.read_only:
            raise ReadOnlyError(f"{self._backend.name} is read-only")
        return PurgeLog(self._journal, await self._curator.target())

    async def _carry_out(self, log: PurgeLog, purge: Purge, say: Say) -> PurgeReport:
        wanted = [id_ for id_, state in purge.states.items() if state is PurgeState.INTENT]
        say("looking for what is known of them")
        there = await read_many(self._backend, wanted)
        refused: dict[str, Mem0TuiError] = {
            id_: StaleError(f"memory {id_} has changed since it was seen")
            for id_, memory in there.items()
            if memory.content_hash != purge.hashes[id_]
        }
        doomed = [id_ for id_ in wanted if id_ not in refused]
        texts = await self._known(log, doomed, there)
        say("erasing them")
        # First all that has to be found by what the memories said, which only they can tell.
        erased = Gone(self._curator.clock.now(), Reason.PURGED)
        gone = await log.same_memories(doomed)
        traces = await self._traces(doomed, texts)
        paths = [Path(each) for each in await log.snapshots()]
        await asyncio.to_thread(self._clean_files, paths, gone, traces)
        await log.erase((), traces, erased)
        beside = self._bystanders(purge, await self._curator.target())
        going = [there[id_] for id_ in doomed if id_ in there]
        seen = await beside.look(going)
        refused |= await self._erase(doomed, purge.hashes, texts, there)
        await log.mark(purge.id, refused, PurgeState.REFUSED)
        taken = await beside.miss(seen, [m for m in going if m.id not in refused])
        await log.forget_bystanders(purge.id)
        done = [id_ for id_ in wanted if id_ not in refused]
        await log.erase(await log.same_memories(done), traces, erased)
        say("rewriting the files")
        swept = await self._backend.sweep() if isinstance(self._backend, Erases) else True
        swept = await log.sweep() and swept
        say("looking for what is left")
        look = Look(self._roots, traces)
        held = await self._backend.held(look.wanted) if isinstance(self._backend, Erases) else ()
        look.excuse("the store", held)
        look.excuse("the journal", await log.held(look.wanted))
        checked = await asyncio.to_thread(look.at_files)
        if swept:
            await log.finish(purge.id, self._curator.clock.now())
        return PurgeReport(
            id=purge.id,
            purged=tuple(done),
            refused=refused,
            checked=checked,
            left=look.left(swept=swept),
            unseen=self._unseen(),
            finished=swept,
            taken=taken,
        )

    def _bystanders(self, purge: Purge, target: JournalTarget) -> Bystanders:
        return Bystanders(self._backend, self._journal, target, self._curator.clock, purge)

    async def _known(
        self, log: PurgeLog, ids: Sequence[str], there: Mapping[str, Memory]
    ) -> dict[str, set[str]]:
        """Per id every text that the memory had, here or under an earlier id."""
        every = await log.same_memories(ids)
        parts: list[Mapping[str, set[str]]] = [await log.texts_of(every)]
        parts.append({id_: {there[id_].text} for id_ in ids if id_ in there})
        if isinstance(self._backend, Erases):
            parts.append(await self._backend.texts_of(sorted(every)))
        found: dict[str, set[str]] = {}
        for id_, texts in chain.from_iterable(part.items() for part in parts):
            found.setdefault(id_, set()).update(texts)
        return found

    async def _traces(self, ids: Sequence[str], texts: Mapping[str, Collection[str]]) -> Traces:
        phrases = set(chain.from_iterable(texts.values()))
        if isinstance(self._backend, Erases):
            return await self._backend.traces_of(ids, phrases)
        return traces_of(phrases)

    async def _erase(
        self,
        ids: Sequence[str],
        seen: Mapping[str, str | None],
        texts: Mapping[str, Collection[str]],
        there: Mapping[str, Memory],
    ) -> dict[str, Mem0TuiError]:
        """Erase them where they live; why some were left."""
        if isinstance(self._backend, Erases):
            answers = await self._backend.erase(ids, seen=seen, texts=texts)
            return {id_: error for id_, error in answers.items() if error is not None}
        return await self._delete([there[id_] for id_ in ids if id_ in there])

    async def _delete(self, doomed: Sequence[Memory]) -> dict[str, Mem0TuiError]:
        """Delete them on a server, and verify that; why some are still there."""
        errors: dict[str, Mem0TuiError | None] = {}
        size = max(1, self._backend.capabilities.batch_size)
        for start in range(0, len(doomed), size):
            errors.update(await self._send(doomed[start : start + size]))
        left = await read_many(self._backend, [memory.id for memory in doomed])
        return {id_: errors.get(id_) or ServerError(f"memory {id_} is still there") for id_ in left}

    async def _send(self, memories: Sequence[Memory]) -> Mapping[str, Mem0TuiError | None]:
        backend = self._backend
        delete = backend.delete_forever if isinstance(backend, DeletesForever) else backend.delete
        answers = await delete(
            [memory.id for memory in memories],
            seen={memory.id: memory.content_hash for memory in memories},
        )
        return {
            id_: None if isinstance(error, NotFoundError) else error
            for id_, error in answers.items()
        }

    def _clean_files(self, snapshots: Sequence[Path], ids: Collection[str], traces: Traces) -> None:
        remove_left_over(self._roots.ours)
        for path in {*snapshots, *files_below(self._roots.ours)}:
            if path.exists():
                clean(path, ids, traces)

    def _unseen(self) -> tuple[str, ...]:
        remote = (
            ()
            if isinstance(self._backend, Erases)
            else ("The server's own history, logs and backups are out of reach from here.",)
        )
        return (
            *remote,
            "Files that you exported or copied elsewhere, and Codex's own session files, are not"
            " looked at.",
        )
