"""Why a query finds nothing, as far as counting can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from mem0_tui.model.hints import Values, misread_words, unknown_values
from mem0_tui.model.query import FieldTerm, Query, Word

Count: TypeAlias = Callable[[Query], Awaitable[int]]
"""How many memories match a query."""

_MOST = 6
"""Terms that are counted one by one: each may be a request."""


async def why_nothing(query: Query, count: Count, values: Values) -> tuple[str, ...]:
    """Sentences that say which part of *query*, which finds nothing, is to blame; none where only
    all parts together are.

    Args:
        query: what found nothing.
        count: counts, as the list that is empty does.
        values: what values memories have, as far as known.
    """
    if query.untold:
        return (f"what Codex did is not recorded here, so {query.untold[0]} finds nothing",)
    if not query or await count(query):
        return ()
    found = [*misread_words(query), *unknown_values(query, values)]
    kept = Query(tuple(term for term in query.terms if not term.negated))
    if len(kept.terms) < len(query.terms) and (left := await count(kept)):
        excluded = [term for term in query.terms if term.negated]
        return (*found, await _exclusion(kept, excluded, left, count))
    if len(kept.terms) == 1 and (found or isinstance(kept.terms[0], Word)):
        return tuple(found)
    missing: dict[bool, list[str]] = {True: [], False: []}
    for term in kept.terms[:_MOST]:
        judged = isinstance(term, FieldTerm) and term.op == ":" and term.key in values
        if not judged and not await count(Query((term,))):
            missing[isinstance(term, Word)].append(str(term))
    for is_word, terms in missing.items():
        if terms:
            found.append(f"no memory {'holds' if is_word else 'has'} {_alternatives(terms)}")
    return tuple(found)


def _alternatives(terms: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``; each once."""
    *others, last = dict.fromkeys(terms)
    return f"{', '.join(others)} or {last}" if others else last


async def _exclusion(kept: Query, excluded: list[Word | FieldTerm], left: int, count: Count) -> str:
    """Which of the *excluded* terms leaves out all that *kept* finds; else that all of them do."""
    total = "the only match" if left == 1 else f"all {left:,} matches"
    for term in excluded[:_MOST]:
        if not await count(Query((*kept.terms, term))):
            return f"{term} leaves out {total}"
    return f"{' '.join(map(str, excluded))} together leave out {total}"
