"""What is kept of each memory that was read, little enough for hundreds of thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Final, NamedTuple

_PACKED: Final = Struct("<qq?16s")
_CONTENT: Final = Struct("<q")
_FEWEST_LATER: Final = 1_000


class KnownMemory(NamedTuple):
    """What is kept of each memory that was read."""

    content: int
    """Another number for other content, of 64 bits with a sign."""
    text: bytes
    """:func:`~mem0_tui.model.verdict.text_hash` of its text, as bytes."""
    pinned: bool
    age: int = 0
    """By which the newest comes first: minus the microseconds of its creation."""


class Known(Mapping[str, KnownMemory]):
    """Memories by id, as they were at one time."""

    def __init__(self, base: Mapping[str, bytes], later: Mapping[str, bytes | None], size: int):
        """*later* stands before *base*, and tells with None what is gone; neither may change."""
        self._base, self._later, self._size = base, later, size

    def __getitem__(self, memory_id: str) -> KnownMemory:
        packed = self._later.get(memory_id, b"")
        if packed == b"":
            packed = self._base.get(memory_id)
        if packed is None:
            raise KeyError(memory_id)
        return _unpacked(packed)

    def __contains__(self, memory_id: object) -> bool:
        if memory_id in self._later:
            return self._later[str(memory_id)] is not None
        return memory_id in self._base

    def __iter__(self) -> Iterator[str]:
        later = self._later
        yield from (id_ for id_ in self._base if id_ not in later)
        yield from (id_ for id_, packed in later.items() if packed is not None)

    def __len__(self) -> int:
        return self._size


class KnownMemories:
    """Memories by id. A look at all of them as they are now costs what has changed lately."""

    def __init__(self) -> None:
        self._base: dict[str, bytes] = {}
        self._later: dict[str, bytes | None] = {}
        """What differs from it, once others hold it, and it must not change; None: gone."""
        self._held = False
        self._size = 0

    def get(self, memory_id: str) -> KnownMemory | None:
        """What is kept of a memory; None where it is not known."""
        packed = self._packed(memory_id)
        return None if packed is None else _unpacked(packed)

    def has(self, memory_id: str, content: int) -> bool:
        """Whether it is known with that content."""
        packed = self._packed(memory_id)
        return packed is not None and packed.startswith(_CONTENT.pack(content))

    def put(self, memory_id: str, known: KnownMemory) -> None:
        """Keep that of a memory, whatever was known."""
        self._size += self._packed(memory_id) is None
        packed = _PACKED.pack(known.content, known.age, known.pinned, known.text)
        if self._held:
            self._later[memory_id] = packed
        else:
            self._base[memory_id] = packed

    def remove(self, memory_id: str) -> None:
        """Forget a memory that is known."""
        self._size -= 1
        if self._held:
            self._later[memory_id] = None
        else:
            del self._base[memory_id]

    def now(self) -> Known:
        """All of them, as they are now."""
        if len(self._later) > max(_FEWEST_LATER, len(self._base) // 16):
            base = {**self._base, **self._later}
            self._base = {id_: packed for id_, packed in base.items() if packed is not None}
            self._later = {}
        self._held = True
        return Known(self._base, dict(self._later), self._size)

    def __iter__(self) -> Iterator[str]:
        return iter(Known(self._base, self._later, self._size))

    def __len__(self) -> int:
        return self._size

    def _packed(self, memory_id: str) -> bytes | None:
        if self._later:
            packed = self._later.get(memory_id, b"")
            if packed != b"":
                return packed
        return self._base.get(memory_id)


def _unpacked(packed: bytes) -> KnownMemory:
    content, age, pinned, text = _PACKED.unpack(packed)
    return KnownMemory(content, text, pinned, age)
