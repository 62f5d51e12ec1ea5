"""Finds memories that look like instructions to the agent.

Hard signs are findings with a proposal; everything else is a sorted list of what may be worth a
look. What is in neither is not thereby safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from time import perf_counter
from typing import NamedTuple

from mem0_tui.detect.instructions.weak import WeakSign, weak_candidates, weak_signs
from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.hard_signs.prefilter import candidates
from mem0_tui.model.hard_signs.reading import ordered, parts, signs_of_part
from mem0_tui.model.hard_signs.sign import HardSign
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

_PIECE = 0.003
"""Seconds after which :meth:`InstructionDetector.work` lets others go on."""
_LONG, _AT_ONCE = 20_000, 300_000
"""Characters of a memory, and of a piece, that are looked through at once."""
_MARKED = 20
"""Marks of one memory that are kept."""
LOOK_LABELS = {3: "worth a look first", 2: "worth a look", 1: "worth a look last"}


class _Found(NamedTuple):
    """What is said of one memory that has a sign."""

    place: tuple[int, str]
    """Where it stands among the others: minus the weight of its weak signs, and its id."""
    suspicion: Suspicion


class _Waiting(NamedTuple):
    """What is to be read."""

    text: str
    pinned: bool
    hard: bool = True
    """Whether a quick look has not ruled out hard signs."""
    weak: Collection[int] | None = None
    """The sorts of weak signs that it has not ruled out; None for all."""


class InstructionDetector:
    """Fills the queue :attr:`Queue.INSTRUCTIONS`; of memories without a sign it keeps nothing."""

    queues = (Queue.INSTRUCTIONS,)

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._found: dict[str, _Found] = {}

    def put(self, memories: Sequence[Memory]) -> None:
        """Take in memories; see :class:`~mem0_tui.detect.detector.Detector`."""
        self.drop([memory.id for memory in memories])
        now: list[Memory] = []
        room = _AT_ONCE
        for memory in memories:
            room -= len(memory.text)
            if len(memory.text) > _LONG or room < 0:
                self._waiting[memory.id] = _Waiting(memory.text, memory.pinned)
            else:
                now.append(memory)
        texts = [memory.text for memory in now]
        hard, weak = frozenset(candidates(texts)), weak_candidates(texts)
        for at in hard | weak.keys():
            may = _Waiting(texts[at], now[at].pinned, at in hard, weak.get(at, ()))
            self._waiting[now[at].id] = may

    def drop(self, memory_ids: Collection[str]) -> None:
        """Forget memories."""
        for memory_id in memory_ids:
            self._waiting.pop(memory_id, None)
            self._found.pop(memory_id, None)

    def work(self) -> Iterator[None]:
        """Read what was put; yields after a few milliseconds each."""
        began = perf_counter()
        for memory_id, waiting in list(self._waiting.items()):
            signs: list[HardSign] = []
            for start in parts(waiting.text) if waiting.hard else ():
                signs += signs_of_part(waiting.text, start)
                if perf_counter() - began > _PIECE:
                    yield
                    began = perf_counter()
            self._keep(memory_id, waiting, ordered(signs))
            del self._waiting[memory_id]
            if perf_counter() - began > _PIECE:
                yield
                began = perf_counter()

    def suspicions(self) -> Iterator[Suspicion]:
        """First what has hard signs, by id; then what is worth a look, the weightiest first."""
        for tier in Tier:
            told = (found for found in self._found.values() if found.suspicion.tier is tier)
            yield from (found.suspicion for found in sorted(told, key=lambda each: each.place))

    def _keep(self, memory_id: str, waiting: _Waiting, hard: list[HardSign]) -> None:
        text, pinned = waiting.text, waiting.pinned
        weak = () if hard else tuple(weak_signs(text, waiting.weak))
        if not hard and not weak:
            return
        start, end = (hard[0].start, hard[0].end) if hard else (weak[0].start, weak[0].end)
        quote = redact(one_line(text[max(0, start - 20) : end + 60]))
        if hard:
            suspicion = _finding(memory_id, hard[:_MARKED], pinned)
        else:
            suspicion = _look(memory_id, weak, _cut(quote, 100))
        self._found[memory_id] = _Found((-_weight(weak), memory_id), suspicion)


def _weight(weak: Sequence[WeakSign]) -> int:
    return sum(sign.weight for sign in weak)


def _finding(memory_id: str, hard: Sequence[HardSign], pinned: bool) -> Suspicion:
    first = hard[0]
    kinds = dict.fromkeys(sign.kind for sign in hard)
    more = f"; also {', '.join(list(kinds)[1:])}" if len(kinds) > 1 else ""
    return Suspicion(
        Queue.INSTRUCTIONS,
        (memory_id,),
        f"{first.kind}: {_cut(redact(one_line(first.detail)), 120)}{more}",
        Tier.FINDING,
        first.kind,
        {memory_id: tuple(Mark(sign.start, sign.end, sign.kind) for sign in hard)},
        () if pinned else (Delete(memory_id),),
    )


def _look(memory_id: str, weak: Sequence[WeakSign], quote: str) -> Suspicion:
    reasons = " and ".join(dict.fromkeys(sign.reason for sign in weak))
    return Suspicion(
        Queue.INSTRUCTIONS,
        (memory_id,),
        f"{reasons}: «{quote}»",
        Tier.LOOK,
        LOOK_LABELS[min(3, _weight(weak))],
        {memory_id: tuple(Mark(sign.start, sign.end, sign.reason) for sign in weak)},
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
