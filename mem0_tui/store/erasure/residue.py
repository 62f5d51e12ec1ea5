"""Looks for bytes: many pieces at once, in files of any size, in one pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.erasure.places import plain_tables
from mem0_tui.store.erasure.traces import PIECE, SHORTEST
from mem0_tui.store.sqlite.raw_bytes import raw_bytes

_BLOCK = 1 << 22
"""Bytes that are looked through at once."""
_ROWS = 1000
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BITS = 20


class Finder:
    """Finds any of many *pieces*, each of 8 to 48 bytes.

    Every window of eight bytes is looked up in a table of the pieces' first eight; only what is
    there is compared in full.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = frozenset(pieces)
        self._by_start: dict[int, list[bytes]] = {}
        for piece in self.pieces:
            start = int.from_bytes(piece[:SHORTEST], "little")
            self._by_start.setdefault(start, []).append(piece)
        self._likely = np.zeros(1 << _BITS, dtype=bool)
        self._likely[_slot(np.array(list(self._by_start), dtype=np.uint64))] = True

    def find(self, data: bytes) -> set[bytes]:
        """The pieces that *data* holds."""
        found: set[bytes] = set()
        if not self.pieces:
            return found
        for offset in range(min(SHORTEST, len(data) - SHORTEST + 1)):
            count = (len(data) - offset) // SHORTEST
            windows: NDArray[np.uint64] = np.frombuffer(data, "<u8", count, offset)
            (places,) = np.nonzero(self._likely[_slot(windows)])
            for place in places.tolist():
                at = offset + place * SHORTEST
                same_start = self._by_start.get(int(windows[place]), ())
                found.update(piece for piece in same_start if data.startswith(piece, at))
        return found

    def find_in(self, stream: BinaryIO) -> set[bytes]:
        """The pieces that the file *stream* holds from here to its end."""
        found: set[bytes] = set()
        kept = b""
        while block := stream.read(_BLOCK):
            found |= self.find(kept + block)
            kept = (kept + block)[1 - PIECE :]
        return found

    def find_in_file(self, path: Path, *, database: bool) -> set[bytes]:
        """The pieces that *path*, perhaps a file of a *database*, holds; OSError if it cannot be
        read."""
        with raw_bytes(path, database=database) as stream:
            return self.find_in(stream)


def _slot(windows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray((windows * _MIX) >> np.uint64(64 - _BITS), dtype=np.uint64)


def rows_with(
    connection: sqlite3.Connection, finder: Finder
) -> Iterator[tuple[str, tuple[object, ...], set[bytes]]]:
    """The rows of all tables, and of the schema, that hold pieces: table, row, and which."""
    for table in ("sqlite_master", *plain_tables(connection)):
        rows = connection.execute(f'SELECT * FROM "{table}"')
        while some := rows.fetchmany(_ROWS):
            written = [_bytes_of(row) for row in some]
            if finder.find(b"\n".join(written)):
                for row, data in zip(some, written, strict=True):
                    if found := finder.find(data):
                        yield table, row, found


def _bytes_of(row: tuple[object, ...]) -> bytes:
    return b"\n".join(
        each if isinstance(each, bytes) else str(each).encode("utf-8", "replace")
        for each in row
        if each is not None
    )
