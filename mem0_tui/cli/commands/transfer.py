"""``export`` and ``import``: memories to a file and back, losing nothing."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.commands.browse import read_query
from mem0_tui.cli.commands.remove import read_bytes
from mem0_tui.cli.commands.verify import damaged_texts
from mem0_tui.cli.commands.write import named_scope
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.prompts import read_stdin_bytes
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret.memory import holds_mask, masked
from mem0_tui.model.terms import FIELDS
from mem0_tui.model.text import visible
from mem0_tui.settings.schema import Settings

FORMATS = ("jsonl", "markdown")
_CONDITION = re.compile(rf"-?(?:{'|'.join(FIELDS)})[:=<>]", re.IGNORECASE)


def add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="- for stdout")
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only what this matches")
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.add_argument(
        "--with-secrets", action="store_true", help="keep secrets instead of masking them"
    )
    parser.add_argument(
        "--salvage", action="store_true", help="write what can still be read of a damaged store"
    )
    parser.add_argument(
        "--format", choices=FORMATS, help="by default as the file's name ends, else jsonl"
    )


def run_export(args: Namespace) -> int:
    """Export by way of a session, which a damaged store may not open for; else by salvage."""
    if not args.salvage:
        return run_session(export)(args)
    from mem0_tui.cli.commands.salvage import export_salvaged

    return export_salvaged(args)


async def export(session: Workspace, args: Namespace) -> int:
    output, curator = session.output, session.curator
    query = read_query(args.query)
    path = Path(args.file)
    if args.file != "-":
        check_name(session.settings, path, args.file, force=args.force)
    chosen = args.format or ("markdown" if args.file.endswith((".md", ".markdown")) else "jsonl")
    markdown = chosen == "markdown"
    document: dict[str, Any] = {"format": chosen}
    masks = Masks()
    shown = masks.masked if not args.with_secrets else masks.whole
    if args.file == "-":
        parts: list[str] = []
        write = parts.append if args.json else _printer(output, markdown)
        document["count"] = await curator.export(query, write, markdown=markdown, shown=shown)
        document["content"] = "".join(parts)
    else:
        from mem0_tui.store.formats.jsonl import private_file

        with private_file(path) as file:
            document["count"] = await curator.export(
                query, file.write, markdown=markdown, shown=shown
            )
        document["file"] = str(path)
        output.note(f"Wrote {plural(document['count'], 'memory')} to {safe(path)}.")
    masks.tell(output)
    document["masked"] = masks.count
    damaged = await damaged_texts(session, (await curator.known(query)).filter(session.now()))
    if args.json:
        document |= {"damaged": list(damaged)} if damaged else {}
        output.document(document, whole=True)  # what is exported is masked already, or is not to be
    return 1 if damaged else 0


class Masks:
    """Masks memories that are exported, and counts those that had a secret."""

    def __init__(self) -> None:
        self.count = 0

    def masked(self, memory: Memory) -> Memory:
        """*memory* as it is written."""
        shown = masked(memory)
        self.count += shown is not memory
        return shown

    def whole(self, memory: Memory) -> Memory:
        """*memory* as it is, secrets and all."""
        return memory

    def tell(self, output: Output) -> None:
        """Say on stderr what the export lacks."""
        if self.count:
            held = plural(self.count, "memory")
            output.note(f"Secrets in {held} are masked; --with-secrets keeps them.")


def _printer(output: Output, markdown: bool) -> Callable[[str], None]:
    """What takes an export to stdout: unchanged into a pipe; onto a terminal, which would obey
    what Markdown holds as it is, made safe."""
    if markdown and output.stdout.isatty():
        return lambda text: output.raw(visible(text))
    return output.raw


def check_name(settings: Settings, path: Path, name: str, *, force: bool) -> None:
    """Refuse a name that looks like a query, a file that is there, and, even with *force*, what
    must not be replaced by an export."""
    if _CONDITION.match(name):
        raise UsageError(
            f"{name} is a query, not a file", hint=f"mem0-tui export FILE {name}, or - for stdout"
        )
    if path.exists() and not force:
        raise UsageError(f"{path} exists already", hint="name another file, or pass --force")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint="make it, or name another file")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a regular file", hint="name a file, or - for stdout")
    if path.exists() and any(path.samefile(own) for own in _own_files(settings)):
        raise UsageError(f"{path} belongs to the store itself", hint="name another file")


def _own_files(settings: Settings) -> Iterator[Path]:
    """The files of the store and the journal that are there."""
    for base in (settings.store, settings.journal):
        for suffix in ("", "-wal", "-shm"):
            file = base.with_name(base.name + suffix)
            if file.exists():
                yield file


def add_import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="an export of this or another program's memories; - stdin"
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="edit memories whose id is in use for another text to be as in the file",
    )
    parser.add_argument(
        "--partial", action="store_true", help="take what is there of a file that was cut off"
    )
    for kind in EntityKind:
        parser.add_argument(
            f"--{kind}", metavar="ID", help=f"{kind} of memories that name nobody ('' for none)"
        )
    add_plan_options(parser, asks=False)


async def import_(session: Workspace, args: Namespace) -> int:
    from mem0_tui.store.formats.reading import remark_lines
    from mem0_tui.store.formats.recognise import read_file

    name = "what came on stdin" if args.file == "-" else args.file
    data = read_stdin_bytes() if args.file == "-" else read_bytes(Path(args.file))
    reading = read_file(data, name, partial=args.partial)
    scope = named_scope(session, args)
    memories = [
        each.memory if each.whole or each.memory.scope else replace(each.memory, scope=scope)
        for each in reading.found
    ]
    notes = [*reading.notes, *remark_lines(reading.remarks)]
    notes += _about_owner(sum(not (e.whole or e.memory.scope) for e in reading.found), scope)
    hidden = sum(map(holds_mask, memories))
    if hidden:
        notes.append(f"{plural(hidden, 'memory')} of the file may hold masks in place of secrets")
    preview = await session.curator.plan_import(memories, overwrite=args.overwrite, notes=notes)
    skipped = {_PRESENT: preview.present, _OTHER_CONTENT: len(preview.conflicts)}
    for reason, number in skipped.items():
        if number:
            session.output.note(f"Left out {plural(number, 'memory')}: {reason}.")
    remarks = [remark._asdict() for remark in reading.remarks]
    extra: dict[str, Any] = {
        "format": reading.format,
        "read": preview.read,
        "skipped": skipped,
        "remarks": remarks,
    }
    code = await carry_out(session, args, preview.plan, extra=extra)
    return max(code, 1 if preview.conflicts or reading.damaged else 0)


def _about_owner(number: int, scope: Scope) -> list[str]:
    """Whose the memories become that name nobody."""
    if not number:
        return []
    whose = " ".join(str(entity) for entity in scope) or "nobody"
    named = "names no owner" if number == 1 else "name no owner"
    return [f"{plural(number, 'memory')} {named}: put down to {whose} (--user ID says otherwise)"]


_PRESENT = "already there"
_OTHER_CONTENT = (
    "the id is in use for another text (--overwrite edits those, but puts no mask over a secret)"
)


COMMANDS = {
    "export": Command(add_export_arguments, run_export),
    "import": Command(add_import_arguments, run_session(import_)),
}
