"""``undo``, ``redo``, ``journal`` and ``resume``: what was applied, and taking it back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from mem0_tui.cli.applying import add_plan_options, carry_out, conclude
from mem0_tui.cli.command import Command
from mem0_tui.cli.documents import iso
from mem0_tui.cli.keyboard import stop_on_interrupt
from mem0_tui.cli.layout import Cell, Column, table
from mem0_tui.cli.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.output import safe
from mem0_tui.cli.wiring import Session, run_session
from mem0_tui.cli.wording import age
from mem0_tui.model.errors import UsageError
from mem0_tui.store.journal_rows import ItemState, Transaction


def add_undo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "transaction", nargs="?", metavar="TX", help="which one; by default the last"
    )
    add_plan_options(parser)


async def undo(session: Session, args: Namespace) -> int:
    plan = await session.curator.plan_undo(args.transaction)
    return await carry_out(session, args, plan)


async def redo(session: Session, args: Namespace) -> int:
    plan = await session.curator.plan_redo(args.transaction)
    return await carry_out(session, args, plan)


JOURNAL_LIMIT = 20


def add_journal_arguments(parser: ArgumentParser) -> None:
    add_limit(parser, JOURNAL_LIMIT)


async def journal(session: Session, args: Namespace) -> int:
    output = session.output
    limit = limit_of(args, JOURNAL_LIMIT)
    found = await session.curator.transactions(None if limit is None else limit + 1)
    complete = limit is None or len(found) <= limit
    found = found[:limit]
    if not complete:
        say_cut(output, len(found), None, "transaction")
    if args.json:
        transactions = [transaction_document(each) for each in found]
        output.document({"transactions": transactions, "complete": complete})
        return 0
    if not found:
        output.note(f"Nothing was applied to {safe(session.where)} yet.")
        return 0
    columns = [
        Column("TX", style="yellow"),
        Column("AGE", right=True, style="dim"),
        Column("STATE"),
        Column("WHAT"),
    ]
    rows: list[list[str | Cell]] = [
        [
            safe(each.id),
            age(each.at, session.now()),
            Cell(_state(each), "" if each.finished else "yellow"),
            _what(each),
        ]
        for each in found
    ]
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


async def resume(session: Session, args: Namespace) -> int:
    output = session.output
    if not args.leave:
        session.check_writable()
    interrupted = await session.curator.interrupted()
    chosen = [t for t in interrupted if t.id.startswith(args.transaction or "")]
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


COMMANDS = {
    "undo": Command(add_undo_arguments, run_session(undo)),
    "redo": Command(add_undo_arguments, run_session(redo)),
    "journal": Command(add_journal_arguments, run_session(journal)),
    "resume": Command(add_resume_arguments, run_session(resume)),
}
