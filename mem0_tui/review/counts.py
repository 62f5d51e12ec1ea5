"""How many memories the list is about: the one source of the numbers in header, tabs and type bar.

Header and type bar count the rows, which are what ``*`` would mark. The tab of a queue counts what
is to be decided on, as an audit does: of a group that repeats itself not the one to keep. A number
that is not known is left out, and one that is known to be too small, for the listing is incomplete,
is written ``1,134+``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from mem0_tui.review.view import BrowseState

KindCounts = Mapping[str | None, int | None]
"""How many memories of each type there are; a number of None is not known."""


def written(count: int | None, *, at_least: bool = False) -> str:
    """``1,134``, ``1,134+`` where there are more, blank where it is not known."""
    return "" if count is None else f"{count:,}{'+' if at_least else ''}"


def with_looks(found: int, looks: int, *, at_least: bool = False) -> str:
    """Both numbers of a queue, *found* and *looks*: ``12``, ``12 +8?`` with eight that are only
    worth a look, ``8?`` where there are only those."""
    more = f"{written(looks, at_least=at_least)}?" if looks else ""
    if not found and looks:
        return more
    return written(found, at_least=at_least) + (f" +{more}" if more else "")


def total_of(counts: Iterable[int | None]) -> int | None:
    """The sum, or None where one of them is not known."""
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


def in_view(types: KindCounts, state: BrowseState) -> int | None:
    """How many memories the list shows by *types*: those that *state* chooses and does not hide."""
    return total_of(
        count
        for type_, count in types.items()
        if (not state.types or type_ in state.types) and type_ not in state.hidden_types
    )


def agreeing(types: KindCounts, state: BrowseState, shown: int | None) -> KindCounts:
    """*types*, without their numbers where these are of another moment than *shown*."""
    return types if in_view(types, state) == shown else dict.fromkeys(types)


def of_hits(
    hits: Iterable[str | None], names: Iterable[str | None], state: BrowseState
) -> KindCounts:
    """The counts of a search by meaning, from the types of its *hits*.

    Where types are chosen, how many hits the other *names* would have is not known.
    """
    counted = Counter(hits)
    if not state.types and not state.hidden_types:
        return dict(counted)
    chosen = state.types or (set(names) - state.hidden_types)
    others = {name for name in (*names, *state.types, *state.hidden_types) if name not in chosen}
    return {**dict.fromkeys(others), **{name: counted[name] for name in chosen}, **counted}
