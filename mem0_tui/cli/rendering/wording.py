"""How numbers of things read in the output."""

from __future__ import annotations

from mem0_tui.model.counting import plural


def at_least(shown: int, noun: str = "memory") -> str:
    """``at least 1,284 memories``: what is said where a server hides some."""
    return f"at least {plural(shown, noun)}"


def count_of(shown: int, total: int | None, noun: str = "memory") -> str:
    """``3 of 1,284 memories``; an unknown total says so."""
    if total is None:
        return f"{plural(shown, noun)} (the total is not known)"
    if shown == total:
        return plural(total, noun)
    return f"{shown:,} of {plural(total, noun)}"
