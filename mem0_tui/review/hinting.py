"""What the search box says where its query finds nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.filter import EVERYTHING, Compare, Field, Op
from mem0_tui.model.text import one_line

if TYPE_CHECKING:
    from mem0_tui.backends.library.library import Library
    from mem0_tui.model.query import Query
    from mem0_tui.review.view import BrowseState


async def hint_for(library: Library, state: BrowseState, now: datetime) -> str:
    """Why the query of *state* finds nothing, as one safe line; empty where nobody can say."""
    if not state.query or library.partial:
        return ""
    # Imported here: it is not needed before the first frame.
    from mem0_tui.curator.hints import why_nothing

    values: dict[str, set[str]] = {}
    for field, condition in (("kind", EVERYTHING), ("type", Compare(Field.TYPE, Op.PRESENT))):
        kinds = await library.kind_counts(condition, include_expired=True)
        values[field] = {name for name in kinds if name is not None}
    entities = await library.entities()
    for entity in entities:
        values.setdefault(entity.kind.value, set()).add(entity.id)

    async def count(query: Query) -> int:
        counts = await library.kind_counts(query.filter(now), include_expired=state.shows_expired)
        return sum(counts.values())

    return one_line("; ".join(await why_nothing(state.query, count, values)))
