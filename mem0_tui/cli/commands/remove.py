"""``rm`` and ``apply``: deletes by id, by query or by scope; and plans from a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out, check_one_way
from mem0_tui.cli.commands.browse import say_hints
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.scope import preview_document, printed_preview
from mem0_tui.model.change import Delete
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import ConfirmationError, FileFormatError, UsageError
from mem0_tui.model.query import parse

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory


def add_rm_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", nargs="*", metavar="ID", help="id, or the beginning of one")
    parser.add_argument("--query", metavar="QUERY", help="delete what a query matches now")
    parser.add_argument(
        "--scope", metavar="KIND:ID", help="delete all memories of one user, agent, app or run"
    )
    parser.add_argument(
        "--empty", action="store_true", help="delete all entities that hold no memory"
    )
    parser.add_argument("--entity", action="store_true", help="with --scope: the entity, too")
    parser.add_argument(
        "--confirm-scope",
        metavar="KIND:ID",
        help="the scope's name, where no terminal can ask for it",
    )
    parser.add_argument("--include-pinned", action="store_true", help="delete pinned memories, too")
    parser.add_argument(
        "--forever", action="store_true", help="purge them: no trash, no undo; asks unless --yes"
    )
    add_plan_options(parser)


async def remove(session: Workspace, args: Namespace) -> int:
    ways = {"ids": bool(args.id), "--query": args.query is not None}
    ways |= {"--scope": args.scope is not None, "--empty": args.empty}
    check_one_way("rm", ways)
    if args.entity and args.scope is None:
        raise UsageError("--entity needs --scope", hint="such as --scope run:r1 --entity")
    if args.forever and (args.scope is not None or args.empty or args.plan_out):
        raise UsageError("--forever needs ids or --query", hint="see mem0-tui purge --help")
    if args.scope is not None:
        return await _remove_scope(session, args)
    if args.empty:
        plan = await session.curator.plan_empty_entities()
        return await carry_out(session, args, plan, ask=True)
    if args.forever:
        return await _purge(session, args)
    by_query = args.query is not None
    memories = await (matching(session, args.query) if by_query else named(session, args.id))
    pinned = [memory.id for memory in memories if memory.pinned]
    if pinned and not by_query and not args.include_pinned:
        raise ConfirmationError(
            f"pinned: {', '.join(pinned[:5])}",
            hint="pass --include-pinned to delete pinned memories",
        )
    plan = await session.curator.plan(
        [Delete(memory.id) for memory in memories],
        by_query=by_query,
        include_pinned=args.include_pinned,
        seen={memory.id: memory for memory in memories},
    )
    return await carry_out(session, args, plan, ask=True)


async def _purge(session: Workspace, args: Namespace) -> int:
    from mem0_tui.cli.commands.erasing import carry_out_purge
    from mem0_tui.curator.purge.plan import plan_ids, plan_query

    if args.query is None:
        plan = await plan_ids(session.curator, args.id)
    else:
        query = parse(args.query)
        plan = await plan_query(
            session.curator, query, include_pinned=args.include_pinned, deleted=False
        )
    return await carry_out_purge(session, args, plan, asks=not args.yes)


async def matching(session: Workspace, text: str) -> list[Memory]:
    """All memories that the query *text* matches.

    Raises:
        UsageError: it is empty.
    """
    query = parse(text)
    if not query:
        raise UsageError("an empty query matches everything", hint="use a query, or --scope")
    found = list(await session.curator.collect(query))
    await say_hints(session, query, found=bool(found))
    return found


async def named(session: Workspace, references: list[str]) -> list[Memory]:
    """The memories of these ids, or beginnings of ids, each once."""
    found: dict[str, Memory] = {}
    for reference in references:
        memory = await session.curator.get(reference)
        found[memory.id] = memory
    return list(found.values())


def read_entity(text: str) -> EntityRef:
    """``user:kim`` as one entity that is safe to aim at.

    Raises:
        UsageError: it is not of that form.
        UnsafeScopeError: its id is blank, a wildcard or the like.
    """
    kind, colon, entity_id = text.partition(":")
    if not colon or kind not in set(EntityKind):
        raise UsageError(
            f"{text!r} is not a scope", hint="expected user:ID, agent:ID, app:ID or run:ID"
        )
    return EntityRef(EntityKind(kind), entity_id).checked()


async def _remove_scope(session: Workspace, args: Namespace) -> int:
    preview = await session.curator.plan_scope_delete(
        read_entity(args.scope), delete_entity=args.entity
    )
    shown = not (args.dry_run or args.plan_out)
    if shown:
        for line in printed_preview(session.output, preview):
            session.output.note(line)
    extra = {"scope": preview_document(preview)}
    return await carry_out(session, args, preview.plan, shown=shown, extra=extra)


def add_apply_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="PLAN", help="a plan that --plan-out wrote")
    parser.add_argument(
        "--confirm-scope", metavar="KIND:ID", help="say the name of the scope that it deletes"
    )
    add_plan_options(parser)


async def apply_plan(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.planning.plan_file import load, withheld_ids
    from mem0_tui.curator.reading import read_many

    text = read_file(Path(args.file))
    plan = load(text, await read_many(session.backend, withheld_ids(text)))
    await session.curator.check_new(plan)
    return await carry_out(session, args, plan, ask=True)


def read_file(path: Path) -> str:
    """The text of a file that the user named.

    Raises:
        FileFormatError: it cannot be read, or is no text.
    """
    from mem0_tui.store.formats.encoding import decoded

    return decoded(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """What a file holds that the user named.

    Raises:
        FileFormatError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileFormatError(
            f"{path}: {error.strerror or error}", hint="check the file's name"
        ) from None


COMMANDS = {
    "rm": Command(add_rm_arguments, run_session(remove)),
    "apply": Command(add_apply_arguments, run_session(apply_plan)),
}
