"""What is kept of each memory: little, in arrays, about half a kilobyte."""

from __future__ import annotations

import zlib
from array import array
from typing import NamedTuple

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.owner import Owner, owner_of
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory

LOGS = frozenset({"session_summary", "session_state", "compact_summary", "health_check"})
"""Types of what is written for each turn or session: as alike as forms, and no repeats for it."""
_CAPTURES = LOGS | {"auto_capture"}
"""Types of what programs write, without anybody having asked for it."""
_LONG = 2_000
"""Characters from which on a text is kept compressed."""
_PINNED, _IMMUTABLE, _REPLACED, _EXPIRES, _DISLIKED, _CAPTURED = 1, 2, 4, 8, 16, 32
_TOO_LONG = 8_000
"""Characters above which a text is not taken apart."""
_NO_CONFIDENCE = 0.75
_NO_DATE = -(2**62)


class Standing(NamedTuple):
    """What decides which of the memories that say the same is kept: the greatest."""

    safe: bool
    """Pinned or immutable: kept in any case."""
    current: bool
    """Neither replaced nor disliked."""
    lasting: bool
    """Without an expiry."""
    meant: bool
    """Not just captured by a program."""
    trust: float
    """The confidence with which it was written."""
    bare: bool
    """Said without a wrapper."""
    changed: int
    """When it last changed, in microseconds; a very low number if that is not known."""


class MemoryTable:
    """The memories by place: a small number, used again when a memory is gone."""

    def __init__(self) -> None:
        self.place_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._texts: list[str | bytes] = []
        self._facts = array("B")
        self._trust = array("f")
        self._changed = array("q")
        self._owners = array("I")
        self.classes = array("i")
        """By place, the class of the text."""
        self._owner_names: list[Owner] = []
        self._owner_numbers: dict[Owner, int] = {}
        self._last: tuple[Scope | None, int] = None, 0
        """The scope that was last met, and the number of its owner: most have that of the one
        before."""
        self._free: list[int] = []

    def add(self, memory: Memory) -> int:
        """Keep *memory*, whose id is not known yet; its place."""
        trust = memory.confidence if memory.metadata else None
        if trust is None:
            trust = _NO_CONFIDENCE
        text = memory.text if len(memory.text) <= _LONG else _packed(memory.text)
        moment = memory.updated_at or memory.created_at
        changed = int(moment.timestamp() * 1_000_000) if moment else _NO_DATE
        scope, owner = self._last
        if scope is not memory.scope:
            owner = self._owner_of(memory)
        if self._free:
            place = self._free.pop()
            self._ids[place], self._texts[place] = memory.id, text
            self._facts[place], self._trust[place] = _facts(memory), trust
            self._changed[place], self._owners[place] = changed, owner
        else:
            place = len(self._ids)
            self._ids.append(memory.id)
            self._texts.append(text)
            self._facts.append(_facts(memory))
            self._trust.append(trust)
            self._changed.append(changed)
            self._owners.append(owner)
            self.classes.append(0)
        self.place_of[memory.id] = place
        return place

    def remove(self, place: int) -> None:
        """Forget the memory at *place*."""
        del self.place_of[self._ids[place]]
        self._ids[place], self._texts[place] = "", ""
        self._free.append(place)

    def id(self, place: int) -> str:
        """The id of the memory at *place*."""
        return self._ids[place]

    def text(self, place: int) -> str:
        """Its text."""
        kept = self._texts[place]
        return kept if isinstance(kept, str) else zlib.decompress(kept).decode("utf-8", _ANY)

    def owner(self, place: int) -> Owner:
        """Whose it is."""
        return self._owner_names[self._owners[place]]

    def changed(self, place: int) -> int | None:
        """When it last changed, in microseconds; None if that is not known."""
        moment = self._changed[place]
        return None if moment == _NO_DATE else moment

    def is_safe(self, place: int) -> bool:
        """Whether it is pinned or immutable."""
        return bool(self._facts[place] & (_PINNED | _IMMUTABLE))

    def rank(self, place: int) -> Standing:
        """What decides whether it is kept."""
        facts, text = self._facts[place], self.text(place)
        return Standing(
            safe=self.is_safe(place),
            current=not facts & (_REPLACED | _DISLIKED),
            lasting=not facts & _EXPIRES,
            meant=not facts & _CAPTURED,
            trust=round(self._trust[place], 3),
            bare=wrapper.core(text) == (0, len(text.rstrip())),
            changed=self._changed[place],
        )

    def _owner_of(self, memory: Memory) -> int:
        number = self._number(owner_of(memory))
        self._last = memory.scope, number
        return number

    def _number(self, owner: Owner) -> int:
        number = self._owner_numbers.get(owner)
        if number is None:
            number = self._owner_numbers[owner] = len(self._owner_names)
            self._owner_names.append(owner)
        return number


_ANY = "surrogatepass"


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", _ANY), 1)


def _facts(memory: Memory) -> int:
    facts = _PINNED if memory.pinned else 0
    if memory.immutable:
        facts |= _IMMUTABLE
    if memory.replaced_by is not None:
        facts |= _REPLACED
    if memory.expires_on is not None:
        facts |= _EXPIRES
    if memory.feedback in ("NEGATIVE", "VERY_NEGATIVE"):
        facts |= _DISLIKED
    if memory.metadata and memory.type in _CAPTURES:
        facts |= _CAPTURED
    return facts


def is_exact(memory: Memory) -> bool:
    """Whether *memory* only repeats what is equal: it was written for a turn or a session, or it is
    so long that to take it apart would stop everything else."""
    if memory.metadata and memory.type in LOGS:
        return True
    return len(memory.text) > _TOO_LONG
