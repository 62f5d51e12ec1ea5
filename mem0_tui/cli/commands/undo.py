"""``undo``, ``redo``, ``journal`` and ``resume``: what was applied, and taking it back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out, conclude
from mem0_tui.cli.commands.erasing import conclude_purge, purger
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.json_documents import iso
from mem0_tui.cli.rendering.layout import Cell, Column, table
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.prompts import stop_on_interrupt
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.errors import UsageError
from mem0_tui.presenting.age import age
from mem0_tui.store.erasure.log import Purge, PurgeState
from mem0_tui.store.journal.rows import ItemState, Transaction


def add_undo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "transaction", nargs="?", metavar="TX", help="which one; by default the last"
    )
    add_plan_options(parser)


async def undo(session: Workspace, args: Namespace) -> int:
    return await _reverse(session, args, await session.curator.plan_undo(args.transaction))


async def redo(session: Workspace, args: Namespace) -> int:
    return await _reverse(session, args, await session.curator.plan_redo(args.transaction))


async def _reverse(session: Workspace, args: Namespace, plan: Plan) -> int:
    """Carry out *plan*; one that is less than what was asked for, or another, asks first."""
    return await carry_out(session, args, plan, ask=True if plan.notes else None)


JOURNAL_LIMIT = 20


def add_journal_arguments(parser: ArgumentParser) -> None:
    add_limit(parser, JOURNAL_LIMIT)
    parser.add_argument(
        "--begin-anew",
        action="store_true",
        help="keep a damaged journal under another name and begin a new one",
    )


async def _begin_anew(session: Workspace, args: Namespace) -> int:
    aside = await session.curator.journal.set_aside()
    session.output.note(f"The damaged journal is kept as {safe(aside)}; a new one was begun.")
    if args.json:
        session.output.document({"kept": str(aside)})
    return 0


async def journal(session: Workspace, args: Namespace) -> int:
    output = session.output
    if args.begin_anew:
        return await _begin_anew(session, args)
    limit = limit_of(args, JOURNAL_LIMIT)
    found = await session.curator.transactions(None if limit is None else limit + 1)
    complete = limit is None or len(found) <= limit
    found = found[:limit]
    purges = await purger(session).purges(limit)
    if not complete:
        say_cut(output, len(found), None, "transaction")
    if args.json:
        transactions = [transaction_document(each) for each in found]
        documents = [purge_document(each) for each in purges]
        output.document({"transactions": transactions, "purges": documents, "complete": complete})
        return 0
    if not found and not purges:
        output.note(f"Nothing was applied to {safe(session.where)} yet.")
        return 0
    columns = [
        Column("TX", style="yellow"),
        Column("AGE", right=True, style="dim"),
        Column("STATE"),
        Column("WHAT"),
    ]
    dated: list[tuple[datetime, list[str | Cell]]] = [
        *((t.at, _row(session, t.id, t.at, _state_cell(t), _what(t))) for t in found),
        *((p.at, _row(session, p.id, p.at, _purge_state(p), p.summary)) for p in purges),
    ]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    rows = [row for _, row in dated[:limit]]
    output.lines(table(output, columns, rows))
    return 0


def transaction_document(transaction: Transaction) -> dict[str, Any]:
    """One transaction as ``--json`` prints it."""
    return {
        "id": transaction.id,
        "at": iso(transaction.at),
        "finished": transaction.finished,
        "summary": transaction.summary,
        "counts": {state.value: number for state, number in transaction.counts.items()},
        "undoes": transaction.undoes,
        "redoes": transaction.redoes,
    }


def purge_document(purge: Purge) -> dict[str, Any]:
    """One purge as ``--json`` prints it: ids, never what the memories said."""
    return {
        "id": purge.id,
        "at": iso(purge.at),
        "finished": purge.finished_at is not None,
        "memories": {id_: state.value for id_, state in purge.states.items()},
    }


def _row(session: Workspace, id_: str, at: datetime, state: Cell, what: str) -> list[str | Cell]:
    return [safe(id_), age(at, session.now()), state, safe(what)]


def _state_cell(transaction: Transaction) -> Cell:
    return Cell(_state(transaction), "" if transaction.finished else "yellow")


def _purge_state(purge: Purge) -> Cell:
    if purge.finished_at is None:
        return Cell("interrupted", "yellow")
    return Cell("done" if set(purge.states.values()) == {PurgeState.DONE} else "partly done", "")


def _state(transaction: Transaction) -> str:
    if not transaction.finished:
        return "interrupted"
    done = transaction.counts.get(ItemState.DONE, 0)
    if done == sum(transaction.counts.values()):
        return "done"
    return "partly done" if done else "not done"


def _what(transaction: Transaction) -> str:
    reversal = ""
    if transaction.undoes:
        reversal = f"undo of {transaction.undoes}: "
    elif transaction.redoes:
        reversal = f"redo of {transaction.redoes}: "
    return safe(reversal + transaction.summary)


def add_resume_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("transaction", nargs="?", metavar="TX", help="by default all of them")
    parser.add_argument(
        "--leave", action="store_true", help="leave the rest undone, only say what was done"
    )


async def resume(session: Workspace, args: Namespace) -> int:
    output = session.output
    if not args.leave:
        session.check_writable()
    interrupted = await session.curator.interrupted()
    chosen = [t for t in interrupted if t.id.startswith(args.transaction or "")]
    purges = [
        each
        for each in await purger(session).interrupted()
        if each.id.startswith(args.transaction or "")
    ]
    if purges and not (chosen and args.json):
        code = await _resume_purges(session, args, purges)
        if not chosen:
            return code
    if not chosen:
        output.note("Nothing was interrupted.")
        if args.json:
            output.document({"resumed": []})
        return 0
    if len(chosen) > 1 and args.json:
        raise UsageError(
            f"{len(chosen)} transactions were interrupted: {', '.join(t.id for t in chosen)}",
            hint="name one of them",
        )
    session.deadline.lift()
    codes: list[int] = []
    for transaction in chosen:
        output.note(f"{'Closing' if args.leave else 'Finishing'} {safe(transaction.id)}.")
        with stop_on_interrupt(output) as stopped:
            report = await session.curator.resume(
                transaction.id, finish=not args.leave, cancelled=stopped
            )
        codes.append(conclude(session, report, {"resumed": transaction.id}))
    return max(codes)


async def _resume_purges(session: Workspace, args: Namespace, purges: Sequence[Purge]) -> int:
    """Finish these; one JSON document where there is one of them."""
    if len(purges) > 1 and args.json:
        raise UsageError(
            f"{len(purges)} purges were interrupted: {', '.join(each.id for each in purges)}",
            hint="name one of them",
        )
    session.check_writable()
    codes = []
    for each in purges:
        session.output.note(f"Finishing the purge {safe(each.id)}.")
        report = await purger(session).resume(each.id, finish=not args.leave)
        codes.append(conclude_purge(session, report, {"resumed": each.id}))
    return max(codes)


COMMANDS = {
    "undo": Command(add_undo_arguments, run_session(undo)),
    "redo": Command(add_undo_arguments, run_session(redo)),
    "journal": Command(add_journal_arguments, run_session(journal)),
    "resume": Command(add_resume_arguments, run_session(resume)),
}
