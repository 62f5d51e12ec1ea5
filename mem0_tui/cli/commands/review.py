"""``review``: what deserves a look, queue by queue; verdicts; and proposals as an ordinary plan."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.commands.looking import add_repository_option, look_through
from mem0_tui.cli.commands.remove import named
from mem0_tui.cli.commands.write import read_day
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.review import queue_lines, summary_lines, suspicion_document
from mem0_tui.curator.reading import read_many
from mem0_tui.detect.findings import Findings, proposed
from mem0_tui.detect.suspicion import Queue, Tier
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Update, aimed_at
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import UsageError
from mem0_tui.model.verdict import Judgement, Verdict, text_hash
from mem0_tui.presenting.suspicion import TITLES

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory

LIMIT = 20
_WAYS = ("keep", "snooze", "done", "reopen", "undo", "good", "bad")
_MEMBERS = 12
"""Memories of one group that are shown."""


def add_review_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "queue",
        nargs="?",
        choices=[queue.value for queue in Queue],
        metavar="QUEUE",
        help="one of " + ", ".join(Queue) + "; all by default",
    )
    add_limit(parser, LIMIT)
    add_repository_option(parser)
    verdicts = parser.add_argument_group("verdicts, on QUEUE or on all queues")
    verdicts.add_argument(
        "--keep", nargs="+", metavar="ID", help="keep them until their text changes"
    )
    verdicts.add_argument(
        "--snooze", nargs="+", metavar=("DAY", "ID"), help="ask again on that day"
    )
    verdicts.add_argument("--done", nargs="+", metavar="ID", help="dealt with")
    verdicts.add_argument("--reopen", nargs="+", metavar="ID", help="take back their verdicts")
    verdicts.add_argument("--undo", action="store_true", help="take the last verdicts back")
    verdicts.add_argument("--good", nargs="+", metavar="ID", help="tell the server: useful")
    verdicts.add_argument("--bad", nargs="+", metavar="ID", help="tell the server: not useful")
    add_plan_options(parser)
    parser.add_argument(
        "--apply", action="store_true", help="plan what is proposed for the findings, and ask"
    )


async def review(session: Workspace, args: Namespace) -> int:
    ways = [
        n for n in ("keep", "snooze", "done", "reopen", "undo", "good", "bad") if getattr(args, n)
    ]
    plans = args.apply or args.plan_out or args.dry_run
    if len(ways) > 1 or (ways and plans):
        raise UsageError("give one verdict at a time", hint="see mem0-tui review --help")
    if ways == ["undo"]:
        return await _take_back(session, args)
    if ways and ways[0] in ("good", "bad"):
        return await _rate(session, args, good=ways[0] == "good")
    if ways:
        return await _judge(session, args, Judgement("open" if ways[0] == "reopen" else ways[0]))
    findings = await look_through(session, args)
    queue = Queue(args.queue) if args.queue else None
    if plans:
        return await _plan(session, args, findings, queue)
    return await _show(session, args, findings, queue)


# -- what there is


async def _show(
    session: Workspace, args: Namespace, findings: Findings, queue: Queue | None
) -> int:
    output = session.output
    if args.json:
        output.document(await _document(session, findings, queue, limit_of(args, None)))
        return 0
    if queue is None:
        output.lines(summary_lines(output, findings))
        output.note(f"One of them: {session.command('review QUEUE')}")
        return 0
    suspicions = findings.of(queue)
    if queue in findings.not_measured:
        output.note(f"Not measured: {findings.not_measured[queue]}.")
        return 0
    shown = suspicions[: limit_of(args, LIMIT)]
    ids = [id_ for each in shown for id_ in each.ids[:_MEMBERS]]
    memories = await read_many(session.backend, ids)
    output.lines(queue_lines(output, shown, memories, most=_MEMBERS))
    say_cut(output, len(shown), len(suspicions), "item")
    if queue in findings.partly:
        output.note(f"Of {TITLES[queue]}, {safe(findings.partly[queue])}.")
    if not suspicions:
        output.note("Nothing here deserves a look.")
        return 0
    changes = proposed({queue: suspicions})
    if changes:
        apply = session.command(f"review {queue} --apply")
        output.note(f"{plural(len(changes), 'change')} proposed: {apply}")
    return 0


async def _document(
    session: Workspace, findings: Findings, queue: Queue | None, limit: int | None
) -> dict[str, Any]:
    from mem0_tui.cli.rendering.json_documents import backend_document

    measured = [each for each in Queue if each not in findings.not_measured]
    document: dict[str, Any] = {
        "version": 1,
        "target": backend_document(await session.curator.info()),
        "total": findings.total,
        "queues": {each.value: findings.count(each) for each in measured},
        "look": {
            each.value: looks for each in measured if (looks := findings.count(each, Tier.LOOK))
        },
        "not_measured": {each.value: why for each, why in findings.not_measured.items()},
    }
    if findings.partly:
        document["partly"] = {each.value: why for each, why in findings.partly.items()}
    if findings.missing:
        document["missing"] = list(findings.missing)
    if queue is not None:
        suspicions = findings.of(queue)
        document["queue"] = queue.value
        document["suspicions"] = [suspicion_document(each) for each in suspicions[:limit]]
    return document


# -- proposals


async def _plan(
    session: Workspace, args: Namespace, findings: Findings, queue: Queue | None
) -> int:
    chosen = findings.found if queue is None else {queue: findings.of(queue)}
    changes = proposed(chosen)
    if queue is None:
        # One undo is to give all of it back.
        undoable = [each for each in changes if not (isinstance(each, Update) and each.redacts)]
        if len(undoable) < len(changes):
            left = plural(len(changes) - len(undoable), "redaction")
            apply = session.command("review secrets --apply")
            session.output.note(f"{left}, which cannot be undone, left out: {apply}")
        changes = undoable
    ids = [id_ for change in changes for id_ in aimed_at(change)]
    now = await read_many(session.backend, ids)
    same = {
        id_: memory
        for id_, memory in now.items()
        if bytes.fromhex(text_hash(memory.text)) == findings.known[id_].text
    }
    kept = [change for change in changes if all(id_ in same for id_ in aimed_at(change))]
    if len(kept) < len(changes):
        left = plural(len(changes) - len(kept), "proposal")
        session.output.warn(f"{left} left out: the memories have changed meanwhile")
    plan = await session.curator.plan(kept, by_query=True, seen=same)
    return await carry_out(session, args, plan, ask=True)


# -- verdicts


async def _judge(session: Workspace, args: Namespace, judgement: Judgement) -> int:
    references, until = _references(session, args, judgement)
    memories = await named(session, references)
    queues = [Queue(args.queue)] if args.queue else list(Queue)
    verdicts = await session.curator.verdicts()
    given = [
        Verdict(queue, memory.id, text_hash(memory.text), judgement, until)
        for memory in memories
        for queue in queues
    ]
    await verdicts.record(given)
    _say(session, given, _SAID[judgement].format(until=until), memories)
    return 0


def _references(session: Workspace, args: Namespace, judgement: Judgement) -> tuple[list[str], Any]:
    if judgement is not Judgement.SNOOZE:
        name = "reopen" if judgement is Judgement.OPEN else judgement.value
        return list(getattr(args, name)), None
    day, *references = args.snooze
    until = read_day(day, session)
    if not references:
        raise UsageError("--snooze needs a day and ids", hint="such as --snooze 14d 1a2b3c4d")
    if until is not None and until <= session.now().date():
        raise UsageError(f"{day} is not in the future", hint="snooze until a day after today")
    return references, until


_SAID: Mapping[Judgement, str] = {
    Judgement.KEEP: "kept until the text changes",
    Judgement.SNOOZE: "asked again on {until}",
    Judgement.DONE: "done",
    Judgement.OPEN: "open again",
}


def _say(
    session: Workspace, given: Sequence[Verdict], said: str, memories: Sequence[Memory] | None
) -> None:
    output = session.output
    ids = list(dict.fromkeys(each.memory_id for each in given))
    if output.json_only:
        output.document({"verdicts": [_verdict_document(each) for each in given]})
        return
    queues = list(dict.fromkeys(each.queue for each in given))
    where = "in every queue" if len(queues) == len(Queue) else f"in {', '.join(queues)}"
    output.line(f"✓ {plural(len(ids), 'memory')}: {said}, {where}")
    if memories is not None:
        undo = session.command("review --undo")
        output.note(output.styled_note(f"To take it back: {undo}", "dim"))


def _verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "queue": verdict.queue,
        "id": verdict.memory_id,
        "judgement": verdict.judgement.value,
        "until": verdict.until.isoformat() if verdict.until else None,
    }


async def _take_back(session: Workspace, args: Namespace) -> int:
    if args.queue:
        raise UsageError("--undo takes back what was said last, in whichever queues")
    taken = await (await session.curator.verdicts()).take_back()
    if not taken and not session.output.json_only:
        session.output.note("There is no verdict to take back.")
        return 0
    _say(session, taken, "verdict taken back", None)
    return 0


async def _rate(session: Workspace, args: Namespace, *, good: bool) -> int:
    session.backend.capabilities.require(Capability.FEEDBACK, session.backend.name)
    session.check_writable()
    memories = await named(session, args.good if good else args.bad)
    rating = "POSITIVE" if good else "NEGATIVE"
    for memory in memories:
        await session.backend.feedback(memory.id, rating)
    if session.output.json_only:
        session.output.document({"feedback": {memory.id: rating for memory in memories}})
    else:
        word = "useful" if good else "not useful"
        session.output.line(f"✓ {plural(len(memories), 'memory')}: {word}")
    return 0


COMMANDS = {"review": Command(add_review_arguments, run_session(review))}
