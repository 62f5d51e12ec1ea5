"""Files of ours beside the databases, with secrets taken out of them: snapshots, state, logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

from mem0_tui.model.secret.removal import Removal
from mem0_tui.store.erasure.files import rewrite
from mem0_tui.store.formats.json_fields import to_json


def take_out(path: Path, ids: Collection[str], removal: Removal) -> bool:
    """Take *removal* out of *path*, all of it out of the memories of these *ids*; whether it held
    any.

    Raises:
        StoreError: the file cannot be written.
    """
    cleaner = _CLEANERS.get(path.suffix)
    return cleaner is not None and rewrite(path, lambda text: cleaner(text, ids, removal))


def _json(text: str, ids: Collection[str], removal: Removal) -> str:
    value = json.loads(text)
    cleaned = removal.value(value, ids)
    return text if cleaned == value else to_json(cleaned)


def _json_lines(text: str, ids: Collection[str], removal: Removal) -> str:
    return "".join(
        _json(line, ids, removal).rstrip("\n") + line[len(line.rstrip("\r\n")) :]
        if line.strip()
        else line
        for line in text.splitlines(keepends=True)
    )


def _lines(text: str, _ids: Collection[str], removal: Removal) -> str:
    return removal.anywhere(text)


_CLEANERS: dict[str, Callable[[str, Collection[str], Removal], str]] = {
    ".json": _json,
    ".jsonl": _json_lines,
    ".log": _lines,
    ".old": _lines,
    ".md": _lines,
}
"""How files of these names are cleaned."""
