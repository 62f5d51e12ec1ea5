"""``add`` and ``edit``: single memories, word for word."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date
from typing import Any, Final

from mem0_tui.cli.applying import add_plan_options, carry_out
from mem0_tui.cli.command import Command
from mem0_tui.cli.keyboard import interruptible, read_stdin
from mem0_tui.cli.output import Output
from mem0_tui.cli.wiring import Session, run_session
from mem0_tui.model.change import UNSET, Add, Edit, Update
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import PIN_PREFIX, Draft, Memory
from mem0_tui.model.period import parse_age
from mem0_tui.model.text import from_editable, to_editable

_DAY_FORM: Final = "a day such as 2026-12-31, or 90d for ninety days from now"


def add_add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the text; - reads it from stdin")
    parser.add_argument("--type", metavar="TYPE", help="metadata.type, such as decision")
    for kind in EntityKind:
        parser.add_argument(f"--{kind}", metavar="ID", help=f"{kind} it belongs to ('' for none)")
    _add_metadata_option(parser)
    parser.add_argument("--expires", metavar="DAY", help=_DAY_FORM)
    parser.add_argument("--pin", action="store_true", help="protect it from queries that delete")
    add_plan_options(parser, asks=False)


def add_edit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="id, or the beginning of one")
    text = parser.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="TEXT", help="the new text; - reads it from stdin")
    text.add_argument("--editor", action="store_true", help="edit the text in $VISUAL or $EDITOR")
    parser.add_argument("--type", metavar="TYPE", help="metadata.type ('' removes it)")
    _add_metadata_option(parser)
    parser.add_argument(
        "--unset", action="append", default=[], metavar="KEY", help="remove a metadata key"
    )
    expiry = parser.add_mutually_exclusive_group()
    expiry.add_argument("--expires", metavar="DAY", help=_DAY_FORM)
    expiry.add_argument("--no-expires", action="store_true", help="never let it expire")
    pin = parser.add_mutually_exclusive_group()
    pin.add_argument("--pin", dest="pin", action="store_true", default=None)
    pin.add_argument("--unpin", dest="pin", action="store_false", default=None)
    add_plan_options(parser, asks=False)


def _add_metadata_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--meta",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="metadata; numbers, true, false, lists and objects are read as JSON",
    )


async def add(session: Session, args: Namespace) -> int:
    session.check_writable()
    text = _typed_text(" ".join(args.text))
    if not text.strip():
        raise UsageError("there is no text to add", hint="mem0-tui add TEXT, or - to read stdin")
    metadata = read_metadata(args.meta)
    if args.type:
        metadata["type"] = args.type
    if args.pin:
        metadata["pinned"] = True
    draft = Draft(text, _scope(session, args), metadata, read_day(args.expires, session))
    plan = await session.curator.plan([Add(draft)])
    return await carry_out(session, args, plan)


def _scope(session: Session, args: Namespace) -> Scope:
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


async def edit(session: Session, args: Namespace) -> int:
    session.check_writable()
    memory = await session.curator.get(args.id)
    changes = _edit_of(session, args, memory)
    if not changes:
        raise UsageError(
            "nothing in it would change",
            hint="pass --text, --editor, --type, --meta, --unset, --expires, --pin or --unpin",
        )
    change = Update(memory.id, changes)
    plan = await session.curator.plan([change], seen={memory.id: memory})
    return await carry_out(session, args, plan)


def _edit_of(session: Session, args: Namespace, memory: Memory) -> Edit:
    """What the options change in *memory*."""
    after = memory
    if args.editor:
        after = replace(after, text=_edited(session.output, memory.text))
    elif args.text is not None:
        after = replace(after, text=_typed_text(args.text))
    if not after.text.strip():
        raise UsageError("the text would be blank", hint="to delete it: mem0-tui rm ID")
    metadata: dict[str, Any] = {**memory.metadata, **read_metadata(args.meta)}
    for key in args.unset:
        if metadata.pop(key, UNSET) is UNSET:
            raise UsageError(f"it has no metadata key {key!r}", hint="mem0-tui show ID lists them")
    if args.type is not None:
        metadata["type"] = args.type
        if not args.type:
            del metadata["type"]
    if args.pin:
        metadata["pinned"] = True
    if args.pin is False:
        metadata.pop("pinned", None)
        after = replace(after, text=_without_pin(after.text))
    after = replace(after, metadata=metadata)
    if args.no_expires:
        after = replace(after, expires_on=None)
    elif args.expires:
        after = replace(after, expires_on=read_day(args.expires, session))
    return Edit.between(memory, after)


def _without_pin(text: str) -> str:
    stripped = text.lstrip()
    return stripped.removeprefix(PIN_PREFIX).lstrip() if stripped.startswith(PIN_PREFIX) else text


def read_metadata(pairs: list[str]) -> dict[str, Any]:
    """``KEY=VALUE`` words as metadata.

    Raises:
        UsageError: a word has no key or no ``=``.
    """
    metadata: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key.strip() or not equals:
            raise UsageError(f"--meta {pair!r} is not KEY=VALUE", hint="such as --meta branch=main")
        metadata[key.strip()] = _value(value)
    return metadata


def _value(text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=lambda _: text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, str) else value


def read_day(text: str | None, session: Session) -> date | None:
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
        raise UsageError(f"{text!r} is no day", hint=f"expected {_DAY_FORM}") from None


def _typed_text(text: str) -> str:
    """*text*, or what is on stdin where it is ``-``."""
    return read_stdin().rstrip("\n") if text == "-" else text


def _edited(output: Output, text: str) -> str:
    """*text* as it is after the user's editor.

    Raises:
        UsageError: there is no editor, or it failed.
    """
    import os
    import shlex
    import subprocess
    import tempfile
    from pathlib import Path

    default = "notepad" if os.name == "nt" else "vi"
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or default
    output.flush()
    with tempfile.TemporaryDirectory(prefix="mem0-tui-") as folder:
        path = Path(folder) / "memory.md"
        path.write_text(to_editable(text) + "\n", encoding="utf-8", newline="\n")
        try:
            words = shlex.split(editor, posix=os.name != "nt")
            with interruptible():
                code = subprocess.run([*words, str(path)], check=False).returncode
        except (OSError, ValueError) as error:
            raise UsageError(
                f"the editor {editor!r} does not start: {error}", hint="set EDITOR"
            ) from None
        if code:
            raise UsageError(f"the editor ended with {code}; nothing was changed", hint="try again")
        return from_editable(path.read_text(encoding="utf-8").removesuffix("\n"))


COMMANDS = {
    "add": Command(add_add_arguments, run_session(add)),
    "edit": Command(add_edit_arguments, run_session(edit)),
}
