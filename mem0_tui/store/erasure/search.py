"""Which rows still say, by right, what is looked for: bytes anywhere else should not be there."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from mem0_tui.model.late import late_dataclass

_REFERENCE = {
    "memories": 1,
    "tombstones": 0,
    "history": 1,
    "events": 1,
    "exports": 0,
    "feedback": 1,
    "items": 0,
    "transactions": 1,
}
"""Where in a row of these tables the id stands by which a person finds it."""


@late_dataclass(frozen=True)
class Held:
    """A row that holds some of what is looked for."""

    table: str
    reference: str
    """The id of the memory, event, export or transaction; empty in other tables."""
    pieces: frozenset[bytes]


def held_in(connection: sqlite3.Connection, pieces: Collection[bytes]) -> tuple[Held, ...]:
    """The rows of all tables that hold one of *pieces*."""
    from mem0_tui.store.erasure.residue import Finder, rows_with  # loads numpy

    found = []
    for table, row, held in rows_with(connection, Finder(pieces)):
        at = _REFERENCE.get(table)
        found.append(Held(table, "" if at is None else str(row[at]), frozenset(held)))
    return tuple(found)
