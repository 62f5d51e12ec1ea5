"""What became of a path that is no more: followed from commit to commit through a history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from mem0_tui.evidence.repository.history import ADDED, RENAMED, History, PathEvent
from mem0_tui.git.objects import Tree

_HOPS = 32
_MOST_OF_IT, _HALF = 0.8, 0.5
"""The share of what was left in a folder, and of all that was in it, that must have gone to one
place for the folder to have moved there."""
_MANY = 5
"""Files that move together, whatever has left the folder before."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a path came to its end."""

    commit: int
    """Number of the commit."""
    target: str | None
    """Where it is now; None where it is gone."""


class Endings:
    """All endings of a history, by path."""

    def __init__(self, history: History, tree: Tree) -> None:
        self._tree = tree
        self._endings: dict[str, list[PathEvent]] = {}
        self._added: dict[str, list[int]] = {}
        self._history = history
        for event in history.endings():
            self._endings.setdefault(event.path, []).append(event)

    def more(self, events: Iterable[PathEvent]) -> None:
        """Know of these endings too, in any order."""
        for event in events:
            those = self._endings.setdefault(event.path, [])
            if event not in those:
                those.append(event)
                those.sort()

    def look_up_additions(self, paths: Collection[str]) -> None:
        """Find out when each of *paths* was added, for :meth:`follow`."""
        ends = {each.path for path in paths for each in self._endings.get(path, ())}
        for path, events in self._history.events(ends, bytes((ADDED,))).items():
            self._added[path] = [event.commit for event in events]

    def follow(self, path: str, earlier: Callable[[int], bool]) -> Ending | None:
        """What became of *path*, which was there in a commit; None where no commit tells.

        Args:
            path: a file.
            earlier: whether a commit is in the history of that commit.
        """
        first: int | None = None
        seen = {path}
        before = len(self._history.ids)
        for _ in range(_HOPS):
            event = self._oldest(path, before, earlier if first is None else None)
            if event is None:
                return None
            if event.kind != RENAMED or event.target is None:
                return Ending(event.commit, None)
            first = event.commit if first is None else first
            path, before = event.target, event.commit
            if path in self._tree.files:
                return Ending(first, path)
            if path in seen:
                return None
            seen.add(path)
        return None

    def _oldest(
        self, path: str, before: int, earlier: Callable[[int], bool] | None
    ) -> PathEvent | None:
        """The oldest ending of *path* that counts, newer than the commit *before*. One after which
        it was added again does not: that was taken back."""
        later = [
            event
            for event in self._endings.get(path, ())
            if event.commit < before and not (earlier is not None and earlier(event.commit))
        ]
        for event in reversed(later):
            again = any(added < event.commit for added in self._added.get(path, ()))
            if event.kind == RENAMED or not again or event is later[0]:
                return event
        return None

    def follow_folder(self, folder: str, earlier: Callable[[int], bool]) -> Ending | None:
        """The same for a folder that is no more."""
        prefix = folder + "/"
        ends: list[PathEvent] = []
        for path, events in self._endings.items():
            if path.startswith(prefix):
                ends += [each for each in events if not earlier(each.commit)]
        if not ends:
            return None
        last = min(each.commit for each in ends)
        together = [each for each in ends if each.commit == last]
        place, share = _most(folder, together)
        _, of_all = _most(folder, ends)
        enough = of_all >= _HALF or len(together) >= _MANY
        moved = share >= _MOST_OF_IT and enough and place in self._tree.folders
        return Ending(last, place if moved else None)


def _most(folder: str, ends: Sequence[PathEvent]) -> tuple[str, float]:
    """Where most of what lay in *folder* went, keeping its place within, and which share of it."""
    places: dict[str, int] = {}
    for each in ends:
        rest = each.path[len(folder) :]
        if each.target is not None and each.target.endswith(rest):
            place = each.target[: -len(rest)]
            places[place] = places.get(place, 0) + 1
    place, count = max(places.items(), key=lambda pair: pair[1], default=("", 0))
    return place, count / len(ends)
