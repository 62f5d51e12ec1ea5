"""Finds memories whose day is over: those that have expired, those that another replaced, and those
that name what is gone from a repository."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from mem0_tui.detect.suspicion import Mark, Queue, Suspicion
from mem0_tui.model.change import Change, Delete, Edit, Update
from mem0_tui.model.memory import Memory

EXPIRED, REPLACED = "expired", "replaced"


@dataclass(frozen=True, slots=True)
class _Over:
    expired_on: date | None
    replaced_by: str | None
    pinned: bool


class NamesGone(Protocol):
    """A memory that names what is gone from a repository, or was moved in it."""

    @property
    def memory_id(self) -> str: ...

    @property
    def reason(self) -> str:
        """One line, with the commit and the day."""
        ...

    @property
    def label(self) -> str:
        """:data:`~mem0_tui.detect.suspicion.GONE` or ``MOVED``."""
        ...

    @property
    def all_gone(self) -> bool:
        """Whether nothing that it names is left."""
        ...

    @property
    def spans(self) -> Sequence[tuple[int, int, str]]:
        """Where in its text: start, end, what."""
        ...


class Repositories(Protocol):
    """Compares memories with repositories; the methods are those of a detector."""

    @property
    def unmeasured(self) -> str | None:
        """Why they were not compared, as a clause."""
        ...

    @property
    def state(self) -> object:
        """Differs once a repository has changed."""
        ...

    def put(self, memories: Sequence[Memory]) -> None: ...

    def drop(self, memory_ids: Collection[str]) -> None: ...

    def work(self) -> Iterator[None]: ...

    def found(self) -> Iterator[NamesGone]: ...


class StaleDetector:
    """Fills the queue :attr:`Queue.STALE`.

    Hidden by expiry, such memories still count and are still listed where one asks for them. Of
    one that was replaced, a person decides: what replaced it may say less. So they do of one that
    names what was moved, or what is there beside what is gone.
    """

    queues = (Queue.STALE,)

    def __init__(self, today: date, repositories: Repositories | None = None) -> None:
        """
        Args:
            today: the day (UTC) by which it judges.
            repositories: what compares memories with repositories; None where nothing does.
        """
        self._today = today
        self._repositories = repositories
        self._pinned: set[str] = set()
        self._over: dict[str, _Over] = {}
        self._living: set[str] = set()
        """All ids that have not expired: what replaces another must be there."""

    @property
    def partly(self) -> str | None:
        """Why a part of the queue was not looked for, as a clause."""
        if self._repositories is None:
            return None
        why = self._repositories.unmeasured
        return None if why is None else f"not compared with git: {why}"

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in memories; see :class:`~mem0_tui.detect.detector.Detector`."""
        self.drop([memory.id for memory in memories])
        if self._repositories is not None:
            self._repositories.put(memories)
            self._pinned.update(memory.id for memory in memories if memory.pinned)
        for memory in memories:
            expired = memory.expired(self._today)
            if not expired:
                self._living.add(memory.id)
            if expired or memory.replaced_by:
                day = memory.expires_on if expired else None
                self._over[memory.id] = _Over(day, memory.replaced_by, memory.pinned)

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories."""
        for memory_id in memory_ids:
            self._over.pop(memory_id, None)
            self._living.discard(memory_id)
            self._pinned.discard(memory_id)
        if self._repositories is not None:
            self._repositories.drop(memory_ids)

    def work(self) -> Iterator[None]:
        """Look at the repositories, where there are any."""
        if self._repositories is not None:
            yield from self._repositories.work()

    def suspicions(self) -> Iterator[Suspicion]:
        """What has expired, the longest ago first, then what was replaced, and what names things
        that are gone, both by id."""
        expired = [
            (over.expired_on, memory_id)
            for memory_id, over in self._over.items()
            if over.expired_on is not None
        ]
        for day, memory_id in sorted(expired):
            pinned = self._over[memory_id].pinned
            reason = f"expired on {day.isoformat()}"
            proposal = () if pinned else (Delete(memory_id),)
            yield Suspicion(Queue.STALE, (memory_id,), reason, label=EXPIRED, proposal=proposal)
        for memory_id, over in sorted(self._over.items()):
            by = over.replaced_by
            if over.expired_on is None and by in self._living and by != memory_id:
                reason = f"replaced by the memory {by}"
                yield Suspicion(Queue.STALE, (memory_id,), reason, label=REPLACED)
        for each in self._repositories.found() if self._repositories is not None else ():
            if each.memory_id in self._living:
                yield self._names_gone(each)

    def _names_gone(self, each: NamesGone) -> Suspicion:
        proposal: tuple[Change, ...] = ()
        if each.all_gone and each.memory_id not in self._pinned:
            over = Edit(expires_on=self._today - timedelta(days=1))
            proposal = (Update(each.memory_id, over),)
        marks = tuple(Mark(start, end, what) for start, end, what in each.spans)
        return Suspicion(
            Queue.STALE,
            (each.memory_id,),
            each.reason,
            label=each.label,
            marks={each.memory_id: marks},
            proposal=proposal,
        )
