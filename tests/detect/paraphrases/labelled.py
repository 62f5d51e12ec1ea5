"""The labelled pairs of ``tests/detect/sets/paraphrases.jsonl``, and what is shown of them.

They were written by hand. Every third pair (``validation``) was not looked at while tuning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mem0_tui.detect.paraphrases.detector import ParaphraseDetector
from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.store.embedding.embedder import load_embedder
from mem0_tui.store.search.vectors import pack
from tests.detect.incremental import told
from tests.detect.labelled import read_set
from tests.detect.repeats.labelled import found_in, memory


class Pair(NamedTuple):
    """Two texts, and whether a person would call them one memory."""

    one: str
    other: str
    same: bool
    validation: bool


class Given:
    """The vectors of some texts, as a store would have them; more may be given later."""

    most: int | None = None

    def __init__(self, known: Mapping[str, bytes]) -> None:
        self.known = dict(known)

    def state(self) -> object:
        return len(self.known)

    def of(self, texts: Sequence[str]) -> list[bytes | None]:
        return [self.known.get(text) for text in texts]


class Score(NamedTuple):
    """How right what is shown is."""

    precision: float
    recall: float

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}"


def pairs() -> list[Pair]:
    """All pairs of the set."""
    return [
        Pair(row["a"], row["b"], row["same"], row["validation"]) for row in read_set("paraphrases")
    ]


def embedded(texts: Iterable[str]) -> Given:
    """The vectors that the packaged model makes of *texts*."""
    every = list(dict.fromkeys(texts))
    return Given(dict(zip(every, pack(load_embedder().embed(every)), strict=True)))


def texts_of(of: Iterable[Pair]) -> list[str]:
    """The texts of both sides."""
    return [text for pair in of for text in (pair.one, pair.other)]


def shown(of: Sequence[Pair], vectors: Given) -> list[bool]:
    """Of each pair, whether it is shown in other words where an owner has no other memories."""
    detector = ParaphraseDetector(vectors)
    for number, pair in enumerate(of):
        detector.put(_memories(number, pair))
    return _hit(of, told(detector))


def repeats(of: Sequence[Pair]) -> list[bool]:
    """Of each pair, whether it is shown as a repeat by its words."""
    memories = [each for number, pair in enumerate(of) for each in _memories(number, pair)]
    return _hit(of, [each for each in found_in(memories) if each.queue is Queue.REPEATS])


def in_queue(of: Sequence[Pair], vectors: Given) -> list[bool]:
    """Of each pair, whether it is in the queue of repeats, by its words or by its meaning."""
    return [by or other for by, other in zip(shown(of, vectors), repeats(of), strict=True)]


def _memories(number: int, pair: Pair) -> list[Memory]:
    scope = Scope(user_id=f"user {number}", app_id="shop-api")
    return [made(number, side, scope) for side in pair[:2]]


def _hit(of: Sequence[Pair], found: Sequence[Suspicion]) -> list[bool]:
    hit = {suspicion.ids[0].partition("/")[0] for suspicion in found}
    return [str(number) in hit for number in range(len(of))]


def made(number: int, text: str, scope: Scope) -> Memory:
    """A memory of a pair."""
    return memory(f"{number}/{text}", text, scope=scope)


def score(of: Sequence[Pair], hits: Sequence[bool]) -> Score:
    """How right it is to show *hits* of the pairs."""
    right = sum(pair.same and hit for pair, hit in zip(of, hits, strict=True))
    return Score(right / max(1, sum(hits)), right / max(1, sum(pair.same for pair in of)))


def shown_together(of: Sequence[Pair], vectors: Given) -> Score:
    """How right what is shown is where all the texts are memories of one owner."""
    detector = ParaphraseDetector(vectors)
    scope = Scope(user_id="kim", app_id="shop-api")
    texts = list(dict.fromkeys(texts_of(of)))
    detector.put([memory(text, text, scope=scope) for text in texts])
    same = {frozenset(pair[:2]) for pair in of if pair.same}
    linked = {frozenset((each.ids[0], other)) for each in told(detector) for other in each.ids[1:]}
    right = len(linked & same)
    return Score(right / max(1, len(linked)), right / max(1, len(same)))
