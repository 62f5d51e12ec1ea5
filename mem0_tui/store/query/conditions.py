"""SQL conditions, and the SQL functions that evaluate what SQLite cannot, by asking the model.

``holds(test, source)`` is one :class:`~mem0_tui.model.filter.Compare` applied to one column, so it
agrees with :func:`~mem0_tui.model.filter.matches` by construction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from mem0_tui.model.filter import (
    Compare,
    Field,
    MetadataKey,
    Op,
    Value,
    finds,
    glob_pattern,
    matches,
)
from mem0_tui.model.lane import lane_of
from mem0_tui.model.memory import Memory, kind_of
from mem0_tui.model.words import fold, spaced

Parameter: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """An SQL condition and its parameters, in order."""

    sql: str
    parameters: tuple[Parameter, ...] = ()

    def __and__(self, other: SqlCondition) -> SqlCondition:
        return joined("AND", (self, other))


TRUE = SqlCondition("1")
FALSE = SqlCondition("0")


def joined(word: str, parts: Sequence[SqlCondition]) -> SqlCondition:
    """*parts* joined by AND or OR as a balanced tree, for SQLite limits an expression's depth."""
    if not parts:
        return TRUE if word == "AND" else FALSE
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = joined(word, parts[:middle]), joined(word, parts[middle:])
    return SqlCondition(f"({left.sql} {word} {right.sql})", left.parameters + right.parameters)


def equip(connection: sqlite3.Connection) -> None:
    """Give *connection* the functions that compiled filters call."""
    connection.create_function("fold", 1, _fold, deterministic=True)
    connection.create_function("spaced", 1, _spaced, deterministic=True)
    connection.create_function("globs", 2, _globs, deterministic=True)
    connection.create_function("finds", 2, _finds, deterministic=True)
    connection.create_function("holds", 2, _holds, deterministic=True)
    connection.create_function("shared", 2, _shared, deterministic=True)
    connection.create_function("kind_of", 2, _kind_of, deterministic=True)


def as_argument(compare: Compare) -> str:
    """*compare* as the first argument of ``holds``: ASCII, whatever is in it."""
    value: Any = compare.value
    if isinstance(value, datetime):
        tag, value = "moment", value.isoformat()
    elif isinstance(value, date):
        tag, value = "day", value.isoformat()
    else:
        tag = "json"
    is_metadata = isinstance(compare.key, MetadataKey)
    name = compare.key.name if isinstance(compare.key, MetadataKey) else compare.key.value
    return json.dumps([is_metadata, name, compare.op.value, tag, value])


def _fold(text: str | bytes | None) -> str | None:
    return None if text is None else fold(_sound(text))


def _spaced(folded: str | bytes | None) -> str | None:
    return None if folded is None else spaced(_sound(folded))


def _sound(text: str | bytes) -> str:
    """*text*; as bytes it may be damaged, which must not stop a whole statement."""
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


def _globs(pattern: str, text: str | None) -> bool:
    return text is not None and bool(glob_pattern(pattern).match(text))


def _finds(word: str, text: str | None) -> bool:
    return text is not None and finds(text, word)


def _holds(test: str, source: Any) -> bool:
    compare, memory = _parsed(test)
    return matches(compare, memory(source))


def _shared(agent_id: str, app_id: str) -> bool:
    return lane_of(agent_id, app_id) is not None


def _kind_of(type_: str | None, categories: str) -> str | None:
    """The kind of a row; a damaged one, which must not stop a whole statement, has its type."""
    try:
        return kind_of(type_, json.loads(categories))
    except (ValueError, TypeError, AttributeError):
        return type_


@lru_cache(maxsize=256)
def _parsed(test: str) -> tuple[Compare, Callable[[Any], Memory]]:
    is_metadata, name, op, tag, value = json.loads(test)
    key = MetadataKey(name) if is_metadata else Field(name)
    return Compare(key, Op(op), _value(tag, value)), _MADE_FROM.get(key, _of_metadata)


def _value(tag: str, value: Any) -> Value:
    if tag == "moment":
        return datetime.fromisoformat(value)
    found: Value = date.fromisoformat(value) if tag == "day" else value
    return found


def _of_metadata(source: str) -> Memory:
    return Memory("", "", metadata=json.loads(source))


def _of_text(source: str) -> Memory:
    return Memory("", source)


def _of_categories(source: str) -> Memory:
    return Memory("", "", categories=tuple(json.loads(source)))


def _of_confidence(source: float | None) -> Memory:
    return Memory("", "", metadata={"confidence": source})


_MADE_FROM: dict[Field | MetadataKey, Callable[[Any], Memory]] = {
    Field.LENGTH: _of_text,
    Field.CATEGORY: _of_categories,
    Field.CONFIDENCE: _of_confidence,
}
