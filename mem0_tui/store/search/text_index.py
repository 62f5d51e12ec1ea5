"""Keeps the two full-text indexes in step with the ``memories`` table.

Not by triggers: a trigger makes FTS5 write a segment per row, a statement one for all of its rows,
which is four times as fast. Only :mod:`~mem0_tui.store.changes` writes memories, and calls these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mem0_tui.model.words import spaced

_ADD = (
    "INSERT INTO memories_words (rowid, words)"
    " SELECT seq, spaced(CAST(folded AS BLOB)) FROM memories WHERE ",
    "INSERT INTO memories_trigrams (rowid, folded) SELECT seq, folded FROM memories WHERE ",
)
_ADD_ONE = (
    "INSERT INTO memories_words (rowid, words) VALUES (?, ?)",
    "INSERT INTO memories_trigrams (rowid, folded) VALUES (?, ?)",
)
_REMOVE = (
    "INSERT INTO memories_words (memories_words, rowid, words)"
    " SELECT 'delete', seq, spaced(CAST(folded AS BLOB)) FROM memories WHERE ",
    "INSERT INTO memories_trigrams (memories_trigrams, rowid, folded)"
    " SELECT 'delete', seq, folded FROM memories WHERE ",
)


def add(connection: sqlite3.Connection, chosen: str, parameters: Sequence[object]) -> None:
    """Index the memories that pass the SQL condition *chosen*, which were just stored."""
    for statement in _ADD:
        connection.execute(statement + chosen, parameters)


def add_one(connection: sqlite3.Connection, seq: int, folded: str) -> None:
    """Index one memory that was just stored as *seq*: quicker than :func:`add`."""
    for statement, indexed in zip(_ADD_ONE, (spaced(folded), folded), strict=True):
        connection.execute(statement, (seq, indexed))


def remove(connection: sqlite3.Connection, chosen: str, parameters: Sequence[object]) -> None:
    """Take those memories out of the indexes, while their text is still what was indexed."""
    for statement in _REMOVE:
        connection.execute(statement + chosen, parameters)
