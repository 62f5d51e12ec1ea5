"""Counts what memories can be narrowed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.review.view import BrowseState, order_types
from mem0_tui.tui.modals.facet_picker import Facet

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.backends.library.local import Library
    from mem0_tui.model.memory import Memory

_AT_ONCE = 500
"""Memories that are read at a time, so that keys get their turn between."""
_METADATA = ("source", "branch", "author")
"""Keys of metadata that are fields of the query language."""


async def facets_of(library: Library, state: BrowseState, now: datetime) -> list[Facet]:
    """All values with counts, field by field: kinds, entities, then what memories carry.

    A count is how many memories the list shows when the value is chosen, in place of others of
    its field where they are alternatives.

    Raises:
        BackendError: they cannot be read.
    """
    expired = state.include_expired
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
    keys = await library.keys(state.condition(now), include_expired=expired)
    carried: Counter[tuple[str, str]] = Counter()
    for start in range(0, len(keys), _AT_ONCE):
        memories = await library.memories(keys[start : start + _AT_ONCE])
        carried.update(pair for memory in memories.values() for pair in _carried(memory))
    order = sorted(carried.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return found + [Facet(field, value, count) for (field, value), count in order]


def _carried(memory: Memory) -> Iterator[tuple[str, str]]:
    yield from (("category", name) for name in _once(memory.categories))
    for key in _METADATA:
        value = memory.metadata.get(key)
        if isinstance(value, str) and value:
            yield key, value
    yield from (("folder", folder) for folder in memory.folders)
    yield "shared", "yes" if memory.shared else "no"


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)
