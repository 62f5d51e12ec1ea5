"""When something was captured and recalled last, by the records of those who did it.

Plugin 0.3 keeps a database, this program's hooks a log; plugin 0.2 keeps neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.codex.capture.hook_log import LogLine, unanswered
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.codex.capture import Capture


class HookRecords(Record):
    """What the records say; every moment is in UTC."""

    by: str
    """Whose records they are: ``the plugin's records`` or ``the hooks' log``."""
    captured: datetime | None = None
    """When a part of a session reached the server last."""
    recalled: datetime | None = None
    """When a memory was given to the model last."""
    works: bool = False
    """Whether the newest that was tried reached the server."""
    failed: str | None = None
    """Why the newest that was tried did not."""


def recorded_by_plugin(capture: Capture) -> HookRecords:
    """What plugin 0.3's database says."""
    found = HookRecords("the plugin's records")
    activity = capture.hooks.activity
    if activity is None or activity.problem is not None:
        return found
    sent = activity.last_sent is not None and activity.failing is None
    searched = activity.searched is not None and activity.searches_failing is None
    lost = activity.given_up
    if sent and lost is not None and lost.at is not None and activity.last_sent is not None:
        sent = lost.at <= activity.last_sent
    return found.replace(
        captured=activity.last_sent, recalled=activity.recalled, works=sent or searched
    )


def recorded_by_hooks(lines: tuple[LogLine, ...]) -> HookRecords:
    """What the log of this program's hooks says."""
    newest = lines[::-1]
    failed = next(iter(unanswered(lines)), None)
    return HookRecords(
        "the hooks' log",
        captured=next((line.at for line in newest if line.captured), None),
        recalled=next((line.at for line in newest if line.given), None),
        works=failed is None and any(line.answered for line in lines),
        failed=None if failed is None else failed.outcome,
    )
