"""Reads of the ``memories`` table; each function takes a connection with a snapshot.

Memories that have expired are left out unless asked for, except by id.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page, Sort
from mem0_tui.store.query.filters import TRUE, SqlCondition, where
from mem0_tui.store.query.ordering import INDEXED, after, cursor_at, order_by
from mem0_tui.store.rows import COLUMNS, Row, memory_of, sound_memory_of

_STRETCH = 1500
"""Memories that are looked at one by one before the index of trigrams is asked."""
_CHUNK = 500
"""Ids per statement: SQLite limits the number of parameters."""


@late_dataclass(frozen=True)
class Selection:
    """Which memories a read is about; compiled to SQL once."""

    condition: Filter = EVERYTHING
    today: date | None = None
    """The day (UTC) on which expired memories are hidden; None shows them."""

    @cached_property
    def where(self) -> SqlCondition:
        """This selection as SQL. Selections of equal SQL select the same; of equal conditions, for
        which ``True`` equals 1, they need not."""
        return self._hiding_expired(self._condition)

    @cached_property
    def unindexed(self) -> SqlCondition:
        """:attr:`where` for few rows, see :func:`~mem0_tui.store.query.filters.where`."""
        return self._hiding_expired(where(self.condition, indexed=False))

    @property
    def unconditional(self) -> bool:
        """Whether it is about all memories, or all that have not expired."""
        return self._condition == TRUE

    @cached_property
    def _condition(self) -> SqlCondition:
        return where(self.condition)

    def _hiding_expired(self, found: SqlCondition) -> SqlCondition:
        if self.today is None:
            return found
        hidden = SqlCondition("(expires_on IS NULL OR expires_on >= ?)", (self.today.isoformat(),))
        return hidden if found == TRUE else found & hidden


def page(
    connection: sqlite3.Connection,
    selection: Selection,
    *,
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Memory]:
    """One page of *limit* memories at most, its total left open; InvalidRequestError for a cursor
    that is none."""
    rows = _first(connection, selection, sort, cursor, limit + 1)
    more = len(rows) > limit
    if more:
        rows.pop()
    following = cursor_at(connection, sort, rows[-1]) if more and rows else None
    return Page(tuple(map(memory_of, rows)), next=following)


def _first(
    connection: sqlite3.Connection, selection: Selection, sort: Sort, cursor: str | None, limit: int
) -> list[Row]:
    """The first *limit* rows after *cursor*.

    Words that most memories hold make the index of trigrams slow, and words that few hold make
    reading on in order slow. So a stretch is read in order first, where the order has an index.
    """
    start = after(sort, cursor) if cursor is not None else TRUE
    chosen, plain = selection.where, selection.unindexed
    if has_stretch(selection, sort):
        rows = connection.execute(
            f"SELECT {COLUMNS} FROM {stretch(sort, start)}"
            f" WHERE {plain.sql} ORDER BY {order_by(sort)} LIMIT ?",
            (*start.parameters, *plain.parameters, limit),
        ).fetchall()
        if len(rows) == limit:
            return rows
    if cursor is not None:
        chosen = chosen & start
    return connection.execute(
        f"SELECT {COLUMNS} FROM memories WHERE {chosen.sql} ORDER BY {order_by(sort)} LIMIT ?",
        (*chosen.parameters, limit),
    ).fetchall()


def has_stretch(selection: Selection, sort: Sort) -> bool:
    """Whether the first of many rows may be found by looking at :func:`stretch`."""
    return sort in INDEXED and selection.unindexed != selection.where


def stretch(sort: Sort, start: SqlCondition = TRUE) -> str:
    """The first memories in order, from *start* on, as something to select from."""
    return (
        f"(SELECT seq AS place FROM memories WHERE {start.sql}"
        f" ORDER BY {order_by(sort)} LIMIT {_STRETCH}) JOIN memories ON seq = place"
    )


def window(
    connection: sqlite3.Connection,
    selection: Selection,
    *,
    sort: Sort = Sort.NEWEST,
    offset: int = 0,
    limit: int = 100,
) -> tuple[Memory, ...]:
    """The *limit* memories from *offset* on, for a list that shows a part of itself."""
    return tuple(
        map(memory_of, window_rows(connection, selection, sort=sort, offset=offset, limit=limit))
    )


def window_rows(
    connection: sqlite3.Connection,
    selection: Selection,
    *,
    sort: Sort = Sort.NEWEST,
    offset: int = 0,
    limit: int = 100,
) -> list[Row]:
    """:func:`window`, of *limit* memories from *offset* on, as rows."""
    chosen = selection.where
    return connection.execute(
        f"SELECT {COLUMNS} FROM memories WHERE {chosen.sql}"
        f" ORDER BY {order_by(sort)} LIMIT ? OFFSET ?",
        (*chosen.parameters, limit, offset),
    ).fetchall()


def ids(
    connection: sqlite3.Connection, selection: Selection, *, sort: Sort = Sort.NEWEST
) -> list[str]:
    """The ids of all selected memories, in order."""
    chosen = selection.where
    rows = connection.execute(
        f"SELECT id FROM memories WHERE {chosen.sql} ORDER BY {order_by(sort)}", chosen.parameters
    )
    return [row[0] for row in rows]


def count(connection: sqlite3.Connection, selection: Selection) -> int:
    """How many memories are selected."""
    if selection.unconditional:
        # Counting without a condition does not visit the rows.
        all_ = _number(connection, "SELECT count(*) FROM memories")
        if selection.today is None:
            return all_
        return all_ - _number(
            connection,
            "SELECT count(*) FROM memories WHERE expires_on < ?",
            selection.today.isoformat(),
        )
    chosen = selection.where
    return _number(
        connection, f"SELECT count(*) FROM memories WHERE {chosen.sql}", *chosen.parameters
    )


def kind_counts(connection: sqlite3.Connection, selection: Selection) -> dict[str | None, int]:
    """How many selected memories there are per kind; None counts those without one."""
    chosen = selection.where
    # With a condition, the index of kinds would be a detour to every row.
    key = "kind" if selection.unconditional else "+kind"
    return dict(
        connection.execute(
            f"SELECT kind, count(*) FROM memories WHERE {chosen.sql} GROUP BY {key}",
            chosen.parameters,
        ).fetchall()
    )


def entity_counts(
    connection: sqlite3.Connection, kind: EntityKind, selection: Selection
) -> dict[str, int]:
    """How many selected memories there are per entity of *kind*."""
    chosen, column = selection.where, kind.id_field
    key = column if selection.unconditional else f"+{column}"
    return dict(
        connection.execute(
            f"SELECT {column}, count(*) FROM memories"
            f" WHERE {column} IS NOT NULL AND {chosen.sql} GROUP BY {key}",
            chosen.parameters,
        ).fetchall()
    )


def row(connection: sqlite3.Connection, memory_id: str) -> Row | None:
    """One memory as its row, or None."""
    try:
        found: Row | None = connection.execute(
            f"SELECT {COLUMNS} FROM memories WHERE id = ?", (memory_id,)
        ).fetchone()
    except UnicodeEncodeError:
        return None
    return found


def get(connection: sqlite3.Connection, memory_id: str) -> Memory:
    """One memory, also an expired one.

    Raises:
        NotFoundError: there is none of that id.
        StoreCorruptError: its row is damaged.
    """
    found = row(connection, memory_id)
    if found is None:
        raise NotFoundError(f"there is no memory {memory_id!r}")
    return sound_memory_of(found)


def get_many(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> dict[str, Memory]:
    """Those of these memories that exist, in the order asked for; StoreCorruptError if the row of
    one is damaged."""
    return {id_: sound_memory_of(found) for id_, found in rows(connection, memory_ids).items()}


def rows(connection: sqlite3.Connection, memory_ids: Sequence[str]) -> Mapping[str, Row]:
    """The rows of those ids that exist, in the order asked for."""
    found: dict[str, Row] = {}
    for chunk in chunks(memory_ids):
        found.update(
            (row[0], row)
            for row in connection.execute(
                f"SELECT {COLUMNS} FROM memories WHERE id IN ({marks(chunk)})", chunk
            )
        )
    return {id_: found[id_] for id_ in memory_ids if id_ in found}


def chunks(memory_ids: Sequence[str]) -> Iterator[list[str]]:
    """Those of *memory_ids* that the store can hold, as lists short enough for one statement."""
    storable = [id_ for id_ in memory_ids if id_.isascii() or _is_utf8(id_)]
    for start in range(0, len(storable), _CHUNK):
        yield storable[start : start + _CHUNK]


def among(memory_ids: Sequence[str]) -> SqlCondition:
    """That a memory has one of these ids."""
    storable = [id_ for chunk in chunks(memory_ids) for id_ in chunk]
    return SqlCondition("id IN (SELECT value FROM json_each(?))", (json.dumps(storable),))


def marks(values: Sequence[object]) -> str:
    """A question mark per value."""
    return ", ".join("?" * len(values))


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _number(connection: sqlite3.Connection, statement: str, *parameters: object) -> int:
    return int(connection.execute(statement, parameters).fetchone()[0])
