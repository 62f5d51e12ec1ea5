"""From a memory to the session, and the turn of it, that it comes from. Never a near match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mem0_tui.evidence.event import is_memory_id
from mem0_tui.evidence.sessions import CodexSession, SessionTurn
from mem0_tui.evidence.use import Use, UsePlace

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory

STORED = "stored in this turn"
NAMED = "the memory names this session; in which turn it was stored is not recorded"
GIVEN = "where it comes from is not recorded; here Codex was given it last"
UNKNOWN = "where it comes from is not recorded, and no session was given it"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a memory comes from, as far as that is recorded."""

    how: str
    """What is known, as a clause."""
    session: CodexSession | None = None
    turns: tuple[SessionTurn, ...] = ()
    at: int = 0
    """Which of *turns* it is."""


def find_origin(
    memory: Memory,
    use: Use,
    session_of: Callable[[str], CodexSession | None],
    turns_of: Callable[[str], Sequence[SessionTurn]],
) -> Origin:
    """The origin of *memory*, which was used so; the functions look a session up by its id."""
    if use.written is not None:
        return _at(use.written, STORED, session_of, turns_of)
    named = memory.metadata.get("session_id") or memory.scope.run_id
    if isinstance(named, str) and is_memory_id(named.lower()):
        session = session_of(named.lower())
        if session is None:
            return Origin(f"the memory names session {named}, which is not recorded here")
        turns = tuple(turns_of(session.id))
        made = memory.created_at
        before = [at for at, turn in enumerate(turns) if made is not None and turn.at <= made]
        return Origin(NAMED, session, turns, before[-1] if before else 0)
    if use.last_place is not None:
        return _at(use.last_place, GIVEN, session_of, turns_of)
    return Origin(use.reason and f"{UNKNOWN}: {use.reason}" or UNKNOWN)


def _at(
    place: UsePlace,
    how: str,
    session_of: Callable[[str], CodexSession | None],
    turns_of: Callable[[str], Sequence[SessionTurn]],
) -> Origin:
    session = session_of(place.session)
    if session is None:
        return Origin(f"{how}: session {place.session}, which is not recorded here")
    turns = tuple(turns_of(session.id))
    found = next((at for at, turn in enumerate(turns) if turn.id == place.turn), None)
    if found is None:
        how, found = f"{how}, of which the beginning is not recorded", max(0, len(turns) - 1)
    return Origin(how, session, turns, found)
