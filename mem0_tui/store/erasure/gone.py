"""The stand-in for a memory whose content was erased from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mem0_tui.model.memory import Memory, as_moment

_MARK = "mem0-tui erased"
"""The key in the ``raw`` JSON of a stand-in."""


class Reason(StrEnum):
    """Why the content is no longer there."""

    PURGED = "purged"
    AGE = "age"
    """It was kept as long as deleted content is kept."""


@dataclass(frozen=True, slots=True)
class Gone:
    """When and why a memory's content was erased."""

    at: datetime
    reason: Reason


def stand_in(memory: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """The JSON that takes the place of *memory* (in the form of
    :func:`~mem0_tui.store.formats.codec.memory_json`): its id and whose it was, nothing of what it
    said."""
    mark = {"at": gone.at.isoformat(), "reason": gone.reason.value}
    kept: dict[str, Any] = {key: memory[key] for key in ("id", "scope") if key in memory}
    return {**kept, "text": "", "raw": {_MARK: mark}}


def gone_of(memory: Memory) -> Gone | None:
    """When and why the content of *memory* was erased; None where it is all there."""
    if memory.text:
        return None
    mark = memory.raw.get(_MARK)
    if not isinstance(mark, dict) or mark.get("reason") not in tuple(Reason):
        return None
    at = as_moment(mark.get("at"))
    return Gone(at, Reason(mark["reason"])) if at else None
