"""The orders of a listing in SQL, and cursors that say where a page ended.

A cursor holds the last row's sort keys, not an offset: rows that come and go between two pages make
no other row appear twice or not at all.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from typing import Any

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.page import Sort
from mem0_tui.store.query.filters import SqlCondition
from mem0_tui.store.rows import CREATED, ID, Row

_LEAST = -(2**63)

_KEYS: dict[Sort, tuple[tuple[str, bool], ...]] = {
    Sort.NEWEST: (("created_at", True),),
    Sort.OLDEST: (("created_at", False),),
    Sort.UPDATED: ((f"ifnull(updated_at, {_LEAST})", True),),
    Sort.TYPE: (("(kind IS NULL)", False), ("ifnull(kind, '')", False)),
    Sort.LENGTH: (("length", True),),
    Sort.CONFIDENCE: (("ifnull(confidence, -9e999)", True),),
}
"""Per order its expressions, never NULL, and whether each descends; ties break by id."""

INDEXED = (Sort.NEWEST, Sort.OLDEST, Sort.UPDATED)
"""The orders in which SQLite can read without sorting."""


def order_by(sort: Sort) -> str:
    """What follows ORDER BY."""
    return ", ".join(f"{key} DESC" if down else key for key, down in _KEYS[sort]) + ", id"


def cursor_at(connection: sqlite3.Connection, sort: Sort, row: Row) -> str:
    """The cursor for what comes after the memory of *row*."""
    if sort in (Sort.NEWEST, Sort.OLDEST):
        keys: Row = (row[CREATED],)
    else:
        computed = ", ".join(key for key, _ in _KEYS[sort])
        keys = connection.execute(
            f"SELECT {computed} FROM memories WHERE id = ?", (row[ID],)
        ).fetchone()
    return base64.urlsafe_b64encode(json.dumps([sort.value, *keys, row[ID]]).encode()).decode()


def after(sort: Sort, cursor: str) -> SqlCondition:
    """The condition that a row comes after *cursor*.

    Raises:
        InvalidRequestError: it is no cursor of this order.
    """
    keys = _KEYS[sort]
    try:
        name, *values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        fits = len(values) == len(keys) + 1 and all(
            isinstance(value, (str, int, float)) for value in values
        )
    except (ValueError, TypeError) as error:
        raise InvalidRequestError("the page's cursor is damaged") from error
    if name != sort.value or not fits:
        raise InvalidRequestError(f"the page's cursor is not one of the order {sort.value}")
    following = _beyond(keys, values)
    key, down = keys[0]
    # Says once more what follows from the rest, in the form for which an index is used.
    return SqlCondition(f"{key} {'<=' if down else '>='} ?", (values[0],)) & following


def _beyond(keys: tuple[tuple[str, bool], ...], values: list[Any]) -> SqlCondition:
    if not keys:
        return SqlCondition("id > ?", (values[0],))
    (key, down), *rest = keys
    inner = _beyond(tuple(rest), values[1:])
    return SqlCondition(
        f"({key} {'<' if down else '>'} ? OR ({key} = ? AND {inner.sql}))",
        (values[0], values[0], *inner.parameters),
    )
