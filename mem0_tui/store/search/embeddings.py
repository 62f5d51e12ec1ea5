"""Which memory has which vector: the ``embeddings`` table, a feed of its own changes.

Each row says that the memory *seq* has the vector *key*, or that it lost it (NULL). A change gives
the row a new, higher *place*, so that reading on from the last place seen tells all that changed.
Vectors are shared by equal texts; their key is the SHA-256 of model and text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from mem0_tui.model.late import late_dataclass

_MODEL = "embedding_model"
_FEED_ROWS = 4096


@late_dataclass(frozen=True)
class Pending:
    """A memory that has no vector yet."""

    seq: int
    text: str
    hash: str
    """The text's own hash, by which it is seen whether the text has changed meanwhile."""


def vector_key(model_id: str, text: str) -> bytes:
    """The key of the vector that *model_id* makes of *text*."""
    import hashlib  # loads OpenSSL: not at the start of the screen

    return hashlib.sha256(f"{model_id}\n{text}".encode()).digest()


def model(connection: sqlite3.Connection) -> str | None:
    """The model that made the vectors in the store; None before the first."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (_MODEL,)).fetchone()
    return None if row is None else str(row[0])


def adopt_model(connection: sqlite3.Connection, model_id: str) -> None:
    """Make *model_id* the store's model; vectors of another are thrown away."""
    if model(connection) == model_id:
        return
    connection.execute("DELETE FROM embeddings")
    connection.execute("DELETE FROM vectors")
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_MODEL, model_id))


def last_place(connection: sqlite3.Connection) -> int:
    """The place of the newest change; 0 when there was none."""
    row = connection.execute("SELECT max(place) FROM embeddings").fetchone()
    return int(row[0] or 0)


def pending_seqs(connection: sqlite3.Connection) -> list[int]:
    """The memories without a vector, newest first."""
    rows = connection.execute(
        "SELECT seq FROM memories WHERE NOT EXISTS"
        " (SELECT 1 FROM embeddings e WHERE e.seq = memories.seq AND e.key IS NOT NULL)"
        " ORDER BY created_at DESC, id"
    )
    return [row[0] for row in rows]


def pending(connection: sqlite3.Connection, seqs: Sequence[int]) -> list[Pending]:
    """Those of *seqs* that exist and still have no vector, in that order."""
    marks = ", ".join("?" * len(seqs))
    rows = connection.execute(
        f"SELECT seq, text, hash FROM memories WHERE seq IN ({marks}) AND NOT EXISTS"
        " (SELECT 1 FROM embeddings e WHERE e.seq = memories.seq AND e.key IS NOT NULL)",
        seqs,
    )
    found = {row[0]: Pending(*row) for row in rows}
    return [found[seq] for seq in seqs if seq in found]


def known_keys(connection: sqlite3.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Those of *keys* whose vector is in the store."""
    marks = ", ".join("?" * len(keys))
    rows = connection.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", keys)
    return {row[0] for row in rows}


def vectors_of(connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """The packed vectors of those of *keys* that have one."""
    marks = ", ".join("?" * len(keys))
    return dict(connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys))


def link(
    connection: sqlite3.Connection,
    model_id: str,
    done: Sequence[tuple[Pending, bytes]],
    vectors: Mapping[bytes, bytes],
) -> None:
    """Store packed *vectors* by key, and say which memory has which; a memory that was deleted or
    reworded meanwhile is passed over."""
    adopt_model(connection, model_id)
    connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", list(vectors.items()))
    connection.executemany(
        "INSERT OR REPLACE INTO embeddings (seq, key)"
        " SELECT seq, ?1 FROM memories WHERE seq = ?2 AND hash = ?3"
        " AND EXISTS (SELECT 1 FROM vectors WHERE key = ?1)",
        [(key, memory.seq, memory.hash) for memory, key in done],
    )


_UNUSED = "key NOT IN (SELECT key FROM embeddings WHERE key IS NOT NULL)"


def has_unused(connection: sqlite3.Connection) -> bool:
    """Whether there are vectors that no memory has any more; reads only."""
    row = connection.execute(f"SELECT EXISTS (SELECT 1 FROM vectors WHERE {_UNUSED})").fetchone()
    return bool(row[0])


def forget_unused(connection: sqlite3.Connection) -> int:
    """Delete the vectors that no memory has any more, and say how many those were."""
    return connection.execute(f"DELETE FROM vectors WHERE {_UNUSED}").rowcount


def changes(
    connection: sqlite3.Connection, place: int
) -> Iterator[list[tuple[int, int, bytes | None]]]:
    """What changed after *place* as (place, seq, packed vector or None), in parts, in order."""
    cursor = connection.execute(
        "SELECT e.place, e.seq, v.vector FROM embeddings e LEFT JOIN vectors v ON v.key = e.key"
        " WHERE e.place > ? ORDER BY e.place",
        (place,),
    )
    while rows := cursor.fetchmany(_FEED_ROWS):
        yield rows
