"""Names that a Codex program may know: identifiers in its read-only data.

The compiler stores the field names of a table next to one another with nothing between them, so a
run of letters there is cut at every place that leaves whole words on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

_TOKEN = re.compile(rb"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*(?![A-Za-z0-9_])")
_RUN = re.compile(rb"[a-z0-9_]{3,}")
_EVENT = re.compile(rb"(?:[A-Z][a-z]+){1,3}")
_MARK = re.compile(rb"struct RawMcpServerConfig with")
_STRUCT = re.compile(rb"[A-Z][A-Za-z]{2,40}?(?:Toml|Config|Settings)(?:Raw)?(?=[a-z])")
_BEFORE, _AFTER, _FIELDS = 40_000, 8_000, 700
_LONGEST = 48


class Candidates:
    """Identifiers of one program."""

    def __init__(self, program: str, seeds: Iterable[str] = ()) -> None:
        data = Path(program).read_bytes()
        tokens = {token for token in _TOKEN.findall(data) if len(token) < _LONGEST}
        words = {word for token in tokens for word in token.split(b"_") if 2 <= len(word) <= 16}
        windows = [
            data[max(0, m.start() - _BEFORE) : m.end() + _AFTER] for m in _MARK.finditer(data)
        ]
        windows += [data[m.end() : m.end() + _FIELDS] for m in _STRUCT.finditer(data)]
        runs = {run for window in windows for run in _RUN.findall(window)}
        events = {event for window in windows for event in _EVENT.findall(window)}
        pieces = set(chain.from_iterable(_pieces(run, words) for run in runs))
        self.near = _sorted(pieces | events, seeds)
        """Those that stand near the names of known settings."""
        self.all = _sorted(pieces | events | tokens, seeds)


def _sorted(names: Iterable[bytes], seeds: Iterable[str]) -> list[str]:
    return sorted({name.decode() for name in names} | set(seeds))


def _pieces(run: bytes, words: set[bytes]) -> Iterator[bytes]:
    for start in range(len(run)):
        if run[start : start + 1] == b"_":
            continue
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            piece = run[start:end]
            if all(part in words for part in piece.split(b"_")):
                yield piece
