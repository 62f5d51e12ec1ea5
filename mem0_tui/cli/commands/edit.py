"""``edit``: text, type, metadata, expiry and pin of one memory, or of many at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import (
    add_memory_options,
    add_plan_options,
    carry_out,
    check_one_way,
)
from mem0_tui.cli.commands.editor import edited, kept_unless_done
from mem0_tui.cli.commands.remove import matching, named
from mem0_tui.cli.commands.write import (
    DAY_FORM,
    add_metadata_option,
    read_categories,
    read_day,
    read_metadata,
    typed_text,
)
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.pin import without_pin_prefix


def add_arguments(parser: ArgumentParser) -> None:
    add_memory_options(parser, "edit")
    add_value_options(parser)
    parser.add_argument(
        "--redact",
        action="store_true",
        help="take secrets out of the text and metadata, and out of the history, the journal and"
        " our other files; cannot be undone (a text edited with --text or --editor can)",
    )
    add_plan_options(parser)


def add_value_options(parser: ArgumentParser) -> None:
    """Add the options that :func:`edit_of` reads."""
    text = parser.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="TEXT", help="the new text; - reads it from stdin")
    text.add_argument("--editor", action="store_true", help="edit the text in $VISUAL or $EDITOR")
    parser.add_argument("--type", metavar="TYPE", help="metadata.type ('' removes it)")
    filed = parser.add_mutually_exclusive_group()
    filed.add_argument(
        "--category",
        action="append",
        metavar="NAME",
        help="file it under this category, in place of those it has; may be given again",
    )
    filed.add_argument("--no-category", action="store_true", help="take its categories away")
    add_metadata_option(parser)
    parser.add_argument(
        "--unset", action="append", default=[], metavar="KEY", help="remove a metadata key"
    )
    expiry = parser.add_mutually_exclusive_group()
    expiry.add_argument("--expires", metavar="DAY", help=DAY_FORM)
    expiry.add_argument("--no-expires", action="store_true", help="never let it expire")
    pin = parser.add_mutually_exclusive_group()
    pin.add_argument(
        "--pin", action="store_true", default=None, help="protect it from queries that delete"
    )
    pin.add_argument("--unpin", dest="pin", action="store_false", default=None, help="no longer")


async def edit(session: Workspace, args: Namespace) -> int:
    session.check_writable()
    by_query = args.query is not None
    check_one_way("edit", {"ids": bool(args.id), "--query": by_query})
    memories = await (matching(session, args.query) if by_query else named(session, args.id))
    if args.redact:
        return await _redact(session, args, memories)
    many = by_query or len(memories) > 1
    if many and (args.editor or args.text is not None):
        raise UsageError(
            "--text and --editor change one memory", hint="name one id, without --query"
        )
    added = read_metadata(args.meta, session.output)
    edits = {memory.id: edit_of(session, args, added, memory, many=many) for memory in memories}
    edits = {each: changes for each, changes in edits.items() if changes}
    if not edits and (memories or not by_query):
        raise UsageError(
            "nothing would change",
            hint="pass --text, --editor, --type, --category, --meta, --unset, --expires, --pin"
            " or --unpin",
        )
    typed = [each.text for each in edits.values() if args.editor and each.text is not None]
    with kept_unless_done(session.output, typed) as done:
        plan = await session.curator.plan(
            [Update(each, changes) for each, changes in edits.items()],
            by_query=by_query,
            include_pinned=args.include_pinned,
            seen={memory.id: memory for memory in memories},
        )
        code = await carry_out(session, args, plan, ask=many)
        if code in (0, 1) and not args.dry_run:
            done()
        return code


_OTHERS = ("text", "editor", "type", "category", "no_category", "meta", "unset", "expires",
           "no_expires", "pin")  # fmt: skip


async def _redact(session: Workspace, args: Namespace, memories: Sequence[Memory]) -> int:
    """Take the secrets out of *memories*, and out of all that is kept of them."""
    for name in _OTHERS:
        if getattr(args, name) not in (None, False, []):
            raise UsageError(
                f"--redact cannot be combined with --{name.replace('_', '-')}",
                hint="redact first, then edit: only the edit can be undone",
            )
    plan = await session.curator.plan_redaction(
        memories, by_query=args.query is not None, include_pinned=args.include_pinned
    )
    if not plan and not plan.notes and memories:
        session.output.note("No secret is known in what they say or said.")
    return await carry_out(session, args, plan, ask=True)


def edit_of(
    session: Workspace, args: Namespace, added: dict[str, Any], memory: Memory, *, many: bool
) -> Edit:
    """What the options change in *memory*; *added* is the metadata that they name."""
    metadata: dict[str, Any] = {**memory.metadata, **added}
    for key in args.unset:
        if key not in metadata and not many:
            raise UsageError(f"it has no metadata key {key!r}", hint="mem0-tui show ID lists them")
        metadata.pop(key, None)
    if args.type is not None:
        metadata["type"] = args.type
        if not args.type:
            del metadata["type"]
    if args.pin:
        metadata["pinned"] = True
    if args.pin is False:
        metadata.pop("pinned", None)
    after = replace(memory, metadata=metadata)
    if args.no_expires:
        after = replace(after, expires_on=None)
    elif args.expires:
        after = replace(after, expires_on=read_day(args.expires, session))
    names = () if args.no_category else read_categories(args.category)
    if names is not None:
        after = replace(after, categories=names)
    # Last, for what is wrong with another option must not cost what was typed in the editor.
    if args.editor:
        after = replace(after, text=edited(session.output, memory.text))
    elif args.text is not None:
        after = replace(after, text=typed_text(args.text))
    if args.pin is False:
        after = replace(after, text=without_pin_prefix(after.text))
    if not after.text.strip():
        raise UsageError("the text would be blank", hint="to delete it: mem0-tui rm ID")
    return Edit.between(memory, after)


COMMANDS = {"edit": Command(add_arguments, run_session(edit))}
