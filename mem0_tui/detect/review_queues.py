"""The queues that a person works through: what was found, without what was judged.

Results are kept as long as nothing changes; then only what changed is looked at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import TypeVar

from mem0_tui.detect.detector import Detector
from mem0_tui.detect.findings import Findings, Judgements
from mem0_tui.detect.scan import Scan
from mem0_tui.detect.source import Source
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.clock import Clock, today
from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.verdict import Judgement, Verdict
from mem0_tui.store.journal.verdicts import State, Verdicts

T = TypeVar("T")

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
        source: Source,
        verdicts: Callable[[], Awaitable[Verdicts]],
        clock: Clock,
        *,
        detectors: Callable[[date], Sequence[Detector]] | None = None,
        pause: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """
        Args:
            source: where the memories come from.
            verdicts: what people said of them, asked for when it is first needed.
            clock: for what expires, and what was snoozed.
            detectors: made anew for each day; by default all that there are.
            pause: awaited every few hundredths of a second, so that a screen may go first.
        """
        self._source = source
        self._open_verdicts = verdicts
        self._verdicts: Verdicts | None = None
        self._clock = clock
        self._make = detectors
        self._pause = pause
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
            return left

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
        if self._raw is not None and state is not None and state == self._state:
            return self._raw
        changed = None
        if self._raw is not None and self._state is not None and state is not None:
            changed = await self._source.changed(self._state)
        if changed is None:
            missing = await self._read_all(scan, progress)
        else:
            missing = self._raw.missing if self._raw is not None else ()
            there = await self._source.read(sorted(changed))
            await self._run(scan.put(there))
            await self._run(scan.drop(set(changed).difference(each.id for each in there)))
        total = len(scan)
        await self._run(scan.work(), lambda q: progress(ScanProgress(total, total, q or ())))
        self._raw, self._state = await self._last(scan.gather(missing)), state
        return self._raw

    def _detectors(self, day: date) -> Sequence[Detector]:
        if self._make is not None:
            return self._make(day)
        from mem0_tui.detect.registry import make_detectors  # they bring heavy modules

        return make_detectors(day)

    async def _read_all(
        self, scan: Scan, progress: Callable[[ScanProgress], None]
    ) -> tuple[str, ...]:
        """Hand all memories to *scan*; why there may be more."""
        seen: set[str] = set()
        missing: tuple[str, ...] = ()
        async for piece in self._source.pieces():
            await self._run(scan.put(piece.memories))
            seen.update(each.id for each in piece.memories)
            missing = piece.missing
            progress(ScanProgress(len(seen), piece.total))
        await self._run(scan.retain(seen))
        return missing

    async def _run(
        self, steps: Iterator[T], tell: Callable[[T | None], None] = lambda _: None
    ) -> None:
        """Work through *steps* in the thread, turn by turn."""
        while True:
            step, more = await self._in_thread(lambda: _turn(steps))
            tell(step)
            if not more:
                return
            await self._breathe()

    async def _last(self, steps: Iterator[T | None]) -> T:
        """The one thing that *steps* come to."""
        while True:
            step, _ = await self._in_thread(lambda: _turn(steps))
            if step is not None:
                return step
            await self._breathe()

    async def _breathe(self) -> None:
        await (self._pause() if self._pause is not None else asyncio.sleep(0))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _turn(steps: Iterator[T]) -> tuple[T | None, bool]:
    """Go on with *steps* for a while; the last of them, and whether there are more."""
    end = perf_counter() + _TURN
    last: T | None = None
    for last in steps:
        if perf_counter() >= end:
            return last, True
    return last, False
