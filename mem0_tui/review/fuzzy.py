"""Narrows a loaded list while a person types: substrings first, then what is spelt alike.

The order is stable: within each rank, memories stay in the order of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from mem0_tui.model.memory import Memory
from mem0_tui.model.words import fold

_ENOUGH = 50
"""With so many substring hits, nothing that is only spelt alike is looked for."""
_CANDIDATES = 5000
"""How many memories are compared for likeness, from the top of the list."""
_TURN = 200
"""How many are compared before other threads have their turn: a millisecond or two."""
_LEAST_LENGTH = 3
_CUTOFF = 78.0
"""rapidfuzz's partial ratio (0 to 100) from which on a memory counts as spelt alike."""


class Rank(IntEnum):
    """How a memory matches; lower is better."""

    PHRASE = 0
    """It holds what was typed, as it was typed."""
    WORDS = 1
    """It holds every word."""
    ALIKE = 2
    """It holds something spelt much like it."""


@dataclass(frozen=True, slots=True)
class Match:
    """One memory that stays in the list."""

    index: int
    """Its place in the list that was given."""
    rank: Rank
    score: float = 100.0


class Narrower:
    """Narrows one list of memories; make a new one when the list changes."""

    def __init__(self, memories: Sequence[Memory]) -> None:
        self._texts = [_searchable(memory) for memory in memories]
        self._last: tuple[str, list[int]] = ("", list(range(len(self._texts))))

    def narrow(self, typed: str) -> tuple[Match, ...]:
        """The memories that match *typed*, best rank first; all of them when it is blank."""
        wanted = " ".join(fold(typed).split())
        if not wanted:
            return tuple(Match(index, Rank.PHRASE) for index in range(len(self._texts)))
        found = self._holding_words(wanted)
        matches = [Match(i, Rank.PHRASE) for i in found if wanted in self._texts[i]]
        matches += [Match(i, Rank.WORDS) for i in found if wanted not in self._texts[i]]
        if len(found) < _ENOUGH and len(wanted) >= _LEAST_LENGTH:
            matches += self._alike(wanted, set(found))
        return tuple(matches)

    def _holding_words(self, wanted: str) -> list[int]:
        """Those that hold every word; what was typed before, if it was longer typed on, bounds
        where to look."""
        before, indices = self._last
        candidates = indices if wanted.startswith(before) else range(len(self._texts))
        words = wanted.split()
        texts = self._texts
        found = [index for index in candidates if all(word in texts[index] for word in words)]
        self._last = (wanted, found)
        return found

    def _alike(self, wanted: str, taken: set[int]) -> list[Match]:
        from rapidfuzz import fuzz, process

        indices = [i for i in range(min(_CANDIDATES, len(self._texts))) if i not in taken]
        scored: list[tuple[str, float, int]] = []
        for start in range(0, len(indices), _TURN):
            candidates = {index: self._texts[index] for index in indices[start : start + _TURN]}
            scored += process.extract(
                wanted, candidates, scorer=fuzz.partial_ratio, score_cutoff=_CUTOFF, limit=_ENOUGH
            )
        ordered = sorted(scored, key=lambda each: (-round(each[1]), each[2]))[:_ENOUGH]
        return [Match(index, Rank.ALIKE, score) for _, score, index in ordered]


def _searchable(memory: Memory) -> str:
    values = (memory.text, memory.kind or "", str(memory.scope), *memory.categories)
    return " ".join(fold(" ".join(values)).split())
