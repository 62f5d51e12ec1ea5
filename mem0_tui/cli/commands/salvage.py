"""``export --salvage``: what can still be read of a damaged embedded store, as an export."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from mem0_tui.cli.commands.transfer import Masks, check_name
from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreAccessError, UsageError


def export_salvaged(args: Namespace) -> int:
    """Write what is whole to the file; 1 where something was not.

    Raises:
        UsageError: it is no embedded store, or the options do not go with that.
        StoreError: nothing can be read.
    """
    from mem0_tui.store.formats.jsonl import ExportHeader, export_lines, write_private
    from mem0_tui.store.recover import salvage

    output: Output = args.output
    settings = settings_of(args)
    path = Path(args.file)
    if settings.backend != "local":
        raise UsageError("only an embedded store can be salvaged", hint="pass --store FILE")
    if args.query or args.format == "markdown" or args.file == "-":
        raise UsageError(
            "--salvage writes all that there is as JSON lines to a file",
            hint="mem0-tui export FILE --salvage",
        )
    if not settings.store.is_file():
        raise StoreAccessError(f"there is no file {settings.store}", hint="check --store")
    check_name(settings, path, args.file, force=args.force)
    found = salvage(settings.store)
    count = len(found.memories)
    header = ExportHeader("local", str(settings.store), count=count)
    masks = Masks()
    shown = masks.masked if not args.with_secrets else masks.whole
    write_private(path, export_lines(header, map(shown, found.memories)))
    output.note(f"Wrote {plural(count, 'memory')} to {safe(path)}.")
    masks.tell(output)
    if found.lost:
        output.warn(f"{plural(found.lost, 'place')} of the store could not be read")
    if output.json_only:
        document = {"format": "jsonl", "count": count, "lost": found.lost, "file": str(path)}
        output.document(document)
    return 1 if found.lost else 0
