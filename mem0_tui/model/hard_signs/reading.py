"""Reads a text for hard signs."""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.model.hard_signs.characters import hidden_characters
from mem0_tui.model.hard_signs.disguised import disguised_orders
from mem0_tui.model.hard_signs.encoded import encoded_orders
from mem0_tui.model.hard_signs.links import carrying_links
from mem0_tui.model.hard_signs.markup import hidden_markup
from mem0_tui.model.hard_signs.prefilter import may_have_signs
from mem0_tui.model.hard_signs.roles import fake_roles
from mem0_tui.model.hard_signs.scripts import mixed_scripts
from mem0_tui.model.hard_signs.sign import HardSign

PART = 4_000
"""Characters that are read at a time."""
_OVERLAP = 600
_READERS = (
    hidden_characters, mixed_scripts, encoded_orders, disguised_orders, carrying_links, fake_roles,
    hidden_markup,
)  # fmt: skip


def hard_signs(text: str) -> list[HardSign]:
    """The hard signs of *text*, in the order in which they stand; an empty list does not mean that
    it is safe."""
    return ordered([sign for start in parts(text) for sign in signs_of_part(text, start)])


def parts(text: str) -> range:
    """Where the parts begin in which *text* is read."""
    return range(0, max(1, len(text) - _OVERLAP), PART - _OVERLAP)


def signs_of_part(text: str, start: int) -> list[HardSign]:
    """The signs in the part of *text* that begins at *start*."""
    part = text[start : start + PART]
    if not may_have_signs(part):
        return []
    return [
        HardSign(sign.kind, start + sign.start, start + sign.end, sign.detail)
        for sign in read_closely(part)
    ]


def read_closely(part: str) -> Iterator[HardSign]:
    """The signs of a text of at most :data:`PART` characters, whatever a quick look says."""
    for read in _READERS:
        yield from read(part)


def ordered(signs: list[HardSign]) -> list[HardSign]:
    """*signs* of all parts of a text in order, each once."""
    seen: dict[tuple[int, int, str], HardSign] = {}
    for sign in signs:
        seen.setdefault((sign.start, sign.end, sign.kind), sign)
    return [seen[key] for key in sorted(seen)]
