"""The bytes of a file as text: UTF-8, UTF-16 and UTF-32, with or without a byte order mark."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import Final

from mem0_tui.model.errors import FileFormatError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GZIP: Final = b"\x1f\x8b"
MOST: Final = 1 << 30
"""Bytes that a compressed file may hold."""


def decoded(data: bytes, name: str) -> str:
    """The text that *data*, the content of the file *name*, holds, without its byte order mark.

    Raises:
        FileFormatError: it is no text in an encoding that is known here.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data[len(mark) :], encoding, name)
    return _as(data, _unmarked(data), name)


def unpacked(data: bytes, name: str) -> bytes:
    """What *data*, compressed with gzip, holds.

    Raises:
        FileFormatError: it is damaged, or holds more than :data:`MOST` bytes.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileFormatError(f"{name} is not a valid gzip file: {error}") from None
    if len(content) > MOST:
        raise FileFormatError(f"{name} holds more than {MOST >> 30} GiB")
    return content


def _unmarked(data: bytes) -> str:
    """The encoding of text that begins with an ASCII character, as JSON and Markdown do."""
    zeros = [at for at, byte in enumerate(data[:4]) if not byte]
    return {
        (1, 2, 3): "utf-32-le",
        (0, 1, 2): "utf-32-be",
        (1, 3): "utf-16-le",
        (0, 2): "utf-16-be",
    }.get(tuple(zeros), "utf-8")


def _as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{name} is not {encoding.upper()} text: byte {error.start + 1:,} does not fit",
            hint="UTF-8, UTF-16 and UTF-32 are supported; convert the file, for example with"
            " iconv -f LATIN1 -t UTF-8",
        ) from None
