"""``trash`` and ``restore``: what was deleted, and putting it back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.commands.erasing import add_purge_options, carry_out_purge
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.json_documents import iso, memory_document
from mem0_tui.cli.rendering.layout import Cell, Column, table
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.memories import short_ids, type_style
from mem0_tui.cli.rendering.output import safe
from mem0_tui.curator.planning.reversal import obstacle
from mem0_tui.model.capability import Capability
from mem0_tui.model.counting import plural
from mem0_tui.presenting.age import age
from mem0_tui.presenting.memory import headline, type_name

if TYPE_CHECKING:
    from mem0_tui.curator.trash import TrashEntry


LIMIT = 50


def add_trash_arguments(parser: ArgumentParser) -> None:
    add_limit(parser, LIMIT)
    parser.add_argument(
        "action", nargs="?", choices=("purge",), help="purge all of it: this cannot be undone"
    )
    add_purge_options(parser)


async def trash(session: Workspace, args: Namespace) -> int:
    if args.action == "purge":
        from mem0_tui.curator.purge.plan import plan_trash

        plan = await plan_trash(session.curator)
        return await carry_out_purge(session, args, plan, asks=not args.forever)
    output = session.output
    found = await session.curator.trash()
    shown = found[: limit_of(args, LIMIT)]
    say_cut(output, len(shown), len(found), "deleted memory")
    if args.json:
        document = {"total": len(found), "complete": len(shown) == len(found)}
        output.document({**document, "trash": [_document(entry) for entry in shown]})
        return 0
    if not found:
        whole = Capability.TRASH in session.backend.capabilities
        rest = "" if whole else " What others than mem0-tui delete is not kept here."
        output.note(f"The trash is empty.{rest}")
        return 0
    short = short_ids([entry.memory for entry in shown])
    columns = [
        Column("ID", style="yellow"),
        Column("DELETED", right=True, style="dim"),
        Column("BY", limit=16, style="dim"),
        Column("TYPE", limit=16),
        Column("MEMORY"),
    ]
    rows: list[list[str | Cell]] = [
        [
            safe(short[entry.memory.id]),
            age(entry.deleted_at, session.now()),
            _who(entry),
            Cell(type_name(entry.memory.kind), type_style(entry.memory.kind)),
            headline(entry.memory.text, output.masking),
        ]
        for entry in shown
    ]
    output.lines(table(output, columns, rows))
    more = "" if len(shown) == len(found) else f" of {len(found):,}"
    back = f"Put back: {session.command('restore ID')}"
    if reasons := {obstacle(session.backend, entry.memory) for entry in shown} - {""}:
        back = f"Cannot be put back here: {safe('; '.join(sorted(reasons)))}"
    output.note(f"{plural(len(shown), 'deleted memory')}{more}. {back}")
    return 0


def _who(entry: TrashEntry) -> str:
    return safe(entry.transaction_id or entry.by or "another program")


def _document(entry: TrashEntry) -> dict[str, Any]:
    return {
        "deleted_at": iso(entry.deleted_at),
        "deleted_by": entry.by,
        "transaction": entry.transaction_id,
        "memory": memory_document(entry.memory),
    }


def add_restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", nargs="+", metavar="ID", help="id, or the beginning of one")
    add_plan_options(parser, asks=False)


async def restore(session: Workspace, args: Namespace) -> int:
    plan = await session.curator.plan_restore(args.id)
    return await carry_out(session, args, plan)


COMMANDS = {
    "trash": Command(add_trash_arguments, run_session(trash)),
    "restore": Command(add_restore_arguments, run_session(restore)),
}
