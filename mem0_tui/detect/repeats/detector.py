"""The detector of repeats and conflicts."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from typing import Final

from mem0_tui.detect.repeats.boilerplate import FEWEST_CORES
from mem0_tui.detect.repeats.classes import Classes
from mem0_tui.detect.repeats.conflicts import Conflicts
from mem0_tui.detect.repeats.edges import Edge, Edges, settled
from mem0_tui.detect.repeats.groups import Groups, Star
from mem0_tui.detect.repeats.memory_table import MemoryTable, is_exact
from mem0_tui.detect.repeats.relation import Relation
from mem0_tui.detect.repeats.remembered import Remembered
from mem0_tui.detect.repeats.told import Components, Cores, Told
from mem0_tui.detect.repeats.wording import SAME
from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory

_STARS_A_PIECE: Final = 20


class RepeatDetector:
    """Finds memories that say the same (:attr:`~.Queue.REPEATS`), and memories that give one
    subject another value (:attr:`~.Queue.CONFLICTS`).

    Texts are compared word by word, never by a measure of likeness; see :mod:`.judgement` for what
    decides, and :mod:`.owner` for whose memories are compared.
    """

    queues: Final = (Queue.REPEATS, Queue.CONFLICTS)

    def __init__(self) -> None:
        self._table = MemoryTable()
        self._classes = Classes(self._table)
        self._edges = Edges(self._table, self._classes)
        self._words = Remembered()
        self._components = Components()
        self._cores = Cores(FEWEST_CORES)
        self._seen: dict[int, list[tuple[str, object]]] = {}
        """By component, the openings and endings in it with the core of each."""
        self._telling: Iterator[None] | None = None
        """The saying of what follows, where it was abandoned: it goes on unless something
        changes."""
        self._untold = True
        """Whether it has not come to its end."""
        self._told = {queue: Told() for queue in self.queues}

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in *memories*; one of a known id replaces what was known."""
        new = {memory.id: memory for memory in memories}
        self.drop(new)
        places, texts = [], []
        for memory in new.values():
            place = self._table.add(memory)
            if is_exact(memory):
                self._join([place], [self._classes.add_exact(memory.text, place)])
            else:
                places.append(place)
                texts.append(memory.text)
        if places:
            self._join(places, self._classes.add(texts, places))

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories; unknown ids are passed over."""
        self._telling = None
        table, classes = self._table, self._classes
        for id_ in memory_ids:
            place = table.place_of.get(id_)
            if place is None:
                continue
            number, text = table.classes[place], table.text(place)
            classes.remove(number, place)
            table.remove(place)
            self._edges.change((number,))
            if classes.is_empty(number) and not classes.is_exact(number):
                self._edges.vanish(text)

    def work(self) -> Iterator[None]:
        """Judge what was put and dropped and say what follows, in pieces of a few milliseconds."""
        yield from self._edges.work()
        self._telling = self._telling or self._tell()
        for _ in self._telling:  # no "yield from", which would close it with this one
            yield
        self._telling = None

    def suspicions(self) -> Iterator[Suspicion]:
        """The repeats, then the conflicts. What was said is said again where nothing near it has
        changed."""
        for _ in self._telling or self._tell():
            pass
        self._telling = None
        for queue in self.queues:
            yield from self._told[queue]

    def _tell(self) -> Iterator[None]:
        """Bring what is said up to date, by pieces; where it is given up, all is said anew."""
        stale = self._edges.take_stale()
        if stale == set() and not self._untold:
            return
        whole, self._untold = stale is None or self._untold, True
        if stale is not None and not whole:
            whole = not (yield from self._tell_near(stale))
        if whole:
            yield from self._tell_all()
        self._untold = False

    def _tell_near(self, stale: set[int]) -> Generator[None, None, bool]:
        """Say anew what there is to say near the classes *stale*; False where something else is
        boilerplate now, so that it has to be said of all."""
        beside = self._edges.beside
        classes, before = self._components.around(stale, beside)
        edges = self._edges.few(classes)
        gone = [pair for component in before for pair in self._seen.pop(component, ())]
        for component in before:
            for told in self._told.values():
                told.forget(component)
        there = [number for number in classes if not self._classes.is_empty(number)]
        self._components.put(there, before, beside)
        if self._cores.change(gone, self._note(edges)):
            return False
        shared = [number for number in there if self._classes.has_several(number)]
        yield from self._say(edges, shared)
        return True

    def _tell_all(self) -> Iterator[None]:
        self._words.next_round()
        self._components.clear()
        self._cores.clear()
        self._seen.clear()
        for told in self._told.values():
            told.clear()
        beside, shared = self._edges.beside, list(self._classes.shared())
        self._components.put((*beside, *shared), (), beside)
        edges = self._edges.few(None)
        self._cores.change((), self._note(edges))
        yield
        yield from self._say(edges, shared)

    def _note(self, edges: Sequence[Edge]) -> list[tuple[str, object]]:
        """The openings and endings that *edges* tell of, each with the core it stands at."""
        seen: list[tuple[str, object]] = []
        for edge in edges:
            if len(edge.judgement.affixes) == 1:
                pair = edge.judgement.affixes[0], edge.core
                seen.append(pair)
                component = self._components.of(edge.one.number)
                self._seen.setdefault(component, []).append(pair)
        return seen

    def _say(self, edges: Sequence[Edge], shared: Sequence[int]) -> Iterator[None]:
        known = self._cores.known
        valid = [edge for each in edges if (edge := settled(each, known)) is not None]
        groups = Groups(self._table, self._edges, valid, shared)
        found: list[Suspicion] = []
        for number, stars in enumerate(groups.stars()):
            found.extend(self._repeats(stars))
            if number % _STARS_A_PIECE == _STARS_A_PIECE - 1:
                yield
        found.extend(self._alike(groups, valid))
        yield
        self._told[Queue.REPEATS].put(found, self._component_of)
        conflicts: list[Suspicion] = []
        for suspicion in Conflicts(self._table, groups).found(valid):
            conflicts.append(suspicion)
            if len(conflicts) % _STARS_A_PIECE == 0:
                yield
        self._told[Queue.CONFLICTS].put(conflicts, self._component_of)

    def _component_of(self, suspicion: Suspicion) -> int:
        table = self._table
        return self._components.of(table.classes[table.place_of[suspicion.ids[0]]])

    def _join(self, places: Sequence[int], numbers: Sequence[int]) -> None:
        of_place = self._table.classes
        for place, number in zip(places, numbers, strict=True):
            of_place[place] = number
        self._edges.change(numbers)

    def _repeats(self, stars: Sequence[Star]) -> Iterator[Suspicion]:
        """What one component of texts that say the same gives."""
        for star in stars:
            rest = [place for place in star.others if not self._table.is_safe(place)]
            if rest:
                yield self._group([star.kept, *rest])
            if len(rest) < len(star.others):
                safe = [place for place in star.others if place not in rest]
                yield self._look([star.kept, *safe], "the same text, pinned or immutable each time")
        by_user: dict[str, list[Star]] = {}
        for star in stars:
            if not star.owner.shared:
                by_user.setdefault(star.owner.user, []).append(star)
        for same in by_user.values():
            apps = sorted({star.owner.app for star in same})
            if len(apps) > 1:
                places = {star.owner.app: star.kept for star in reversed(same)}
                yield self._look(list(places.values()), f"the same text in {len(apps)} apps")

    def _group(self, places: Sequence[int]) -> Suspicion:
        """The kept one first, the rest to be deleted."""
        ids = [self._table.id(place) for place in places]
        marks, why = self._compared(places)
        proposal = tuple(Delete(id_) for id_ in ids[1:])
        return Suspicion(Queue.REPEATS, tuple(ids), why, marks=marks, proposal=proposal)

    def _look(self, places: Sequence[int], why: str) -> Suspicion:
        ids = tuple(self._table.id(place) for place in places)
        return Suspicion(Queue.REPEATS, ids, why, Tier.LOOK, marks=self._compared(places)[0])

    def _alike(self, groups: Groups, valid: Sequence[Edge]) -> Iterator[Suspicion]:
        """Pairs that differ in a word that nobody has listed."""
        pairs: set[tuple[int, int]] = set()
        for edge in valid:
            if edge.judgement.sort is not Relation.ALIKE:
                continue
            others = groups.kept_of(edge.other)
            for owner, place in groups.kept_of(edge.one).items():
                other = others.get(owner, place)
                if other != place:
                    pairs.add((min(place, other), max(place, other)))
        table = self._table
        for pair in pairs:
            places = sorted(pair, key=table.id)
            places.sort(key=table.rank, reverse=True)
            texts = table.text(places[0]), table.text(places[1])
            yield self._look(places, self._words.reason(*texts, sure=False))

    def _compared(self, places: Sequence[int]) -> tuple[dict[str, tuple[Mark, ...]], str]:
        """What differs, and the first difference in words: in each of the others against the first,
        and in the first against the next one that differs."""
        table = self._table
        kept, first = table.text(places[0]), table.id(places[0])
        marks: dict[str, tuple[Mark, ...]] = {}
        why = SAME
        for place in places[1:]:
            text = table.text(place)
            if text == kept:
                continue
            ours, theirs = self._words.difference(kept, text)
            if why is SAME:
                why = self._words.reason(kept, text, sure=True)
            if ours:
                marks.setdefault(first, tuple(ours))
            if theirs:
                marks[table.id(place)] = tuple(theirs)
        return marks, why
