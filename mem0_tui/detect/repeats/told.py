"""What was said of texts that belong together, kept until something near them changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from mem0_tui.detect.suspicion import Suspicion, Tier

_Place = tuple[bool, tuple[str, ...], str]


class Told:
    """The suspicions of one queue, by component: the classes that judged pairs hold together.

    In order, so that one change does not cost the sorting of all.
    """

    def __init__(self) -> None:
        self._ordered: list[tuple[_Place, Suspicion]] = []
        self._of_component: dict[int, list[Suspicion]] = {}

    def clear(self) -> None:
        """Forget all of them."""
        self._ordered, self._of_component = [], {}

    def forget(self, component: int) -> None:
        """Take out what was said of one component."""
        for suspicion in self._of_component.pop(component, ()):
            at = bisect_left(self._ordered, _place(suspicion), key=_first)
            while self._ordered[at][1] is not suspicion:
                at += 1
            del self._ordered[at]

    def put(self, found: Iterable[Suspicion], component_of: Callable[[Suspicion], int]) -> None:
        """Add what is said now."""
        every = list(found)
        for suspicion in every:
            self._of_component.setdefault(component_of(suspicion), []).append(suspicion)
        entries = [(_place(suspicion), suspicion) for suspicion in every]
        if self._ordered:
            for entry in entries:
                insort(self._ordered, entry, key=_first)
        else:
            self._ordered = sorted(entries, key=_first)

    def __iter__(self) -> Iterator[Suspicion]:
        return (suspicion for _, suspicion in self._ordered)


def _place(suspicion: Suspicion) -> _Place:
    return suspicion.tier is Tier.LOOK, suspicion.ids, suspicion.reason


def _first(entry: tuple[_Place, Suspicion]) -> _Place:
    return entry[0]


class Components:
    """Which classes belong together."""

    def __init__(self) -> None:
        self._of_class: dict[int, int] = {}
        self._classes: dict[int, frozenset[int]] = {}
        self._next = 0

    def clear(self) -> None:
        """Forget all of them."""
        self._of_class, self._classes = {}, {}

    def around(
        self, classes: Iterable[int], beside: Mapping[int, Collection[int]]
    ) -> tuple[set[int], set[int]]:
        """All classes that belong together with *classes*, now or when they were last put, and the
        components of that time; *beside* tells with which ones a class was judged."""
        found: set[int] = set()
        before: set[int] = set()
        todo = list(classes)
        while todo:
            number = todo.pop()
            if number in found:
                continue
            found.add(number)
            todo.extend(beside.get(number, ()))
            component = self._of_class.get(number)
            if component is not None and component not in before:
                before.add(component)
                todo.extend(self._classes[component])
        return found, before

    def put(
        self,
        classes: Iterable[int],
        before: Iterable[int],
        beside: Mapping[int, Collection[int]],
    ) -> None:
        """Part *classes* into components anew, in place of those *before*."""
        for component in before:
            for number in self._classes.pop(component):
                del self._of_class[number]
        for start in classes:
            if start not in self._of_class:
                members, todo = {start}, [start]
                while todo:
                    for other in beside.get(todo.pop(), ()):
                        if other not in members:
                            members.add(other)
                            todo.append(other)
                self._next += 1
                self._classes[self._next] = frozenset(members)
                self._of_class.update(dict.fromkeys(members, self._next))

    def of(self, number: int) -> int:
        """The component of a class."""
        return self._of_class[number]


class Cores:
    """Around which cores each opening or ending was seen, by component."""

    def __init__(self, fewest: int) -> None:
        """*fewest* cores make boilerplate of one."""
        self._fewest = fewest
        self._times: dict[str, dict[object, int]] = {}
        self.known: set[str] = set()
        """What is boilerplate."""

    def clear(self) -> None:
        """Forget all of them."""
        self._times, self.known = {}, set()

    def change(
        self,
        gone: Iterable[tuple[str, object]],
        seen: Iterable[tuple[str, object]],
    ) -> bool:
        """Take *gone* back and add *seen*; whether other ones are boilerplate now."""
        touched: set[str] = set()
        for pairs, sign in ((gone, -1), (seen, 1)):
            for name, core in pairs:
                times = self._times.setdefault(name, {})
                times[core] = times.get(core, 0) + sign
                if not times[core]:
                    del times[core]
                touched.add(name)
        turned = False
        for name in touched:
            known = len(self._times[name]) >= self._fewest
            if known != (name in self.known):
                turned = True
                self.known ^= {name}
            if not self._times[name]:
                del self._times[name]
        return turned
