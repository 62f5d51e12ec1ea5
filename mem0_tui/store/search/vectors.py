"""Sentence vectors: 388 bytes each in the database, an exact cosine scan in memory.

A stored vector is 384 int8 values and one little-endian float32 scale. The scale keeps the
vector's length, not its largest value, so what comes back has the length that went in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.store.embedding.blas import NDArray, np

Float = NDArray[np.float32]
Rowids = NDArray[np.int64]

DIMENSIONS = 384
BYTES = DIMENSIONS + 4

_STORED = np.dtype([("values", np.int8, (DIMENSIONS,)), ("scale", "<f4")])
_BLOCK_ROWS = 4096
"""Rows by which the index grows: 6 MB, of which untouched pages take no memory. From 4 MB on numpy
asks for huge pages, which makes the scan a fifth faster."""


def pack(vectors: Float) -> list[bytes]:
    """*vectors*, shape (n, 384), as they are stored: 388 bytes each."""
    stored = np.zeros(len(vectors), dtype=_STORED)
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    values = np.rint(vectors * (127 / np.where(largest == 0, 1, largest)))
    lengths = np.linalg.norm(values, axis=1)
    stored["values"] = values
    stored["scale"] = np.linalg.norm(vectors, axis=1) / np.where(lengths == 0, 1, lengths)
    data = stored.tobytes()
    return [data[start : start + BYTES] for start in range(0, len(data), BYTES)]


def unpack(blobs: Sequence[bytes]) -> Float:
    """The vectors of *blobs*, shape (n, 384); StoreCorruptError if one is not 388 bytes long."""
    for blob in blobs:
        if len(blob) != BYTES:
            raise StoreCorruptError(f"a stored vector has {len(blob)} bytes instead of {BYTES}")
    stored = np.frombuffer(b"".join(blobs), dtype=_STORED)
    return np.asarray(stored["values"] * stored["scale"][:, None], dtype=np.float32)


class VectorIndex:
    """The vectors of a store by rowid, in memory; one writer and any number of readers.

    Rows are kept in blocks, so growing copies nothing, and in no particular order: removing one
    moves the last into its place.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[int, int] = {}
        self._rowids: Rowids = np.empty(0, dtype=np.int64)
        self._blocks: list[Float] = []

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, rowid: int) -> bool:
        return rowid in self._places

    def add(self, rowids: Sequence[int], vectors: Float) -> None:
        """Add *vectors*, shape (len(rowids), 384); a rowid that is there already is replaced."""
        if vectors.shape != (len(rowids), DIMENSIONS):
            raise ValueError(f"{len(rowids)} rowids for vectors of shape {vectors.shape}")
        with self._lock:
            for rowid, vector in zip(rowids, vectors, strict=True):
                place = self._places.setdefault(rowid, len(self._places))
                if place >= len(self._rowids):
                    self._grow()
                self._rowids[place] = rowid
                self._row(place)[:] = vector

    def remove(self, rowids: Iterable[int]) -> None:
        """Forget *rowids*; those that are not there are passed over."""
        with self._lock:
            for rowid in rowids:
                place = self._places.pop(rowid, None)
                if place is None:
                    continue
                last = len(self._places)
                if place != last:
                    moved = int(self._rowids[last])
                    self._places[moved] = place
                    self._rowids[place] = moved
                    self._row(place)[:] = self._row(last)

    def vector(self, rowid: int) -> Float | None:
        """A copy of one vector, shape (384,), or None."""
        with self._lock:
            place = self._places.get(rowid)
            return None if place is None else self._row(place).copy()

    def scores(self, query: Float) -> tuple[Rowids, Float]:
        """Every rowid and its cosine with *query*, a unit vector (384,); both are copies."""
        with self._lock:
            count = len(self._places)
            cosines = np.empty(count, dtype=np.float32)
            for start in range(0, count, _BLOCK_ROWS):
                part = cosines[start : start + _BLOCK_ROWS]
                np.dot(self._blocks[start // _BLOCK_ROWS][: len(part)], query, out=part)
            return self._rowids[:count].copy(), cosines

    def _row(self, place: int) -> Float:
        row: Float = self._blocks[place // _BLOCK_ROWS][place % _BLOCK_ROWS]
        return row

    def _grow(self) -> None:
        self._blocks.append(np.empty((_BLOCK_ROWS, DIMENSIONS), dtype=np.float32))
        more = np.empty(_BLOCK_ROWS, dtype=np.int64)
        self._rowids = np.concatenate([self._rowids, more])
