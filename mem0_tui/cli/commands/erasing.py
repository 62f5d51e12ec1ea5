"""Takes a purge to its end: shows what would be gone, has it confirmed, and says what is left."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.commands.applying import warn_of_interrupted
from mem0_tui.cli.composition.places import roots_of
from mem0_tui.cli.rendering.json_documents import iso
from mem0_tui.cli.rendering.memories import short_ids
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.plan import SHOWN
from mem0_tui.cli.rendering.prompts import ask_line
from mem0_tui.curator.purge.carry_out import Purger, PurgeReport
from mem0_tui.curator.purge.plan import PurgePlan
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import ConfirmationError
from mem0_tui.presenting.memory import headline

if TYPE_CHECKING:
    from mem0_tui.cli.composition.wiring import Workspace


def add_purge_options(parser: ArgumentParser) -> None:
    """Add the options of every command that purges."""
    parser.add_argument("--include-pinned", action="store_true", help="purge pinned ones, too")
    group = parser.add_argument_group("the plan")
    group.add_argument("-n", "--dry-run", action="store_true", help="show the plan, erase nothing")
    group.add_argument("--forever", action="store_true", help="do not ask: they cannot be put back")


def purger(session: Workspace) -> Purger:
    """What purges for *session*."""
    return Purger(session.curator, roots_of(session.settings))


async def carry_out_purge(
    session: Workspace, args: Namespace, plan: PurgePlan, *, asks: bool
) -> int:
    """Show *plan*, have it confirmed if it *asks*, carry it out and report; the exit code.

    Raises:
        ConfirmationError: it was not confirmed, or pinned memories are among them.
    """
    output = session.output
    document: dict[str, Any] = {"plan": plan_document(plan), "purged": []}
    for note in plan.notes:
        output.note(safe(note))
    if not plan:
        output.note("Nothing to purge.")
        return _finish(output, {**document, "checked": [], "left": []})
    if plan.pinned and not args.include_pinned:
        named = ", ".join(safe(memory.id) for memory in plan.pinned[:5])
        raise ConfirmationError(
            f"pinned: {named}", hint="pass --include-pinned to purge pinned memories"
        )
    if args.dry_run:
        output.lines(_plan_lines(output, plan, session.where))
        output.note("Dry run: nothing was erased.")
        return _finish(output, {**document, "dry_run": True, "checked": [], "left": []})
    session.check_writable()
    await warn_of_interrupted(session)
    for line in _plan_lines(output, plan, session.where):
        output.note(line)
    if asks:
        _confirm(output, len(plan.items))
    report = await purger(session).purge(plan, output.progress)
    return conclude_purge(session, report, document)


def conclude_purge(session: Workspace, report: PurgeReport, document: dict[str, Any]) -> int:
    """Print what became of a purge and return the exit code for it."""
    output = session.output
    done = plural(len(report.purged), "memory")
    output.line(output.styled("✓ ", "green") + f"purged {done}")
    for id_, error in report.refused.items():
        output.line(output.styled("✗ ", "red") + f"{safe(id_)}: {safe(error.message)}")
    if report.taken:
        taken = report.taken
        output.line(output.styled("? ", "yellow") + safe(taken.error.message))
        if taken.transaction_id is None:
            output.note(safe(taken.error.hint))
        else:
            command = session.command(f"undo {taken.transaction_id}")
            output.note(output.styled_note(f"To put that back: {safe(command)}", "dim"))
    files = sum(each.files for each in report.checked)
    looked = f"Looked for their text in {plural(files, 'file')}"
    if not report.left:
        output.line(f"{looked}: nothing is left of it.")
    else:
        output.line(output.styled(f"{looked}. Some of it is still here:", "yellow"))
        output.lines(f"  {safe(left.place)}: {safe(left.why)}" for left in report.left)
    for sentence in report.unseen:
        output.note(sentence)
    if output.json_only:
        output.document({**document, **report_document(report)})
    if report.refused:
        return 3
    return 1 if report.left or report.taken or not report.finished else 0


def plan_document(plan: PurgePlan) -> dict[str, Any]:
    """A purge's plan for ``--json``: ids and hashes, no text."""
    return {
        "id": plan.id,
        "at": iso(plan.created_at),
        "summary": plan.summary,
        "memories": [
            {"id": item.memory.id, "hash": item.seen, "deleted": not item.lives}
            for item in plan.items
        ],
        "notes": list(plan.notes),
    }


def report_document(report: PurgeReport) -> dict[str, Any]:
    """What became of a purge for ``--json``."""
    return {
        "purge": report.id,
        "finished": report.finished,
        "purged": list(report.purged),
        "refused": [{"id": id_, "error": error.message} for id_, error in report.refused.items()],
        "checked": [
            {"place": each.place, "files": each.files, "found": each.found}
            for each in report.checked
        ],
        "taken_along": {
            "ids": list(report.taken.memory_ids),
            "transaction": report.taken.transaction_id,
            "error": report.taken.error.message,
        }
        if report.taken
        else None,
        "left": [{"place": each.place, "why": each.why} for each in report.left],
        "out_of_reach": list(report.unseen),
    }


def _plan_lines(output: Output, plan: PurgePlan, where: str) -> list[str]:
    short = short_ids([item.memory for item in plan.items])
    lines = [f"{plan.summary[0].upper()}{plan.summary[1:]} on {safe(where)}:"]
    for item in plan.items[:SHOWN]:
        deleted = "" if item.lives else " (in the trash)"
        text = headline(item.memory.text, output.masking)
        lines.append(f"  - {safe(short[item.memory.id])}{deleted}  {text}")
    if len(plan.items) > SHOWN:
        lines.append(f"  … and {len(plan.items) - SHOWN:,} more")
    lines.append(
        "They are erased here for good: from the store, its history and indexes, the trash, the"
        " journal and our other files. There is no undo."
    )
    return lines


def _confirm(output: Output, count: int) -> None:
    """Have the word, or the number of memories, typed.

    Raises:
        ConfirmationError: no terminal to ask on, or it is something else.
    """
    hint = "type the word, or pass --forever"
    said = ask_line(output, f"Type purge, or {count}, to go on: ", hint)
    if said.casefold() not in ("purge", str(count)):
        raise ConfirmationError("nothing was erased", hint=hint)


def _finish(output: Output, document: dict[str, Any]) -> int:
    if output.json_only:
        output.document(document)
    return 0
