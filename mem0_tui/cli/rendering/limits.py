"""How many rows a command shows, and what it says where there are more."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural

if TYPE_CHECKING:
    from mem0_tui.cli.rendering.output import Output


def whole_number(text: str) -> int:
    """A positive number typed as an option's value."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


whole_number.__name__ = "whole number from 1 up"  # argparse names the type in its message


def add_limit(parser: ArgumentParser, default: int, *, without: str = "") -> None:
    """Add ``--limit`` and ``--all``; *without* is the option with which there is no default."""
    amount = parser.add_mutually_exclusive_group()
    words = f"default {default}" + (f", with {without} all" if without else "")
    amount.add_argument("--limit", type=whole_number, metavar="N", help=f"show at most N ({words})")
    amount.add_argument("--all", action="store_true", help="show all of them")


def limit_of(args: Namespace, default: int | None) -> int | None:
    """How many rows the options ask for; None for all of them."""
    if args.all:
        return None
    limit: int | None = args.limit
    return default if limit is None else limit


def say_cut(output: Output, shown: int, total: int | None, noun: str) -> None:
    """Say on stderr that rows are left out, and how to see them; nothing where none are.

    *total* is how many there are in all; None where there are more and nobody knows how many.
    """
    if total is not None and total <= shown:
        return
    of = "there are more" if total is None else f"there are {plural(total, noun)}"
    output.note(output.styled_note(f"Shown: {shown:,}; {of}: --limit N or --all", "dim"))
