"""Signs for terminals that show ASCII only. What comes out has as many cells as what went in."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len

from mem0_tui.presenting.ascii import LIKENESSES


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """*text* in ASCII, as wide as before; what has no likeness becomes question marks."""
    if text.isascii():
        return text
    plain = text.translate(LIKENESSES)
    if plain.isascii():
        return plain
    pieces: list[str] = []
    width = 0
    for at, each in enumerate(plain):
        before, width = width, cell_len(plain[: at + 1])  # joined emoji are one sign of two cells
        pieces.append(each if each.isascii() else "?" * (width - before))
    return "".join(pieces)
