"""``export`` and ``import``: memories to a file and back, losing nothing."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mem0_tui.cli.applying import add_plan_options, carry_out
from mem0_tui.cli.browse import read_query
from mem0_tui.cli.command import Command
from mem0_tui.cli.keyboard import read_stdin
from mem0_tui.cli.output import safe
from mem0_tui.cli.remove import read_file
from mem0_tui.cli.wiring import Session, run_session
from mem0_tui.cli.wording import plural
from mem0_tui.model.change import Restore
from mem0_tui.model.errors import FileFormatError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.terms import FIELDS

FORMATS = ("jsonl", "markdown")
_CONDITION = re.compile(rf"-?(?:{'|'.join(FIELDS)})[:=<>]", re.IGNORECASE)


def add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="- for stdout")
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only what this matches")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
    parser.add_argument(
        "--format", choices=FORMATS, help="by default as the file's name ends, else jsonl"
    )


async def export(session: Session, args: Namespace) -> int:
    output = session.output
    query = read_query(args.query)
    path = Path(args.file)
    if args.file != "-":
        _check_name(path, args.file, force=args.force)
    memories = await session.curator.collect(query)
    chosen = args.format or ("markdown" if args.file.endswith((".md", ".markdown")) else "jsonl")
    lines = await _lines(session, memories, str(query), chosen)
    if args.file == "-":
        if args.json:
            output.document({"format": chosen, "count": len(memories), "content": "".join(lines)})
        else:
            for line in lines:
                output.raw(line)
        return 0
    from mem0_tui.store.portable import write_private

    write_private(path, lines)
    output.note(f"Wrote {plural(len(memories), 'memory')} to {safe(path)}.")
    if args.json:
        output.document({"format": chosen, "count": len(memories), "file": str(path)})
    return 0


def _check_name(path: Path, name: str, *, force: bool) -> None:
    """Refuse a name that looks like a query, and a file that is there."""
    if _CONDITION.match(name):
        raise UsageError(
            f"{name} is a query, not a file", hint=f"mem0-tui export FILE {name}, or - for stdout"
        )
    if path.exists() and not force:
        raise UsageError(f"{path} is there already", hint="name another file, or pass --force")


async def _lines(
    session: Session, memories: Sequence[Memory], query: str, chosen: str
) -> list[str]:
    if chosen == "markdown":
        from mem0_tui.store.markdown import markdown_lines

        return list(markdown_lines(memories))
    from mem0_tui.store.portable import ExportHeader, export_lines

    info = await session.curator.info()
    header = ExportHeader(info.backend, info.target, session.now(), query, len(memories))
    return list(export_lines(header, memories))


def add_import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="an export, JSON lines or Markdown; - stdin")
    parser.add_argument(
        "--duplicates", action="store_true", help="add what is there already under another id, too"
    )
    add_plan_options(parser, asks=False)


async def import_(session: Session, args: Namespace) -> int:
    text = read_stdin() if args.file == "-" else read_file(Path(args.file))
    memories = _read(text, args.file)
    fresh, skipped = await _sorted_out(session, memories, duplicates=args.duplicates)
    for reason, number in skipped.items():
        if number:
            session.output.note(f"Left out {plural(number, 'memory')}: {reason}.")
    plan = await session.curator.plan([Restore(memory) for memory in fresh])
    extra: dict[str, Any] = {"read": len(memories), "skipped": skipped}
    code = await carry_out(session, args, plan, extra=extra)
    return max(code, 1 if skipped[_OTHER_CONTENT] else 0)


_SAME = "already there"
_TWIN = "already there under another id"
_OTHER_CONTENT = "the id is in use for another text"


async def _sorted_out(
    session: Session, memories: Sequence[Memory], *, duplicates: bool
) -> tuple[list[Memory], dict[str, int]]:
    """Those of *memories* that are not there yet, and how many are left out for which reason."""
    from mem0_tui.curator.reading import read_many
    from mem0_tui.curator.twins import find_twins

    there = await read_many(session.backend, [memory.id for memory in memories])
    missing = [memory for memory in memories if memory.id not in there]
    twins = {} if duplicates else await find_twins(session.backend, missing)
    fresh = [memory for memory in missing if memory.content_hash not in twins]
    changed = [m for m in memories if m.id in there and there[m.id].content_hash != m.content_hash]
    skipped = {
        _SAME: len(memories) - len(missing) - len(changed),
        _TWIN: len(missing) - len(fresh),
        _OTHER_CONTENT: len(changed),
    }
    return fresh, skipped


def _read(text: str, name: str) -> list[Memory]:
    from mem0_tui.store.portable import looks_like_export, read_header, read_memories

    if looks_like_export(text):
        first, *rest = text.splitlines()
        read_header(first)
        return list(read_memories(rest))
    from mem0_tui.store.markdown import looks_like_markdown, read_markdown

    if looks_like_markdown(text):
        return list(read_markdown(text))
    raise FileFormatError(
        f"{name} is no export that mem0-tui knows",
        hint="it reads what mem0-tui export writes, and the Mem0 plugin's Markdown export",
    )


COMMANDS = {
    "export": Command(add_export_arguments, run_session(export)),
    "import": Command(add_import_arguments, run_session(import_)),
}
