"""What two texts are to each other, and what shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Relation(StrEnum):
    """What two texts are to each other."""

    REPEAT = "repeat"
    ALIKE = "alike"
    """A repeat, perhaps: a person has to tell."""
    CONFLICT = "conflict"
    CHOICE = "choice"
    """A conflict, perhaps: another word where a value stands."""


class PairJudgement(NamedTuple):
    """How two texts are related."""

    sort: Relation
    affixes: tuple[str, ...] = ()
    """Openings and endings (:func:`~.boilerplate.affix`) that must be boilerplate; if they are not,
    it is *otherwise*."""
    otherwise: Relation | None = None
    spans: tuple[tuple[int, int], tuple[int, int]] | None = None
    """Of a conflict: where the value stands in the text of the one and of the other."""
    yes_or_no: bool = False
    """Of a conflict: whether one denies what the other says."""

    @property
    def reversed(self) -> PairJudgement:
        """The judgement of the same two texts in the other order."""
        return self._replace(spans=self.spans[::-1]) if self.spans else self
