"""A detector for tests of what is around detectors: memories that say the very same, or "noise"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory


class SameText:
    """Repeats: equal texts, the one with the smallest id kept. Noise: texts that begin so."""

    queues = (Queue.REPEATS, Queue.NOISE)

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.told: list[list[str]] = []
        """The ids of each piece that it was handed."""

    def put(self, memories: Sequence[Memory]) -> None:
        self.told.append([each.id for each in memories])
        self.texts.update((each.id, each.text) for each in memories)

    def drop(self, memory_ids: Collection[str]) -> None:
        for id_ in memory_ids:
            self.texts.pop(id_, None)

    def work(self) -> Iterator[None]:
        yield None

    def suspicions(self) -> Iterator[Suspicion]:
        by_text: dict[str, list[str]] = {}
        for id_, text in sorted(self.texts.items()):
            by_text.setdefault(text, []).append(id_)
        for ids in by_text.values():
            if len(ids) > 1:
                changes = tuple(Delete(id_) for id_ in ids[1:])
                yield Suspicion(Queue.REPEATS, tuple(ids), "the same text", proposal=changes)
        for id_, text in sorted(self.texts.items()):
            if text.startswith("noise"):
                change = (Delete(id_),)
                yield Suspicion(Queue.NOISE, (id_,), "noise", label="test", proposal=change)
