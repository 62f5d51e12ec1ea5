"""What the help and the man page say of a command: its arguments and options, read off the parser.

Laid out here and not by argparse, whose layout differs from one Python to the next (3.13 groups
the names of an option anew, 3.14 colours them), and has no page of a manual in mind.
"""

from __future__ import annotations

import argparse
import shutil
import textwrap
from argparse import Action, ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDEST = 100
"""Columns that a line of text takes at most: longer ones are hard to read."""
GLOBAL = "where and how"
"""The group of the options that all commands share."""
_INDENT = 2
_TERM = 22
"""Columns of the longest term that has its text beside it and not below."""


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """One argument, option or command."""

    term: str
    """As it is typed, such as ``-y, --yes`` or ``--limit N``."""
    text: str


@dataclass(frozen=True, slots=True)
class ManualSection:
    """Entries under a heading."""

    title: str
    entries: tuple[ManualEntry, ...]


def synopsis(parser: ArgumentParser) -> str:
    """How the command is typed, its options summed up."""
    arguments = [_argument(action) for action in parser._actions if not action.option_strings]
    return " ".join((parser.prog, "[options]", *arguments))


def sections(parser: ArgumentParser) -> list[ManualSection]:
    """The arguments, the options, and further groups; those that all commands share come last."""
    found: list[ManualSection] = []
    last: list[ManualSection] = []
    for group in parser._action_groups:
        entries = tuple(_entry(each) for each in group._group_actions if _is_shown(parser, each))
        title = {"positional arguments": "arguments"}.get(group.title or "", group.title or "")
        if entries:
            (last if title == GLOBAL else found).append(ManualSection(title, entries))
    return found + last


def term_width(entries: Iterable[ManualEntry]) -> int:
    """Columns of the longest term that has its text beside it."""
    lengths = (len(entry.term) for entry in entries)
    return max((length for length in lengths if length <= _TERM), default=0)


def entry_lines(entries: Sequence[ManualEntry], width: int, *, term: int = 0) -> list[str]:
    """*entries* as two columns within *width*; a term that is too long stands on its own line.

    Args:
        entries: what to lay out.
        width: columns.
        term: columns of the terms, where several blocks stand below each other.
    """
    start = _INDENT + max(term or term_width(entries), 4) + 2
    lines: list[str] = []
    for entry in entries:
        head = " " * _INDENT + entry.term
        text = textwrap.wrap(entry.text, max(width - start, 20), break_on_hyphens=False) or [""]
        if len(head) + 2 > start:
            lines += wrapped(head, width, hang=2 * _INDENT)
        else:
            lines.append((head.ljust(start) + text.pop(0)).rstrip())
        lines += [" " * start + line for line in text if line]
    return lines


def page_width() -> int:
    """Columns to lay a page out for."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def wrapped(text: str, width: int, *, hang: int = 0) -> list[str]:
    """*text* in lines of *width* columns, all but the first of them indented by *hang*."""
    lead = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.lstrip(),
        width,
        initial_indent=lead,
        subsequent_indent=" " * hang,
        break_on_hyphens=False,
        break_long_words=False,
    )


def help_page(
    parser: ArgumentParser, summary: str, further: Sequence[tuple[str, list[str]]]
) -> str:
    """The help of one command, in the order of a manual's page.

    Args:
        parser: the command's.
        summary: what it does, for the line of its name.
        further: sections that follow, by heading.
    """
    width, lead = page_width(), " " * _INDENT
    found = sections(parser)
    term = term_width(entry for each in found for entry in each.entries)
    blocks = [
        ("name", wrapped(f"{lead}{parser.prog} - {summary}", width, hang=6)),
        ("synopsis", wrapped(f"{lead}{synopsis(parser)}", width, hang=6)),
        *((each.title, entry_lines(each.entries, width, term=term)) for each in found),
        *further,
    ]
    return "\n\n".join("\n".join((title.upper(), *lines)) for title, lines in blocks) + "\n"


def _is_shown(parser: ArgumentParser, action: Action) -> bool:
    return action in parser._actions and action.help != argparse.SUPPRESS


def _entry(action: Action) -> ManualEntry:
    if isinstance(action, argparse._HelpAction):
        return ManualEntry(", ".join(action.option_strings), "show this")
    if not action.option_strings:
        return ManualEntry(_name(action), _text(action))
    value = _value(action)
    names = ", ".join(action.option_strings)
    return ManualEntry(f"{names} {value}" if value else names, _text(action))


def _text(action: Action) -> str:
    text = (action.help or "") % {"default": action.default, "prog": "mem0-tui"}
    if action.choices is None or action.metavar is None and not action.option_strings:
        return text
    words = [str(choice) for choice in action.choices]
    if all(word in text for word in words):
        return text
    listed = ", ".join(words[:-1]) + f" or {words[-1]}"
    return f"{listed}; {text}" if text else listed


def _name(action: Action) -> str:
    """The name of a positional argument, or the words that it can be."""
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    return action.dest.upper()


def _argument(action: Action) -> str:
    """A positional argument as the synopsis has it."""
    name = _name(action)
    # Until 3.12, argparse keeps it there while it reads options among arguments, --help included.
    match getattr(action, "save_nargs", action.nargs):
        case "?":
            return f"[{name}]"
        case "*":
            return f"[{name} ...]"
        case "+":
            return f"{name} ..."
        case argparse.PARSER:
            return f"{name} ..."
        case _:
            return name


def _value(action: Action) -> str:
    """What follows the name of an option; empty for a switch."""
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, tuple):
        first, *more = action.metavar
        return " ".join((first, *(f"[{each} ...]" for each in more)))
    name = action.metavar or action.dest.upper().replace("_", "-")
    match action.nargs:
        case "?":
            return f"[{name}]"
        case "*":
            return f"[{name} ...]"
        case "+":
            return f"{name} ..."
        case _:
            return name
