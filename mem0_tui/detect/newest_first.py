"""All ids by when their memories were made, in blocks: what changes one costs one block."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, chain
from typing import Final, overload

_BLOCK: Final = 512
"""Ids of a block at most."""
_FEW: Final = 50
"""New ids up to which each is put in its place alone."""


class Ids(Sequence[str]):
    """Ids in order; what shares blocks with others takes no room for them."""

    def __init__(self, blocks: Sequence[Sequence[str]] = ()) -> None:
        """None of *blocks* may change any more."""
        self._blocks = tuple(filter(None, blocks))
        self._ends = list(accumulate(map(len, self._blocks)))

    def without(self, ids: AbstractSet[str]) -> Ids:
        """Those that are not among *ids*."""
        if not ids:
            return self
        return Ids(
            [
                block if ids.isdisjoint(block) else [id_ for id_ in block if id_ not in ids]
                for block in self._blocks
            ]
        )

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._blocks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ids) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        number = bisect_right(self._ends, at)
        block = self._blocks[number]
        return block[at - self._ends[number]]


class NewestFirst:
    """Puts ids in order of age; equally old ones by id."""

    def __init__(self) -> None:
        self._ages: list[array[int]] = []
        """By block, minus the microseconds of creation."""
        self._blocks: list[list[str]] = []
        """Never changed, but replaced: others may hold them."""
        self._new: list[tuple[int, str]] = []
        """Those that are not among them yet."""

    def add(self, age: int, id_: str) -> None:
        """Take in an id that is not there."""
        self._new.append((age, id_))

    def remove(self, age: int, id_: str) -> None:
        """Take out an id that is there with that *age*."""
        self._place()
        number = self._block_of((age, id_))
        ages, ids = self._ages[number], self._blocks[number]
        at = _at(ages, ids, (age, id_))
        del ages[at]
        self._blocks[number] = ids[:at] + ids[at + 1 :]
        if not ages:
            del self._ages[number], self._blocks[number]

    def ids(self) -> Ids:
        """All of them, as they are now."""
        self._place()
        return Ids(self._blocks)

    def _place(self) -> None:
        """Put what is new where it belongs: a few one by one, many together."""
        if len(self._new) <= _FEW and self._blocks:
            for each in self._new:
                self._insert(each)
        elif self._new:
            every = chain(*map(zip, self._ages, self._blocks), self._new)
            self._fill(sorted(every))
        self._new.clear()

    def _fill(self, ordered: Sequence[tuple[int, str]]) -> None:
        size = _BLOCK // 2
        parts = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        self._ages = [array("q", (age for age, _ in part)) for part in parts]
        self._blocks = [[id_ for _, id_ in part] for part in parts]

    def _insert(self, one: tuple[int, str]) -> None:
        number = self._block_of(one)
        ages, ids = self._ages[number], self._blocks[number]
        at = _at(ages, ids, one)
        ages.insert(at, one[0])
        ids = [*ids[:at], one[1], *ids[at:]]
        self._blocks[number] = ids
        if len(ids) > _BLOCK:
            middle = len(ids) // 2
            self._blocks[number : number + 1] = [ids[:middle], ids[middle:]]
            self._ages[number : number + 1] = [ages[:middle], ages[middle:]]

    def _block_of(self, one: tuple[int, str]) -> int:
        """The number of the block in which *one* is or belongs: the last that begins before it."""
        number = bisect_right(
            range(len(self._blocks)), one, key=lambda at: (self._ages[at][0], self._blocks[at][0])
        )
        return max(0, number - 1)


def _at(ages: array[int], ids: Sequence[str], one: tuple[int, str]) -> int:
    """Where *one* is in a block, or belongs."""
    return bisect_left(range(len(ids)), one, key=lambda at: (ages[at], ids[at]))
