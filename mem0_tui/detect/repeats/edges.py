"""Which texts of near classes are related, as judged so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, islice, product
from typing import NamedTuple

from mem0_tui.detect.repeats import shades
from mem0_tui.detect.repeats.classes import Classes
from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.memory_table import MemoryTable
from mem0_tui.detect.repeats.postings import CLASS_BITS, MOST, Run
from mem0_tui.detect.repeats.reading import bare, read
from mem0_tui.detect.repeats.relation import PairJudgement

Form = str
"""What tells the texts of one class apart: the words that count, or nothing where all texts are the
same but for case, commas and wrappers. Texts of one form in one class are repeats."""


class Node(NamedTuple):
    """The texts of one form in one class."""

    number: int
    """Of the class."""
    form: Form


class Edge(NamedTuple):
    """How two nodes are related."""

    one: Node
    other: Node
    judgement: PairJudgement
    """Its spans are those of *texts*."""
    texts: tuple[str, str]
    """A text of each that was read for the judgement."""

    @property
    def core(self) -> Node:
        """The node with the shorter text: of a wrapped text and its core, the core."""
        return self.one if len(self.texts[0]) < len(self.texts[1]) else self.other


class _Judged(NamedTuple):
    """What was found between two classes."""

    keys: frozenset[int]
    """Under which they meet; empty for one class with itself."""
    edges: tuple[Edge, ...]


_MOST_FORMS = 12
_PAIRS_A_PIECE = 20
_RUNS_A_PIECE = 500
_FEW = 400
"""Changed classes up to which each is looked up alone."""
_FEW_JUDGED = 8
"""Judged pairs up to which what they have in common is looked up one by one."""
_MOST_KEPT = 40
"""Changed classes up to which what was said of the others still holds: so few make no series of
which only a part is seen."""
_MUCH = 200_000
"""Entries that may lie loose in the postings."""
_Pair = tuple[int, int]


class Edges:
    """The edges between nodes, kept up to date class by class."""

    def __init__(self, table: MemoryTable, classes: Classes) -> None:
        self._table = table
        self._classes = classes
        self._changed: set[int] = set()
        self._judged: dict[_Pair, _Judged] = {}
        self._beside: dict[int, set[int]] = {}
        """By class, those with which it was judged."""
        self._forms: dict[int, dict[Form, list[int]]] = {}
        """Of classes with more than one member, as far as they were asked for."""
        self._stale: set[int] | None = None
        """The classes near which something has changed; None for all."""
        self._waiting: deque[tuple[_Pair, frozenset[int]]] = deque()
        self._finding: Iterator[None] | None = None
        """The search for pairs, where it was abandoned: it goes on unless something changes."""

    def change(self, numbers: Collection[int]) -> None:
        """Judge the texts of these classes again."""
        self._changed.update(numbers)
        self._touch(numbers)
        if self._forms:
            for number in numbers:
                self._forms.pop(number, None)
        self._finding = None

    def vanish(self, text: str) -> None:
        """Judge again what a class of *text*, which has lost its last member, stood in the way of:
        fewer classes meet now, and may be near each other."""
        for run in self._classes.near([text]):
            if len(run.classes) == MOST[run.omission]:
                self._changed.update(run.classes)
                self._touch(run.classes)
                self._finding = None

    def work(self) -> Iterator[None]:
        """Judge what has changed, by pieces; it may be abandoned at each."""
        if self._changed:
            self._finding = self._finding or self._find()
            for _ in self._finding:  # no "yield from", which would close it with this one
                yield
            self._finding = None
        while self._waiting:
            for _ in range(min(_PAIRS_A_PIECE, len(self._waiting))):
                self._judge(*self._waiting[0])
                self._waiting.popleft()
            yield

    def take_stale(self) -> set[int] | None:
        """The classes near which something has changed since the last time; None for all."""
        stale, self._stale = self._stale, set()
        return stale

    @property
    def beside(self) -> Mapping[int, Collection[int]]:
        """By class, those with which a judged edge connects it."""
        return self._beside

    def few(self, classes: Collection[int] | None) -> list[Edge]:
        """The edges among *classes* (None for all) behind which no series stands."""
        if classes is None:
            every = list(self._judged.values())
        else:
            pairs = {
                (min(number, other), max(number, other))
                for number in classes
                for other in self._beside.get(number, ())
            }
            every = [self._judged[pair] for pair in sorted(pairs)]
        if len(every) <= _FEW_JUDGED:  # to look up all that two texts have in common takes longer
            few: set[int] = set()
            for judged in every:
                few.update(islice(chain.from_iterable(map(self._few, zip(judged.keys))), 1))
        else:
            few = self._few({key for judged in every for key in judged.keys})
        return [
            edge
            for judged in every
            if not judged.keys or not few.isdisjoint(judged.keys)
            for edge in judged.edges
        ]

    def _few(self, keys: Collection[int]) -> set[int]:
        """Those of *keys* under which few classes meet."""
        postings = self._classes.postings
        runs = self._classes.living(postings.meeting(key << CLASS_BITS for key in keys))
        return {run.key for run in runs if run.is_few}

    def forms(self, number: int) -> dict[Form, list[int]]:
        """The places of the members of a class by the form of their texts."""
        found = self._forms.get(number)
        if found is None and not self._classes.has_several(number):
            return {"": self._classes.members(number)}
        if found is None:
            found = {}
            alike: dict[str, list[int]] = {}
            exact = self._classes.is_exact(number)
            for place in self._classes.members(number):
                text = "" if exact else bare(self._table.text(place))
                alike.setdefault(text, []).append(place)
            for text, places in alike.items():
                form = ""
                if len(alike) > 1:
                    said = read(self._sample(places))
                    # Of "do it" and "yes" no word is left: they are the same only as they stand.
                    form = "\0".join((*said.keys, *shades.of(said))) if said.keys else text
                found.setdefault(form, []).extend(places)
            self._forms[number] = found
        return found

    def has_several(self, number: int) -> bool:
        """Whether the class has more than one member."""
        return self._classes.has_several(number)

    def only_form(self, node: Node) -> dict[Form, list[int]]:
        """As :meth:`forms`, of a class with one member, whose form *node* tells."""
        return {node.form: self._classes.members(node.number)}

    def _find(self) -> Iterator[None]:
        """Find the pairs of classes that have to be judged."""
        changed = set(self._classes.with_members(self._changed))
        pairs: dict[_Pair, set[int]] = {
            (number, number): set() for number in self._classes.shared() & changed
        }
        postings = self._classes.postings
        if len(changed) > _MOST_KEPT:
            self._stale = None
        if len(changed) > _FEW or postings.loose > _MUCH or self._classes.is_untidy:
            self._stale = None
            self._forget(self._changed)  # before numbers are given again
            self._classes.sort()
            yield
            for runs in postings.runs():
                for start in range(0, len(runs), _RUNS_A_PIECE):
                    _pair(runs[start : start + _RUNS_A_PIECE], changed, pairs)
                    yield
        else:
            for number in changed:
                if not self._classes.is_exact(number):
                    runs = self._classes.near(self._texts(number))
                    _pair(runs, {number}, pairs)
                    for run in runs:
                        self._touch(run.classes)
                yield
        self._forget(self._changed)
        self._waiting.extend((pair, frozenset(keys)) for pair, keys in sorted(pairs.items()))
        self._changed.clear()

    def _touch(self, numbers: Iterable[int]) -> None:
        if self._stale is not None:
            self._stale.update(numbers)

    def _texts(self, number: int) -> list[str]:
        return list(dict.fromkeys(map(self._table.text, self._classes.members(number))))

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers if self._beside else ():
            beside = self._beside.pop(number, ())
            self._touch(beside)
            for other in beside:
                self._judged.pop((min(number, other), max(number, other)), None)
                if other != number and other in self._beside:
                    self._beside[other].discard(number)

    def _judge(self, pair: _Pair, keys: frozenset[int]) -> None:
        one, other = pair
        if self._classes.is_empty(one) or self._classes.is_empty(other):
            return
        forms = sorted(self.forms(one).items())[:_MOST_FORMS]
        if one == other:
            pairs = list(combinations(forms, 2))
        else:
            pairs = list(product(forms, sorted(self.forms(other).items())[:_MOST_FORMS]))
        edges = []
        for (form, places), (other_form, other_places) in pairs:
            texts = self._sample(places), self._sample(other_places)
            judgement = judge(read(texts[0]), read(texts[1]))
            if judgement is not None:
                edges.append(Edge(Node(one, form), Node(other, other_form), judgement, texts))
        if edges:
            self._judged[pair] = _Judged(keys, tuple(edges))
            self._touch(pair)
            self._beside.setdefault(one, set()).add(other)
            self._beside.setdefault(other, set()).add(one)

    def _sample(self, places: list[int]) -> str:
        """A text of those at *places*: the same one whatever the order is."""
        if len(places) == 1:
            return self._table.text(places[0])
        return min(map(self._table.text, places))


def _pair(runs: Sequence[Run], changed: set[int], pairs: dict[_Pair, set[int]]) -> None:
    """Add to *pairs* those that meet in *runs* and of which one has *changed*."""
    for run in runs:
        for pair in run.pairs():
            if pair[0] in changed or pair[1] in changed:
                pairs.setdefault(pair, set()).add(run.key)


def settled(edge: Edge, known: AbstractSet[str]) -> Edge | None:
    """*edge* with its judgement, now that it is *known* what is boilerplate; None where it holds
    no longer."""
    judgement = edge.judgement
    if not judgement.affixes or known >= set(judgement.affixes):
        return edge
    if judgement.otherwise is None:
        return None
    return edge._replace(judgement=PairJudgement(judgement.otherwise, spans=judgement.spans))
