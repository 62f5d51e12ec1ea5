"""The queues that a person works through: what was found, without what was judged.

Results are kept as long as nothing changes; then only what changed is looked at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from time import perf_counter
from typing import TypeAlias, TypeVar

from mem0_tui.detect.detector import Detector
from mem0_tui.detect.findings import Findings, Judgements
from mem0_tui.detect.paraphrases.vectors import Vectors
from mem0_tui.detect.scan import Scan
from mem0_tui.detect.source import MemorySource
from mem0_tui.detect.stale import Repositories
from mem0_tui.detect.suspicion import Queue
from mem0_tui.detect.unused import UseRecords
from mem0_tui.model.clock import Clock, today
from mem0_tui.model.errors import NotFoundError, StoreError
from mem0_tui.model.verdict import Judgement, Verdict
from mem0_tui.store.journal.audits import Audits
from mem0_tui.store.journal.verdicts import State, Verdicts

T = TypeVar("T")

Step: TypeAlias = tuple[Queue, ...] | Findings | None
"""What a piece of work tells: the queues that it is for, nothing, or at last what was found."""

_TURN = 0.03
"""Seconds for which the thread works before it asks whether to go on."""


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is."""

    read: int
    """Memories read so far."""
    total: int | None
    """Of how many, where that is known."""
    queues: tuple[Queue, ...] = ()
    """After reading: the queues that are being computed."""


class ReviewQueues:
    """Findings and verdicts of one backend's memories, for one event loop."""

    def __init__(
        self,
        source: MemorySource,
        verdicts: Callable[[], Awaitable[Verdicts]],
        clock: Clock,
        *,
        detectors: Callable[[date], Sequence[Detector]] | None = None,
        repositories: Callable[[], Repositories] | None = None,
        records: UseRecords | None = None,
        vectors: Vectors | None = None,
        pause: Callable[[], Awaitable[None]] | None = None,
        audits: Callable[[], Awaitable[Audits]] | None = None,
    ) -> None:
        """
        Args:
            source: where the memories come from.
            verdicts: what people said of them, asked for when it is first needed.
            clock: for what expires, and what was snoozed.
            detectors: made anew for each day; by default all that there are.
            repositories: makes what compares memories with repositories, for those.
            records: what knows which of them Codex was given, for those.
            vectors: what has the vectors of their texts, for those.
            pause: awaited every few hundredths of a second, so that a screen may go first.
            audits: keeps what each scan came to; None where nothing is to be kept.
        """
        self._source = source
        self._open_verdicts = verdicts
        self._verdicts: Verdicts | None = None
        self._clock = clock
        self._make = detectors
        self._compare = repositories
        self._records = records
        self._vectors = vectors
        self._repositories: Repositories | None = None
        self._compared: object = None
        """The state of the repositories, of what Codex did and of the vectors that the findings are
        of."""
        self._pause = pause
        self._open_audits = audits
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mem0-tui-scan")
        self._scan: Scan | None = None
        self._day: date | None = None
        self._state: object | None = None
        self._raw: Findings | None = None
        self._left: tuple[Findings, State, Findings] | None = None
        """The raw findings and the state of the verdicts that the last answer was made of."""

    @property
    def findings(self) -> Findings | None:
        """What :meth:`scan` last answered; None before."""
        return self._left[2] if self._left else None

    async def scan(self, progress: Callable[[ScanProgress], None] | None = None) -> Findings:
        """What deserves a look now. May be cancelled; what was read by then is kept.

        Raises:
            BackendError: the memories or the verdicts cannot be read.
        """
        async with self._lock:
            raw = await self._found(progress or (lambda _: None))
            verdicts = await self._all_verdicts()
            state = await verdicts.state()
            if self._left is not None and self._left[0] is raw and self._left[1] == state:
                return self._left[2]
            judgements = Judgements(await verdicts.all(), today(self._clock))
            left = await self._in_thread(lambda: raw.left(judgements))
            self._left = raw, state, left
            await self._keep_counts(left)
            return left

    async def _keep_counts(self, found: Findings) -> None:
        """Keep how many memories deserve a look, where all of them could be read."""
        if self._open_audits is None or found.missing:
            return
        measured = [queue for queue in Queue if queue not in found.not_measured]
        counts = await self._in_thread(lambda: {q.value: found.count(q) for q in measured})
        with suppress(StoreError):  # nothing is lost but one point of a picture
            await (await self._open_audits()).keep(found.total, counts)

    async def judge(
        self,
        queues: Collection[Queue],
        memory_ids: Collection[str],
        judgement: Judgement,
        until: date | None = None,
    ) -> int | None:
        """Judge memories of the last :meth:`scan`, with the texts that they had then, in *queues*;
        *until* is for snoozing. The number by which it is taken back; None where there are none.

        Raises:
            NotFoundError: the last scan did not know one of them.
            BackendError: it cannot be written down.
        """
        known = self._raw.known if self._raw is not None else {}
        unknown = [id_ for id_ in memory_ids if id_ not in known]
        if unknown:
            raise NotFoundError(f"there is no memory {unknown[0]!r}")
        return await (await self._all_verdicts()).record(
            [
                Verdict(queue, id_, known[id_].text.hex(), judgement, until)
                for id_ in memory_ids
                for queue in queues
            ]
        )

    async def take_back(self, batch: int | None = None) -> Sequence[Verdict]:
        """Take back the verdicts of that number, or the last; returns them."""
        return await (await self._all_verdicts()).take_back(batch)

    def close(self) -> None:
        """Let go of the thread; a piece at work comes to its end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _all_verdicts(self) -> Verdicts:
        if self._verdicts is None:
            self._verdicts = await self._open_verdicts()
        return self._verdicts

    async def _found(self, progress: Callable[[ScanProgress], None]) -> Findings:
        day = today(self._clock)
        if self._scan is None or self._day != day:
            self._scan, self._day = Scan(self._detectors(day)), day
            self._state, self._raw = None, None
        scan, state = self._scan, await self._source.state()
        same = self._raw is not None and state is not None and state == self._state
        if self._raw is not None and same and not await self._surroundings_changed():
            return self._raw
        changed: Collection[str] | None = () if same else None
        if not same and self._raw is not None and self._state is not None and state is not None:
            changed = await self._source.changed(self._state)
        steps: Iterator[Step] = iter(())
        if changed is None:
            await self._read_all(scan, progress)
        else:
            there = await self._source.read(sorted(changed))
            gone = set(changed).difference(each.id for each in there)
            steps = chain(scan.put(there), scan.drop(gone))
        steps = chain(steps, scan.work(), scan.gather(self._source.missing))
        more = True
        while more:
            step, more = await self._turn(steps)
            if isinstance(step, Findings):
                break
            progress(ScanProgress(len(scan), len(scan), step or ()))
        assert isinstance(step, Findings), "what is gathered comes last"
        self._raw, self._state = step, state
        await self._surroundings_changed()
        return step

    async def _surroundings_changed(self) -> bool:
        """Whether another commit is checked out than when this was asked last, or Codex did
        something since, or there are more vectors."""
        repositories, records, before = self._repositories, self._records, self._compared
        vectors = self._vectors

        def look() -> object:
            commits = None if repositories is None else repositories.state
            uses = None if records is None else records.state()
            return commits, uses, None if vectors is None else vectors.state()

        self._compared = await self._in_thread(look)
        return self._compared != before

    def _detectors(self, day: date) -> Sequence[Detector]:
        if self._make is not None:
            return self._make(day)
        from mem0_tui.detect.registry import make_detectors  # they bring heavy modules

        self._repositories = None if self._compare is None else self._compare()
        return make_detectors(day, self._repositories, self._records, self._vectors)

    async def _read_all(self, scan: Scan, progress: Callable[[ScanProgress], None]) -> None:
        """Hand all memories to *scan*."""
        seen: set[str] = set()
        async for piece in self._source.pieces():
            await self._run(scan.put(piece.memories))
            seen.update(each.id for each in piece.memories)
            progress(ScanProgress(len(seen), piece.total))
        await self._run(scan.retain(seen))

    async def _run(self, steps: Iterator[Step]) -> None:
        """Work through *steps* in the thread."""
        more = True
        while more:
            _, more = await self._turn(steps)

    async def _turn(self, steps: Iterator[Step]) -> tuple[Step, bool]:
        """Go on with *steps* in the thread for a while; the last of them, and whether there are
        more."""
        step, more = await self._in_thread(lambda: _go_on(steps))
        if more:
            await (self._pause() if self._pause is not None else asyncio.sleep(0))
        return step, more

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _go_on(steps: Iterator[Step]) -> tuple[Step, bool]:
    """Take *steps* for a while; the last of them, and whether there are more."""
    end = perf_counter() + _TURN
    last: Step = None
    for last in steps:
        if perf_counter() >= end:
            return last, True
    return last, False
