"""One text is filed under the same numbers as among others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.detect.repeats.postings import CLASS_BITS, Postings, filed, filed_alone
from mem0_tui.detect.repeats.weights import MASK, VALUE

_weights = st.one_of(
    st.just(0), st.integers(1, MASK), st.integers(1, MASK).map(lambda weight: weight | VALUE)
)


@given(st.lists(_weights, max_size=80))
def test_a_text_alone_is_filed_as_among_others(weights: list[int]) -> None:
    sums, keys, _ = filed(np.array(weights, np.uint64), np.array([len(weights)], np.int64))
    alone, own = filed_alone(weights)
    assert alone == int(sums[0])
    assert sorted(own) == sorted(keys.tolist())


def test_sorting_keeps_each_entry_of_living_classes_once() -> None:
    rng, postings = np.random.default_rng(3), Postings()
    there: set[tuple[int, int]] = set()
    for alive in (np.ones(50, np.bool_), rng.random(50) > 0.3):
        keys = rng.integers(0, 9_000, 300_000, dtype=np.uint64) << np.uint64(CLASS_BITS)
        numbers = rng.integers(0, 50, len(keys), dtype=np.uint64)
        postings.add(keys, numbers)
        there.update(zip((keys >> np.uint64(CLASS_BITS)).tolist(), numbers.tolist(), strict=True))
        there = {(key, number) for key, number in there if alive[number]}
        postings.sort(alive)
        wanted = [key << CLASS_BITS for key in range(9_000)]
        found = {(run.key, each) for run in postings.meeting(wanted) for each in run.classes}
        assert found == there
