"""Reads the command line: global options before or after the command, queries as they are typed.

A word such as ``-type:decision`` is a negated condition, not an option.
"""

from __future__ import annotations

import argparse
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from mem0_tui import __version__
from mem0_tui.cli.command import ENTRIES, load_command
from mem0_tui.cli.manual import GLOBAL, help_page
from mem0_tui.model.errors import UsageError

PROG: Final = "mem0-tui"
_WITH_VALUE: Final = ("--backend", "--url", "--command", "--store", "--profile")
_MARK: Final = "\x00"
_OTHER_NAMES: Final = {
    **dict.fromkeys(("ls", "browse"), "list"),
    **dict.fromkeys(("find", "query", "grep"), "search"),
    **dict.fromkeys(("get", "cat", "view", "info"), "show"),
    **dict.fromkeys(("log",), "history"),
    **dict.fromkeys(("users", "apps", "entity"), "entities"),
    **dict.fromkeys(("count", "status", "summary"), "stats"),
    **dict.fromkeys(("create", "remember", "new"), "add"),
    **dict.fromkeys(("update", "set", "change"), "edit"),
    **dict.fromkeys(("retype", "type"), "edit --type"),
    **dict.fromkeys(("expire", "expiry"), "edit --expires"),
    "pin": "edit --pin",
    "unpin": "edit --unpin",
    **dict.fromkeys(("delete", "del", "remove", "prune", "forget"), "rm"),
    **dict.fromkeys(("dump", "backup"), "export"),
    **dict.fromkeys(("load",), "import"),
    **dict.fromkeys(("health", "check"), "doctor"),
    **dict.fromkeys(("server", "mcp"), "serve"),
    **dict.fromkeys(("install", "uninstall"), "codex"),
    **dict.fromkeys(("settings", "init"), "config"),
    **dict.fromkeys(("reindex", "embed"), "index"),
    **dict.fromkeys(("triage", "inbox", "queues", "judge"), "review"),
    **dict.fromkeys(("dedupe", "dedup", "duplicates", "repeats"), "review repeats"),
    **dict.fromkeys(("lint", "scan", "report"), "audit"),
}
"""What other tools, and people, call the commands."""

_NO_VALUE: Final = re.compile(r"^(.+): invalid (.+) value: (.+)$")
"""How argparse says that a value is none of its type's, which is named as a noun here."""


class Parser(ArgumentParser):
    """An argument parser that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        hint = f"see {self.prog} --help"
        message = _NO_VALUE.sub(r"\1: \3 is not a valid \2", message.removeprefix("argument "))
        unknown = re.search(r"unrecognized arguments: (--?[\w-]+)", message)
        if unknown:
            options = [o for action in self._actions for o in action.option_strings]
            import difflib

            from mem0_tui.model.terms import FIELDS

            close = difflib.get_close_matches(unknown.group(1), options, n=1, cutoff=0.7)
            field = unknown.group(1)[2:]
            if field in FIELDS and self._takes_query:
                hint = f"as a condition of the query: {field}:VALUE; {hint}"
            elif close:
                hint = f"did you mean {close[0]}? {hint}"
            elif not unknown.group(1).startswith("--") and self._takes_query:
                hint = f"to search for words that begin with -, put them after --; {hint}"
        raise UsageError(message, hint=hint)

    def format_help(self) -> str:
        """The help as a page of a manual."""
        from mem0_tui.cli.examples import EXAMPLES

        name = self.prog.removeprefix(PROG).strip()
        examples = [f"  {PROG} {words}" for words, _ in EXAMPLES.get(name, ())]
        return help_page(self, self.description or "", [("examples", examples)] if examples else [])

    @property
    def _takes_query(self) -> bool:
        return any(action.dest == "query" for action in self._actions)


def add_global_options(parser: ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options that every command takes, and return their group."""
    group = parser.add_argument_group(GLOBAL)
    group.add_argument("--demo", action="store_true", help="use the demo store")
    group.add_argument(
        "--backend", metavar="NAME", help="local, platform, selfhosted, mcp or codex"
    )
    group.add_argument("--url", metavar="URL", help="base URL of the Mem0 server")
    group.add_argument(
        "--command", dest="server_command", metavar="CMD", help="what starts an MCP server"
    )
    group.add_argument("--store", metavar="FILE", help="file of the embedded store")
    group.add_argument("--profile", metavar="NAME", help="profile of the settings file")
    group.add_argument("--read-only", action="store_true", default=None, help="refuse every change")
    group.add_argument(
        "--write",
        dest="read_only",
        action="store_false",
        default=None,
        help="allow changes to a remote backend",
    )
    group.add_argument("--json", action="store_true", help="print one JSON document")
    group.add_argument("--no-color", action="store_true", help="no colours")
    group.add_argument(
        "--show-secrets", action="store_true", help="show keys in memories whole, not masked"
    )
    group.add_argument("--debug", action="store_true", help="show tracebacks")
    return group


def find_command(arguments: Sequence[str]) -> int | None:
    """The index of the command's name in *arguments*, or None where there is none."""
    skip = False
    for at, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument in _WITH_VALUE:
            skip = True
        elif argument == "--":
            return None
        elif not argument.startswith("-"):
            return at
    return None


def command_parser(name: str) -> Parser:
    """The parser of the command *name*, global options included."""
    parser = Parser(
        prog=f"{PROG} {name}",
        description=ENTRIES[name].summary,
        allow_abbrev=False,
        conflict_handler="resolve",
    )
    add_global_options(parser)
    load_command(name).add_arguments(parser)
    return parser


def bare_parser() -> Parser:
    """The parser for a command line without a command."""
    parser = Parser(prog=PROG, allow_abbrev=False, add_help=False)
    add_global_options(parser)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    return parser


def whole_parser() -> Parser:
    """All commands in one parser, for shell completion."""
    parser = Parser(prog=PROG, allow_abbrev=False)
    add_global_options(parser)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, entry in ENTRIES.items():
        sub = commands.add_parser(
            name, help=entry.summary, allow_abbrev=False, conflict_handler="resolve"
        )
        add_global_options(sub)
        load_command(name).add_arguments(sub)
    return parser


def parse(arguments: Sequence[str]) -> Namespace:
    """The command line as a namespace; ``command`` is None where none is named.

    Raises:
        UsageError: it does not make sense.
    """
    at = find_command(arguments)
    if at is None:
        args = bare_parser().parse_args(list(arguments))
        args.command = None
        return args
    name = arguments[at]
    if name == "help":
        return parse([*arguments[:at], *arguments[at + 1 :], "--help"])
    if name not in ENTRIES:
        import difflib

        close = difflib.get_close_matches(name, ENTRIES, n=1, cutoff=0.7)
        meant = _OTHER_NAMES.get(name.lower()) or (close[0] if close else None)
        raise UsageError(
            f"there is no command {name!r}",
            hint=(f"did you mean {PROG} {meant}? " if meant else "") + f"see {PROG} --help",
        )
    rest = _protected([*arguments[:at], *arguments[at + 1 :]])
    parser = command_parser(name)
    nested = any(action.nargs == argparse.PARSER for action in parser._actions)
    args = parser.parse_args(rest) if nested else parser.parse_intermixed_args(rest)
    for key, value in vars(args).items():
        setattr(args, key, _unprotected(value))
    args.command = name
    return args


def _protected(words: list[str]) -> list[str]:
    """*words* with a mark before those that only look like options."""
    end = words.index("--") if "--" in words else len(words)
    marked = [_MARK + word if _is_negated(word) else word for word in words[:end]]
    return marked + [_MARK + word for word in words[end + 1 :]]


def _is_negated(word: str) -> bool:
    if not word.startswith("-") or word.startswith("--"):
        return False
    from mem0_tui.model.terms import FIELDS

    fields = "|".join(FIELDS)
    return bool(re.match(rf"-(?:{fields})(?:\.[^\s:=<>]+)?(?:<=|>=|[:=<>])", word, re.IGNORECASE))


def _unprotected(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(_MARK)
    if isinstance(value, list):
        return [_unprotected(item) for item in value]
    return value
