"""Counts what memories can be narrowed by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.review.view import BrowseState, order_types
from mem0_tui.tui.modals.facet_picker import Facet

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.backends.library.library import Library


async def facets_of(library: Library, state: BrowseState, now: datetime) -> list[Facet]:
    """All values with counts, field by field: kinds, entities, then what memories carry.

    A count is how many memories the list shows when the value is chosen, in place of others of
    its field where they are alternatives.

    Raises:
        BackendError: they cannot be read.
    """
    expired = state.shows_expired
    counts = await library.kind_counts(state.base_condition(now), include_expired=expired)
    found = [
        Facet("kind", kind, counts[kind], kind in state.types, kind in state.hidden_types)
        for kind in order_types(dict(counts))
    ]
    entities = await library.entities()
    for kind in EntityKind:
        others = frozenset(ref for ref in state.scope if ref.kind is not kind)
        view = replace(state, scope=others).condition(now)
        shown = await library.entity_counts(kind, view, include_expired=expired)
        found += [
            Facet(kind.value, id_, shown.get(id_, 0), EntityRef(kind, id_) in state.scope)
            for id_ in dict.fromkeys([*entities.ids(kind), *shown])
            if id_ in shown or EntityRef(kind, id_) in state.scope
        ]
    carried = await library.carried_counts(state.condition(now), include_expired=expired)
    order = sorted(carried.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return found + [Facet(field, value, count) for (field, value), count in order]
