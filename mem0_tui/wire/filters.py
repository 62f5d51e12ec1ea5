"""Mem0's filter JSON (v2 filters) read as conditions, as the Platform reads it.

Two kindnesses where clients rely on what the Platform does badly: a logical operator beside other
keys is honoured instead of dropped, and ``exists`` and dotted ``metadata.key`` are understood.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.filter import (
    And,
    Compare,
    Field,
    Filter,
    MetadataKey,
    Not,
    Op,
    Or,
    Value,
    all_of,
    any_of,
)
from mem0_tui.model.memory import as_day, as_moment
from mem0_tui.model.text import one_line

LOGICAL = ("AND", "OR", "NOT")
ENTITY_FIELDS = {
    "user_id": Field.USER,
    "agent_id": Field.AGENT,
    "app_id": Field.APP,
    "run_id": Field.RUN,
}
DATE_FIELDS = {
    "created_at": Field.CREATED,
    "updated_at": Field.UPDATED,
    "timestamp": Field.CREATED,
    "expiration_date": Field.EXPIRES,
}
ALLOWED = (
    *LOGICAL,
    *ENTITY_FIELDS,
    *DATE_FIELDS,
    "text",
    "categories",
    "metadata",
    "keywords_search",
    "memory_ids",
    "keywords",
)
"""Every key that the Platform knows, in the order in which its message lists them."""

MAX_DEPTH = 32
"""Levels of nesting that are read; real filters use three."""

_ORDER = {"gt": Op.GT, "gte": Op.GE, "lt": Op.LT, "lte": Op.LE}


def parse_filters(filters: object) -> Filter:
    """Mem0's filter JSON as a condition.

    Raises:
        InvalidRequestError: the grammar does not allow it, in the Platform's words where known.
    """
    return _group(filters, 0)


def scoped(condition: Filter) -> bool:
    """Whether *condition* names, positively and anywhere in it, at least one entity id, which the
    Platform asks of every list and search."""
    return _scoped(condition, True)


def _scoped(condition: Filter, positive: bool) -> bool:
    match condition:
        case And(parts) | Or(parts):
            return any(_scoped(part, positive) for part in parts)
        case Not(part):
            return _scoped(part, not positive)
        case Compare(key, op, _):
            return positive and key in ENTITY_FIELDS.values() and op in (Op.EQ, Op.PRESENT)


def _group(filters: object, depth: int) -> Filter:
    if depth > MAX_DEPTH:
        raise InvalidRequestError("filters are nested too deeply")
    if not isinstance(filters, dict):
        raise InvalidRequestError("filters must be an object")
    return all_of(_entry(key, value, depth) for key, value in filters.items())


def _entry(key: str, value: object, depth: int) -> Filter:
    if key in LOGICAL:
        return _logic(key, value, depth)
    if key in ENTITY_FIELDS:
        return _entity(key, value)
    if key in DATE_FIELDS:
        return _dates(key, value)
    if key == "metadata":
        if not isinstance(value, dict):
            raise _invalid("metadata", "must be an object of keys and values")
        return all_of(_metadata(name, wanted) for name, wanted in value.items())
    if key.startswith("metadata.") and len(key) > len("metadata."):
        return _metadata(key.removeprefix("metadata."), value)
    reader = _OTHERS.get(key)
    if reader is None:
        raise InvalidRequestError(
            f"Top-level key must be a logical operator or an allowed field: {list(ALLOWED)}"
        )
    return reader(value)


def _logic(key: str, value: object, depth: int) -> Filter:
    if isinstance(value, dict):
        parts = [_group(value, depth + 1)]
    elif isinstance(value, list):
        parts = [_group(part, depth + 1) for part in value]
    else:
        raise _invalid(key, "takes a list of filters")
    match key:
        case "AND":
            return all_of(parts)
        case "OR":
            return any_of(parts)
        case _:
            return all_of(Not(part) for part in parts)


def _entity(name: str, value: object) -> Filter:
    field = ENTITY_FIELDS[name]

    def equal(wanted: object) -> Filter:
        if wanted == "*":
            return Compare(field, Op.PRESENT)
        if isinstance(wanted, bool) or not isinstance(wanted, (str, int, float)):
            raise _invalid(name, "must be a string")
        return Compare(field, Op.EQ, str(wanted))

    def one(op: str, wanted: object) -> Filter:
        match op:
            case "eq":
                return equal(wanted)
            case "ne":
                return Not(equal(wanted))
            case "in":
                return any_of(equal(item) for item in _listed(name, wanted))
            case "exists":
                present = Compare(field, Op.PRESENT)
                return present if wanted else Not(present)
            case _:
                raise _operator(name, op, "eq, ne, in")

    if value is None:
        return Not(Compare(field, Op.PRESENT))
    if isinstance(value, dict):
        return _all_operators(name, value, one)
    if isinstance(value, list):
        return any_of(equal(item) for item in value)
    return equal(value)


def _dates(name: str, value: object) -> Filter:
    field = DATE_FIELDS[name]

    def moment(wanted: object) -> Value:
        found = _seconds(wanted) if isinstance(wanted, (int, float)) else as_moment(wanted)
        found = None if isinstance(wanted, bool) else found
        if found is None:
            raise _invalid(name, "must be an ISO 8601 date or date-time")
        if field is not Field.EXPIRES:
            return found
        return as_day(wanted) if isinstance(wanted, str) else found.date()

    def equal(wanted: object) -> Filter:
        start = moment(wanted)
        if isinstance(start, datetime) and isinstance(wanted, str) and len(wanted.strip()) <= 10:
            since = Compare(field, Op.GE, start)
            try:
                return And((since, Compare(field, Op.LT, start + timedelta(days=1))))
            except OverflowError:  # the last day that there is
                return since
        return Compare(field, Op.EQ, start)

    def one(op: str, wanted: object) -> Filter:
        match op:
            case "ne":
                return Not(equal(wanted))
            case "in":
                return any_of(equal(item) for item in _listed(name, wanted))
            case _ if op in _ORDER:
                return Compare(field, _ORDER[op], moment(wanted))
            case _:
                raise _operator(name, op, "gt, gte, lt, lte, ne, in")

    if value is None:
        return Not(Compare(field, Op.PRESENT))
    return _all_operators(name, value, one) if isinstance(value, dict) else equal(value)


def _seconds(wanted: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(wanted, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _metadata(name: str, value: object) -> Filter:
    where = f"metadata.{name}"

    def equal(wanted: object) -> Filter:
        if wanted is None:
            return Not(Compare(MetadataKey(name), Op.PRESENT))
        if not isinstance(wanted, (str, int, float, bool)):
            raise _invalid(where, "must be compared with a string, a number or a truth value")
        if name == "type" and isinstance(wanted, str) and wanted.strip():
            return Compare(Field.TYPE, Op.EQ, wanted)
        return Compare(MetadataKey(name), Op.EQ, wanted)

    def one(op: str, wanted: object) -> Filter:
        match op:
            case "eq":
                return equal(wanted)
            case "ne":
                return Not(equal(wanted))
            case "contains":
                return Compare(MetadataKey(name), Op.CONTAINS, _string(where, wanted))
            case _:
                raise InvalidRequestError(
                    f"FilterValidationError: unsupported operator {one_line(repr(op))} for "
                    f"{one_line(where)}; supported: eq, ne, contains"
                )

    return _all_operators(where, value, one) if isinstance(value, dict) else equal(value)


def _categories(value: object) -> Filter:
    def one(op: str, wanted: object) -> Filter:
        match op:
            case "in":
                names = [_string("categories", item) for item in _listed("categories", wanted)]
                return any_of(Compare(Field.CATEGORY, Op.EQ, name) for name in names)
            case "contains":
                return Compare(Field.CATEGORY, Op.ICONTAINS, _string("categories", wanted))
            case _:
                raise _operator("categories", op, "in, contains")

    if isinstance(value, dict):
        return _all_operators("categories", value, one)
    return one("in", value) if isinstance(value, list) else one("contains", value)


def _text(value: object) -> Filter:
    def one(op: str, wanted: object) -> Filter:
        text = _string("text", wanted)
        match op:
            case "eq":
                return Compare(Field.TEXT, Op.EQ, text)
            case "ne":
                return Not(Compare(Field.TEXT, Op.EQ, text))
            case "contains":
                return Compare(Field.TEXT, Op.CONTAINS, text)
            case "icontains":
                return Compare(Field.TEXT, Op.ICONTAINS, text)
            case _:
                raise _operator("text", op, "eq, ne, contains, icontains")

    return _all_operators("text", value, one) if isinstance(value, dict) else one("eq", value)


def _keywords(value: object) -> Filter:
    def one(op: str, wanted: object) -> Filter:
        if op not in ("contains", "icontains"):
            raise _operator("keywords", op, "contains, icontains")
        return Compare(Field.TEXT, Op(op), _string("keywords", wanted))

    if isinstance(value, dict):
        return _all_operators("keywords", value, one)
    return one("icontains", value)


def _memory_ids(value: object) -> Filter:
    def one(op: str, wanted: object) -> Filter:
        if op != "in":
            raise _operator("memory_ids", op, "in")
        ids = [_string("memory_ids", item) for item in _listed("memory_ids", wanted)]
        return any_of(Compare(Field.ID, Op.EQ, id_) for id_ in ids)

    return _all_operators("memory_ids", value, one) if isinstance(value, dict) else one("in", value)


_OTHERS: dict[str, Callable[[object], Filter]] = {
    "text": _text,
    "categories": _categories,
    "keywords": _keywords,
    "keywords_search": _keywords,
    "memory_ids": _memory_ids,
}


def _all_operators(
    name: str, value: dict[str, Any], one: Callable[[str, object], Filter]
) -> Filter:
    if not value:
        raise _invalid(name, "has no operator")
    return all_of(one(op, wanted) for op, wanted in value.items())


def _listed(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _invalid(name, "takes a list")
    return value


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _invalid(name, "must be a string")
    return value


def _operator(name: str, op: str, supported: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"unsupported operator {one_line(repr(op))} for {name}; supported: {supported}"
    )


def _invalid(name: str, trouble: str) -> InvalidRequestError:
    return InvalidRequestError(f"invalid filter: {one_line(name)} {trouble}")
