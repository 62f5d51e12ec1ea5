"""``sessions``: what Codex's sessions were given and wrote, and what was said in one of them."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.sessions import (
    coverage_document,
    session_document,
    session_table,
    turn_document,
    turn_lines,
)
from mem0_tui.curator.reading import read_all, read_many
from mem0_tui.evidence.event import FoundKind, is_whole
from mem0_tui.evidence.sessions import CodexSession
from mem0_tui.evidence.transcript import read_turn
from mem0_tui.evidence.use import Coverage
from mem0_tui.evidence.whole import whole_ids
from mem0_tui.model.errors import NotFoundError, UsageError
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Op, any_of

if TYPE_CHECKING:
    from mem0_tui.evidence.service import EvidenceService
    from mem0_tui.model.memory import Memory

LIMIT = 20
_SHORTEST = 4
_NO_DEMO = "No session of Codex is about the demo store."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="id of a session, or its beginning")
    parser.add_argument(
        "--turn", metavar="TURN", help="only the turn with this id, or the beginning of one"
    )
    parser.add_argument(
        "--every", action="store_true", help="include sessions in which no memory was met"
    )
    add_limit(parser, LIMIT)


async def sessions(session: Workspace, args: Namespace) -> int:
    evidence = await session.recorded.evidence()
    if evidence is None:
        return _nothing(session, args)
    if args.id is not None:
        return await _one(session, evidence, args)
    limit = limit_of(args, LIMIT)
    found, total = evidence.sessions(limit=limit, with_memories=not args.every)
    known = await _known(session, found)
    coverage = evidence.uses([]).coverage
    output = session.output
    if args.json:
        output.document(
            {
                "shown": len(found),
                "total": total,
                "complete": len(found) == total,
                "recording": coverage_document(coverage),
                "sessions": [session_document(each, known) for each in found],
            }
        )
        return 0
    if not found:
        what = "no session" if args.every else "no session in which a memory was met"
        output.note(f"Codex recorded {what} on this machine. Also others: --every")
        return 0
    output.lines(session_table(output, found, known, session.now()))
    say_cut(output, len(found), total, "session")
    for _, why in coverage.gaps[-3:]:
        output.warn(why)
    return 0


def _nothing(session: Workspace, args: Namespace) -> int:
    """Where there is no evidence: of the demo, or because the index cannot be written."""
    if args.id is not None:
        raise NotFoundError(f"no session of Codex is known that begins with {args.id}")
    session.output.note(_NO_DEMO if session.settings.demo else "Nothing is known of sessions here.")
    if args.json:
        recording = coverage_document(Coverage())
        document = {"shown": 0, "total": 0, "complete": True, "recording": recording}
        session.output.document({**document, "sessions": []})
    return 0 if session.settings.demo else 1


async def _one(session: Workspace, evidence: EvidenceService, args: Namespace) -> int:
    found = _named(evidence, args.id)
    turns = evidence.turns(found.id)
    if args.turn is not None:
        turns = [turn for turn in turns if turn.id.startswith(args.turn)]
        if not turns:
            raise NotFoundError(f"session {found.id} has no turn {args.turn}")
    total = len(turns)
    limit = limit_of(args, LIMIT)
    shown = turns if limit is None else turns[-limit:]
    known = await _known(session, [found])
    texts = [await asyncio.to_thread(read_turn, turn) for turn in shown]
    output = session.output
    if args.json:
        output.document(
            {
                "session": session_document(found, known),
                "shown": len(shown),
                "total": total,
                "complete": len(shown) == total,
                "turns": [
                    turn_document(found, turn, text, known)
                    for turn, text in zip(shown, texts, strict=True)
                ],
            }
        )
        return 0
    output.lines(session_table(output, [found], known, session.now()))
    memories = await _memories(session, [found], known)
    for turn, text in zip(shown, texts, strict=True):
        output.line()
        output.lines(turn_lines(output, found, turn, text, known, memories))
    if not turns:
        output.note(f"No turn of it can be shown: its file is {found.state}.")
    say_cut(output, len(shown), total, "turn")
    if found.resumes:
        output.note(f"To go on with it: {safe(found.resumes)}")
    elif found.state != "there":
        output.note(f"Its file is {found.state}.")
    return 0


def _named(evidence: EvidenceService, reference: str) -> CodexSession:
    """The session whose id begins with *reference*.

    Raises:
        NotFoundError: there is none.
        UsageError: there are several, or it is too short.
    """
    if len(reference) < _SHORTEST:
        raise UsageError(f"{reference!r} is too short", hint="give four characters or more")
    found, total = evidence.sessions(begins=reference.lower(), limit=4)
    exact = [each for each in found if each.id == reference.lower()]
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise NotFoundError(
            f"no session of Codex on this machine begins with {reference}",
            hint="`mem0-tui sessions --every` lists them",
        )
    if total > 1:
        names = ", ".join(each.id for each in found[:3])
        raise UsageError(f"{total:,} sessions begin with {reference}: {names} …"[:300])
    return found[0]


async def _known(session: Workspace, found: Sequence[CodexSession]) -> dict[str, str]:
    """The whole ids of the memories of these sessions, by key."""
    keys = {row.key for each in found for row in each.rows}
    unsure = [key for key in keys if not is_whole(key)]
    memories: Sequence[Memory] = ()
    if any(key.startswith("=") for key in unsure):
        memories = await read_all(session.backend, EVERYTHING)
    elif unsure:
        prefixes = sorted({key[1:9] for key in unsure})
        condition = any_of(Compare(Field.ID, Op.PATTERN, f"{prefix}*") for prefix in prefixes)
        memories = await read_all(session.backend, condition)
    return dict(whole_ids(keys, memories))


async def _memories(
    session: Workspace, found: Sequence[CodexSession], known: dict[str, str]
) -> dict[str, Memory]:
    keys = {key for each in found for key in each.keys(*FoundKind)}
    ids = [known[key] for key in keys if key in known]
    return dict(await read_many(session.backend, ids))


COMMANDS = {"sessions": Command(add_arguments, run_session(sessions))}
