"""Numbers come out as they came in, across the blocks in which they are held."""

from __future__ import annotations

import numpy as np

from mem0_tui.detect.repeats.loose import Loose


def test_what_was_added_is_poured_out_in_order() -> None:
    loose, added = Loose(), np.arange(700_000, dtype=np.uint64)
    for part in np.array_split(added, 9):
        loose.add(part)
    assert len(loose) == len(added)
    assert loose.since(262_140) == list(range(262_140, 700_000))
    assert loose.since(700_000) == []
    out = np.zeros(len(added), np.uint64)
    loose.pour(out)
    assert (out == added).all()
    assert (len(loose), loose.since(0)) == (0, [])
