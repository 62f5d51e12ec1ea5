"""The help of the program as a whole: all commands by what they are for, on one page."""

from __future__ import annotations

from argparse import SUPPRESS
from itertools import groupby
from typing import Final

from mem0_tui.cli.command import ENTRIES
from mem0_tui.cli.manual import (
    ManualEntry,
    ManualSection,
    entry_lines,
    page_width,
    sections,
    wrapped,
)
from mem0_tui.cli.parser import PROG, Parser, add_global_options

SUMMARY: Final = "See, search and prune what Codex remembers with Mem0"
TRIAL: Final = ManualEntry(f"{PROG} --demo", "try it on a demo store: no account, no network")
QUERY: Final = "type:decision -type:session_state app:shop-api age>90d has:category words"
EXIT_CODES: Final = (
    ManualEntry("0", "done"),
    ManualEntry("1", "done with warnings"),
    ManualEntry("2", "not understood"),
    ManualEntry("3", "refused or partly applied"),
    ManualEntry("4", "backend or network failure"),
    ManualEntry("5", "doctor, verify or --fail-on found something"),
)


def command_groups() -> list[ManualSection]:
    """All commands with what they do, in groups."""
    return [
        ManualSection(group, tuple(ManualEntry(name, entry.summary) for name, entry in members))
        for group, members in groupby(ENTRIES.items(), lambda item: item[1].group)
    ]


def global_options() -> tuple[ManualEntry, ...]:
    """The options that stand before or after every command."""
    parser = Parser(prog=PROG, add_help=False, usage=SUPPRESS)
    add_global_options(parser).add_argument(
        "--version", action="store_true", help="print the version"
    )
    return sections(parser)[-1].entries


def front_page() -> str:
    """What ``mem0-tui --help`` prints, without the last newline."""
    width = page_width()
    term = max(map(len, ENTRIES))
    blocks = [
        wrapped(f"{SUMMARY}.", width),
        [
            f"usage: {PROG} [options] [command]",
            *wrapped(f"       {TRIAL.term:<{len(PROG) + 15}}  {TRIAL.text}", width, hang=9),
        ],
        *([each.title, *entry_lines(each.entries, width, term=term)] for each in command_groups()),
        ["Options, before or after the command", *entry_lines(global_options(), width)],
        [
            *wrapped(f"Queries: {QUERY}", width, hang=9),
            *wrapped(f"More on a command: {PROG} help COMMAND", width, hang=9),
        ],
        ["Exit codes", *entry_lines(EXIT_CODES, width)],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks)
