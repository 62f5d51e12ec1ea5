"""One text is filed under the same numbers as among others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.detect.repeats.postings import filed, filed_alone
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
