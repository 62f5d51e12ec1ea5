"""Reads the lines of a growing file that are worth a look, in bounded memory.

A line is judged by its beginning, in the buffer; only wanted ones are copied. One that is longer
than the buffer is passed over in pieces, unless it is wanted. A last line without its end is left
for the next time, for its writer may be in the middle of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO

BUFFER = 1 << 20
"""Bytes that a scan reads at once: a larger buffer is not quicker, a smaller one is slower."""
_OWN_BUFFER = 1 << 18
_NOTHING = re.compile(rb"(?!)")
LONGEST = 4 << 20
"""Bytes of a line that is copied; a longer one is counted and passed over."""


class Lines:
    """The wanted lines of *file* from the byte *start* on."""

    def __init__(
        self,
        file: BinaryIO,
        start: int,
        wanted: Callable[[bytearray, int, int], bool],
        buffer: bytearray | None = None,
    ) -> None:
        """*wanted* is asked with a buffer and the place of a line in it, or of the line's beginning
        where all of it does not fit. *buffer* is written over; whoever reads many files gives one
        for all, as to make it costs as much as to read a small file."""
        self._file, self._wanted = file, wanted
        self._buffer = buffer if buffer is not None else bytearray(_OWN_BUFFER)
        self.end = start
        """The byte after the last whole line that was read."""
        self.passed_over: re.Pattern[bytes] = _NOTHING
        """Matches the beginnings of lines that are not wanted; quicker than to ask."""
        self.until: int | None = None
        """The byte at which to leave off, give or take a buffer; None for the end of the file."""
        self.too_long = 0
        """Wanted lines that were passed over."""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """The place and the bytes of each wanted line, without its newline."""
        file, buffer = self._file, self._buffer
        view = memoryview(buffer)
        file.seek(self.end)
        kept = searched = 0
        while self.until is None or self.end < self.until:
            read: int = file.readinto(view[kept:])  # type: ignore[attr-defined]
            size = kept + read
            newline = buffer.find(b"\n", searched, size)
            if not read and newline < 0:
                return
            self.end, begin = yield from self._whole(buffer, view, newline, size)
            kept = searched = size - begin
            if kept == len(buffer):
                kept = yield from self._long(buffer, view)
                searched = 0
                if kept < 0:
                    return
            elif begin:
                buffer[:kept] = buffer[begin:size]

    def _whole(
        self, buffer: bytearray, view: memoryview, newline: int, size: int
    ) -> Generator[tuple[int, bytes], None, tuple[int, int]]:
        """Yield the wanted lines of *buffer*, of which the first ends at *newline*.

        Returns:
            The place of the rest in the file, and in the buffer.
        """
        # Local names: this runs for each line of a gigabyte.
        find, wanted, passed_over = buffer.find, self._wanted, self.passed_over.match
        first, begin = self.end, 0
        while newline >= 0:
            if passed_over(buffer, begin, newline) is None and wanted(buffer, begin, newline):
                self.end = first + begin
                yield self.end, bytes(view[begin:newline])
                passed_over = self.passed_over.match
            begin = newline + 1
            newline = find(b"\n", begin, size)
        return first + begin, begin

    def _long(self, buffer: bytearray, view: memoryview) -> Generator[tuple[int, bytes], None, int]:
        """Read on to the end of the line of which *buffer* is full, and yield it if it is wanted.

        Returns:
            How many bytes after it are in the buffer, -1 where the line has no end yet.
        """
        pieces = [bytes(buffer)] if self._wanted(buffer, 0, len(buffer)) else []
        took, length = bool(pieces), len(buffer)
        while True:
            read: int = self._file.readinto(view)  # type: ignore[attr-defined]
            if not read:
                return -1
            newline = buffer.find(b"\n", 0, read)
            length += read if newline < 0 else newline
            if took and length <= LONGEST:
                pieces.append(bytes(view[: read if newline < 0 else newline]))
            elif pieces:
                pieces.clear()
            if newline >= 0:
                break
        if pieces:
            yield self.end, b"".join(pieces)
        self.too_long += took and not pieces
        self.end += length + 1
        rest = read - newline - 1
        buffer[:rest] = buffer[newline + 1 : read]
        return rest
