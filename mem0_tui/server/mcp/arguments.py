"""Reads the arguments of Mem0's tools as what the REST interface would be asked for.

What is unknown is ignored, except where something is deleted by scope: there it might have been
meant to narrow the scope, so it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import InvalidRequestError, UnsafeScopeError
from mem0_tui.model.memory import storable_json
from mem0_tui.model.text import one_line
from mem0_tui.wire.filters import parse_filters, scoped
from mem0_tui.wire.tools import AddMemory, ScopeArguments

_DEEPEST: Final = 64
"""Levels of nesting that arguments may have."""
_HARMLESS: Final = {"org_id", "project_id", "source", "enable_graph"}
"""What clients add to any call and what narrows no scope."""

Arguments = dict[str, Any]


def storable(arguments: Mapping[str, Any] | None) -> Arguments:
    """*arguments* as JSON that the store can hold and hand out again.

    Raises:
        InvalidRequestError: they hold NaN or infinity, or are nested too deeply.
    """
    _check(arguments, 0)
    found: Arguments = storable_json(arguments or {})
    return found


def _check(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise InvalidRequestError("the arguments are nested too deeply")
    if isinstance(value, float) and not isfinite(value):
        raise InvalidRequestError(f"{value} is not a JSON number")
    if isinstance(value, dict):
        for item in value.values():
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def add_body(arguments: Arguments, default_user: str) -> Arguments:
    """The body of an add. Without a user, agent or run, it belongs to *default_user*."""
    asked = AddMemory.parse(arguments)
    names = (
        *("metadata", "infer", "expiration_date", "timestamp", "immutable", "source"),
        *("categories", "custom_categories"),
    )
    body = {name: arguments[name] for name in names if arguments.get(name) is not None}
    body["messages"] = [{"role": turn.role, "content": turn.content} for turn in asked.turns]
    ids = {entity.kind.id_field: entity.id for entity in asked.entities if entity.id.strip()}
    if not ids.keys() - {EntityKind.APP.id_field}:
        ids[EntityKind.USER.id_field] = default_user
    return {**body, **ids}


def question_body(arguments: Arguments, default_user: str) -> Arguments:
    """The body of a list or search. Filters that name no entity are about *default_user*; an id
    beside them is one of them."""
    filters = arguments.get("filters")
    if filters is not None and not isinstance(filters, dict):
        raise InvalidRequestError("filters must be an object")
    ids = [
        {kind.id_field: arguments[kind.id_field]}
        for kind in EntityKind
        if arguments.get(kind.id_field) not in (None, "")
    ]
    parts = [*([filters] if filters else []), *ids]
    if not any(scoped(parse_filters(part)) for part in parts):
        parts.append({EntityKind.USER.id_field: default_user})
    names = ("query", "top_k", "limit", "threshold", "fields", "show_expired")
    body = {name: arguments[name] for name in names if arguments.get(name) is not None}
    return {**body, "filters": {"AND": parts}}


def doomed_scope(arguments: Arguments) -> list[EntityRef]:
    """The entities that a delete by scope is aimed at, each by its whole id.

    Raises:
        UnsafeScopeError: there is none, a wildcard, a blank, or something that is no entity.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    known = {kind.id_field for kind in EntityKind}
    unknown = sorted(given.keys() - known - _HARMLESS)
    if unknown:
        raise UnsafeScopeError(
            f"nothing was deleted: {one_line(', '.join(unknown))} is not a scope; "
            f"give {', '.join(kind.id_field for kind in EntityKind)}"
        )
    entities = [entity.checked() for entity in ScopeArguments.parse(given).entities]
    if not entities:
        raise UnsafeScopeError(
            "nothing was deleted: without a user_id, agent_id, app_id or run_id this would mean "
            "everything"
        )
    return entities


def doomed_entity(arguments: Arguments) -> EntityRef:
    """The one entity that is to be deleted.

    Raises:
        UnsafeScopeError: there is none, or more than one, or see :func:`doomed_scope`.
    """
    entities = doomed_scope(arguments)
    if len(entities) > 1:
        named = ", ".join(one_line(str(entity)) for entity in entities)
        raise UnsafeScopeError(
            f"nothing was deleted: {named} are several entities; name exactly one of them, or use "
            "delete_all_memories for the memories that they have in common"
        )
    return entities[0]
