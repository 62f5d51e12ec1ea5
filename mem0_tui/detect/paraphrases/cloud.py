"""Which of one owner's vectors are near each other, kept up to date vector by vector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mem0_tui.detect.paraphrases.directions import BUCKETS, CODES, Codes, buckets
from mem0_tui.detect.paraphrases.rows import Doubles, Ints, Rows, Values
from mem0_tui.store.embedding.blas import NDArray, np

MOST_NEAR = 12
"""Texts with more near ones are of one form, as the entries of a log are, and left out."""
_LEVELS = ((2, 0.3), (4, 0.45), (16, 0.55), (128, 0.6), (1024, 0.65), (8192, 0.7))
_NEAR = 0.75
_ALL_COMPARED = 6_000
"""Vectors up to which each is compared with each; above, with those of its buckets."""
_FULL = 3_500
"""Vectors above which a bucket tells nothing."""
_BLOCK, _WIDE = 512, 1024
_SLACK = 1e-3
"""What a cosine of float32 may be wrong by, amply."""
_FEW = 50


class _Level(NamedTuple):
    """How vectors are compared."""

    near: float
    """The least cosine: the more there are, the more are near by chance."""
    full: frozenset[int] | None = None
    """The buckets that tell nothing; None where there are none and all are compared."""


class Cloud:
    """Vectors by number, and for each its near ones."""

    def __init__(self) -> None:
        self.near: dict[int, dict[int, float]] = {}
        """By number, those near it with their cosines; without those that have too many."""
        self.dirty: set[int] = set()
        """Of which numbers that has changed; emptied by whoever reads it."""
        self._rows = Rows()
        self._new: dict[int, None] = {}
        """Those that were not compared yet; they are the last of the rows."""
        self._gone: list[tuple[Values, float]] = []
        self._codes: Codes = np.empty((0, CODES), np.int16)
        self._degree: dict[int, int] = {}
        """How many are near; one that shares several buckets counts as often."""
        self._level: _Level | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, number: int, packed: bytes) -> None:
        """Take in a vector; its number is new."""
        self._rows.add(number, packed)
        self._new[number] = None

    def remove(self, number: int) -> None:
        """Forget a vector that is there."""
        place, last = self._rows.place[number], len(self._rows) - 1
        taken = self._rows.take(number)
        self._new.pop(number, None)
        if self._new:
            self._level = None  # a new one stands among the others now
        if place < len(self._codes):
            if place < last:
                self._codes[place] = buckets(self._rows.values[place : place + 1])[0]
            self._codes = self._codes[:last]
        if self._degree.pop(number, 0):
            self._gone.append(taken)
        self._unlink(number)
        self.dirty.add(number)

    def work(self) -> Iterator[None]:
        """Compare what was added, by pieces; may be abandoned at each."""
        yield from self._file()
        level = self._wanted()
        if level != self._level or len(self._new) + len(self._gone) > _FEW:
            yield from self._compare_all(level)
            return
        while self._gone:
            self._lose(self._gone[-1])
            self._gone.pop()
            yield
        while self._new:
            self._compare(next(iter(self._new)))
            yield

    def _file(self) -> Iterator[None]:
        """Say in which buckets each is, where that counts."""
        count = len(self._rows)
        if count <= _ALL_COMPARED:
            self._codes = np.empty((0, CODES), np.int16)
            return
        parts = [self._codes]
        for start in range(len(self._codes), count, _BLOCK):
            parts.append(buckets(self._rows.values[start : start + _BLOCK]))
            yield
        self._codes = np.concatenate(parts)

    def _wanted(self) -> _Level:
        count = len(self._rows)
        near = next((cosine for most, cosine in _LEVELS if count <= most), _NEAR)
        if count <= _ALL_COMPARED:
            return _Level(near)
        sizes = np.bincount(self._codes.ravel(), minlength=BUCKETS)
        return _Level(near, frozenset(np.flatnonzero(sizes > _FULL).tolist()))

    # -- one by one

    def _compare(self, number: int) -> None:
        others, cosines, times = self._near_to(self._rows.get(number))
        del self._new[number]
        self._degree[number] = sum(times)
        for other, count in zip(others, times, strict=True):
            self._degree[other] += count
            if self._degree[other] > MOST_NEAR:
                self._unlink(other)
        self._link(number, zip(others, cosines, strict=True))

    def _lose(self, vector: tuple[Values, float]) -> None:
        """One that was near others is gone: those that had too many may have few enough now."""
        others, _, times = self._near_to(vector)
        freed = []
        for other, count in zip(others, times, strict=True):
            before = self._degree[other]
            self._degree[other] = before - count
            if before > MOST_NEAR >= self._degree[other]:
                freed.append(other)
        for other in freed:
            them, cosines, _ = self._near_to(self._rows.get(other))
            self._link(other, zip(them, cosines, strict=True))

    def _link(self, number: int, others: Iterable[tuple[int, float]]) -> None:
        if self._degree[number] > MOST_NEAR:
            return
        for other, cosine in others:
            if other != number and self._degree[other] <= MOST_NEAR:
                self.near.setdefault(number, {})[other] = cosine
                self.near.setdefault(other, {})[number] = cosine
                self.dirty.update((number, other))

    def _unlink(self, number: int) -> None:
        for other in self.near.pop(number, ()):
            self.dirty.update((number, other))
            del self.near[other][number]
            if not self.near[other]:
                del self.near[other]

    def _near_to(
        self, vector: tuple[Values, float]
    ) -> tuple[Sequence[int], Sequence[float], Sequence[int]]:
        """Of those that were compared, the ones near a vector, itself among them; the cosines, and
        how often each counts."""
        assert self._level is not None
        count = len(self._rows) - len(self._new)
        if self._level.full is None:
            places, times = np.arange(count), np.ones(count, np.intp)
        else:
            every = np.zeros(count, np.intp)
            for code in buckets(vector[0][None])[0].tolist():
                if code not in self._level.full:
                    every += (self._codes[:count] == code).any(axis=1)
            places = np.flatnonzero(every)
            times = every[places]
        cosines = self._rows.cosines(vector, places)
        hit = cosines >= self._level.near
        numbers = [self._rows.numbers[at] for at in places[hit].tolist()]
        return numbers, cosines[hit].tolist(), times[hit].tolist()

    # -- all at once

    def _compare_all(self, level: _Level) -> Iterator[None]:
        self._level = None  # where it is abandoned, all is compared anew
        degree = np.zeros(len(self._rows), np.intp)
        pairs: list[tuple[Ints, Ints, Doubles]] = []
        for members in self._groups(level):
            for start in range(0, len(members), _BLOCK):
                mine = members[start : start + _BLOCK]
                for behind in range(start, len(members), _WIDE):
                    theirs = members[behind : behind + _WIDE]
                    found = self._pairs(mine, theirs, level.near, degree)
                    if found is not None:
                        pairs.append(found)
                    yield
        self.dirty.update(self.near)
        self.near = {}
        numbers = self._rows.numbers
        self._degree = dict(zip(numbers, degree.tolist(), strict=True))
        self._new.clear()
        self._gone.clear()
        for ones, others, cosines in pairs:
            each = zip(ones.tolist(), others.tolist(), cosines.tolist(), strict=True)
            for one, other, cosine in each:
                self._link(numbers[one], [(numbers[other], cosine)])
            yield
        self._level = level

    def _groups(self, level: _Level) -> Iterator[Ints]:
        """Places that are compared with each other, in order."""
        if level.full is None:
            yield np.arange(len(self._rows))
            return
        for bucket in range(BUCKETS):
            if bucket not in level.full:
                yield np.flatnonzero((self._codes == bucket).any(axis=1))

    def _pairs(
        self, mine: Ints, theirs: Ints, near: float, degree: NDArray[np.intp]
    ) -> tuple[Ints, Ints, Doubles] | None:
        """The near ones of *mine* and of those of *theirs* that stand behind them, which are added
        to *degree*; without those that have too many by now."""
        likeness = self._rows.units(mine) @ self._rows.units(theirs).T
        if mine[0] == theirs[0]:
            likeness[mine[:, None] >= theirs] = -1
        if likeness.max() < near - _SLACK:
            return None
        hit = likeness >= near - _SLACK
        rows, columns = np.nonzero(hit & (likeness < near + _SLACK))
        hit[rows, columns] = self._rows.between(mine[rows], theirs[columns]) >= near
        degree[mine] += hit.sum(axis=1)
        degree[theirs] += hit.sum(axis=0)
        few, others = degree[mine] <= MOST_NEAR, degree[theirs] <= MOST_NEAR
        rows, columns = np.nonzero(hit & few[:, None] & others)
        one, other = mine[rows], theirs[columns]
        return one, other, self._rows.between(one, other)
