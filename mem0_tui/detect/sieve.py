"""Which of many texts hold one of some words: by their first letters, all texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_SHORT, _LONG = 3, 4
"""Letters by which a word is known."""
_MIXER = np.uint32(0x9E3779B1)
_SHIFT = np.uint32(16)
_LOW = np.uint32(0xFFFFFF)


class Sieve:
    """Looks at a text in about a microsecond, whatever the number of words."""

    def __init__(self, words: Iterable[str]) -> None:
        """*words* are in lower case, with three bytes at least."""
        every = [word.encode() for word in words]
        self._words: dict[bytes, tuple[bytes, ...]] = {}
        for word in every:
            beginning = word[: _size(word)]
            self._words[beginning] = (*self._words.get(beginning, ()), word)
        self._tables = [
            (size, _Table({word[:size] for word in every if len(word) >= size == _size(word)}))
            for size in (_SHORT, _LONG)
        ]

    def sift(self, lower: Sequence[str]) -> list[int]:
        """The indices of those of the texts *lower*, in lower case, that hold a word, in order."""
        data = "\n".join(lower).encode("utf-8", "surrogatepass") + b"\n" * _LONG
        grams = np.ndarray((len(data) - _LONG + 1,), np.dtype("<u4"), data, 0, (1,))
        grams = grams.astype(np.uint32)
        places = [
            table.places(grams & _LOW if size == _SHORT else grams) for size, table in self._tables
        ]
        words = self._words
        found = np.array(
            [
                place
                for (size, _), some in zip(self._tables, places, strict=True)
                for place in some.tolist()
                if data.startswith(words[data[place : place + size]], place)
            ]
        )
        if not len(found):
            return []
        if len(data) == sum(map(len, lower)) + len(lower) - 1 + _LONG:
            lengths = [len(text) for text in lower]
        else:
            lengths = [len(text.encode("utf-8", "surrogatepass")) for text in lower]
        ends = np.cumsum(np.array(lengths) + 1)
        texts: list[int] = np.unique(np.searchsorted(ends, found, side="right")).tolist()
        return [at for at in texts if at < len(lower)]


class _Table:
    """Some beginnings of words, as numbers."""

    def __init__(self, beginnings: Iterable[bytes]) -> None:
        numbers = [int.from_bytes(each, "little") for each in beginnings]
        self._numbers = np.array(sorted(numbers), np.uint32)
        self._there = np.zeros(1 << 16, np.bool_)
        self._there[_mixed(self._numbers)] = True

    def places(self, grams: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Where one of them stands."""
        if not len(self._numbers):
            return np.empty(0, np.int64)
        maybe = np.flatnonzero(self._there[_mixed(grams)])
        at = np.searchsorted(self._numbers, grams[maybe])
        at[at == len(self._numbers)] = 0
        places: NDArray[np.int64] = maybe[self._numbers[at] == grams[maybe]]
        return places


def _mixed(grams: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (grams * _MIXER) >> _SHIFT


def _size(word: bytes) -> int:
    return min(len(word), _LONG)
