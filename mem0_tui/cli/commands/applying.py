"""Takes a plan to its end: shows it, asks, applies it, says what became of it.

Nothing is sent before the answer; Enter alone is a no; without a terminal only ``--yes`` is a yes.
"""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.rendering.json_documents import plan_document, report_document
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.plan import BRIEF, SHOWN, plan_lines, report_lines
from mem0_tui.cli.rendering.prompts import ask_line, stop_on_interrupt
from mem0_tui.curator.applying.report import Progress, Report
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.change import ChangeKind
from mem0_tui.model.entity import EntityRef
from mem0_tui.model.errors import ConfirmationError, UsageError
from mem0_tui.model.retention import KEPT

if TYPE_CHECKING:
    from mem0_tui.cli.composition.wiring import Workspace


def add_memory_options(parser: ArgumentParser, verb: str) -> None:
    """Add the options that name memories, by id or by query; *verb* says what is done to them."""
    parser.add_argument("id", nargs="*", metavar="ID", help="id, or the beginning of one")
    parser.add_argument("--query", metavar="QUERY", help=f"{verb} what a query matches now")
    parser.add_argument(
        "--include-pinned", action="store_true", help=f"with --query: {verb} pinned memories, too"
    )


def check_one_way(command: str, ways: Mapping[str, bool]) -> None:
    """Do nothing if exactly one of *ways* to name memories was used.

    Args:
        command: the command's name, such as ``edit``.
        ways: each way as the user types it, such as ``--query``, and whether it was used.

    Raises:
        UsageError: none was used, or several were.
    """
    used = [way for way, is_used in ways.items() if is_used]
    hint = f"see mem0-tui {command} --help"
    if not used:
        *others, last = ways
        raise UsageError(f"{command} needs {', '.join(others)} or {last}", hint=hint)
    if len(used) > 1:
        raise UsageError(f"use only one of {' and '.join(used)}", hint=hint)


def add_plan_options(
    parser: ArgumentParser,
    *,
    asks: bool = True,
    secrets: str = "with --plan-out: keep secrets in the file",
) -> None:
    """Add the options of every command that makes a plan; *secrets* says what ``--with-secrets``
    does."""
    group = parser.add_argument_group("the plan")
    group.add_argument("-n", "--dry-run", action="store_true", help="show the plan, send nothing")
    group.add_argument("--plan-out", metavar="FILE", help="write the plan to a file, send nothing")
    group.add_argument("--with-secrets", action="store_true", help=secrets)
    if asks:
        group.add_argument("-y", "--yes", action="store_true", help="do not ask for confirmation")
        group.add_argument(
            "--without-undo",
            action="store_true",
            help="apply even what cannot be undone, without asking for a word",
        )


async def carry_out(
    session: Workspace,
    args: Namespace,
    plan: Plan,
    *,
    ask: bool | None = None,
    shown: bool = False,
    extra: dict[str, Any] | None = None,
) -> int:
    """Show *plan*, ask, apply it and report; returns the exit code.

    Args:
        session: what to apply it with.
        args: ``dry_run``, ``plan_out`` and ``yes`` count.
        plan: the plan.
        ask: whether to ask first; by default where memories are destroyed.
        shown: whether the user has seen what it does.
        extra: further fields of the JSON document.

    Raises:
        ConfirmationError: the user did not say yes.
    """
    output = session.output
    document: dict[str, Any] = {"applied": False, "plan": plan_document(plan), **(extra or {})}
    if not plan:
        for note in plan.notes:
            output.note(safe(note))
        output.note("Nothing to do.")
        return _finish(output, document)
    if getattr(args, "plan_out", None):
        return _write_plan(session, args, plan, document)
    if getattr(args, "dry_run", False):
        output.lines(plan_lines(output, plan, note=False, most=None))
        output.note("Dry run: nothing was sent.")
        return _finish(output, {**document, "dry_run": True})
    session.check_writable()
    await warn_of_interrupted(session)
    session.deadline.lift()
    asks = plan.destroys > 0 if ask is None else ask
    if not shown and (asks or len(plan.items) > 1 or not plan.counts[ChangeKind.ADD]):
        for line in plan_lines(output, plan, note=True, most=SHOWN if asks else BRIEF):
            output.note(line)
    elif not shown:
        for note in (*plan.notes, *(each for item in plan.items for each in item.warnings)):
            output.warn(note)
    for entity in plan.scopes:
        confirm_scope(output, entity, getattr(args, "confirm_scope", None))
    what, word = plan.final_words
    if word and not plan.scopes:
        if not getattr(args, "without_undo", False):
            confirm_final(output, what, word)
    elif asks and not getattr(args, "yes", False) and len(plan.scopes) < len(plan.items):
        confirm(output, f"{_capital(plan.summary)}?")
    report = await _apply(session, plan)
    return conclude(session, report, document, imports=plan.imports)


async def _apply(session: Workspace, plan: Plan) -> Report:
    """Apply *plan* with progress on stderr; the first Ctrl-C stops after the item at hand."""
    output = session.output
    # asyncio tells of an earlier Ctrl-C at the next await: let that be before the journal has it.
    await asyncio.sleep(0)

    def show(progress: Progress) -> None:
        output.progress(f"{progress.finished:,}/{progress.total:,}  {progress.current}")

    with stop_on_interrupt(output) as stopped:
        confirmed = [str(entity) for entity in plan.scopes]
        try:
            return await session.curator.apply(
                plan, confirmed_scopes=confirmed, progress=show, cancelled=stopped
            )
        except KeyboardInterrupt:
            output.note("Interrupted. To finish or close it: " + session.command("resume"))
            raise


async def warn_of_interrupted(session: Workspace) -> None:
    """Point out what a crash left half done: a new plan, or an undo, may not be what is wanted."""
    for transaction in await session.curator.interrupted():
        again = session.command(f"resume {transaction.id}")
        session.output.warn(f"{transaction.id} was interrupted; to finish it: {again}")
    for purge in await session.curator.interrupted_purges():
        again = session.command(f"resume {purge.id}")
        session.output.warn(f"the purge {purge.id} was interrupted; to finish it: {again}")


def conclude(
    session: Workspace, report: Report, document: dict[str, Any], *, imports: bool = False
) -> int:
    """Print what became of a plan and return the exit code for it."""
    output = session.output
    output.lines(report_lines(output, report, imports=imports))
    for hint in dict.fromkeys(i.error.hint for i in report.items if i.error and i.error.hint):
        output.note(f"  {output.styled_note('→', 'dim')} {safe(hint)}")
    if report.changed and any(item.removed for item in report.items):
        until = session.now() + KEPT
        output.note(output.styled_note(f"In the trash until {until:%Y-%m-%d}.", "dim"))
    if report.changed:
        command = session.command(f"undo {report.transaction_id}")
        output.note(output.styled_note(f"To take it back: {safe(command)}", "dim"))
    elif report.final:
        output.note(output.styled_note("It cannot be undone here.", "dim"))
    if report.redacted and not report.redacted.finished:
        output.note(f"To finish it: {safe(session.command(f'resume {report.transaction_id}'))}")
    document = {**document, "applied": True, "report": report_document(report)}
    if output.json_only:
        output.document(document)
    if not report.complete:
        return 3
    if report.redacted and not report.redacted.clean:
        return 1
    return 1 if any(item.remaining or item.undeclared for item in report.items) else 0


def confirm(output: Output, question: str) -> None:
    """Ask on the terminal; anything but ``y`` or ``yes`` is a no.

    Raises:
        ConfirmationError: no terminal to ask on, or the answer is no.
    """
    if ask_line(output, f"{question} [y/N] ").casefold() not in ("y", "yes"):
        raise ConfirmationError("nothing was changed", hint="answer y, or pass --yes")


def confirm_final(output: Output, what: str, word: str) -> None:
    """Have *word* typed before something is done that nothing can take back: *what*, a clause.

    Raises:
        ConfirmationError: no terminal to ask on, or it is another word.
    """
    hint = "or pass --without-undo"
    said = ask_line(output, f"{_capital(what)}. Type {word} to go on: ", hint)
    if said.casefold() != word:
        raise ConfirmationError(f"{what}; nothing was changed", hint=hint)


def confirm_scope(output: Output, entity: EntityRef, said: str | None) -> None:
    """Have the scope's name said: typed on the terminal, unless an option *said* it.

    Raises:
        ConfirmationError: no terminal to ask on, or it is another name.
    """
    hint = f"or pass --confirm-scope {entity}"
    if said is None:
        said = ask_line(output, f"Type {safe(entity)} to delete it: ", hint)
    if said != str(entity):
        raise ConfirmationError(
            f"{said!r} is not the name of {entity}; nothing was changed", hint=hint
        )


def _write_plan(session: Workspace, args: Namespace, plan: Plan, document: dict[str, Any]) -> int:
    from mem0_tui.curator.planning.plan_file import dump
    from mem0_tui.store.formats.jsonl import write_private

    path = Path(args.plan_out)
    if path.exists():
        raise UsageError(f"{path} exists already", hint="name another file for the plan")
    with_secrets = bool(getattr(args, "with_secrets", False))
    write_private(path, [dump(plan, with_secrets=with_secrets)])
    session.output.note(f"Wrote the plan ({plan.summary}) to {safe(path)}; nothing was sent.")
    session.output.note(f"To apply it: {safe(session.command(f'apply {path}'))}")
    return _finish(session.output, {**document, "plan_file": str(path)})


def _finish(output: Output, document: dict[str, Any]) -> int:
    if output.json_only:
        output.document(document)
    return 0


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
