"""``merge``: one memory of several that say the same."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.commands.edit import add_value_options, edit_of
from mem0_tui.cli.commands.editor import kept_unless_done
from mem0_tui.cli.commands.move import add_scope_options, moved, read_target
from mem0_tui.cli.commands.remove import named
from mem0_tui.cli.commands.write import read_metadata
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.curator.planning.merging import merged, survivor_of
from mem0_tui.model.errors import ConfirmationError, UsageError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", nargs="+", metavar="ID", help="id, or the beginning of one")
    parser.add_argument(
        "--keep",
        metavar="ID",
        help="the one that stays, with its id and history where the backend can edit it;"
        " by default a pinned one, else the most trusted, else the newest",
    )
    add_value_options(parser)
    add_scope_options(parser)
    parser.add_argument("--include-pinned", action="store_true", help="delete pinned ones, too")
    add_plan_options(parser)


async def merge(session: Workspace, args: Namespace) -> int:
    session.check_writable()
    memories = await named(session, args.id)
    if args.keep is not None:
        (survivor,) = await named(session, [args.keep])
        memories = list({each.id: each for each in [survivor, *memories]}.values())
    else:
        survivor = survivor_of(memories)
    if len(memories) < 2:
        raise UsageError("a merge takes at least two memories", hint="name the ids of all of them")
    pinned = [each.id for each in memories if each.pinned and each is not survivor]
    if pinned and not args.include_pinned:
        raise ConfirmationError(
            f"pinned: {', '.join(pinned[:5])}",
            hint="keep the pinned one with --keep, or pass --include-pinned",
        )
    edit = edit_of(session, args, read_metadata(args.meta, session.output), survivor, many=False)
    wanted = edit.applied_to(survivor)
    wanted = replace(wanted, scope=moved(wanted.scope, read_target(args)))
    with kept_unless_done(session.output, [wanted.text] if args.editor else []) as done:
        await session.curator.info()  # what a server can do is known once it was asked
        change = merged(session.curator.backend, survivor, memories, wanted)
        plan = await session.curator.plan([change], seen={each.id: each for each in memories})
        code = await carry_out(session, args, plan, ask=True)
        if code in (0, 1) and not args.dry_run:
            done()
        return code


COMMANDS = {"merge": Command(add_arguments, run_session(merge))}
