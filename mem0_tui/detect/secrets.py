"""Secrets in memories: what they are and where they stand, with an edit that takes them out."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from mem0_tui.detect.sieve import Sieve
from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret import find, find_named, may_hold
from mem0_tui.model.secret.removal import removal_of, said_in
from mem0_tui.model.secret.runs import with_form
from mem0_tui.model.secret.words import WORDS

_WORDS = Sieve(WORDS)
_HELD = 0.004
"""Seconds of work between two breaths: a piece may hold the interpreter for 8 ms."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What is wrong with one memory."""

    kinds: tuple[tuple[str, str], ...]
    """Kind and what may be shown of each secret, metadata last."""
    marks: tuple[Mark, ...]
    examples: bool
    """Whether all of them are documented examples."""
    digests: tuple[bytes, ...]
    edit: Edit | None


class SecretDetector:
    """Fills the queue of secrets.

    It keeps the texts of memories that may hold one until :meth:`work` has read them, and then
    only what it found.
    """

    def __init__(self) -> None:
        self._unread: dict[str, Memory] = {}
        self._found: dict[str, _Found] = {}
        self._told: dict[str, tuple[int, _Found, Suspicion]] = {}
        """What was last said of each, of what, and in how many others its secrets were."""
        self._key = os.urandom(32)
        """Lets equal secrets be known by their digests, in this process alone."""

    @property
    def queues(self) -> tuple[Queue, ...]:
        return (Queue.SECRETS,)

    def put(self, memories: Sequence[Memory]) -> None:
        texts = [memory.text for memory in memories]
        telling = {*_WORDS.sift([text.lower() for text in texts]), *with_form(texts)}
        for at, memory in enumerate(memories):
            self._found.pop(memory.id, None)
            if at in telling or (memory.metadata and _texts(memory.metadata)):
                self._unread[memory.id] = memory
            else:
                self._unread.pop(memory.id, None)

    def drop(self, memory_ids: Collection[str]) -> None:
        for id_ in memory_ids:
            self._found.pop(id_, None)
            self._unread.pop(id_, None)

    def work(self) -> Iterator[None]:
        begun = perf_counter()
        for id_ in list(self._unread):
            memory = self._unread.get(id_)
            if memory is not None:
                found = self._look_at(memory)
                if found is not None:
                    self._found[id_] = found
                self._unread.pop(id_, None)
            if perf_counter() - begun > _HELD:
                yield
                begun = perf_counter()

    def suspicions(self) -> Iterator[Suspicion]:
        times = Counter(digest for found in self._found.values() for digest in set(found.digests))
        told: dict[str, tuple[int, _Found, Suspicion]] = {}
        for id_, found in sorted(self._found.items()):
            again = max(times[digest] for digest in found.digests) - 1
            before = self._told.get(id_)
            if before is None or before[0] != again or before[1] is not found:
                before = again, found, _suspicion(id_, found, again)
            told[id_] = before
        self._told = told
        yield from (suspicion for _, _, suspicion in told.values())

    def _look_at(self, memory: Memory) -> _Found | None:
        text = memory.text
        hits = find(text)
        fields = {key: find_named(key, value) for key, value in _texts(memory.metadata).items()}
        all_ = [(text[hit.start : hit.end], hit, hit.shown(text)) for hit in hits]
        for key, found in fields.items():
            value = memory.metadata[key]
            all_ += [(value[hit.start : hit.end], hit, hit.shown(value)) for hit in found]
        if not all_:
            return None
        real = [each for each in all_ if not each[1].example]
        told = real or all_
        return _Found(
            kinds=tuple((hit.kind, shown) for _, hit, shown in told),
            marks=tuple(
                Mark(hit.start, hit.end, hit.kind) for hit in hits if not (real and hit.example)
            ),
            examples=not real,
            digests=tuple(self._digest(value) for value, _, _ in told),
            edit=_without(memory) if real and not memory.immutable else None,
        )

    def _digest(self, value: str) -> bytes:
        data = value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._key, digest_size=8).digest()


def _texts(metadata: Mapping[str, object]) -> dict[str, str]:
    """The values of *metadata* that are texts and may be secret, by their names."""
    return {
        key: value
        for key, value in metadata.items()
        if isinstance(value, str) and value and may_hold(f"{key}={value}")
    }


def _without(memory: Memory) -> Edit:
    """The edit that takes the secrets, but no documented example, out of *memory*."""
    return removal_of(said_in(memory)).edit(memory)


def _suspicion(id_: str, found: _Found, again: int) -> Suspicion:
    """What is said of a memory whose secrets are in *again* others, too."""
    return Suspicion(
        Queue.SECRETS,
        (id_,),
        _reason(found, again),
        Tier.LOOK if found.examples else Tier.FINDING,
        label=found.kinds[0][0],
        marks={id_: found.marks},
        proposal=(Update(id_, found.edit, redacts=True),) if found.edit else (),
    )


def _reason(found: _Found, again: int) -> str:
    told = ", ".join(
        kind if shown == f"[{kind} …]" or shown == "…" else f"{kind} {shown.strip('/')}"
        for kind, shown in found.kinds[:3]
    )
    more = f" and {len(found.kinds) - 3} more" if len(found.kinds) > 3 else ""
    also = f"; also in {again:,} other{'s' if again > 1 else ''}" if again else ""
    return f"{'documented example: ' if found.examples else ''}{told}{more}{also}"
