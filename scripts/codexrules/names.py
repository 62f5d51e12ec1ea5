"""Names that a Codex program may know: identifiers in its read-only data.

The compiler stores the field names of a table next to one another with nothing between them, so a
run of letters there is cut at every place that leaves whole words on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

_TOKEN = re.compile(rb"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*(?![A-Za-z0-9_])")
_RUN = re.compile(rb"[a-z0-9_]{3,}")
_EVENT = re.compile(rb"(?:[A-Z][a-z]+){1,3}")
_MARK = re.compile(rb"struct RawMcpServerConfig with")
_STRUCT = re.compile(rb"[A-Z][A-Za-z]{2,40}?(?:Toml|Config|Settings)(?:Raw)?(?=[a-z])")
_BEFORE, _AFTER, _FIELDS = 40_000, 8_000, 700
_LONGEST = 48


class Candidates(NamedTuple):
    """Names to be tried, the first fewer than the last."""

    likely: frozenset[str]
    """Those that other versions know."""
    near: tuple[str, ...]
    """Those too that stand near the names of known settings."""
    all: tuple[str, ...]
    """Every identifier of the program too."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Candidates:
        """No more than *names*."""
        likely = frozenset(names)
        return cls(likely, tuple(sorted(likely)), tuple(sorted(likely)))


def candidates(program: str, likely: Collection[str]) -> Candidates:
    """The identifiers in a program, and those that are *likely*."""
    data = Path(program).read_bytes()
    tokens = {token for token in _TOKEN.findall(data) if len(token) < _LONGEST}
    words = {word for token in tokens for word in token.split(b"_") if 2 <= len(word) <= 16}
    windows = [data[max(0, m.start() - _BEFORE) : m.end() + _AFTER] for m in _MARK.finditer(data)]
    windows += [data[m.end() : m.end() + _FIELDS] for m in _STRUCT.finditer(data)]
    runs = {run for window in windows for run in _RUN.findall(window)}
    events = {event for window in windows for event in _EVENT.findall(window)}
    pieces = set(chain.from_iterable(_pieces(run, words) for run in runs)) | events
    return Candidates(frozenset(likely), _sorted(pieces, likely), _sorted(pieces | tokens, likely))


def _sorted(names: Iterable[bytes], likely: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.decode() for name in names} | set(likely)))


def _pieces(run: bytes, words: set[bytes]) -> Iterator[bytes]:
    for start in range(len(run)):
        if run[start : start + 1] == b"_":
            continue
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            piece = run[start:end]
            if all(part in words for part in piece.split(b"_")):
                yield piece
