"""Which classes of texts have a number in common: sorted numbers with the class behind each.

A class is a set of texts of the same words (:mod:`.weights`). It is filed under the sum of its
words without each of them (texts that differ in one word meet there), without its values
(conflicts) and without what it begins or ends with (wrappers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mem0_tui.detect.repeats.loose import Loose
from mem0_tui.detect.repeats.weights import MASK, VALUE

Numbers = NDArray[np.uint64]


class Omission(IntEnum):
    """What was left out of the sum under which a class is filed."""

    VALUES_AND_WORD = 0
    WORD = 1
    EDGE = 2
    VALUES = 3


CLASS_BITS: Final = 24
"""For 8 million classes, and whether it is filed under less than its whole sum."""
_WHOLE, _PARTLY = np.uint64(0), np.uint64(1)
_OMISSION_BITS: Final = 2
_KEY_SHIFT = np.uint64(CLASS_BITS)
_MIXER_INT: Final = 0x9E3779B97F4A7C15
_HASH_SHIFT_INT: Final = 64 - 38
_ALL: Final = (1 << 64) - 1
_MIXER = np.uint64(_MIXER_INT)
_HASH_SHIFT = np.uint64(_HASH_SHIFT_INT)
_MASK = np.uint64(MASK)
_LOW = (1 << CLASS_BITS) - 1
_CLASS = _LOW - 1
MOST: Final = {
    Omission.WORD: 5, Omission.EDGE: 12, Omission.VALUES: 5, Omission.VALUES_AND_WORD: 6,
}  # fmt: skip
"""How many classes may meet: where there are more, they are a series, or come of a template."""

_MOST_OF: Final[dict[int, int]] = {int(omission): most for omission, most in MOST.items()}
_WORDS_AT_EDGE = 6
_EDGES: Final = np.arange(1, _WORDS_AT_EDGE + 1)
_FEWEST_LEFT = 3
_FEWEST_WORDS = 2
_MOST_WORDS = 64
_FEWEST_OF_SUBJECT, _MOST_OF_SUBJECT = 2, 6
"""Words of a subject of which one may be left out."""
_OF_A_WHOLE: Final = frozenset((Omission.EDGE, Omission.VALUES_AND_WORD))
"""What is only compared with a class of which that is the whole sum."""
_STEP = 131_072
_ENOUGH = 200


def filed(
    weights: Numbers, lengths: NDArray[np.int64]
) -> tuple[Numbers, Numbers, NDArray[np.int64]]:
    """The sums of texts, and the keys under which each is filed with the index of its text.

    *weights* are those of all texts one after the other, *lengths* how many each has.
    """
    texts = len(lengths)
    of_text = np.repeat(np.arange(texts), lengths)
    counted = weights != 0
    weights, of_text = weights[counted], of_text[counted]
    lengths = np.bincount(of_text, minlength=texts)
    plain = weights < np.uint64(VALUE)
    weights = weights & _MASK
    sums = _summed(weights, lengths)
    values = sums - _summed(np.where(plain, weights, np.uint64(0)), lengths)
    plain_counts = np.bincount(of_text[plain], minlength=texts)
    keys: list[Numbers] = []
    owners: list[NDArray[np.int64]] = []

    def file(
        omission: Omission, numbers: Numbers, texts_: NDArray[np.int64], partly: np.uint64 = _PARTLY
    ) -> None:
        keys.append(_key(numbers, omission) | partly)
        owners.append(texts_)

    fits = (plain_counts >= _FEWEST_WORDS) & (plain_counts <= _MOST_WORDS)
    file(Omission.WORD, sums[fits], np.flatnonzero(fits), _WHOLE)
    without = plain & fits[of_text]
    file(Omission.WORD, sums[of_text[without]] - weights[without], of_text[without])
    valued = (plain_counts >= 1) & (plain_counts < lengths)
    file(Omission.VALUES, (sums - values)[valued], np.flatnonzero(valued))
    short = valued & (plain_counts <= _MOST_OF_SUBJECT)
    if short.any():
        subjects = sums - values
        file(Omission.VALUES_AND_WORD, subjects[short], np.flatnonzero(short), _WHOLE)
        short &= plain_counts >= _FEWEST_OF_SUBJECT
        less = plain & short[of_text]
        file(Omission.VALUES_AND_WORD, subjects[of_text[less]] - weights[less], of_text[less])
    long = np.flatnonzero(lengths >= _FEWEST_LEFT)
    file(Omission.EDGE, sums[long], long, _WHOLE)
    passed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weights, dtype=np.uint64)])
    ends = np.cumsum(lengths)
    which, cut = np.nonzero(lengths[long, None] >= _FEWEST_LEFT + _EDGES)
    edged, size = long[which], _EDGES[cut]
    first, last = ends[edged] - lengths[edged], ends[edged]
    file(Omission.EDGE, sums[edged] - (passed[first + size] - passed[first]), edged)
    file(Omission.EDGE, sums[edged] - (passed[last] - passed[last - size]), edged)
    return sums & _MASK, np.concatenate(keys), np.concatenate(owners)


def filed_alone(weights: Sequence[int]) -> tuple[int, list[int]]:
    """The same of one text: for so few numbers, arrays take ten times as long."""
    counted = [weight for weight in weights if weight]
    plain = [weight for weight in counted if weight < VALUE]
    bare = [weight & MASK for weight in counted]
    whole, values = sum(bare), sum(bare) - sum(plain)
    keys: list[int] = []

    def file(omission: Omission, number: int, partly: int = 1) -> None:
        hashed = ((number & MASK) * _MIXER_INT & _ALL) >> _HASH_SHIFT_INT
        keys.append((hashed << _OMISSION_BITS | omission) << CLASS_BITS | partly)

    if _FEWEST_WORDS <= len(plain) <= _MOST_WORDS:
        file(Omission.WORD, whole, 0)
        for weight in plain:
            file(Omission.WORD, whole - weight)
    if 1 <= len(plain) < len(counted):
        file(Omission.VALUES, whole - values)
        if len(plain) <= _MOST_OF_SUBJECT:
            file(Omission.VALUES_AND_WORD, whole - values, 0)
        if _FEWEST_OF_SUBJECT <= len(plain) <= _MOST_OF_SUBJECT:
            for weight in plain:
                file(Omission.VALUES_AND_WORD, whole - values - weight)
    if len(counted) >= _FEWEST_LEFT:
        file(Omission.EDGE, whole, 0)
    for size in range(1, min(_WORDS_AT_EDGE, len(counted) - _FEWEST_LEFT) + 1):
        file(Omission.EDGE, whole - sum(bare[:size]))
        file(Omission.EDGE, whole - sum(bare[-size:]))
    return whole & MASK, keys


def _summed(weights: Numbers, lengths: NDArray[np.int64]) -> Numbers:
    passed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weights, dtype=np.uint64)])
    ends = np.cumsum(lengths)
    sums: Numbers = passed[ends] - passed[ends - lengths]
    return sums


def _key(sums: Numbers, omission: Omission) -> Numbers:
    """38 bits of a mixed sum and the omission, in the place above the class."""
    hashes = ((sums & _MASK) * _MIXER) >> _HASH_SHIFT
    return ((hashes << np.uint64(_OMISSION_BITS)) | np.uint64(omission)) << _KEY_SHIFT


class Run(NamedTuple):
    """Classes that meet under a key."""

    key: int
    classes: list[int]
    """In ascending order."""
    whole: frozenset[int]
    """Those whose whole sum it is."""

    @property
    def omission(self) -> Omission:
        """What was left out of the sums of the others."""
        return Omission(self.key & ((1 << _OMISSION_BITS) - 1))

    @property
    def is_few(self) -> bool:
        """Whether few enough classes meet to be compared."""
        return len(self.classes) <= _MOST_OF[self.key & ((1 << _OMISSION_BITS) - 1)]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs of classes to compare, smaller numbers first: a wrapped text only with its
        core."""
        if not self.is_few:
            return
        for pair in combinations(self.classes, 2):
            if self.omission not in _OF_A_WHOLE or not self.whole.isdisjoint(pair):
                yield pair


def _run(key: int, entries: Iterable[int]) -> Run:
    """The run of *entries* under one key."""
    low = [entry & _LOW for entry in entries]
    return Run(
        key, sorted({each >> 1 for each in low}), frozenset(e >> 1 for e in low if not e & 1)
    )


class Postings:
    """The classes filed under each key."""

    def __init__(self) -> None:
        self._sorted: Numbers = np.empty(0, np.uint64)
        self._loose = Loose()
        self._noted = 0
        self._recent: dict[int, list[int]] = {}
        """What lies loose, by key: filled when it is looked for, while that is little."""

    @property
    def loose(self) -> int:
        """Entries that were added since the last sorting."""
        return len(self._loose)

    def add(self, keys: Numbers, classes: Numbers) -> None:
        """File *classes*, each under the key beside it."""
        self._loose.add(keys | (classes << np.uint64(1)))

    def add_few(self, keys: Sequence[int], number: int) -> None:
        """File one class under each of *keys*."""
        self.add(np.array(keys, np.uint64), np.array([number], np.uint64))

    def sort(self, alive: NDArray[np.bool_]) -> None:
        """Relation in what lies loose; classes that are not *alive* are left out.

        It takes long, but numpy holds the interpreter for none of it.
        """
        before = len(self._sorted)
        entries = np.empty(before + len(self._loose), np.uint64)
        entries[:before] = self._sorted
        self._sorted = entries[:0]
        self._loose.pour(entries[before:])
        self._recent.clear()
        self._noted = 0
        if not alive.all():
            entries = _packed(entries, lambda some: alive[(some & np.uint64(_LOW)) >> np.uint64(1)])
        entries.sort()
        self._sorted = _packed(entries, _firsts)

    def runs(self) -> Iterator[list[Run]]:
        """The keys under which some classes meet, but not more than :data:`MOST`; by pieces.

        Only complete right after sorting.
        """
        start, total = 0, len(self._sorted)
        while start < total:
            end = min(total, start + _STEP)
            if end < total:
                after = ((int(self._sorted[end - 1]) >> CLASS_BITS) + 1) << CLASS_BITS
                end = int(np.searchsorted(self._sorted, np.uint64(after)))
            yield _runs(self._sorted[start:end])
            start = end

    def meeting(self, keys: Iterable[int]) -> list[Run]:
        """All classes under each of *keys* under which there are several, gone ones too."""
        self._note()
        wanted = list(dict.fromkeys(key >> CLASS_BITS for key in keys))
        lowest = np.array(wanted, np.uint64) << _KEY_SHIFT
        first = self._sorted.searchsorted(lowest)
        # Of a great many, some tell that they are many.
        ends = self._sorted.searchsorted(lowest | np.uint64(_LOW), side="right")
        there = ends > first
        held = {
            wanted[at]: self._sorted[start : min(end, start + _ENOUGH)].tolist()
            for at, start, end in zip(
                np.flatnonzero(there).tolist(),
                first[there].tolist(),
                ends[there].tolist(),
                strict=True,
            )
        }
        found = []
        for key in wanted:
            entries = [*self._recent.get(key, ()), *held.get(key, ())]
            if len(entries) > 1 and len({entry & _CLASS for entry in entries}) > 1:
                found.append(_run(key, entries))
        return found

    def _note(self) -> None:
        for entry in self._loose.since(self._noted):
            self._recent.setdefault(entry >> CLASS_BITS, []).append(entry)
        self._noted = len(self._loose)


def _packed(entries: Numbers, which: Callable[[Numbers], NDArray[np.bool_]]) -> Numbers:
    """The *entries* of which *which* tells that they are kept, in their place: a copy of all would
    take as much room again. It is handed each step with the entry before it, if there is one."""
    end = 0
    last = entries[:0]
    for start in range(0, len(entries), _STEP):
        some = np.concatenate([last, entries[start : start + _STEP]])
        kept = some[which(some)] if not len(last) else some[1:][which(some)[1:]]
        last = some[-1:]
        entries[end : end + len(kept)] = kept
        end += len(kept)
    return entries[:end]


def _firsts(entries: Numbers) -> NDArray[np.bool_]:
    """Where one differs from that before it."""
    differs = np.ones(len(entries), np.bool_)
    np.not_equal(entries[1:], entries[:-1], out=differs[1:])
    return differs


def _runs(entries: Numbers) -> list[Run]:
    names = entries >> _KEY_SHIFT
    again = np.flatnonzero(names[1:] == names[:-1])
    if not len(again):
        return []
    first = again[np.concatenate([[True], names[again[1:]] != names[again[:-1]]])]
    last = np.searchsorted(names, names[first], side="right")
    few = (last - first) <= 2 * max(MOST.values())
    return [
        _run(key, entries[start:end].tolist())
        for key, start, end in zip(
            names[first[few]].tolist(), first[few].tolist(), last[few].tolist(), strict=True
        )
    ]
