"""How numbers of things read."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """``1 memory``, ``1,284 memories``."""
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeou" else noun + "s"
    return f"{number:,} {noun}"
