"""``add``: one memory, word for word."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date
from typing import Any, Final

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.prompts import read_stdin
from mem0_tui.model.change import Add
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UsageError
from mem0_tui.model.json_text import parse
from mem0_tui.model.memory import Draft, named_categories
from mem0_tui.model.period import parse_age
from mem0_tui.model.text import encodable

DAY_FORM: Final = "a day such as 2026-12-31, or 90d for ninety days from now"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the text; - reads it from stdin")
    parser.add_argument("--type", metavar="TYPE", help="metadata.type, such as decision")
    for kind in EntityKind:
        parser.add_argument(f"--{kind}", metavar="ID", help=f"{kind} it belongs to ('' for none)")
    parser.add_argument(
        "--category",
        action="append",
        metavar="NAME",
        help="a category to file it under; may be given again",
    )
    add_metadata_option(parser)
    parser.add_argument("--expires", metavar="DAY", help=DAY_FORM)
    parser.add_argument("--pin", action="store_true", help="protect it from queries that delete")
    add_plan_options(parser, asks=False)


def read_categories(names: list[str] | None) -> tuple[str, ...] | None:
    """The categories of ``--category``; None where it was not given.

    Raises:
        UsageError: a name is blank.
    """
    if names is not None and not all(name.strip() for name in names):
        raise UsageError("a category needs a name", hint="--no-category takes all of them away")
    return None if names is None else named_categories(names)


def add_metadata_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--meta",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="metadata; numbers, true, false, lists and objects are read as JSON",
    )


async def add(session: Workspace, args: Namespace) -> int:
    session.check_writable()
    text = typed_text(" ".join(args.text))
    if not text.strip():
        raise UsageError("there is no text to add", hint="mem0-tui add TEXT, or - to read stdin")
    metadata = read_metadata(args.meta, session.output)
    if args.type:
        metadata["type"] = args.type
    if args.pin:
        metadata["pinned"] = True
    draft = Draft(
        text,
        named_scope(session, args),
        metadata,
        read_day(args.expires, session),
        categories=read_categories(args.category) or (),
    )
    plan = await session.curator.plan([Add(draft)])
    return await carry_out(session, args, plan)


def named_scope(session: Workspace, args: Namespace) -> Scope:
    """The scope of the settings with what the options name; an empty id names none.

    Raises:
        UnsafeScopeError: an id is one that no scope delete could be aimed at.
    """
    scope = session.settings.scope
    for kind in EntityKind:
        given: str | None = getattr(args, kind)
        if given is not None:
            chosen = EntityRef(kind, given).checked().id if given else None
            scope = replace(scope, **{kind.id_field: chosen})
    return scope


def read_metadata(pairs: list[str], output: Output | None = None) -> dict[str, Any]:
    """``KEY=VALUE`` words as metadata; *output* is told of what only looks like JSON.

    Raises:
        UsageError: a word has no key or no ``=``.
    """
    metadata: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key.strip() or not equals:
            raise UsageError(f"--meta {pair!r} is not KEY=VALUE", hint="such as --meta branch=main")
        metadata[key.strip()] = read = _value(value)
        if output is not None and read == value and value.strip()[:1] in ("[", "{"):
            output.warn(f"--meta {key.strip()}: {value} is not JSON; it is kept as text")
    return metadata


def _value(text: str) -> Any:
    try:
        value = parse(text)
    except ValueError:
        return text
    return text if isinstance(value, str) else value


def read_day(text: str | None, session: Workspace) -> date | None:
    """A day as people type it: a date, or an age counted forward from now.

    Raises:
        UsageError: it is neither.
    """
    if text is None:
        return None
    try:
        length = parse_age(text)
        return (session.now() + length).date() if length else date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is not a date", hint=f"expected {DAY_FORM}") from None


def typed_text(text: str) -> str:
    """*text*, or what is on stdin where it is ``-``.

    Raises:
        UsageError: the words of the command line are not in its encoding.
    """
    if text == "-":
        return read_stdin().rstrip("\n")
    if encodable(text) != text:  # Python reads foreign bytes as lone surrogates
        raise UsageError(
            f"the text is not valid in this locale's encoding, {sys.getfilesystemencoding()}",
            hint="set LC_ALL to a UTF-8 locale such as C.UTF-8",
        )
    return text


COMMANDS = {"add": Command(add_arguments, run_session(add))}
