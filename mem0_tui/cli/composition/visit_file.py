"""What is remembered of a person's visits to the screen: a small JSON file beside the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from mem0_tui.model.memory import as_moment


class VisitFile:
    """When the user last left the screen, by store or server, and what was said once for all."""

    def __init__(self, path: Path, target: str) -> None:
        self._path = path
        self._target = target
        self._all = self._read()

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def last(self) -> datetime | None:
        """The last visit; None before the first."""
        return as_moment(self._all.get(self._target))

    def leave(self, now: datetime) -> None:
        """Remember that the user leaves now."""
        self._write({self._target: now.isoformat()})

    def news(self, subject: str, words: Sequence[str]) -> Sequence[str]:
        """*words*, unless just these were the last that were said of *subject*."""
        said = "\n".join(words)
        if self._all.get(subject, "") == said:
            return ()
        self._write({subject: said})
        return words

    def _write(self, entries: Mapping[str, str]) -> None:
        """Write *entries* too; that they cannot be written is no reason to fail."""
        document = json.dumps({**self._read(), **entries}, indent=2)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.write_text(document, encoding="utf-8")
            self._path.chmod(0o600)
        except OSError:
            return
