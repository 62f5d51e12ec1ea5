"""Puts vectors into buckets, so that near ones mostly share one: a cross-polytope hash.

A bucket is one of 256 fixed directions or its opposite; a vector is in the two that it points to
most, in each of two sets of 64. What bucket a vector is in depends on nothing but the vector.
"""

from __future__ import annotations

import hashlib
from functools import cache

from mem0_tui.store.embedding.blas import NDArray, np

DIMENSIONS = 384
_TABLES, _DIRECTIONS, _PROBES = 2, 64, 2
CODES = _TABLES * _PROBES
"""In how many buckets each vector is."""
BUCKETS = _TABLES * _DIRECTIONS * 2
"""How many there are."""

Codes = NDArray[np.int16]


def buckets(values: NDArray[np.int8]) -> Codes:
    """The buckets of each of *values*, shape (n, 384): shape (n, 4)."""
    found = []
    sums = values.astype(np.float32) @ _signs()  # whole numbers below 2**24, hence exact
    for table in range(_TABLES):
        part = sums[:, table * _DIRECTIONS : (table + 1) * _DIRECTIONS]
        both = np.concatenate([part, -part], axis=1)
        first = both.argmax(axis=1)
        both[np.arange(len(both)), first] = -np.inf
        found += [first + table * 2 * _DIRECTIONS, both.argmax(axis=1) + table * 2 * _DIRECTIONS]
    return np.stack(found, axis=1).astype(np.int16)


@cache
def _signs() -> NDArray[np.float32]:
    """Directions of ones and minus ones, shape (384, 128): the same ones everywhere."""
    count = DIMENSIONS * _TABLES * _DIRECTIONS
    noise = hashlib.shake_256(b"directions").digest(count // 8)
    bits = np.unpackbits(np.frombuffer(noise, np.uint8))
    return (bits.astype(np.float32) * 2 - 1).reshape(DIMENSIONS, -1)
