"""The detector of memories that say the same in other words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from mem0_tui.detect.detector import PIECE
from mem0_tui.detect.paraphrases.cloud import Cloud
from mem0_tui.detect.paraphrases.vectors import Vectors
from mem0_tui.detect.paraphrases.verdict import may_be_compared, may_say_the_same
from mem0_tui.detect.repeats.memory_table import MemoryTable, is_exact
from mem0_tui.detect.repeats.owner import Owner
from mem0_tui.detect.suspicion import IN_OTHER_WORDS, Queue, Suspicion, Tier
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory

NO_VECTORS: Final = "what says the same in other words was not looked for: no vectors are kept here"
_TRIED = 8
_PARTNERS = 2
_TEXTS_A_PIECE = 10


class ParaphraseDetector:
    """Finds memories that say the same in other words, for people to look at
    (:attr:`~.Tier.LOOK` of :attr:`~.Queue.REPEATS`).

    Vectors that are stored already tell which texts of one owner are near each other; what is near
    by more than words is shown where each is among the nearest of the other. Nothing is proposed.
    """

    queues: Final = (Queue.REPEATS,)

    def __init__(self, vectors: Vectors | None) -> None:
        """*vectors* may be None, where there are none."""
        self._vectors = vectors
        self._state: object = None
        self._table = MemoryTable()
        self._number_of: dict[tuple[Owner, str], int] = {}
        self._name: dict[int, tuple[Owner, str]] = {}
        """By number, the text and whose it is."""
        self._places: dict[int, list[int]] = {}
        """By number, where the memories of that text stand in the table."""
        self._next = 0
        self._asked: dict[int, None] = {}
        """Texts of which the vector was not asked for yet."""
        self._lacking: dict[int, None] = {}
        """Those that had none."""
        self._clouds: dict[Owner, Cloud] = {}
        self._same: dict[int, dict[int, bool]] = {}
        """By number, what the words said of it and others."""
        self._partners: dict[int, tuple[int, ...]] = {}
        """By number, its nearest that may say the same."""
        self._untried: dict[int, None] = {}
        self._too_many = False
        """Whether it has given up: then it takes in nothing more, which would have to be kept."""
        self._some = 0
        """Memories that came where there are no vectors; it only tells none or one from many."""

    @property
    def partly(self) -> str | None:
        """Of which memories it cannot be said, as a clause."""
        if self._vectors is None:
            return NO_VECTORS if self._some > 1 else None
        if self._too_many:
            most = f"{self._vectors.most:,}"
            return f"what says the same in other words is looked for among {most} texts at most"
        lacking = sum(len(self._places[number]) for number in self._lacking)
        if not lacking or len(self._name) == 1:
            return None
        return (
            "what says the same in other words was not looked for among"
            f" {plural(lacking, 'memory')} without a vector yet (mem0-tui index makes them)"
        )

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in *memories*; one of a known id replaces what was known."""
        vectors = self._vectors
        if vectors is None or self._too_many:
            self._some += len(memories)
            return
        new = {memory.id: memory for memory in memories}
        self.drop(new)
        for memory in new.values():
            if is_exact(memory) or not may_be_compared(memory.text):
                continue
            place = self._table.add(memory)
            name = self._table.owner(place), memory.text
            number = self._number_of.get(name)
            if number is None:
                number = self._number_of[name] = self._next
                self._next += 1
                self._name[number] = name
                self._places[number] = []
                self._asked[number] = None
            self._table.classes[place] = number
            self._places[number].append(place)
        if vectors.most is not None and len(self._name) > vectors.most:
            self._give_up()

    def _give_up(self) -> None:
        self._too_many = True
        self._table = MemoryTable()
        for kept in (self._number_of, self._name, self._places, self._asked, self._lacking,
                     self._clouds, self._same, self._partners, self._untried):  # fmt: skip
            kept.clear()

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories; unknown ids are passed over."""
        for id_ in memory_ids:
            place = self._table.place_of.get(id_)
            if place is None:
                continue
            number = self._table.classes[place]
            self._table.remove(place)
            self._places[number].remove(place)
            if not self._places[number]:
                self._forget(number)

    def _forget(self, number: int) -> None:
        name = self._name.pop(number)
        del self._number_of[name], self._places[number]
        if number in self._asked or number in self._lacking:
            self._asked.pop(number, None)
            self._lacking.pop(number, None)
        else:
            cloud = self._clouds[name[0]]
            cloud.remove(number)
            if not len(cloud):
                del self._clouds[name[0]]
        self._partners.pop(number, None)
        self._untried.pop(number, None)
        for other in self._same.pop(number, ()):
            del self._same[other][number]

    def work(self) -> Iterator[None]:
        """Compare what is new, by pieces; it may be abandoned at each."""
        vectors = self._vectors
        if vectors is None or self._too_many:
            return
        yield from self._ask(vectors)
        for cloud in self._clouds.values():
            yield from cloud.work()
            self._untried.update(dict.fromkeys(cloud.dirty))
            cloud.dirty.clear()
        tried = 0
        while self._untried:
            number = next(iter(self._untried))
            self._try(number)
            del self._untried[number]
            tried += 1
            if tried % _TEXTS_A_PIECE == 0:
                yield

    def _ask(self, vectors: Vectors) -> Iterator[None]:
        """Ask for the vectors of what is new, and of what had none if there are more by now."""
        state = vectors.state()
        if state != self._state:
            self._state = state
            self._asked.update(self._lacking)
            self._lacking.clear()
        while self._asked:
            some = list(islice(self._asked, PIECE))
            found = vectors.of([self._name[number][1] for number in some])
            for number, packed in zip(some, found, strict=True):
                del self._asked[number]
                if packed is None:
                    self._lacking[number] = None
                else:
                    self._clouds.setdefault(self._name[number][0], Cloud()).add(number, packed)
            yield

    def _try(self, number: int) -> None:
        """Say which of the nearest of a text may say the same."""
        self._partners.pop(number, None)
        if number not in self._name:
            return
        near = self._clouds[self._name[number][0]].near.get(number)
        if not near:
            return
        order = sorted(near, key=lambda other: (-near[other], self._name[other][1]))
        found = (other for other in order[:_TRIED] if self._may_say_the_same(number, other))
        self._partners[number] = tuple(islice(found, _PARTNERS))

    def _may_say_the_same(self, one: int, other: int) -> bool:
        known = self._same.setdefault(one, {}).get(other)
        if known is None:
            texts = sorted((self._name[one][1], self._name[other][1]))
            known = may_say_the_same(*texts)
            self._same[one][other] = self._same.setdefault(other, {})[one] = known
        return known

    def suspicions(self) -> Iterator[Suspicion]:
        """Stars: the best is kept, and takes those that are nearest to it as it is to them. First
        those that are most alike."""
        table, partners = self._table, self._partners
        friends: dict[int, list[int]] = {}
        for number, others in partners.items():
            mutual = [other for other in others if number in partners.get(other, ())]
            if mutual:
                friends[number] = mutual
        place = {number: self._best(number) for number in friends}
        order = sorted(friends, key=lambda number: table.id(place[number]))
        order.sort(key=lambda number: table.rank(place[number]), reverse=True)
        taken: set[int] = set()
        found: list[tuple[float, Suspicion]] = []
        for number in order:
            rest = [other for other in friends[number] if other not in taken]
            if number in taken or not rest:
                continue
            taken.update((number, *rest))
            near = self._clouds[self._name[number][0]].near[number]
            likeness = [near[other] for other in rest]
            least, most = int(100 * min(likeness)), int(100 * max(likeness))
            alike = f"{least} %" if least == most else f"{least} to {most} %"
            reason = f"may say the same in other words: {alike} alike in meaning"
            ids = tuple(table.id(place[each]) for each in (number, *rest))
            shown = Suspicion(Queue.REPEATS, ids, reason, Tier.LOOK, label=IN_OTHER_WORDS)
            found.append((-max(likeness), shown))
        found.sort(key=lambda each: (each[0], each[1].ids))
        yield from (shown for _, shown in found)

    def _best(self, number: int) -> int:
        """The place of the memory of a text that would be kept."""
        places = self._places[number]
        if len(places) == 1:
            return places[0]
        table = self._table
        return max(sorted(places, key=table.id), key=table.rank)
