"""What a memory's text leaves behind: the strings to take out, and the bytes to look for."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.words import fold

PURGED = "[purged]"
"""What stands in the place of a string that held purged content."""
PIECE = 48
"""Bytes of a piece that is looked for. SQLite breaks a long text at its pages, so that a whole one
is not found as it stands."""
SHORTEST = 8
"""Bytes below which a piece says too little to be looked for."""
_WORD = re.compile(r"[\w./+=:@%~\-]{8,}")
_LONG = 15
_EDGES = "./+=:@%~-"


@late_dataclass(frozen=True)
class Traces:
    """The content of purged memories, held in memory only."""

    texts: frozenset[str]
    """Every text that they are known to have had."""
    words: frozenset[str] = frozenset()
    """Case-folded words of these texts that say by themselves what was purged: keys, identifiers,
    long words. Words that a memory has which stays are not among them."""
    shared: frozenset[str] = frozenset()
    """Those of the texts that a memory has which stays: they cannot be taken out of anything."""

    def held_by(self, text: str) -> bool:
        """Whether *text* holds one of the texts or telling words."""
        if text in self.texts and text not in self.shared:
            return True
        if len(text) < SHORTEST:
            return False
        lowered = text.casefold()
        return any(each in lowered for each in self._long) or any(
            word in lowered for word in self.words
        )

    @cached_property
    def _long(self) -> tuple[str, ...]:
        own = (text.strip().casefold() for text in self.texts - self.shared)
        return tuple({text for text in own if len(text) >= SHORTEST})

    def without(self, value: Any, ids: Collection[str]) -> Any:
        """The JSON *value* without the objects of these *ids* and without what :meth:`held_by`
        finds; an entry of a log (with an ``event``) keeps its id."""
        if isinstance(value, str):
            return PURGED if self.held_by(value) else value
        if isinstance(value, list):
            kept = (self.without(each, ids) for each in value if not _is_entry(each, ids))
            return [each for each in kept if each is not None]
        if isinstance(value, dict):
            if value.get("id") in ids:
                return {key: value[key] for key in ("id", "event") if key in value}
            return {key: self.without(each, ids) for key, each in value.items()}
        return value

    def pieces(self) -> frozenset[bytes]:
        """The bytes to look for: each text in every form that is written, cut into pieces, and the
        telling words."""
        found: set[bytes] = set()
        for text in self.texts:
            for form in forms(text):
                found.update(cut(form))
        for word in self.words:
            found.update(cut(word.encode("utf-8", "replace")))
        return frozenset(found)


def traces_of(texts: Iterable[str], staying: Iterable[str] = ()) -> Traces:
    """The traces of *texts*; *staying* are the texts of all memories that stay."""
    texts = frozenset(text for text in texts if text)
    words = {word for text in texts for word in telling_words(text)}
    shared: set[str] = set()
    for text in staying:
        if text in texts:
            shared.add(text)
        if words:
            words -= telling_words(text)
    return Traces(texts, frozenset(words), frozenset(shared))


def telling_words(text: str) -> set[str]:
    """The case-folded words of *text* that tell by themselves where they come from."""
    found = (match.strip(_EDGES) for match in _WORD.findall(text.casefold()))
    return {word for word in found if len(word) >= SHORTEST and _tells(word)}


def all_words(texts: Iterable[str]) -> frozenset[bytes]:
    """All words of *texts*, as written and folded, that are long enough to be looked for."""
    found = {
        word.encode("utf-8", "replace")
        for text in texts
        for form in (text, fold(text))
        for word in re.findall(r"\w+", form)
    }
    return frozenset(piece for word in found for piece in cut(word))


def forms(text: str) -> Iterator[bytes]:
    """*text* as it is written anywhere: UTF-8, folded for the index, and in two ways of JSON."""
    for each in (text, fold(text)):
        yield each.encode("utf-8", "replace")
        for ascii_only in (True, False):
            yield json.dumps(each, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace")


def cut(data: bytes) -> list[bytes]:
    """*data* as pieces of 8 to 48 bytes; none where it is shorter."""
    pieces = [data[start : start + PIECE] for start in range(0, len(data), PIECE)]
    return [piece for piece in pieces if len(piece) >= SHORTEST]


def _tells(word: str) -> bool:
    mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    return mixed or len(word) >= _LONG


def _is_entry(value: object, ids: Collection[str]) -> bool:
    return isinstance(value, dict) and value.get("id") in ids and "event" not in value
