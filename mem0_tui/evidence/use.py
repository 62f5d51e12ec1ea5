"""How often a memory was given to Codex, when, where, and whether an answer named it.

«Not recorded» is not 0: a memory counts as never used only where sessions are recorded for all of
its life, on this machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from mem0_tui.evidence.event import FoundKind, FoundSource, fingerprint, is_memory_id, text_key
from mem0_tui.evidence.index import Index
from mem0_tui.hooks.block import plain

if TYPE_CHECKING:
    import sqlite3

    from mem0_tui.model.memory import Memory

NO_SESSIONS = "no session of Codex is recorded on this machine"

TURN = (
    "coalesce(n.turn, (SELECT p.turn FROM turns p WHERE p.thread = u.thread AND p.at <= u.at"
    " ORDER BY p.at DESC LIMIT 1), '')"
)
"""A use's turn: the plugin's database names none, but a time."""


class UseRow(NamedTuple):
    """One thing that happened to a memory."""

    key: str
    kind: int
    source: int
    thread: str
    turn: str
    at: int
    """Milliseconds since 1970."""
    rank: int


@dataclass(frozen=True, slots=True)
class UsePlace:
    """A turn of a session."""

    session: str
    turn: str
    """Blank where only the session is known."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Use:
    """What is recorded of one memory."""

    given: int | None
    """How often it was put before the model; None where that is not recorded for all of its life
    and was not seen once."""
    last: datetime | None = None
    sessions: tuple[str, ...] = ()
    """The sessions that it was given to, the latest first."""
    last_place: UsePlace | None = None
    """Where it was given last."""
    met: tuple[str, ...] = ()
    """All sessions in which anything happened to it."""
    best_rank: int | None = None
    fetched: int = 0
    """How often a tool answered with it without the model being shown it."""
    cited: int = 0
    likely: int = 0
    """How many of *given* are known by the text alone."""
    written: UsePlace | None = None
    """Where it was stored, if that was seen."""
    changed: tuple[UsePlace, ...] = ()
    reason: str = ""
    """Why it is not recorded, or not for all of its life."""

    @property
    def never(self) -> bool:
        """Whether it was never given, which is known."""
        return self.given == 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """For which part of the past sessions are recorded."""

    since: datetime | None = None
    """The beginning of the first session; None where there is none."""
    gaps: tuple[tuple[datetime, str], ...] = ()
    """Sessions that cannot be read: the end of each, and why; the earliest first."""
    unseen: str = ""
    """Why no session tells that a memory was given; blank where it does."""

    def reason(self, created: datetime | None) -> str:
        """Why a memory of that age may have been used unseen; blank where it may not."""
        if self.since is None:
            return NO_SESSIONS
        if self.unseen:
            return self.unseen
        if created is None:
            return "it has no date"
        if created < self.since:
            return f"sessions are recorded since {self.since:%Y-%m-%d} only"
        at = bisect_left(self.gaps, created, key=lambda gap: gap[0])
        return self.gaps[at][1] if at < len(self.gaps) else ""


@dataclass(frozen=True, slots=True)
class Uses:
    """What the index says of memories, ready to be asked."""

    coverage: Coverage
    rows: Mapping[str, Sequence[UseRow]]
    """By key."""
    beginnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The keys that name the first eight characters of an id, by these."""
    by_text: bool = False
    """Whether some are known by their text alone."""

    def of(self, memory: Memory) -> Use:
        """What is recorded of *memory*."""
        rows = [*self.rows.get(memory.id, ()), *self._by_beginning(memory)]
        if self.by_text:
            rows += self.rows.get(text_key(memory.text), ())
        return _use(rows, self.coverage.reason(memory.created_at))

    def worth_saying(self, memory: Memory) -> Use | None:
        """The same for people: None where no session is recorded at all."""
        use = self.of(memory)
        return use if use.met or self.coverage.since is not None else None

    def of_id(self, memory_id: str) -> Use:
        """What is recorded under a whole id alone."""
        return _use(self.rows.get(memory_id, ()), NO_SESSIONS)

    def _by_beginning(self, memory: Memory) -> Iterable[UseRow]:
        prefix = memory.id[:8]
        for key in self.beginnings.get(prefix, ()):
            _, length, shown = key.split("/")
            rows = self.rows.get(key, ())
            if not int(length):
                others = [k for k in self.rows if k[:8] == prefix and k != memory.id]
                yield from () if others else rows
            elif fingerprint(plain(memory.text)[: int(length)]) == shown:
                yield from rows
            elif memory.updated_at is not None:  # it said something else then
                edited = memory.updated_at.timestamp() * 1000
                yield from (row for row in rows if row.at < edited)


def read_uses(index: Index, memories: Sequence[Memory] | None = None) -> Uses:
    """What *index* says of *memories*, or of all that it knows."""
    return index.read(lambda connection: _read(connection, memories))


def _read(connection: sqlite3.Connection, memories: Sequence[Memory] | None) -> Uses:
    select = (
        f"SELECT k.key, u.kind, u.source, t.thread, {TURN}, u.at, u.rank"
        " FROM keys k JOIN uses u ON u.key = k.id JOIN threads t ON t.id = u.thread"
        " LEFT JOIN turns n ON n.id = u.turn"
    )
    if memories is None:
        found = connection.execute(select).fetchall()
    else:
        found = []
        for memory in memories:
            wanted = (
                memory.id[:8],
                f"{memory.id[:8]}g",
                f"~{memory.id[:8]}/",
                text_key(memory.text),
            )
            found += connection.execute(
                f"{select} WHERE (k.key >= ? AND k.key < ?) OR (k.key >= ? AND k.key < ?)"
                " OR k.key = ?",
                (*wanted[:3], f"~{memory.id[:8]}0", wanted[3]),
            ).fetchall()
    in_database = {
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT t.thread FROM uses u JOIN threads t ON t.id = u.thread"
            f" WHERE u.source = {int(FoundSource.PLUGIN)}"  # as its index says
        )
    }
    rows: dict[str, list[UseRow]] = {}
    for row in set(map(UseRow._make, found)):
        # The plugin's database knows by id what its block in the rollout shows as a text.
        if not (row.source == FoundSource.PLUGIN_BLOCK and row.thread in in_database):
            rows.setdefault(row.key, []).append(row)
    beginnings: dict[str, list[str]] = {}
    for key in rows:
        if key.startswith("~"):
            beginnings.setdefault(key[1:9], []).append(key)
    by_text = any(key.startswith("=") for key in rows)
    return Uses(_coverage(connection), rows, beginnings, by_text)


def _coverage(connection: sqlite3.Connection) -> Coverage:
    since = connection.execute(
        "SELECT min(t.started) FROM threads t JOIN files f ON f.thread = t.id"
        " WHERE f.kind = 'rollout' AND t.started > 0 AND f.problem = ''"
    ).fetchone()[0]
    if not since:
        return Coverage()
    gaps = [
        (moment_of(modified // 1_000_000), f"{name} is not readable: {problem}")
        for name, problem, modified in connection.execute(
            "SELECT name, problem, modified FROM files WHERE problem <> '' AND NOT gone"
        )
    ]
    gaps += [
        (moment_of(modified // 1_000_000), f"a line of {name} is too long to be looked into")
        for name, modified in connection.execute(
            "SELECT name, modified FROM files WHERE too_long > 0"
        )
    ]
    gaps += [
        (moment_of(seen), f"the file of session {thread} is missing")
        for thread, seen in connection.execute(
            "SELECT t.thread, t.seen FROM threads t WHERE t.listed AND NOT EXISTS"
            " (SELECT 1 FROM files f WHERE f.thread = t.id)"
        )
    ]
    return Coverage(moment_of(since), tuple(sorted(gaps, key=lambda gap: gap[0])))


def _use(rows: Sequence[UseRow], reason: str) -> Use:
    given = [row for row in rows if row.kind == FoundKind.GIVEN]
    ranks = [row.rank for row in given if row.rank]
    latest = sorted(given, key=lambda row: -row.at)
    return Use(
        given=len(given) if given or not reason else None,
        last=moment_of(latest[0].at) if given else None,
        sessions=tuple(dict.fromkeys(row.thread for row in latest)),
        last_place=_places(latest[:1], FoundKind.GIVEN)[0] if given else None,
        met=tuple(dict.fromkeys(row.thread for row in rows)),
        best_rank=min(ranks, default=None),
        fetched=sum(row.kind == FoundKind.FETCHED for row in rows),
        cited=sum(row.kind == FoundKind.CITED for row in rows),
        likely=sum(not is_memory_id(row.key) and row.key.startswith("=") for row in given),
        written=next(iter(_places(rows, FoundKind.WRITTEN)), None),
        changed=_places(rows, FoundKind.CHANGED),
        reason=reason,
    )


def use_rank(use: Use) -> tuple[bool, int, float]:
    """Where a memory stands in the order of use: what was given most comes first, the latest of
    those first, what is not recorded last."""
    last = use.last.timestamp() if use.last is not None else 0.0
    return use.given is None, -(use.given or 0), -last


def _places(rows: Sequence[UseRow], kind: FoundKind) -> tuple[UsePlace, ...]:
    found = sorted((row for row in rows if row.kind == kind), key=lambda row: row.at)
    return tuple(UsePlace(row.thread, row.turn, moment_of(row.at)) for row in found)


def moment_of(milliseconds: int) -> datetime:
    """The moment that many milliseconds after 1970."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
