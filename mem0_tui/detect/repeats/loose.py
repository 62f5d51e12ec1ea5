"""Numbers that come in small arrays and are taken away together: no more room than they need."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_BLOCK: Final = 1 << 18
"""Numbers of a block: the two megabytes go back to the system when it is let go of."""


class Loose:
    """Numbers in the order in which they came."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.uint64]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, numbers: NDArray[np.uint64]) -> None:
        """Take in *numbers*."""
        start = 0
        while start < len(numbers):
            at = self._count % _BLOCK
            if not at:
                self._blocks.append(np.empty(_BLOCK, np.uint64))
            some = numbers[start : start + _BLOCK - at]
            self._blocks[-1][at : at + len(some)] = some
            self._count += len(some)
            start += len(some)

    def since(self, first: int) -> list[int]:
        """All but the *first* ones."""
        number, at = divmod(first, _BLOCK)
        found: list[int] = []
        for block in self._blocks[number:]:
            found += block[at : self._count - number * _BLOCK].tolist()
            number, at = number + 1, 0
        return found

    def pour(self, into: NDArray[np.uint64]) -> None:
        """Put all of them into an array of as many, and forget them."""
        for number in reversed(range(len(self._blocks))):
            part = into[number * _BLOCK : (number + 1) * _BLOCK]
            part[:] = self._blocks.pop()[: len(part)]
        self._count = 0
