"""What was typed and not sent when the terminal went away: kept in a private file, and named at the
next start.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.app import App

from mem0_tui.model.change import Add, Change, Merge, Update
from mem0_tui.model.text import one_line, to_editable
from mem0_tui.presenting.memory import scope_name


def typed_work(app: App[Any]) -> str:
    """The texts of open edit panes and of what is staged, each under a line that says what it is;
    blank where there are none."""
    from mem0_tui.tui.modals.edit_memory import EditMemory
    from mem0_tui.tui.modals.merge_view import MergeView
    from mem0_tui.tui.screens.browse import BrowseScreen

    parts: list[str] = []
    for screen in app.screen_stack:
        if isinstance(screen, BrowseScreen):
            parts += _staged(screen.session.triage.staging.changes)
        elif isinstance(screen, (EditMemory, MergeView)):
            parts += [
                f"=== {screen.title_text()}, not staged ===\n{text}" for text in screen.unsaved()
            ]
    return "\n\n".join(parts)


def _staged(changes: Iterable[Change]) -> Iterable[str]:
    for change in changes:
        match change:
            case Update(memory_id, edit) if edit.text is not None:
                yield f"=== {one_line(memory_id)}, staged ===\n{to_editable(edit.text)}"
            case Add(draft) | Merge(draft):
                name = f"new memory for {scope_name(draft.scope)}"
                yield f"=== {name}, staged ===\n{to_editable(draft.text)}"
            case _:
                pass


def keep(folder: Path, text: str) -> Path:
    """Write *text* to a new file of *folder* that only its user can read.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(4)}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(f"{text}\n".encode("utf-8", "surrogateescape"))
        file.flush()
        os.fsync(file.fileno())
    return path


def kept(folder: Path) -> list[Path]:
    """The files that were kept and are still there."""
    return sorted(folder.glob("*.txt")) if folder.is_dir() else []
