"""What the message of a backup's commit says: how much changed, and a line for each memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mem0_tui.model.counting import plural
from mem0_tui.model.secret.memory import masked
from mem0_tui.model.text import one_line
from mem0_tui.store.formats.backup import CODEX, Filed

NAMED = 100
"""Memories that a message names."""
_ID, _KIND, _TEXT = 60, 24, 72
"""Characters of a line's parts at most."""
_SUBJECT = re.compile(r"(\d[\d,]*) (added|changed|deleted)")


class Counts(NamedTuple):
    """How many memories differ from the backup before."""

    added: int = 0
    changed: int = 0
    deleted: int = 0

    def __bool__(self) -> bool:
        return any(tuple(self))

    def __str__(self) -> str:
        said = [f"{n:,} {word}" for n, word in zip(self, self._fields, strict=True) if n]
        return ", ".join(said) or "no memory changed"

    @classmethod
    def of(cls, subject: str) -> Counts | None:
        """The counts that the *subject* of a message names; None where it names none."""
        found = {word: int(n.replace(",", "")) for n, word in _SUBJECT.findall(subject)}
        return cls(**found) if found else None


class Named(NamedTuple):
    """One memory for a message."""

    sign: str
    """``+``, ``~`` or ``-``."""
    folder: str
    filed: Filed


def message(counts: Counts, total: int, named: Sequence[Named], *, whole: bool) -> str:
    """The message of a backup.

    Args:
        counts: how much changed.
        total: how many memories the backup holds.
        named: the first :data:`NAMED` of those that changed.
        whole: whether the files hold secrets as they are.
    """
    secrets = "with their secrets" if whole else "secrets masked"
    lines = [str(counts), "", f"{plural(total, 'memory')} in all, {secrets}"]
    if named:
        lines += ["", *_lines(named)]
    if (rest := sum(counts) - len(named)) > 0:
        lines.append(f"… and {rest:,} more")
    return "\n".join(lines) + "\n"


def _lines(named: Sequence[Named]) -> Iterator[str]:
    for sign, folder, filed in named:
        memory = masked(filed.memory)
        where = "codex " if folder == CODEX else ""
        kind = _cut(memory.kind or "untyped", _KIND)
        text = _cut(memory.text[: 4 * _TEXT], _TEXT)
        yield f"{sign} {where}{_cut(memory.id, _ID)} {kind}: {text}"


def _cut(text: str, most: int) -> str:
    shown = one_line(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
