"""``audit``: every queue in numbers, for people, for scripts, and compared with an earlier one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.looking import add_repository_option, look_through
from mem0_tui.cli.commands.remove import read_file
from mem0_tui.cli.composition.meaning import MOST_OF_AN_AUDIT
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.audit import (
    VERSION,
    audit_document,
    audit_lines,
    audit_markdown,
    since_document,
)
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.errors import FileFormatError, UsageError
from mem0_tui.presenting.suspicion import TITLES

FOUND, NOT_MEASURED = 5, 1
"""Exit codes of ``--fail-on``."""


def add_audit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--md", action="store_true", help="print a Markdown page")
    parser.add_argument(
        "--fail-on",
        metavar="QUEUE,…",
        help="exit with 5 if one of these queues has findings, with 1 if it could not"
        " be measured: " + ", ".join(Queue),
    )
    add_repository_option(parser)
    parser.add_argument(
        "--since", metavar="FILE", help="say what changed since the audit that FILE holds (--json)"
    )


async def audit(session: Workspace, args: Namespace) -> int:
    """Print the audit; the exit code says what ``--fail-on`` asks for."""
    wanted = _queues(args.fail_on)
    earlier = None if args.since is None else read_audit(Path(args.since))
    output = session.output
    findings = await look_through(session, args, most_by_meaning=MOST_OF_AN_AUDIT)
    info = await session.curator.info()
    document = audit_document(findings, info)
    if earlier is not None:
        if earlier["target"] != document["target"]:
            output.warn(f"{args.since} is an audit of other memories")
        document["since"] = since_document(document, earlier)
    if args.json:
        output.document(document)
    else:
        output.lines(audit_markdown(document) if args.md else audit_lines(output, document))
    return _code(session, wanted, document)


def _code(session: Workspace, wanted: list[Queue], document: dict[str, Any]) -> int:
    found = [q for q in wanted if document["queues"].get(q.value, {}).get("count")]
    unknown = [q for q in wanted if q.value in document["not_measured"]]
    for queue in found:
        session.output.note(f"{TITLES[queue]}: {document['queues'][queue.value]['count']:,}")
    for queue in unknown:
        why = document["not_measured"][queue.value]
        session.output.warn(f"{TITLES[queue]} could not be measured: {why}")
    if found:
        return FOUND
    return NOT_MEASURED if unknown else 0


def _queues(text: str | None) -> list[Queue]:
    """``secrets,repeats`` as queues.

    Raises:
        UsageError: one of them is none.
    """
    names = [] if text is None else [name.strip().casefold() for name in text.split(",")]
    for name in names:
        if name not in set(Queue):
            raise UsageError(
                f"there is no queue {name!r}", hint=f"the queues are {', '.join(Queue)}"
            )
    if text is not None and not names:
        raise UsageError("--fail-on needs a queue", hint=f"the queues are {', '.join(Queue)}")
    return [Queue(name) for name in names]


def read_audit(path: Path) -> dict[str, Any]:
    """The audit that *path* holds.

    Raises:
        FileFormatError: it cannot be read, or holds none.
    """
    import json

    try:
        document = json.loads(read_file(path))
        version = document["version"]
        if version != VERSION:
            raise FileFormatError(
                f"{path} is an audit of version {version}; this mem0-tui reads version {VERSION}"
            )
        queues = document["queues"]
        whole = isinstance(document["total"], int) and isinstance(document["target"], dict)
        for queue in queues.values():
            whole = whole and isinstance(queue["count"], int)
            whole = whole and all(isinstance(id_, str) for id_ in queue["ids"])
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise FileFormatError(f"{path} is not an audit", hint="`mem0-tui audit --json` prints one")
    return document  # type: ignore[no-any-return]


COMMANDS = {"audit": Command(add_audit_arguments, run_session(audit))}
