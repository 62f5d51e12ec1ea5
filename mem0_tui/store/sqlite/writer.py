"""The one thread of a database that writes: each function it is given is one transaction.

What has queued up meanwhile is committed together, so that concurrent writers share one fsync. If
one of them fails, which is rare, they are run again, each in a savepoint of its own: without these
a group takes two thirds of the time. A future is resolved only after its commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeAlias, TypeVar

from mem0_tui.model.errors import StoreError
from mem0_tui.store.sqlite.connections import begin_immediate, read_undecodable
from mem0_tui.store.sqlite.errors import is_undecodable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
_Answer: TypeAlias = tuple[Any, BaseException | None]
"""What a function returned, or what it raised instead."""
_Run: TypeAlias = Callable[[sqlite3.Connection, Work], _Answer]

_TOGETHER = 64
"""The most functions committed at once; bounds how long other processes wait."""


@dataclass(slots=True)
class _Job:
    work: Work
    transaction: bool = True
    future: Future[Any] = field(default_factory=Future)


class _FailedError(Exception):
    """A function failed, and with it all that was to be committed together."""


class Writer:
    """Owns the writing connection; see the module."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        fault: Callable[[BaseException], BaseException],
        patience: float,
        check: Callable[[bool], None],
    ) -> None:
        """Begin with the first write.

        Args:
            connect: opens the connection.
            fault: gives what a caller gets instead of an error of SQLite's.
            patience: seconds to wait for a lock that another process holds.
            check: raises a StoreError where what is committed would not last; called with False
                before each transaction and with True after its commit.
        """
        self._connect = connect
        self._fault = fault
        self._patience = patience
        self._check = check
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._closed = False
        self.commits = 0
        """How many transactions have been committed here."""

    def submit(
        self, work: Callable[[sqlite3.Connection], T], *, transaction: bool = True
    ) -> Future[T]:
        """Queue *work*; with *transaction* off it runs between transactions and begins its own.

        *work* must depend on the connection only: after a failure of its group it is run again.
        """
        job = _Job(work, transaction)
        with self._lock:
            if self._closed:
                raise StoreError("the store is closed")
            if self._thread is None:
                self._thread = Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish everything that was queued, then end the thread."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        try:
            while (first := self._queue.get()) is not None:
                jobs, last = self._drain(first)
                try:
                    connection = connection or self._connect()
                except (sqlite3.Error, OSError, StoreError) as error:
                    for job in jobs:
                        job.future.set_exception(self._fault(error))
                else:
                    self._handle(connection, jobs)
                if last:
                    return
        finally:
            if connection is not None:
                connection.close()

    def _drain(self, first: _Job) -> tuple[list[_Job], bool]:
        """*first* and what else is there now, without what was cancelled; whether it is the end."""
        found: list[_Job | None] = [first]
        while len(found) < _TOGETHER and found[-1] is not None:
            try:
                found.append(self._queue.get_nowait())
            except Empty:
                break
        jobs = [
            job for job in found if job is not None and job.future.set_running_or_notify_cancel()
        ]
        return jobs, found[-1] is None

    def _handle(self, connection: sqlite3.Connection, jobs: list[_Job]) -> None:
        group: list[_Job] = []
        for job in jobs:
            if job.transaction:
                group.append(job)
                continue
            self._commit_together(connection, group)
            group = []
            try:
                job.future.set_result(job.work(connection))
            except BaseException as error:  # a thread boundary: the caller gets it
                job.future.set_exception(self._fault(error))
        self._commit_together(connection, group)

    def _commit_together(self, connection: sqlite3.Connection, jobs: list[_Job]) -> None:
        for run in (_plainly, _in_savepoint) if len(jobs) > 1 else ():
            try:
                answers = self._attempt(connection, jobs, run)
            except (sqlite3.Error, OSError, StoreError, _FailedError):
                continue
            self._resolve(jobs, answers)
            return
        for job in jobs:
            self._commit_alone(connection, job)

    def _commit_alone(self, connection: sqlite3.Connection, job: _Job) -> None:
        try:
            answers = self._attempt(connection, [job], _plainly)
        except _FailedError as failed:
            error = failed.__cause__ or failed
            if is_undecodable(error) and read_undecodable(connection):
                self._commit_alone(connection, job)
            else:
                job.future.set_exception(self._fault(error))
        except BaseException as error:  # a thread boundary: the caller gets it
            job.future.set_exception(self._fault(error))
        else:
            self._resolve([job], answers)

    def _attempt(
        self, connection: sqlite3.Connection, jobs: list[_Job], run: _Run
    ) -> list[_Answer]:
        """*run* all of *jobs* in one transaction and commit; their answers."""
        self._check(False)
        begin_immediate(connection, self._patience)
        try:
            answers = [run(connection, job.work) for job in jobs]
            if all(error is not None for _, error in answers):
                connection.execute("ROLLBACK")
            else:
                connection.execute("COMMIT")
                self._check(True)
                self.commits += 1
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return answers

    def _resolve(self, jobs: list[_Job], answers: list[_Answer]) -> None:
        for job, (answer, error) in zip(jobs, answers, strict=True):
            if error is None:
                job.future.set_result(answer)
            else:
                job.future.set_exception(self._fault(error))


def _plainly(connection: sqlite3.Connection, work: Work) -> _Answer:
    try:
        return work(connection), None
    except BaseException as error:
        raise _FailedError from error


def _in_savepoint(connection: sqlite3.Connection, work: Work) -> _Answer:
    connection.execute("SAVEPOINT work")
    try:
        answer = work(connection)
    except BaseException as error:  # a thread boundary: the caller gets it
        if not connection.in_transaction:
            raise _FailedError from error  # SQLite has ended the whole transaction
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return None, error
    connection.execute("RELEASE work")
    return answer, None
