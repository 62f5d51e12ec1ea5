"""Ids stay in order of age, and what was handed out stays as it was."""

from __future__ import annotations

from random import Random

import pytest

from mem0_tui.detect.newest_first import NewestFirst


@pytest.mark.parametrize("ages", [3, 10_000])
def test_ids_are_in_order_however_they_come_and_go(ages: int) -> None:
    rng, order, there = Random(5), NewestFirst(), dict[str, int]()
    handed: list[tuple[list[str], object]] = []
    for number in range(4_000):
        id_ = f"m{rng.randrange(3_000)}"
        if id_ in there:
            order.remove(there.pop(id_), id_)
        else:
            there[id_] = rng.randrange(ages)
            order.add(there[id_], id_)
        if number % 90 == 0 or number in range(2_000, 2_010):
            expected = sorted(there, key=lambda each: (there[each], each))
            ids = order.ids()
            assert list(ids) == expected
            assert (len(ids), ids[0], ids[-1]) == (len(expected), expected[0], expected[-1])
            assert ids[3:9] == expected[3:9]
            handed.append((expected, ids))
    assert all(list(ids) == expected for expected, ids in handed)  # type: ignore[call-overload]


def test_some_are_left_out() -> None:
    order = NewestFirst()
    for number in range(2_000):
        order.add(number, f"m{number}")
    left = order.ids().without({"m0", "m700", "m1999", "gone"})
    assert list(left) == [f"m{number}" for number in range(2_000) if number not in (0, 700, 1999)]
    assert (len(left), left[0]) == (1_997, "m1")
