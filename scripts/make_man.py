"""Writes the man page ``man/mem0-tui.1``, read off the commands' own parsers.

    python -m scripts.make_man

The page is part of the wheel (share/man/man1), where ``man`` finds it beside the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mem0_tui import __version__
from mem0_tui.cli.command import ENTRIES
from mem0_tui.cli.examples import EXAMPLES
from mem0_tui.cli.front_page import (
    EXIT_CODES,
    QUERY,
    SUMMARY,
    TRIAL,
    command_groups,
    global_options,
)
from mem0_tui.cli.manual import GLOBAL, ManualEntry, sections, synopsis
from mem0_tui.cli.parser import PROG, command_parser
from mem0_tui.model.terms import FIELDS
from mem0_tui.settings.schema import SETTINGS

PAGE: Final = Path(__file__).parents[1] / "man" / f"{PROG}.1"

_TERM: Final = 18
"""Columns of the terms, with the space after them."""
_DESCRIPTION: Final = (
    f"Without a command {PROG} opens its screen, in which memories are looked through, judged, "
    "edited and deleted, and the install of Codex and Mem0 is checked. Its commands do the same "
    "without the screen.",
    "Every change is a plan first, is journalled, is read back, and can be undone; what cannot be "
    "undone is said before.",
    "Results go to standard output, everything else to standard error; with \\-\\-json standard "
    "output is one JSON document.",
)
_FILES: Final = (
    ManualEntry("~/.config/mem0-tui/config.toml", "the settings; every one of them has a default"),
    ManualEntry("~/.local/share/mem0-tui/memories.db", "the embedded store"),
    ManualEntry("~/.local/state/mem0-tui/", "journal, snapshots, verdicts, logs"),
    ManualEntry("~/.cache/mem0-tui/", "what can be made anew: the demo, mirrors of remote stores"),
)


def page() -> str:
    """The whole man page, in the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.\\" Made by scripts/make_man.py from the commands of {PROG}; do not edit.'
    yield f'.TH {PROG.upper()} 1 "" "{PROG} {__version__}" "User Commands"'
    yield from (".SH NAME", f"{_text(PROG)} \\- {_text(SUMMARY[0].lower() + SUMMARY[1:])}")
    yield from (".SH SYNOPSIS", f".B {_text(PROG)}", "[options] [command]", ".br")
    yield from (f".B {_text(TRIAL.term)}", ".SH DESCRIPTION")
    for number, paragraph in enumerate(_DESCRIPTION):
        yield from ((".PP",) if number else ())
        yield paragraph
    yield from (".SH COMMANDS", "They are explained one by one below.")
    for group in command_groups():
        yield from (f'.SS "{_text(group.title)}"', *_entries(group.entries))
    yield from (".SH OPTIONS", "Before or after every command:", *_entries(global_options()))
    for name in ENTRIES:
        yield from _command(name)
    yield from (".SH QUERIES", f"Such as {_text(QUERY)}.")
    yield "A condition is FIELD:VALUE; values are separated by commas, and \\- before it negates."
    yield from _entries(ManualEntry(f"{name}:", field.form) for name, field in FIELDS.items())
    yield from (".SH EXIT STATUS", *_entries(EXIT_CODES))
    yield from (".SH ENVIRONMENT", *_entries(_variables()))
    yield from (".SH FILES", "Unless XDG variables name other folders:", *_entries(_FILES))
    yield from (".SH SEE ALSO", ".BR codex (1)")


def _command(name: str) -> Iterator[str]:
    parser = command_parser(name)
    yield f'.SH "{_text(f"{PROG} {name}").upper()}"'
    yield from (".B " + _text(synopsis(parser)), ".PP", _text(_sentence(ENTRIES[name].summary)))
    for section in sections(parser):
        if section.title != GLOBAL:
            entries = [entry for entry in section.entries if entry.term != "-h, --help"]
            heading = [] if section.title in ("arguments", "options") else [section.title]
            if entries:
                yield from (f'.SS "{_text(title.capitalize())}"' for title in heading)
                yield from _entries(entries)
    if name in EXAMPLES:
        yield '.SS "Examples"'
        for words, what in EXAMPLES[name]:
            yield from (".TP", f".B {_text(f'{PROG} {words}')}", _text(what))


def _entries(entries: Iterable[ManualEntry]) -> Iterator[str]:
    for entry in entries:
        yield from (f".TP {_TERM}", f".B {_text(entry.term)}", _text(entry.text) or "\\&")
        yield ".PD 0"  # no blank lines between them
    yield ".PD"


def _variables() -> Iterator[ManualEntry]:
    for setting in SETTINGS.values():
        if setting.variables:
            yield ManualEntry(", ".join(setting.variables), f"{setting.help}: {setting.form}")
    yield ManualEntry("NO_COLOR", "if it is set, nothing is coloured")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _text(text: str) -> str:
    """*text* so that roff prints it as it is: no escapes, no requests, hyphens as on a keyboard."""
    escaped = (
        text.replace("…", "...").replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    )
    escaped = escaped.replace("'", "\\(aq").replace("`", "\\(ga").replace("~", "\\(ti")
    escaped = escaped.replace("^", "\\(ha")
    escaped = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in escaped)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
