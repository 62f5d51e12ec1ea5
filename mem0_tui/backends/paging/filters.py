"""Which filters to send to the Platform so that every memory that passes a condition comes.

Mem0's own sources disagree on whether a filter on a user hides the memories that also have an app.
So such a condition is asked twice: with any app, and within an OR, which lifts such hiding; the
rows are joined by id. Where an app is named, or all entities are meant, one form is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from mem0_tui.model.filter import Filter
from mem0_tui.wire.filters import ENTITY_FIELDS, parse_filters, scoped
from mem0_tui.wire.tofilters import EVERY_ENTITY, FilterJson, to_filters

_ANY_APP: FilterJson = {"app_id": "*"}


@dataclass(frozen=True, slots=True)
class Forms:
    """The filters to send, and what remains to be evaluated on the rows."""

    filters: tuple[FilterJson, ...]
    residual: Filter


def forms(condition: Filter) -> Forms:
    """The requests whose rows together hold every memory that passes *condition*."""
    written, residual = to_filters(condition)
    parts: list[FilterJson] = written.get("AND", [])
    if not scoped(parse_filters(written)):
        everything = {"AND": [EVERY_ENTITY, *parts]} if parts else EVERY_ENTITY
        return Forms((everything,), residual)
    if any(_names_app(part) for part in parts):
        return Forms(({"AND": parts},), residual)
    return Forms(({"AND": [*parts, _ANY_APP]}, _lifted(parts)), residual)


def _names_app(part: FilterJson) -> bool:
    value = part.get("app_id")
    return value is not None and not (isinstance(value, dict) and "ne" in value)


def _lifted(parts: list[FilterJson]) -> FilterJson:
    """*parts* with their entity ids within an OR."""
    ids = [part for part in parts if set(part) <= set(ENTITY_FIELDS)]
    rest = [part for part in parts if part not in ids]
    if not ids:
        return {"AND": rest}
    scope: FilterJson = {"OR": [ids[0] if len(ids) == 1 else {"AND": ids}]}
    return {"AND": [scope, *rest]} if rest else scope
