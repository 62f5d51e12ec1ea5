"""The store's tables: where a memory's earlier texts are, and what is taken out of them.

The memory itself was edited before; of its history, its events and what was made of it the values
go, and nothing else. See :data:`~mem0_tui.store.erasure.places.PLACES` for the tables.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from mem0_tui.model.secret.removal import Removal, Said, said_by_metadata
from mem0_tui.store import memories
from mem0_tui.store.rows import from_json, to_json
from mem0_tui.store.search import embeddings

_TEXTS = (
    ("memories", "id", ("text",), ("metadata", "extra")),
    ("tombstones", "id", ("text",), ("metadata", "categories", "extra")),
    (
        "history",
        "memory_id",
        ("old_text", "new_text"),
        ("old_metadata", "new_metadata", "input", "old_categories", "new_categories"),
    ),
    ("feedback", "memory_id", ("reason",), ()),
)
"""Table, the column with the memory's id, columns that are texts, columns that are JSON."""


def said(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> Said:
    """Every text that these memories are known to have had."""
    found: dict[str, list[tuple[str, str]]] = {}
    for chunk in memories.chunks(memory_ids):
        for table, key, texts, documents in _TEXTS:
            metadata = [name for name in documents if name.endswith("metadata")]
            rows = connection.execute(
                f"SELECT {', '.join((key, *texts, *metadata))} FROM {table}"
                f" WHERE {key} IN ({memories.marks(chunk)})",
                chunk,
            )
            for id_, *row in rows.fetchall():
                of_it = found.setdefault(id_, [])
                of_it += (("", text) for text in row[: len(texts)] if text)
                for written in filter(None, row[len(texts) :]):
                    of_it += said_by_metadata(from_json(written))
    return found


def take_out(connection: sqlite3.Connection, memory_ids: Collection[str], removal: Removal) -> None:
    """Take *removal* out of what is kept of these memories; inside a write transaction of a
    connection that overwrites what it deletes. Doing it again changes nothing."""
    ids = frozenset(memory_ids)
    for table, key, texts, documents in _TEXTS:
        names = [name for name in (*texts, *documents) if table != "memories" or name == "extra"]
        for chunk in memories.chunks(sorted(ids)):
            chosen = f"{key} IN ({memories.marks(chunk)})"
            _rewrite(connection, table, names, texts, chosen, chunk, ids, removal, own=True)
    inputs = ("history", ["input"], (), "input IS NOT NULL")
    exports = ("exports", ["request", "result"], (), "1")
    for table, names, plain, chosen in (inputs, exports):
        _rewrite(connection, table, names, plain, chosen, (), ids, removal, own=False)
    _take_out_of_events(connection, ids, removal)
    embeddings.forget_unused(connection)  # the vectors of what was said before


def _rewrite(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    texts: Sequence[str],
    chosen: str,
    values: Sequence[str],
    ids: frozenset[str],
    removal: Removal,
    *,
    own: bool,
) -> None:
    """Take *removal* out of the columns *names*, of which *texts* are no JSON, where *chosen*."""
    found = connection.execute(
        f"SELECT rowid, {', '.join(names)} FROM {table} WHERE {chosen}", values
    )
    for rowid, *written in found.fetchall():
        cleaned = [
            removal.own(each)
            if each is not None and name in texts
            else _cleaned(each, ids, removal, own=own)
            for name, each in zip(names, written, strict=True)
        ]
        if cleaned != written:
            assigned = ", ".join(f"{name} = ?" for name in names)
            connection.execute(f"UPDATE {table} SET {assigned} WHERE rowid = ?", (*cleaned, rowid))


def _take_out_of_events(
    connection: sqlite3.Connection, ids: frozenset[str], removal: Removal
) -> None:
    rows = connection.execute("SELECT seq, payload, metadata, results, error FROM events")
    for seq, *written in rows.fetchall():
        *documents, error = written
        own = any(f'"{id_}"' in documents[2] for id_ in ids)
        cleaned = [_cleaned(each, ids, removal, own=own) for each in documents]
        cleaned.append(None if error is None else removal.anywhere(error))
        if cleaned != written:
            connection.execute(
                "UPDATE events SET payload = ?, metadata = ?, results = ?, error = ? WHERE seq = ?",
                (*cleaned, seq),
            )


def _cleaned(
    written: str | None, ids: frozenset[str], removal: Removal, *, own: bool
) -> str | None:
    """*written*, JSON, without *removal*; the same characters where there is nothing of it."""
    if written is None:
        return None
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):  # damaged: it is no more than a text
        return removal.own(written) if own else removal.anywhere(written)
    cleaned = removal.value(value, ids, own=own)
    return written if cleaned == value else to_json(cleaned)
