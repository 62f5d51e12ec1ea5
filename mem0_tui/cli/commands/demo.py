"""The demo store: in the cache folder, made on first use, with a journal of its own.

Of the user's, theme and keys are read for it; nothing is written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreAccessError
from mem0_tui.settings.demo import demo_settings
from mem0_tui.settings.locations import tilde
from mem0_tui.settings.schema import Settings

if TYPE_CHECKING:
    from mem0_tui.model.memory import HistoryEntry, Memory

COUNT = 400


def ensure(settings: Settings, output: Output) -> None:
    """Make the demo store if it is not there.

    Raises:
        StoreError: it cannot be made.
    """
    if not settings.store.exists():
        output.note(output.styled_note("Making the demo store …", "dim"))
        make_demo(settings.store)


def make_demo(path: Path) -> int:
    """Make a demo store at *path*, all of it or nothing; returns the number of its memories.

    Raises:
        StoreError: it cannot be made.
    """
    folder = path.parent
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="demo-", dir=folder.parent))
        try:
            count = _fill(draft / path.name, SystemClock().now())
            _remove(folder)
            os.replace(draft, folder)
        finally:
            _remove(draft)
    except OSError as error:
        raise StoreAccessError(f"{folder} cannot be made: {error.strerror or error}") from error
    return count


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _fill(path: Path, now: datetime) -> int:
    from mem0_tui.demo.generator import generate, generate_histories
    from mem0_tui.store.store import open_store

    histories = generate_histories(now=now)
    memories = list(generate(COUNT, now=now))
    store = open_store(path)
    try:

        def work(connection: Any) -> None:
            for memory in memories:
                _insert(connection, memory, histories.get(memory.id, ()))

        store.database.write(work).result()
    finally:
        store.close()
    return len(memories)


def _insert(connection: Any, memory: Memory, entries: tuple[HistoryEntry, ...]) -> None:
    """Add *memory* as it was at first, then change it as its history tells."""
    from mem0_tui.model.change import Edit
    from mem0_tui.store import changes, history
    from mem0_tui.store.history import Author
    from mem0_tui.store.rows import row_of
    from mem0_tui.store.sqlite.timestamps import to_micros

    clock = SystemClock()
    created = memory.created_at or clock.now()
    first, later = (entries[0], entries[1:]) if entries else (None, ())
    text = first.new_text if first and first.new_text else memory.text
    updated = created if later else memory.updated_at
    row = row_of(replace(memory, text=text, updated_at=updated), clock)
    author = Author(to_micros(created), memory.scope.user_id, _input(first))
    changes.add(connection, [row], author, history.ADD)
    for entry in later:
        edit = Edit(text=entry.new_text)
        author = Author(to_micros(entry.at or created), entry.actor)
        changes.update(connection, memory.id, edit, author, clock)


def _input(entry: HistoryEntry | None) -> str | None:
    if entry is None or not entry.input:
        return None
    import json

    return json.dumps([dict(message) for message in entry.input])


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("reset",), default="reset")


def demo(args: Namespace) -> int:
    output: Output = args.output
    settings = demo_settings()
    count = make_demo(settings.store)
    where = tilde(settings.store, os.environ)
    output.note(f"Recreated the demo store: {plural(count, 'memory')} in {safe(where)}")
    output.note("Look at it: mem0-tui --demo")
    if output.json_only:
        output.document({"store": str(settings.store), "memories": count})
    return 0


COMMANDS = {"demo": Command(add_arguments, demo)}
