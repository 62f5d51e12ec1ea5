"""Every table of the store that can hold what a memory says, and how it is taken out of there.

A new table belongs here: either into :data:`PLACES`, or into :data:`WITHOUT_CONTENT` with a reason.
Full-text indexes are found in the schema. A test walks the schema of a store full of everything.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

from mem0_tui.model.late import late_dataclass
from mem0_tui.store import memories
from mem0_tui.store.erasure.traces import Traces, traces_of
from mem0_tui.store.rows import to_json
from mem0_tui.store.search import embeddings
from mem0_tui.store.search import text_index as textindex


@late_dataclass(frozen=True)
class Erasure:
    """What is to be gone."""

    ids: frozenset[str]
    traces: Traces

    def chunks(self) -> Iterator[tuple[str, list[str]]]:
        """The ids as parts of a statement: question marks, and the values for them."""
        for chunk in memories.chunks(sorted(self.ids)):
            yield memories.marks(chunk), chunk


@late_dataclass(frozen=True)
class ContentTable:
    """A table that holds content of memories."""

    table: str
    columns: tuple[str, ...]
    """Those of its columns that hold it."""
    erase: Callable[[sqlite3.Connection, Erasure], None]


WITHOUT_CONTENT = {
    "entities": "ids of users, agents, apps and runs",
    "settings": "what the project is set to",
    "entity_counts": "how many memories users, agents, apps and runs have",
    "part_counts": "how they are shared out among them",
    "tallied": "up to which row memories were counted",
    "migrations": "names of schema changes",
    "sqlite_sequence": "row numbers",
    "sqlite_stat1": "what the query planner knows of indexes",
}
"""Tables that hold nothing a memory says."""


def _erase_memories(connection: sqlite3.Connection, erasure: Erasure) -> None:
    for marks, chunk in erasure.chunks():
        chosen = f"id IN ({marks})"
        textindex.remove(connection, chosen, chunk)
        connection.execute(f"DELETE FROM memories WHERE {chosen}", chunk)


def _erase_tombstones(connection: sqlite3.Connection, erasure: Erasure) -> None:
    for marks, chunk in erasure.chunks():
        connection.execute(f"DELETE FROM tombstones WHERE id IN ({marks})", chunk)


def _erase_history(connection: sqlite3.Connection, erasure: Erasure) -> None:
    """The memories' own history goes; of others', the messages that say what these said."""
    for marks, chunk in erasure.chunks():
        connection.execute(f"DELETE FROM history WHERE memory_id IN ({marks})", chunk)
    rows = connection.execute("SELECT seq, input FROM history WHERE input IS NOT NULL").fetchall()
    for seq, written in rows:
        cleaned = _cleaned(written, erasure)
        if cleaned != written:
            connection.execute("UPDATE history SET input = ? WHERE seq = ?", (cleaned, seq))


def _erase_events(connection: sqlite3.Connection, erasure: Erasure) -> None:
    rows = connection.execute("SELECT seq, payload, metadata, results, error FROM events")
    for seq, *written in rows.fetchall():
        payload, metadata, results, error = written
        cleaned: list[str | None] = [_cleaned(each, erasure) for each in written[:3]]
        if _only_of(results, erasure):
            cleaned[0] = "{}"  # what was asked for is where they come from
        held = error is not None and erasure.traces.held_by(error)
        cleaned.append(None if held else error)
        if cleaned != [payload, metadata, results, error]:
            connection.execute(
                "UPDATE events SET payload = ?, metadata = ?, results = ?, error = ? WHERE seq = ?",
                (*cleaned, seq),
            )


def _erase_exports(connection: sqlite3.Connection, erasure: Erasure) -> None:
    rows = connection.execute("SELECT id, request, result FROM exports").fetchall()
    for id_, request, result in rows:
        cleaned = (_cleaned(request, erasure), _cleaned(result, erasure))
        if cleaned != (request, result):
            connection.execute(
                "UPDATE exports SET request = ?, result = ? WHERE id = ?", (*cleaned, id_)
            )


def _erase_feedback(connection: sqlite3.Connection, erasure: Erasure) -> None:
    for marks, chunk in erasure.chunks():
        connection.execute(f"DELETE FROM feedback WHERE memory_id IN ({marks})", chunk)


def _erase_vectors(connection: sqlite3.Connection, _erasure: Erasure) -> None:
    """A trigger has unlinked the memories' vectors; one that an equal text has stays."""
    embeddings.forget_unused(connection)


def _erase_tallies(_connection: sqlite3.Connection, _erasure: Erasure) -> None:
    """Triggers have counted the memories out, and removed what nothing is counted under."""


PLACES = (
    ContentTable(
        "memories",
        ("text", "folded", "metadata", "categories", "type", "kind", "hash", "extra"),
        _erase_memories,
    ),
    ContentTable("tombstones", ("text", "metadata", "categories", "extra"), _erase_tombstones),
    ContentTable(
        "history",
        (
            *("old_text", "new_text", "old_metadata", "new_metadata", "input"),
            *("old_categories", "new_categories"),
        ),
        _erase_history,
    ),
    ContentTable("events", ("payload", "metadata", "results", "error"), _erase_events),
    ContentTable("exports", ("request", "result"), _erase_exports),
    ContentTable("feedback", ("reason",), _erase_feedback),
    ContentTable("embeddings", ("key",), _erase_vectors),
    ContentTable("vectors", ("key", "vector"), _erase_vectors),
    ContentTable("tallies", ("kind", "source"), _erase_tallies),
)
"""Every table with content of memories, in the order in which they are emptied."""

_TEXTS = (
    "SELECT id, text FROM memories WHERE id IN ({marks})",
    "SELECT id, text FROM tombstones WHERE id IN ({marks})",
    "SELECT memory_id, old_text FROM history WHERE memory_id IN ({marks}) AND old_text IS NOT NULL",
    "SELECT memory_id, new_text FROM history WHERE memory_id IN ({marks}) AND new_text IS NOT NULL",
)


def texts_of(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> dict[str, set[str]]:
    """Per memory, where the store knows of it, every text that it is known to have had."""
    found: dict[str, set[str]] = {}
    for chunk in memories.chunks(memory_ids):
        for statement in _TEXTS:
            rows = connection.execute(statement.format(marks=memories.marks(chunk)), chunk)
            for id_, text in rows:
                found.setdefault(id_, set()).add(text)
    return found


def staying_traces(
    connection: sqlite3.Connection, texts: Iterable[str], memory_ids: frozenset[str]
) -> Traces:
    """The traces of *texts* without the words that other memories, deleted ones too, have."""
    others = (
        row[1]
        for table in ("memories", "tombstones")
        for row in connection.execute(f"SELECT id, text FROM {table}")
        if row[0] not in memory_ids
    )
    return traces_of(texts, others)


def erase(connection: sqlite3.Connection, erasure: Erasure) -> None:
    """Take *erasure* out of every table; inside a write transaction of a connection that
    overwrites what it deletes."""
    for place in dict.fromkeys(place.erase for place in PLACES):
        place(connection, erasure)
    # Whoever counts by the feed of changes has to count again, and finds nothing of this in it.
    connection.execute("INSERT INTO history (memory_id, event, at) VALUES ('', 'PURGE', 0)")
    connection.execute("DELETE FROM history WHERE memory_id = '' AND event = 'PURGE'")


def text_indexes(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The names of the full-text indexes, whichever the schema has."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
        " AND sql LIKE '%USING fts5(%'"
    )
    return tuple(row[0] for row in rows)


def plain_tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The names of all tables that are neither virtual nor kept by a virtual one."""
    virtual = text_indexes(connection)
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
    )
    return tuple(row[0] for row in rows if not row[0].startswith(tuple(f"{v}_" for v in virtual)))


def _cleaned(written: str, erasure: Erasure) -> str:
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):  # damaged: there are no parts of it to be kept
        held = erasure.traces.held_by(written) or any(id_ in written for id_ in erasure.ids)
        return ("[]" if written.startswith("[") else "{}") if held else written
    cleaned = erasure.traces.without(value, erasure.ids)
    return written if cleaned == value else to_json(cleaned)


def _only_of(results: str, erasure: Erasure) -> bool:
    """Whether all that came of an event is to be gone."""
    try:
        found = [each.get("id") for each in json.loads(results) if isinstance(each, dict)]
    except (ValueError, RecursionError):
        return False
    ids = [id_ for id_ in found if id_]  # what was not stored has none
    return bool(ids) and erasure.ids.issuperset(ids)
