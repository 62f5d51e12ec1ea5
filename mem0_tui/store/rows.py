"""A memory as a row of the ``memories`` table, and back.

Reading what was written gives the memory that was written, except that text which UTF-8 cannot hold
has become U+FFFD and what JSON does not tell apart (tuples, keys that are numbers) has become JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, TypeAlias

from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import InvalidRequestError, StoreCorruptError
from mem0_tui.model.memory import Draft, JsonObject, Memory, read_later, storable_json
from mem0_tui.model.text import encodable
from mem0_tui.model.words import fold
from mem0_tui.store.sqlite.timestamps import from_day, from_micros, to_day, to_micros

Row: TypeAlias = tuple[Any, ...]
"""The columns :data:`COLUMNS` of one memory."""

COLUMNS = (
    "id, text, user_id, agent_id, app_id, run_id, metadata, categories, created_at, updated_at,"
    " expires_on, immutable, replaced_by, synthesized, feedback, extra"
)
"""What a memory is made of, in this order."""

DERIVED = "type, kind, confidence, pinned, length, hash, folded"
"""What the store computes from it, to filter and sort by."""

WIDTH = COLUMNS.count(",") + 1

ID, TEXT, METADATA, CATEGORIES, CREATED, UPDATED, EXPIRES = 0, 1, 6, 7, 8, 9, 10
"""Where in a :data:`Row` these are."""
SCOPE = slice(2, 6)

KNOWN = frozenset(
    {
        *("id", "memory", "text", "hash", "metadata", "categories"),
        *("user_id", "agent_id", "app_id", "run_id", "session_id"),
        *("created_at", "updated_at", "expiration_date", "expires_on"),
        *("immutable", "replaced_by", "synthesized", "feedback", "score", "score_breakdown"),
    }
)
"""Keys of Mem0's memory object that have a column, or that belong to one search only."""

_DEEPEST = 200
"""Levels of metadata; SQLite gives up on a thousand, and then on every row of a query."""

DAMAGED = "damaged row"
"""The only metadata key of a memory whose row cannot be parsed; it holds the parts of the row."""

_UNPARSABLE = (ValueError, TypeError, OverflowError, RecursionError)
_decode = json.JSONDecoder().decode
_scan = json.JSONDecoder().raw_decode
"""The same for text that is known to be JSON and nothing else, in half the time."""


def memory_of(row: Row) -> Memory:
    """The memory of *row*, whose JSON and dates are parsed when they are first looked at.

    A damaged row must not break the list that it stands in: what does not parse is then shown as it
    is, under :data:`DAMAGED` in the metadata. :func:`sound_memory_of` is for whoever relies on it.
    """
    return read_later(row[ID], row[TEXT], partial(_rest_or_damage, row))


def sound_memory_of(row: Row) -> Memory:
    """The memory of *row*; StoreCorruptError if its JSON or dates do not parse."""
    try:
        return Memory(row[ID], row[TEXT], *_rest_of(row))
    except _UNPARSABLE as error:
        raise StoreCorruptError(f"memory {row[ID]} cannot be read: {error}") from error


def _rest_of(row: Row) -> tuple[Any, ...]:
    """All fields of the memory but its id and text."""
    (
        _, _, user, agent, app, run, metadata, categories, created, updated,
        expires, immutable, replaced_by, synthesized, feedback, extra,
    ) = row  # fmt: skip
    created_at = from_micros(created)
    return (
        _scope(user, agent, app, run),
        _object(metadata),
        () if categories == "[]" else tuple(_scan(categories)[0]),
        created_at,
        created_at if updated == created else None if updated is None else from_micros(updated),
        None if expires is None else from_day(expires),
        immutable == 1,
        replaced_by,
        synthesized == 1,
        feedback,
        _object(extra),
    )


def _rest_or_damage(row: Row) -> tuple[Any, ...]:
    try:
        return _rest_of(row)
    except _UNPARSABLE:
        parts = [str(row[at]) for at in (METADATA, CATEGORIES, CREATED, UPDATED, EXPIRES)]
        shown = {DAMAGED: parts}
        return (_scope(*row[SCOPE]), shown, (), None, None, None, False, None, False, None, {})


def _object(text: str) -> JsonObject:
    if text == "{}":
        return {}
    found = _scan(text)[0]
    if not isinstance(found, dict):
        raise ValueError("a JSON object was expected")
    return found


@lru_cache(maxsize=1024)
def _scope(user: str | None, agent: str | None, app: str | None, run: str | None) -> Scope:
    return Scope(user, agent, app, run)


def row_of(memory: Memory, clock: Clock) -> Row:
    """*memory* as a row; one without a creation date gets the present one.

    Raises:
        InvalidRequestError: its metadata is not JSON.
    """
    created = to_micros(memory.created_at or clock.now())
    scope = memory.scope
    return (
        encodable(memory.id),
        encodable(memory.text),
        *(
            None if id_ is None else encodable(id_)
            for id_ in (scope.user_id, scope.agent_id, scope.app_id, scope.run_id)
        ),
        to_json(memory.metadata),
        to_json(list(memory.categories)),
        created,
        None if memory.updated_at is None else to_micros(memory.updated_at),
        to_day(memory.expires_on),
        int(memory.immutable),
        None if memory.replaced_by is None else encodable(memory.replaced_by),
        int(memory.synthesized),
        None if memory.feedback is None else encodable(memory.feedback),
        to_json({key: value for key, value in memory.raw.items() if key not in KNOWN}),
    )


def drafted(draft: Draft, id_: str, clock: Clock) -> Memory:
    """The memory that *draft* becomes.

    Raises:
        InvalidRequestError: its text is blank.
    """
    if not draft.text.strip():
        raise InvalidRequestError("a memory must have text")
    created = draft.created_at or clock.now()
    return Memory(
        id=id_,
        text=draft.text,
        scope=draft.scope,
        metadata=draft.metadata,
        categories=draft.categories,
        created_at=created,
        updated_at=created,
        expires_on=draft.expires_on,
        immutable=draft.immutable,
    )


def derived_of(memory: Memory) -> tuple[str | None, str | None, float | None, int, int, str, str]:
    """The columns :data:`DERIVED` of a memory that was read from a row."""
    text = memory.text
    return (
        memory.type,
        memory.kind,
        memory.confidence,
        int(memory.pinned),
        len(text),
        text_hash(text),
        fold(text),
    )


def text_hash(text: str) -> str:
    """MD5 (hex) of *text*, which Mem0 calls the memory's ``hash``."""
    import hashlib  # loads OpenSSL: not at the start of the screen

    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def to_json(value: Mapping[str, Any] | list[Any]) -> str:
    """*value* as compact ASCII JSON that holds no lone surrogate.

    Raises:
        InvalidRequestError: *value* is not JSON (NaN is not), or nested too deep for SQLite.
    """
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    try:
        written = _encode(value if isinstance(value, (dict, list)) else dict(value))
        if written.count("[") + written.count("{") > _DEEPEST and _deeper(value, _DEEPEST):
            raise ValueError(f"it is nested more than {_DEEPEST} deep")
        return _encode(storable_json(value)) if "\\ud" in written else written
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequestError(f"the metadata is not JSON: {error}") from error


def _deeper(value: object, levels: int) -> bool:
    if not isinstance(value, (Mapping, list, tuple)):
        return False
    inner = value.values() if isinstance(value, Mapping) else value
    return levels == 0 or any(_deeper(each, levels - 1) for each in inner)


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def from_json(text: str) -> JsonObject:
    """A JSON object that the store wrote."""
    if text == "{}":
        return {}
    found = _decode(text)
    if not isinstance(found, dict):
        raise StoreCorruptError("a JSON object was expected in the store")
    return found
