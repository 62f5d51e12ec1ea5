"""What Codex did with memories, for whoever asks: brought up to date first, in a thread.

Everything is read only but the index, which is this program's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from mem0_tui.evidence.databases import PLUGIN_FILE
from mem0_tui.evidence.event import is_whole
from mem0_tui.evidence.file import Places
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import ScanReport, bring_up_to_date
from mem0_tui.evidence.sessions import CodexSession, SessionTurn, read_sessions, turns_of
from mem0_tui.evidence.terms import meaning_of
from mem0_tui.evidence.use import Use, Uses, read_uses, use_rank
from mem0_tui.hooks.places import codex_home, home, state_folder
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, Op, any_of
from mem0_tui.model.query import Query

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory

INDEX_FILE = "evidence.db"


def find_places(environ: Mapping[str, str]) -> Places:
    """Where a process with the variables *environ* finds evidence."""
    variables = dict(environ)
    codex = codex_home(variables)
    folders = [environ.get("MEM0_CODE_DATA_DIR", "")]
    for above in (os.path.join(codex, "plugins", "data"), os.path.join(home(variables), ".mem0")):
        try:
            folders += sorted(os.path.join(above, name) for name in os.listdir(above))
        except OSError:
            continue
    there = [f for f in folders if f and os.path.isfile(os.path.join(f, PLUGIN_FILE))]
    return Places(codex, state_folder(variables), tuple(dict.fromkeys(there)))


class EvidenceService:
    """The index, opened when it is first asked; may be used from any one thread at a time."""

    def __init__(self, path: Path, places: Places, *, unseen: str = "") -> None:
        """*unseen* is why no session tells that one of these memories was given; blank where it
        does."""
        self._path, self._places = path, places
        self.unseen = unseen
        self._opened: Index | None = None
        self._lock = Lock()
        self._stopped = False
        self.taken_in = 0
        """Files that were new or had changed, in all that was read so far."""

    @property
    def _index(self) -> Index:
        if self._opened is None:
            self._opened = Index(self._path)
        return self._opened

    def refresh(self, tell: Callable[[int, int], None] | None = None) -> ScanReport:
        """Read what is new.

        Raises:
            StoreError: the index cannot be written.
        """
        with self._lock:
            report = bring_up_to_date(
                self._index, self._places, stop=lambda: self._stopped, tell=tell
            )
            self.taken_in += report.read
            return report

    def uses(self, memories: Sequence[Memory] | None = None) -> Uses:
        """What is known of *memories*, or of all."""
        with self._lock:
            uses = read_uses(self._index, memories)
        return replace(uses, coverage=replace(uses.coverage, unseen=self.unseen))

    def sessions(
        self, *, begins: str = "", limit: int | None = None, with_memories: bool = False
    ) -> tuple[list[CodexSession], int]:
        """The sessions whose id begins so, the latest first, and how many there are."""
        with self._lock:
            return read_sessions(
                self._index, begins=begins, limit=limit, with_memories=with_memories
            )

    def session(self, session: str) -> CodexSession | None:
        """The session with that id."""
        found, _ = self.sessions(begins=session, limit=1)
        return found[0] if found and found[0].id == session else None

    def turns(self, session: str) -> list[SessionTurn]:
        """The turns of *session*."""
        with self._lock:
            return turns_of(self._index, session)

    def stop(self) -> None:
        """Have a scan that is under way leave off."""
        self._stopped = True

    def close(self) -> None:
        """Close the index, once nothing is under way."""
        self.stop()
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None


def unsure(uses: Uses) -> Filter | None:
    """The condition for the memories that have to be looked at before *uses* can be told, for they
    are known there by a part of their id, or by their text; None where there are none."""
    if uses.by_text:
        return EVERYTHING
    if not uses.beginnings:
        return None
    return any_of(Compare(Field.ID, Op.PATTERN, f"{prefix}*") for prefix in sorted(uses.beginnings))


def told(query: Query, uses: Uses, looked_at: Iterable[Memory], now: datetime) -> Query:
    """*query*, knowing what its terms mean; *looked_at* are the memories that :func:`unsure` asks
    for."""
    found = _by_id(uses, looked_at)
    return query.told(lambda term: meaning_of(term, found, uses.coverage, now))


def in_order_of_use(uses: Uses, looked_at: Iterable[Memory]) -> list[str]:
    """The ids of what was given: what was given most often first, the latest of those first;
    *looked_at* are the memories that :func:`unsure` asks for."""
    given = [(id_, use) for id_, use in _by_id(uses, looked_at).items() if use.given]
    given.sort(key=lambda each: use_rank(each[1]))
    return [id_ for id_, _ in given]


def _by_id(uses: Uses, looked_at: Iterable[Memory]) -> dict[str, Use]:
    """Every memory to which anything happened."""
    found: dict[str, Use] = {}
    for memory in looked_at:
        use = uses.of(memory)
        if use.met:
            found[memory.id] = use
    for key in uses.rows:
        if is_whole(key) and key not in found:
            found[key] = uses.of_id(key)
    return found
