"""Reads what a client wants to list or search: Mem0's filters and options, as conditions.

Nothing is listed or searched, and above all nothing deleted, by a scope that is not understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.filter import (
    EVERYTHING,
    Compare,
    Field,
    Filter,
    Not,
    Op,
    all_of,
    any_of,
    entity_field,
    names_field,
)
from mem0_tui.model.memory import JsonObject, as_moment, as_number
from mem0_tui.server.requests.add import NO_ENTITY, expiry
from mem0_tui.server.requests.body import flag, optional_object, optional_text, texts, whole_number
from mem0_tui.wire.filters import parse_filters, scoped
from mem0_tui.wire.platform import MAX_TOP_K

_ID_FIELDS = tuple(kind.id_field for kind in EntityKind)
_DELETE_ALL_KNOWS = {*_ID_FIELDS, "metadata", "org_id", "project_id", "source"}


@dataclass(frozen=True, slots=True)
class Question:
    """What to list or search."""

    condition: Filter
    include_expired: bool
    fields: tuple[str, ...] | None
    """The members of a memory to answer; None means all."""


def read_question(body: JsonObject) -> Question:
    """The part that list and search have in common.

    Raises:
        InvalidRequestError: the filters are missing, name no entity, or do not fit the grammar.
    """
    misplaced = [name for name in _ID_FIELDS if name in body and name != "app_id"]
    if misplaced:
        raise InvalidRequestError(f"{', '.join(misplaced)} must be passed inside filters.")
    filters = body.get("filters")
    if not isinstance(filters, dict) or not filters:
        raise InvalidRequestError(f"filters is required. {NO_ENTITY}")
    optional_text(body.get("source"), "source")
    condition = _within_app(parse_filters(filters), body.get("app_id"))
    if not scoped(condition):
        raise InvalidRequestError(NO_ENTITY)
    fields = body.get("fields")
    return Question(
        condition=all_of([condition, *_options(body)]),
        include_expired=flag(body.get("show_expired"), "show_expired", default=False),
        fields=None if fields is None else texts(fields, "fields"),
    )


def _within_app(condition: Filter, app_id: object) -> Filter:
    """*condition* within the app that stands beside the filters, as Mem0's Codex plugin 0.3.2 and
    later sends it. Where the filters name apps themselves, those count: each of their lanes may
    have its own, and none of them is hidden."""
    if app_id is not None and not isinstance(app_id, str):
        raise InvalidRequestError("app_id must be a string.")
    if app_id is None or not app_id.strip() or names_field(condition, Field.APP):
        return condition
    return all_of([condition, parse_filters({"app_id": app_id})])


def _options(body: JsonObject) -> Iterable[Filter]:
    names = () if body.get("categories") is None else texts(body["categories"], "categories")
    if names:
        yield any_of(Compare(Field.CATEGORY, Op.EQ, name) for name in names)
    metadata = optional_object(body.get("metadata"), "metadata")
    if metadata:
        yield parse_filters({"metadata": metadata})
    for word in (optional_text(body.get("keywords"), "keywords") or "").split():
        yield Compare(Field.TEXT, Op.ICONTAINS, word)
    start, end = expiry_day(body, "start_date"), expiry_day(body, "end_date")
    if start is not None:
        yield Compare(Field.CREATED, Op.GE, start)
    if end is not None:
        yield Compare(Field.CREATED, Op.LE, datetime.combine(end, time.max, UTC))
    if flag(body.get("latest_only"), "latest_only", default=False):
        yield Not(Compare(Field.SUPERSEDED, Op.EQ, True))


def expiry_day(body: JsonObject, name: str) -> datetime | None:
    """The first moment (UTC) of the day that *name* holds, or None."""
    try:
        day = expiry(body.get(name))
        return datetime.combine(day, time(), UTC) if day is not None else None
    except InvalidRequestError as error:
        raise InvalidRequestError(f"{name} must be a date in the form YYYY-MM-DD.") from error


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What to search, and how."""

    query: str
    question: Question
    top_k: int
    threshold: float


def read_search(body: JsonObject) -> SearchQuestion:
    """What the body of a search asks for; ``limit`` is an older name of ``top_k``.

    Raises:
        InvalidRequestError: the query is blank, the filters do not fit, or a number is off.
    """
    query = body.get("query")
    if not isinstance(query, str) or not query.strip():
        raise InvalidRequestError("query is required and must not be blank.")
    for name in ("rerank", "keyword_search", "enable_graph"):
        flag(body.get(name), name, default=False)
    top_k = 10
    for name in ("limit", "top_k"):
        if body.get(name) is not None:
            top_k = whole_number(body[name], name, least=1, most=MAX_TOP_K)
    _check_reference_date(body.get("reference_date"))
    return SearchQuestion(query, read_question(body), top_k, _threshold(body.get("threshold")))


def _threshold(value: object) -> float:
    if value is None:
        return 0.1
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise InvalidRequestError("threshold must be a number from 0 to 1.")
    return float(value)


def _check_reference_date(value: object) -> None:
    number = as_number(value) is not None
    if value is not None and not number and as_moment(value) is None:
        raise InvalidRequestError("reference_date must be a Unix time, a date or an ISO date-time.")


def read_delete_all(query: Iterable[tuple[str, str]]) -> Filter:
    """The memories that ``DELETE /v1/memories/`` is aimed at: those that have *all* ids given.

    All four as ``*`` mean everything, as Mem0's command line says it. Fewer would too, or nearly
    so, to Mem0; here they are refused, for a single stray character is no word for that.

    Raises:
        InvalidRequestError: no scope, one that is not understood, twice the same, a blank one, or
            ``*`` for some ids only.
    """
    pairs = list(query)
    given = dict(pairs)
    unknown = sorted({name for name, _ in pairs} - _DELETE_ALL_KNOWS)
    if unknown:
        raise InvalidRequestError(
            f"Not deleted: {', '.join(unknown)} is not a scope. Give {', '.join(_ID_FIELDS)}."
        )
    if len(pairs) != len(given):
        raise InvalidRequestError("Not deleted: a scope is given twice.")
    ids = {kind: given[kind.id_field] for kind in EntityKind if kind.id_field in given}
    if not ids:
        raise InvalidRequestError(NO_ENTITY)
    if not all(value.strip() for value in ids.values()):
        raise InvalidRequestError("Not deleted: a blank id names no scope.")
    parts = [_metadata_filter(given["metadata"])] if "metadata" in given else []
    if len(ids) == len(EntityKind) and set(ids.values()) == {"*"}:
        return all_of(parts) if parts else EVERYTHING
    if "*" in ids.values():
        raise InvalidRequestError(
            f"Not deleted: * is not an id. To delete everything, give {', '.join(_ID_FIELDS)} as *."
        )
    parts += [Compare(entity_field(kind), Op.EQ, value) for kind, value in ids.items()]
    return all_of(parts)


def _metadata_filter(text: str) -> Filter:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("Not deleted: metadata must be a JSON object.") from error
    if not isinstance(value, dict) or not value:
        raise InvalidRequestError("Not deleted: metadata must be a JSON object.")
    return parse_filters({"metadata": value})


def scope_filters(body: Mapping[str, Any], *, missing: str) -> JsonObject:
    """The filters of an export: under ``filters``, or the ids at the top level.

    Raises:
        InvalidRequestError: there are none; says *missing*.
    """
    filters = optional_object(body.get("filters"), "filters") or {}
    top = {name: body[name] for name in _ID_FIELDS if body.get(name) is not None}
    found = {**filters, **top}
    if not found or not scoped(parse_filters(found)):
        raise InvalidRequestError(missing)
    return found
