"""Brings the index up to date with the files: what is new in each, and nothing twice.

A file is known by inode, size and time. One that has changed is read on from where it was left,
after a look at its first bytes and at those before that place; another file under its name is read
anew. It is read in pieces, so that it can run beside a screen, and stops when it is told to.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO

from mem0_tui.backends.codexmemories.writing import COPIES_FOLDER
from mem0_tui.evidence.citations import Cited
from mem0_tui.evidence.compressed import UNREADABLE, open_rollout
from mem0_tui.evidence.databases import (
    PLUGIN_FILE,
    THREADS_FILE,
    read_retrievals,
    read_threads,
)
from mem0_tui.evidence.event import RolloutReading
from mem0_tui.evidence.file import EvidenceFile, Places, checksums, database, rollouts
from mem0_tui.evidence.index import Index, IndexProgress, KnownFile, Pass
from mem0_tui.evidence.lines import BUFFER
from mem0_tui.evidence.recalls import Recalls
from mem0_tui.evidence.rollout import Rollout
from mem0_tui.model.errors import StoreError

_TOGETHER = 40
"""Files of which the findings are kept at once."""
_LEFT_OFF = -1
"""The size that is kept of a file that was not read to its end, so that the next scan goes on."""


@dataclass(slots=True)
class ScanReport:
    """What one scan came to."""

    files: int = 0
    read: int = 0
    """Files that were new or had changed."""
    read_bytes: int = 0
    complete: bool = True
    """Whether nothing stopped it."""
    problems: list[str] = field(default_factory=list)
    """What cannot be read, and why."""


def bring_up_to_date(
    index: Index,
    places: Places,
    *,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[int, int], None] | None = None,
) -> ScanReport:
    """Read into *index* what is new at *places*; *tell* hears of bytes done and to do.

    Raises:
        StoreError: the index cannot be written.
    """
    report = ScanReport()
    known = index.files()
    there = rollouts(places)
    report.files = len(there)
    changed = [f for f in there if not (f.name in known and known[f.name].is_same(f))]
    to_do = sum(_new_bytes(file, known.get(file.name)) for file in changed)
    reader = _Reader(index, places)
    passes: list[Pass] = []
    for file in changed:
        if stop():
            report.complete = False
            break
        found = reader.read(file, known.get(file.name), stop)
        if found is not None:
            passes.append(found)
            _count(report, found)
        if len(passes) == _TOGETHER or not report.complete:
            index.keep(passes)
            passes = []
        if tell is not None:
            tell(report.read_bytes, to_do)
    if passes:
        index.keep(passes)
    names = {file.name for file in there}
    lost = [
        each
        for name, each in known.items()
        if name.startswith("rollout-") and name not in names and not each.gone
    ]
    if lost and report.complete:
        index.lose(lost)
    _read_databases(index, places, known, report)
    report.problems = index.problems()
    return report


def _new_bytes(file: EvidenceFile, known: KnownFile | None) -> int:
    return max(0, file.size - known.position) if known is not None else file.size


def _count(report: ScanReport, found: Pass) -> None:
    report.read += 1
    report.read_bytes += max(0, found.progress.position - found.start)
    report.complete = report.complete and found.file.size != _LEFT_OFF


class _Reader:
    """Reads rollouts one after another."""

    def __init__(self, index: Index, places: Places) -> None:
        self._index = index
        self._recalls = Recalls(places.hooks_state)
        self._cited = Cited(places.codex_home, index.path.with_name(COPIES_FOLDER))

    @cached_property
    def _buffer(self) -> bytearray:
        return bytearray(BUFFER)

    def read(
        self, file: EvidenceFile, known: KnownFile | None, stop: Callable[[], bool]
    ) -> Pass | None:
        """What is new in *file*; None where it was moved only."""
        if known is not None and not known.problem and _is_moved(file, known):
            self._index.move(file, known)
            return None
        try:
            opened = open_rollout(file.path)
            if opened is None:
                return Pass(file, RolloutReading(), IndexProgress(problem=UNREADABLE), 0)
            with opened as stream:
                return self._read(stream, file, known, stop)
        except OSError as error:
            problem = error.strerror or str(error)
            return Pass(file, RolloutReading(), IndexProgress(problem=problem), max(1, file.size))

    def _read(
        self,
        stream: BinaryIO,
        file: EvidenceFile,
        known: KnownFile | None,
        stop: Callable[[], bool],
    ) -> Pass:
        start = 0 if known is None else _continued(stream, known, file)
        rollout = Rollout()
        meta = self._index.session(known) if known is not None and start else None
        turn = known.turn if known is not None and start else ""
        buffer = self._buffer
        whole = rollout.read(stream, start, meta=meta, turn=turn, stop=stop, buffer=buffer)
        head, tail = checksums(stream, rollout.end)
        reading = rollout.reading
        reading.found = self._recalls.with_whole_ids(reading.found, reading.meta)
        reading.found = self._cited.resolved(reading.found)
        too_long = rollout.too_long + (known.too_long if known is not None and start else 0)
        progress = IndexProgress(rollout.end, head, tail, rollout.turn, too_long)
        return Pass(file if whole else replace(file, size=_LEFT_OFF), reading, progress, start)


def _is_moved(file: EvidenceFile, known: KnownFile) -> bool:
    """Whether *file* is what was read, in another folder, or compressed since."""
    if file.compressed:
        return known.position > 0
    before = (known.inode, known.size, known.modified)
    return before == (file.inode, file.size, file.modified)


def _continued(stream: BinaryIO, known: KnownFile, file: EvidenceFile) -> int:
    """The byte from which to read on; 0 where it is another file by that name.

    Codex only ever adds to a file: one that changed and did not grow was written anew.
    """
    if file.inode != known.inode or file.size <= known.size or not known.position:
        return 0
    same = checksums(stream, known.position) == (known.head, known.tail)
    return known.position if same else 0


def _read_databases(
    index: Index, places: Places, known: dict[str, KnownFile], report: ScanReport
) -> None:
    for folder in places.plugin_folders:
        file = database(os.path.join(folder, PLUGIN_FILE), "plugin")
        if file is not None and not (file.name in known and known[file.name].is_same(file)):
            report.read += 1
            try:
                index.keep_rows(file, read_retrievals(file.path))
            except StoreError as error:
                index.keep_rows(file, (), problem=error.message)
    file = database(os.path.join(places.codex_home, THREADS_FILE), "threads")
    if file is not None and not (file.name in known and known[file.name].is_same(file)):
        report.read += 1
        try:
            index.keep_threads(file, read_threads(file.path))
        except StoreError as error:
            index.keep_rows(file, (), problem=error.message)
