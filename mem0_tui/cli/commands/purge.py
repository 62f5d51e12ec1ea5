"""``purge``: removes memories for good, from every place that we keep, and proves it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mem0_tui.cli.commands.applying import check_one_way
from mem0_tui.cli.commands.erasing import add_purge_options, carry_out_purge
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.model.errors import ConfirmationError
from mem0_tui.model.query import parse


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "id", nargs="*", metavar="ID", help="id, or the beginning of one; deleted ones too"
    )
    parser.add_argument(
        "--query", metavar="QUERY", help="purge what a query matches now, in the trash too"
    )
    parser.add_argument("--trash", action="store_true", help="purge all that is in the trash")
    parser.add_argument("-y", "--yes", action="store_true", help="not enough here: see --forever")
    add_purge_options(parser)


async def purge(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.purge.plan import plan_ids, plan_query, plan_trash

    ways = {"ids": bool(args.id), "--query": args.query is not None, "--trash": args.trash}
    check_one_way("purge", ways)
    if args.yes and not args.forever:
        raise ConfirmationError(
            "--yes is not enough for what cannot be put back", hint="pass --forever"
        )
    if args.query is not None:
        plan = await plan_query(
            session.curator, parse(args.query), include_pinned=args.include_pinned
        )
    elif args.trash:
        plan = await plan_trash(session.curator)
    else:
        plan = await plan_ids(session.curator, args.id)
    return await carry_out_purge(session, args, plan, asks=not args.forever)


run = run_session(purge)
