"""Which memories name what is gone from the repositories that are known, kept up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from mem0_tui.evidence.staleness.assess import SECONDS, assess
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness
from mem0_tui.evidence.staleness.question import StalenessQuestion, question_of
from mem0_tui.evidence.staleness.reference import ReferenceKind
from mem0_tui.git.place import Repository, RepositoryError, find_repository
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory

_SHORT = 8
_NAMED = 3
"""Things that a reason names."""


class SessionPlace(Protocol):
    """Where a session of Codex took place."""

    @property
    def folder(self) -> str:
        """Its working folder; blank where that is not known."""
        ...

    @property
    def commit(self) -> str:
        """What was checked out when it began; blank where that is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository on this machine, and whose memories are about it."""

    folder: str
    apps: frozenset[str]
    """App ids under which its memories are stored."""
    lanes: frozenset[str] = frozenset()
    """Agent ids of what all its users share."""
    chosen: bool = False
    """Whether a person named it: memories that belong to no app are then held to be about it."""

    def holds(self, memory: Memory) -> bool:
        """Whether *memory* is about it."""
        scope = memory.scope
        if scope.agent_id is not None and scope.agent_id in self.lanes:
            return True
        if scope.app_id is not None:
            return scope.app_id in self.apps
        return self.chosen and (scope.agent_id is None or scope.agent_id not in self.apps)

    def contains(self, folder: str) -> bool:
        """Whether *folder* lies in it."""
        top = self.folder.rstrip(os.sep) + os.sep
        return bool(folder) and (os.path.realpath(folder) + os.sep).startswith(top)


@dataclass(frozen=True, slots=True)
class StaleMemory:
    """A memory that names what is gone or was moved."""

    memory_id: str
    reason: str
    """One line with the evidence: what, by which commit, on which day."""
    label: str
    """``gone`` or ``moved``."""
    all_gone: bool
    """Whether nothing that its text names is left."""
    spans: tuple[tuple[int, int, str], ...]
    """Where its text names them: start, end, what."""


class StaleNames:
    """Judges memories against repositories; used by one thread at a time.

    git runs within :meth:`work`, at most eight times for each repository, and only where a memory
    that is about it has come or gone, or another commit is checked out.
    """

    def __init__(
        self,
        checkouts: Callable[[], Sequence[Checkout]],
        *,
        sessions: Callable[[str], SessionPlace | None] = lambda _: None,
        seconds: float = SECONDS,
    ) -> None:
        """
        Args:
            checkouts: the repositories that are known, asked for when it is first needed.
            sessions: the session of that id, as far as it is known; asked only where there is a
                repository.
            seconds: how long git may take for one repository.
        """
        self._find = checkouts
        self._sessions = lru_cache(maxsize=4096)(sessions)
        self._seconds = seconds
        self._known: Sequence[Checkout] | None = None
        self._questions: dict[str, dict[str, StalenessQuestion]] = {}
        """By folder of the checkout and memory id."""
        self._of: dict[str, str] = {}
        self._states: dict[str, object] = {}
        """What each checkout was like when it was looked at."""
        self._dirty: set[str] = set()
        self._answers: dict[str, tuple[Assessed, ...]] = {}
        self._problems: dict[str, str] = {}

    # -- what a detector asks for

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in memories; one of a known id replaces what was known."""
        self.drop([memory.id for memory in memories])
        for memory in memories if self._checkouts else ():
            session = self._session_of(memory)
            checkout = self._checkout_of(memory, session)
            if checkout is None:
                continue
            question = question_of(memory, None if session is None else session.commit)
            self._of[memory.id] = checkout.folder
            self._questions.setdefault(checkout.folder, {})[memory.id] = question
            if question.references:
                self._dirty.add(checkout.folder)

    def _session_of(self, memory: Memory) -> SessionPlace | None:
        """The session that made *memory*."""
        named = memory.metadata.get("session_id") or memory.scope.run_id
        return self._sessions(named.lower()) if isinstance(named, str) and named else None

    def _checkout_of(self, memory: Memory, session: SessionPlace | None) -> Checkout | None:
        """The repository that *memory* is about: by its ids, else by where its session was."""
        held = (each for each in self._checkouts if each.holds(memory))
        found = next(held, None)
        if found is None and session is not None:
            there = (each for each in self._checkouts if each.contains(session.folder))
            found = next(there, None)
        return found

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories."""
        for memory_id in memory_ids:
            folder = self._of.pop(memory_id, None)
            if folder is not None:
                del self._questions[folder][memory_id]
            self._answers.pop(memory_id, None)

    def work(self) -> Iterator[None]:
        """Look at each repository of which anything has changed."""
        for folder, questions in self._questions.items():
            try:
                repository = find_repository(folder)
            except RepositoryError as error:
                self._problems[folder] = str(error)
                self._forget(questions)
                continue
            if folder in self._dirty or self._states.get(folder) != repository.state:
                yield
                yield from self._look_at(folder, repository)

    @property
    def unmeasured(self) -> str | None:
        """Why memories were not compared with git, as a clause; None where some were."""
        if self._problems and not self._states:
            return "; ".join(dict.fromkeys(self._problems.values()))
        if not any(self._questions.values()):
            return "no repository of these memories is known"
        return None

    def found(self) -> Iterator[StaleMemory]:
        """The memories that name what is gone or was moved, by id."""
        for memory_id, answers in sorted(self._answers.items()):
            held = [each for each in answers if each.counts]
            if held:
                yield _stale(memory_id, held, answers)

    # -- for the details of one memory

    def of(self, memory_id: str) -> tuple[Assessed, ...]:
        """All that a memory names and how it stands; empty where that is not known."""
        return self._answers.get(memory_id, ())

    def checkout_of(self, memory_id: str) -> str | None:
        """The folder of the repository that a memory is about."""
        return self._of.get(memory_id)

    @property
    def counts(self) -> Mapping[Freshness, int]:
        """How many references stand how."""
        counts = dict.fromkeys(Freshness, 0)
        for answers in self._answers.values():
            for each in answers:
                counts[each.freshness] += 1
        return counts

    @property
    def state(self) -> object:
        """Differs once one of the repositories that matter has changed; read from files alone."""
        return tuple(_state(folder) for folder in sorted(self._questions))

    @property
    def _checkouts(self) -> Sequence[Checkout]:
        if self._known is None:
            self._known = self._find()
        return self._known

    def _look_at(self, folder: str, repository: Repository) -> Iterator[None]:
        questions = self._questions[folder]
        self._forget(questions)
        asked = [each for each in questions.values() if each.references]
        self._answers.update((yield from assess(repository, asked, seconds=self._seconds)))
        self._states[folder] = repository.state
        self._problems.pop(folder, None)
        self._dirty.discard(folder)

    def _forget(self, memory_ids: Collection[str]) -> None:
        for memory_id in memory_ids:
            self._answers.pop(memory_id, None)


def _state(folder: str) -> object:
    try:
        return find_repository(folder).state
    except RepositoryError as error:
        return str(error)


def _stale(memory_id: str, held: Sequence[Assessed], answers: Sequence[Assessed]) -> StaleMemory:
    gone = [each for each in held if each.freshness is Freshness.GONE]
    in_text = [each for each in answers if each.reference.in_text and each.of_repository]
    words = [_clause(each) for each in (*gone, *(each for each in held if each not in gone))]
    more = len(words) - _NAMED
    said = "; ".join(words[:_NAMED]) + (
        f"; and {plural(more, 'more such name')}" if more > 0 else ""
    )
    return StaleMemory(
        memory_id,
        f"names {said}",
        "gone" if gone else "moved",
        all(each.freshness is Freshness.GONE and each.counts for each in in_text),
        tuple(
            (each.reference.start, each.reference.end, each.freshness.value)
            for each in held
            if each.reference.in_text
        ),
    )


def _clause(each: Assessed) -> str:
    commit, day = (each.commit or "")[:_SHORT], each.at.date().isoformat() if each.at else ""
    if each.reference.kind is ReferenceKind.SYMBOL:
        return f"{each.reference.name} of {each.path}, which is gone ({commit}, {day})"
    if each.freshness is Freshness.MOVED:
        return f"{each.path}, which is now {each.target} ({commit}, {day})"
    maybe = f", maybe for {each.target}" if each.target else ""
    return f"{each.path}, which is gone ({commit}, {day}{maybe})"
