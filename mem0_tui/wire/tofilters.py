"""Conditions written as Mem0's filter JSON, as far as the Platform means the same by it.

Only what the Platform documents and compares as we do is written; the rest is handed back, to be
evaluated on what comes. So nothing is lost by a difference of opinion, only loaded in vain: the
Platform does not say whether ``ne`` on metadata keeps memories without the key, whether ``eq``
looks into lists, or how ``icontains`` folds letters beyond ASCII.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from mem0_tui.model.filter import EVERYTHING, And, Compare, Field, Filter, Not, Op, Or, all_of
from mem0_tui.wire.memory import moment_to_wire

FilterJson: TypeAlias = dict[str, Any]

EVERY_ENTITY: FilterJson = {
    "OR": [{"user_id": "*"}, {"agent_id": "*"}, {"app_id": "*"}, {"run_id": "*"}]
}
"""The Platform's form of «all memories»: each has at least one entity."""

_MOST_IDS = 500
"""More are not sent, but looked for in what comes."""
_ENTITIES = (Field.USER, Field.AGENT, Field.APP, Field.RUN)
_MOMENTS = (Field.CREATED, Field.UPDATED)
_ORDER = {Op.GT: "gt", Op.GE: "gte", Op.LT: "lt", Op.LE: "lte"}


def to_filters(condition: Filter) -> tuple[FilterJson, Filter]:
    """*condition* as filter JSON, and the part of it that the JSON does not express.

    Both together mean *condition*. The JSON is ``{}`` or ``{"AND": [...]}``, never an AND with an
    OR beside it, of which the Platform drops the OR. It may lack the entity id that the Platform
    asks for.
    """
    parts = conjuncts(condition)
    written = [(part, _exact(part)) for part in parts]
    known = [json or _wider(part) for part, json in written]
    known = [json for json in known if json is not None]
    rest = [part for part, json in written if json is None]
    return ({"AND": known} if known else {}), (all_of(rest) if rest else EVERYTHING)


def conjuncts(condition: Filter) -> list[Filter]:
    """The conditions that must all hold for *condition* to hold, with negations pushed inwards."""
    match condition:
        case And(parts):
            return [conjunct for part in parts for conjunct in conjuncts(part)]
        case Not(And(parts)) if len(parts) == 1:
            return conjuncts(Not(parts[0]))
        case Not(Or(parts)):
            return [conjunct for part in parts for conjunct in conjuncts(Not(part))]
        case Not(Not(part)):
            return conjuncts(part)
        case Or(parts) if len(parts) == 1:
            return conjuncts(parts[0])
        case _:
            return [condition]


def _exact(condition: Filter) -> FilterJson | None:
    match condition:
        case Compare(key, op, value):
            return _compare(key, op, value)
        case Not(Compare(key, Op.EQ, value)) if key in _ENTITIES and _is_id(value):
            return {str(key): {"ne": value}}
        case Or(parts):
            return _alternatives(parts)
        case And(parts):
            inner = [_exact(part) for part in conjuncts(condition)]
            known = [json for json in inner if json is not None]
            return {"AND": known} if parts and len(known) == len(inner) else None
        case _:
            return None


def _wider(condition: Filter) -> FilterJson | None:
    """JSON that holds wherever *condition* does, and maybe elsewhere: it spares reading the rest.

    A kind may be a type or a category, and which of them it is, the Platform cannot tell.
    """
    match condition:
        case Compare(Field.KIND, Op.EQ, value) if _is_id(value):
            return {"OR": [{"metadata": {"type": value}}, {"categories": {"in": [value]}}]}
        case Or(parts) if parts:
            written = [_exact(part) or _wider(part) for part in parts]
            known = [json for json in written if json is not None]
            return {"OR": known} if len(known) == len(written) else None
        case _:
            return None


def _alternatives(parts: tuple[Filter, ...]) -> FilterJson | None:
    if not parts:
        return None
    ids = _same_field(parts)
    if ids is not None:
        return ids
    written = [_exact(part) for part in parts]
    known = [json for json in written if json is not None]
    return {"OR": known} if len(known) == len(written) else None


def _same_field(parts: tuple[Filter, ...]) -> FilterJson | None:
    """Alternatives for one id field as ``in``, or None if they are not that."""
    keys = {part.key if isinstance(part, Compare) and part.op is Op.EQ else None for part in parts}
    key = keys.pop()
    if keys or not isinstance(key, Field):
        return None
    values = [part.value for part in parts if isinstance(part, Compare)]
    if not all(_is_id(value) for value in values):
        return None
    if key is Field.ID:
        return {"memory_ids": values} if len(values) <= _MOST_IDS else None
    if key is Field.CATEGORY:
        return {"categories": {"in": values}}
    return {str(key): {"in": values}} if key in _ENTITIES else None


def _compare(key: object, op: Op, value: Any) -> FilterJson | None:
    if key in _ENTITIES:
        if op is Op.PRESENT:
            return {str(key): "*"}
        return {str(key): value} if op is Op.EQ and _is_id(value) else None
    if key in _MOMENTS and op in _ORDER and hasattr(value, "astimezone"):
        return {str(key): {_ORDER[op]: moment_to_wire(value)}}
    if op is not Op.EQ or not _is_id(value):
        return None
    match key:
        case Field.TYPE:
            return {"metadata": {"type": value}}
        case Field.ID:
            return {"memory_ids": [value]}
        case Field.CATEGORY:
            return {"categories": {"in": [value]}}
        case _:
            return None


def _is_id(value: object) -> bool:
    """Whether *value* is a string that a filter takes to the letter: ``*`` is a wildcard there."""
    return isinstance(value, str) and bool(value.strip()) and value != "*"
