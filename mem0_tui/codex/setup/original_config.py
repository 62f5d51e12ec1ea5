"""What config.toml held before each install and after it: how an uninstall finds the former bytes.

Codex reformats what it writes back, with quotes, blanks and comments of tables that are not
Mem0's. So the file is compared with what the install left there too, not only with what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.toml_tables import bare, same_but_blank, without_tables
from mem0_tui.codex.fixes.backup import Backup
from mem0_tui.codex.setup import plugin_bundle as bundle


class Former(NamedTuple):
    """One install's view of a file."""

    before: bytes | None
    """What it held; None where it was not there."""
    left: bytes | None
    """What it held afterwards; None where that is not known."""


def formers(saved: Sequence[Backup], path: str) -> list[Former]:
    """What *path* held around each install that changed it, in the order of *saved*."""
    return [
        Former(_content(backup, name), _content(backup, backup.left.get(path, "")))
        for backup in saved
        for item, name in backup.items
        if item == path
    ]


def former_config(
    present: bytes | None, known: Sequence[Former], ours: Callable[[KeyPath], bool]
) -> bytes | None:
    """config.toml after an uninstall: as it was before the first install of those *known* (the
    newest first) where only our tables are different since; else *present* without our tables."""
    if present is None:
        return None
    text = _text(present)
    kept: bytes | None = without_tables(text, ours).encode("utf-8")
    for before, left in known:
        if not any(same_but_blank(bare(text, ours), bare(_text(x), ours)) for x in (before, left)):
            continue
        text = _text(before)
        cut = without_tables(text, ours)
        if cut == text:
            return before
        kept = cut.encode("utf-8")  # an install before that one has put tables there
    return kept


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def _content(backup: Backup, name: str) -> bytes | None:
    return bundle.content(str(backup.folder / name)) if name else None
