"""Texts of the same words as one class: the place of each memory by the sum of its words."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, KeysView, Sequence

import numpy as np

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.memory_table import MemoryTable
from mem0_tui.detect.repeats.postings import Postings, Run, filed, filed_alone
from mem0_tui.detect.repeats.weights import MASK, Weights

_NOBODY = -1
_GARBAGE = 2_000
"""Classes without a member that are carried along at least."""


class Classes:
    """The members of each class, and which classes are near each other."""

    def __init__(self, table: MemoryTable) -> None:
        self.postings = Postings()
        self._table = table
        self._weights = Weights()
        self._number_of: dict[int, int] = {}
        self._sums = array("Q")
        self._first = array("i")
        """By class, a member; -1 where there is none."""
        self._others: dict[int, list[int]] = {}
        """The further members of classes with more than one."""
        self._keys: dict[str, list[int]] = {}
        """Under which texts that have just come are filed."""
        self._free: list[int] = []
        self._empty = 0

    def add(self, texts: Sequence[str], places: Sequence[int]) -> list[int]:
        """The classes of *texts*, of which the memories at *places* become members."""
        if len(texts) == 1:
            return [self._add_alone(texts[0], places[0])]
        flat, lengths = self._weights.of(texts)
        sums, keys, owners = filed(flat, lengths)
        numbers: list[int] = []
        known: list[int] = []
        number_of = self._number_of.get
        for index, (sum_, place) in enumerate(zip(sums.tolist(), places, strict=True)):
            number = number_of(sum_)
            if number is None:
                number = self._new(sum_, place)
            else:
                if self._has_text(number, texts[index]):
                    known.append(index)
                self._join(number, place)
            numbers.append(number)
        if known:
            new = np.ones(len(texts), np.bool_)
            new[known] = False
            kept = new[owners]
            owners, keys = owners[kept], keys[kept]
        self.postings.add(keys, np.array(numbers, np.uint64)[owners])
        return numbers

    def _add_alone(self, text: str, place: int) -> int:
        sum_, keys = filed_alone(self._weights.alone(text))
        self._keys[text] = keys
        number = self._number_of.get(sum_)
        known = number is not None and self._has_text(number, text)
        if number is None:
            number = self._new(sum_, place)
        else:
            self._join(number, place)
        if not known:
            self.postings.add_few(keys, number)
        return number

    def add_exact(self, text: str, place: int) -> int:
        """The class of the memory at *place*, whose *text* only goes with an equal one."""
        said = " ".join(text.casefold().split()).encode("utf-8", "surrogatepass")
        sum_ = int.from_bytes(hashlib.blake2b(said, digest_size=8).digest()) | (MASK + 1)
        number = self._number_of.get(sum_)
        if number is None:
            return self._new(sum_, place)
        self._join(number, place)
        return number

    def is_exact(self, number: int) -> bool:
        """Whether only equal texts are in the class."""
        return self._sums[number] > MASK

    def remove(self, number: int, place: int) -> None:
        """Take the memory at *place* out of its class."""
        others = self._others.get(number, [])
        if place in others:
            others.remove(place)
        elif others:
            self._first[number] = others.pop()
        else:
            self._first[number] = _NOBODY
            self._empty += 1
        if not others:
            self._others.pop(number, None)

    def members(self, number: int) -> list[int]:
        """The places of the members."""
        first = self._first[number]
        return [] if first == _NOBODY else [first, *self._others.get(number, ())]

    def is_empty(self, number: int) -> bool:
        """Whether it has no member."""
        return self._first[number] == _NOBODY

    def with_members(self, numbers: Collection[int]) -> list[int]:
        """Those of the classes *numbers* that have a member."""
        first = self._first
        return [number for number in numbers if first[number] != _NOBODY]

    def has_several(self, number: int) -> bool:
        """Whether it has more than one member."""
        return number in self._others

    def shared(self) -> KeysView[int]:
        """The classes with more than one member."""
        return self._others.keys()

    def near(self, texts: Sequence[str]) -> list[Run]:
        """The classes that a class of *texts* meets, itself among them."""
        keys: list[int] = []
        for text in {wrapper.core_of(text).strip(): text for text in texts}.values():
            known = self._keys.pop(text, None)
            keys += known if known else filed_alone(self._weights.alone(text))[1]
        self._keys.clear()
        return self.living(self.postings.meeting(keys))

    def living(self, runs: Sequence[Run]) -> list[Run]:
        """*runs* without classes that have no member."""
        if not self._empty:
            return list(runs)
        first = self._first
        return [
            run._replace(classes=[number for number in run.classes if first[number] != _NOBODY])
            for run in runs
        ]

    def sort(self) -> None:
        """Sort the postings, and let go of classes without a member."""
        alive = np.frombuffer(self._first, np.dtype(f"i{self._first.itemsize}")) != _NOBODY
        self.postings.sort(alive)
        for number in np.flatnonzero(~alive).tolist():
            # One that was let go of before may have its words in another class by now.
            if self._number_of.get(self._sums[number]) == number:
                del self._number_of[self._sums[number]]
                self._free.append(number)
        del alive
        self._empty = 0

    @property
    def is_untidy(self) -> bool:
        """Whether so many classes are empty that they should be let go of."""
        return self._empty > max(_GARBAGE, len(self._number_of) // 4)

    def _has_text(self, number: int, text: str) -> bool:
        """Whether it is known under what keys the members of a class that say *text* are filed."""
        first = self._first[number]
        return first != _NOBODY and self._table.text(first) == text

    def _new(self, sum_: int, place: int) -> int:
        """The number of a new class with the memory at *place*."""
        if self._free:
            number = self._free.pop()
            self._sums[number], self._first[number] = sum_, place
        else:
            number = len(self._sums)
            self._sums.append(sum_)
            self._first.append(place)
        self._number_of[sum_] = number
        return number

    def _join(self, number: int, place: int) -> None:
        if self._first[number] == _NOBODY:
            self._first[number] = place
            self._empty -= 1
        else:
            self._others.setdefault(number, []).append(place)
