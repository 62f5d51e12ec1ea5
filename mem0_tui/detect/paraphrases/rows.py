"""Vectors by number, as they are stored: 384 bytes each."""

from __future__ import annotations

from mem0_tui.detect.paraphrases.directions import DIMENSIONS
from mem0_tui.store.embedding.blas import NDArray, np

Values = NDArray[np.int8]
Ints = NDArray[np.intp]
Doubles = NDArray[np.float64]

_BLOCK = 1024


class Rows:
    """Vectors in places from 0 on; the last one moves to where one is taken out.

    Products of them are whole numbers below 2**24, which float32 holds exactly: so the same two
    vectors give the same cosine in whatever order and block they are.
    """

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.place: dict[int, int] = {}
        self._values = np.empty((0, DIMENSIONS), np.int8)
        self._scales = np.empty(0, np.float64)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def values(self) -> Values:
        """All of them, shape (len, 384)."""
        return self._values[: len(self.numbers)]

    def add(self, number: int, packed: bytes) -> None:
        """Put one at the end."""
        place = len(self.numbers)
        if place == len(self._values):
            more = max(4, place * 5 // 4)
            self._values = np.concatenate(
                [self._values, np.zeros((more - place, DIMENSIONS), np.int8)]
            )
            self._scales = np.concatenate([self._scales, np.zeros(more - place)])
        values = np.frombuffer(packed, np.int8, DIMENSIONS)
        self._values[place] = values
        whole = values.astype(np.int64)
        self._scales[place] = 1 / np.sqrt(max(1, int(whole @ whole)))
        self.numbers.append(number)
        self.place[number] = place

    def take(self, number: int) -> tuple[Values, float]:
        """Take one out: its values, and one divided by its length."""
        place, last = self.place.pop(number), len(self.numbers) - 1
        taken = self._values[place].copy(), float(self._scales[place])
        moved = self.numbers.pop()
        if place != last:
            self.numbers[place] = moved
            self.place[moved] = place
            self._values[place] = self._values[last]
            self._scales[place] = self._scales[last]
        return taken

    def get(self, number: int) -> tuple[Values, float]:
        """The values of one, and one divided by its length."""
        place = self.place[number]
        return self._values[place], float(self._scales[place])

    def units(self, places: Ints) -> NDArray[np.float32]:
        """Those at *places*, of length one as nearly as float32 has it."""
        scales = self._scales[places].astype(np.float32)
        return self._values[places].astype(np.float32) * scales[:, None]

    def cosines(self, vector: tuple[Values, float], places: Ints) -> Doubles:
        """Those between one vector and the ones at *places*."""
        mine, scale = vector[0].astype(np.float32), vector[1]
        found = np.empty(len(places), np.float64)
        for start in range(0, len(places), _BLOCK):
            some = places[start : start + _BLOCK]
            dots = self._values[some].astype(np.float32) @ mine
            found[start : start + _BLOCK] = dots.astype(np.float64) * (scale * self._scales[some])
        return found

    def between(self, ones: Ints, others: Ints) -> Doubles:
        """Those between the ones at two lists of places, pair by pair."""
        found = np.empty(len(ones), np.float64)
        for start in range(0, len(ones), _BLOCK):
            some = slice(start, start + _BLOCK)
            one, other = ones[some], others[some]
            left, right = self._values[one], self._values[other]
            dots = np.einsum("ij,ij->i", left.astype(np.float32), right.astype(np.float32))
            found[some] = dots.astype(np.float64) * (self._scales[one] * self._scales[other])
        return found
