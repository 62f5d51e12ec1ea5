"""What a store and a backup hold, compared with what both held when they last agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple, TypeAlias


class Agreed(NamedTuple):
    """What a memory was when both sides said the same of it: blob ids, empty where it was not."""

    ours: str
    """The file that the store would have written."""
    theirs: str
    """The file that the repository held: it may differ in what no edit can set, as dates."""


Base: TypeAlias = Mapping[str, Agreed]
"""By path; a path that is not in it was on neither side."""


class SideState(Enum):
    """How a memory stands."""

    SAME = auto()
    OURS = auto()
    """Changed, added or deleted in the store only."""
    THEIRS = auto()
    """Changed, added or deleted in the repository only."""
    BOTH = auto()
    """Changed on both sides, and not alike."""


def state_of(ours: str, theirs: str, agreed: Agreed | None) -> SideState:
    """How a memory stands whose files on both sides have these ids, empty where there is none.

    *agreed* is None where nothing is known of an earlier state: then nothing counts as deleted.
    """
    if ours == theirs:
        return SideState.SAME
    if agreed is None:
        return SideState.OURS if not theirs else SideState.THEIRS if not ours else SideState.BOTH
    if ours == agreed.ours:
        return SideState.SAME if theirs == agreed.theirs else SideState.THEIRS
    return SideState.OURS if theirs == agreed.theirs else SideState.BOTH


NEVER = Agreed("", "")


@dataclass(slots=True)
class ThreeWay:
    """All memories of one folder of a backup, on both sides."""

    ours: Mapping[str, str]
    """Blob ids by path."""
    theirs: Mapping[str, str]
    base: Base | None
    """None where no earlier state is known."""
    judged: dict[str, SideState] = field(default_factory=dict)
    """The states of those whose files differ more than what they say does, by path."""
    unread: frozenset[str] = frozenset()
    """Paths of memories that are damaged in the store: nothing is said of them."""

    def __iter__(self) -> Iterator[tuple[str, SideState]]:
        """All paths in order, with their states."""
        for path in sorted({*self.ours, *self.theirs}):
            yield path, self.state(path)

    def state(self, path: str) -> SideState:
        """How the memory of *path* stands."""
        if path in self.unread:
            return SideState.SAME
        if path in self.judged:
            return self.judged[path]
        agreed = None if self.base is None else self.base.get(path, NEVER)
        return state_of(self.ours.get(path, ""), self.theirs.get(path, ""), agreed)

    def paths(self, *states: SideState) -> list[str]:
        """The paths in one of *states*, in order."""
        return [path for path, state in self if state in states]

    def agreed(
        self, *, written: bool, ours_wins: frozenset[str] = frozenset()
    ) -> dict[str, Agreed]:
        """What both sides agree on from now on; what is still to be settled stays as it was.

        Args:
            written: whether the repository now has what was changed in the store only.
            ours_wins: paths that were changed on both sides and where the store's side counts.
        """
        found: dict[str, Agreed] = {}
        for path, state in self:
            ours, theirs = self.ours.get(path, ""), self.theirs.get(path, "")
            earlier = (self.base or {}).get(path)
            if path in ours_wins:
                found[path] = Agreed("0", theirs)  # differs from whatever the store holds
            elif state is SideState.SAME and path not in self.unread:
                if ours or theirs:
                    found[path] = Agreed(ours, theirs)
            elif state is SideState.OURS and written:
                if ours:
                    found[path] = Agreed(ours, ours)
            elif earlier is not None:
                found[path] = earlier
        return found
